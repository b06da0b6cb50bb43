use super::*;

fn at(address: &str) -> Target {
    Target::read(address).unwrap()
}

fn site() -> Target {
    at("https://call.example.org")
}

fn is(told: &Told, code: Code) {
    told.checked(code);
}

#[test]
fn a_name_leads_somewhere() {
    let one: [IpAddr; 1] = ["192.0.2.2".parse().unwrap()];
    is(&name(&site(), Ok(&one)), Code::NameFound);
    is(&name(&site(), Ok(&[])), Code::NameUnknown);
    is(&name(&site(), Err(&Trouble::Broken("no".into()))), Code::NameUnknown);
    is(&name(&site(), Err(&Trouble::Silent)), Code::NameSilent);
    is(&name(&at("https://192.0.2.2"), Ok(&one)), Code::NameIsAddress);
}

#[test]
fn every_address_that_a_phone_may_take_must_answer() {
    let seen = |list: &[(&str, Result<(), Trouble>)]| {
        let list: Vec<_> = list.iter().map(|(address, reached)| (address.parse().unwrap(), reached.clone())).collect();
        port(&site(), &list)
    };
    let unreachable = || Err(Trouble::Broken("no route".into()));
    is(&seen(&[("192.0.2.2", Ok(()))]), Code::PortOpen);
    is(&seen(&[("192.0.2.2", Ok(())), ("192.0.2.3", Err(Trouble::Shut))]), Code::PortShut);
    is(&seen(&[("192.0.2.2", Err(Trouble::Silent))]), Code::PortSilent);
    is(&seen(&[("192.0.2.2", unreachable())]), Code::PortUnreachable);
    let six = seen(&[("192.0.2.2", Ok(())), ("2001:db8::2", Err(Trouble::Shut))]);
    is(&six, Code::PortShut);
    assert!(six.change.contains("AAAA"));
    is(&seen(&[("192.0.2.2", Ok(())), ("2001:db8::2", unreachable())]), Code::PortOpen);
    is(&seen(&[("127.0.0.1", Ok(())), ("::1", Err(Trouble::Shut))]), Code::PortOpen);
    is(&seen(&[("127.0.0.1", Err(Trouble::Shut)), ("::1", Err(Trouble::Shut))]), Code::PortShut);
}

#[test]
fn a_certificate_is_to_be_renewed_in_time_and_a_short_one_later() {
    let left = |days: i64, of: i64| certificate(&site(), Some(Ok(Validity { from: (days - of) * DAY, to: days * DAY })), 0);
    is(&left(80, 90), Code::CertificateGood);
    is(&left(14, 90), Code::CertificateGood);
    is(&left(13, 90), Code::CertificateEndsSoon);
    is(&left(4, 6), Code::CertificateGood);
    is(&left(1, 6), Code::CertificateEndsSoon);
    let wrong = |why| certificate(&site(), Some(Err(&Trouble::Tls(rustls::Error::InvalidCertificate(why)))), 0);
    is(&wrong(CertificateError::Expired), Code::CertificateEnded);
    is(&wrong(CertificateError::NotValidYet), Code::CertificateNotYet);
    is(&wrong(CertificateError::NotValidForName), Code::CertificateOtherName);
    is(&wrong(CertificateError::UnknownIssuer), Code::CertificateNotTrusted);
    for trouble in [Trouble::Silent, Trouble::Shut, Trouble::Broken("x".into()), Trouble::Tls(rustls::Error::DecryptError)] {
        is(&certificate(&site(), Some(Err(&trouble)), 0), Code::TlsNotSpoken);
    }
    is(&certificate(&at("http://127.0.0.1:8080"), None, 0), Code::TlsNoneHere);
    is(&certificate(&at("http://call.example.org"), None, 0), Code::TlsNone);
}
