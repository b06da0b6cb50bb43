use super::*;
use crate::doctor::codes::Verdict;

fn at(address: &str) -> Target {
    Target::read(address).unwrap()
}

fn site() -> Target {
    at("https://call.example.org")
}

/// What is wrong says what to change, and what is well says nothing of the kind.
fn is(told: &Told, code: Code) {
    assert_eq!(told.code, code, "{}", told.says);
    assert_eq!(told.change.is_empty(), matches!(code.verdict(), Verdict::Well | Verdict::Skipped), "{}", told.says);
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

#[test]
fn without_tls_nothing_is_served() {
    is(&plain(80, Err(&Trouble::Shut)), Code::PlainRefused);
    is(&plain(8443, Ok((400, ""))), Code::PlainRefused);
    is(&plain(80, Ok((301, "https://call.example.org/"))), Code::PlainRedirected);
    is(&plain(80, Ok((301, "http://call.example.org/"))), Code::PlainServed);
    is(&plain(80, Ok((200, ""))), Code::PlainServed);
}

#[test]
fn something_else_on_the_port_isnt_taken_for_the_service() {
    is(&service(Ok((200, b"alive\n")), Ok((200, b"ready\n"))), Code::ServiceReady);
    is(&service(Ok((200, b"alive\n")), Ok((503, b"{}"))), Code::ServiceNotReady);
    is(&service(Ok((200, b"<html>")), Ok((200, b"<html>"))), Code::ServiceOther);
    is(&service(Ok((404, b"")), Ok((404, b""))), Code::ServiceOther);
    is(&service(Ok((502, b"")), Ok((502, b""))), Code::ServiceSilent);
    is(&service(Err(&Trouble::Silent), Err(&Trouble::Silent)), Code::ServiceSilent);
}

#[test]
fn a_header_that_is_missing_changed_or_doubled_is_named() {
    let due = [("x-frame-options", HeaderValue::from_static("DENY")), ("referrer-policy", HeaderValue::from_static("no-referrer"))];
    let look = |given: &[(&'static str, &'static str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(*name, HeaderValue::from_static(value));
        }
        changed(&headers, due.iter().map(|(name, value)| (*name, value)))
    };
    let right = ("x-frame-options", "DENY");
    assert_eq!(look(&[right, ("referrer-policy", "no-referrer")]), [""; 0]);
    assert_eq!(look(&[right]), ["referrer-policy"]);
    assert_eq!(look(&[right, ("referrer-policy", "origin")]), ["referrer-policy"]);
    assert_eq!(look(&[right, ("referrer-policy", "no-referrer"), ("referrer-policy", "origin")]), ["referrer-policy"]);
    is(&headers(Ok(&[])), Code::HeadersSent);
    is(&headers(Ok(&["referrer-policy".into()])), Code::HeadersChanged);
    is(&headers(Err(&Trouble::Silent)), Code::HeadersUnread);
}

#[test]
fn browsers_are_held_to_tls_for_a_year_at_least() {
    let due = &crate::http::ONLY_TLS;
    let sends = |value: &'static str| keeps_to_tls(&HeaderMap::from_iter([(due.0.clone(), HeaderValue::from_static(value))]), due);
    assert!(sends("max-age=31536000") && sends("max-age=63072000; includeSubDomains") && sends("includeSubDomains; max-age=\"31536000\""));
    assert!(!sends("max-age=0") && !sends("includeSubDomains") && !keeps_to_tls(&HeaderMap::new(), due));
}

#[test]
fn a_policy_may_name_other_hashes_and_nothing_else() {
    let policy = |hash: &str, sockets: &str| {
        format!("default-src 'none'; script-src 'self' 'sha256-{hash}'; connect-src 'self' {sockets}; img-src 'self' data:")
    };
    assert_eq!(
        without_hashes(&policy("a", "ws://x")),
        "default-src 'none'; script-src 'self'; connect-src 'self' ws://x; img-src 'self' data:"
    );
    assert_eq!(sockets_of(&policy("a", "wss://x wss://y")), Some("wss://x wss://y"));
    assert_eq!((sockets_of(&policy("a", "wss://x https://y")), sockets_of("default-src *")), (None, None));
}

#[test]
fn clocks_agree_within_half_a_minute() {
    for apart in [-30, 0, 30] {
        is(&clock(Some(apart)), Code::ClockRight);
    }
    for (apart, words) in [(31, "31 seconds ahead of"), (-600, "10 minutes behind"), (7_200, "2 hours ahead of")] {
        let told = clock(Some(apart));
        is(&told, Code::ClockWrong);
        assert!(told.says.contains(words), "{}", told.says);
    }
    is(&clock(None), Code::ClockUntold);
}

#[test]
fn a_line_opens_for_our_pages_alone_and_carries() {
    let seen = |seen| socket(&site(), &seen);
    is(&seen(Socket::Opens), Code::SocketOpens);
    let origin = seen(Socket::Refused(403, "bad_origin".into()));
    is(&origin, Code::SocketOrigin);
    assert!(origin.change.contains("web.public_url to https://call.example.org"));
    is(&seen(Socket::Refused(403, String::new())), Code::SocketBlocked);
    is(&seen(Socket::Refused(200, String::new())), Code::SocketBlocked);
    is(&seen(Socket::Broken("reset".into())), Code::SocketBlocked);
    is(&seen(Socket::AnyOrigin), Code::SocketAnyOrigin);
    is(&seen(Socket::Silent), Code::SocketSilent);
    is(&seen(Socket::OtherVersion), Code::SocketOther);
    is(&seen(Socket::Other), Code::SocketOther);
}

#[test]
fn a_changed_file_is_named_and_many_are_counted() {
    is(&files(&Files::Same(90)), Code::FilesSame);
    let many = files(&Files::Changed((0..5).map(|number| format!("/assets/{number}")).collect()));
    is(&many, Code::FilesChanged);
    assert!(many.says.ends_with("/assets/0, /assets/1, /assets/2 and 2 more."), "{}", many.says);
    is(&files(&Files::OtherVersion), Code::FilesOtherVersion);
    is(&files(&Files::Unread("x".into())), Code::FilesUnread);
}
