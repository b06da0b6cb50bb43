//! What is made of what was seen on the way there: the name, the port, the certificate. Pure: whoever looked hands in what they saw.

use super::codes::Code;
use super::finding::Told;
use super::target::Target;
use super::web::Trouble;
use rustls::CertificateError;
use std::net::IpAddr;

/// A certificate is renewed long before: by ACME with 30 of 90 days left.
const SOON: i64 = 14;

const DAY: i64 = 24 * 3600;

pub fn name(target: &Target, found: Result<&[IpAddr], &Trouble>) -> Told {
    let host = &target.host;
    match found {
        _ if host.parse::<IpAddr>().is_ok() => Told::well(Code::NameIsAddress, format!("{host} is an address and needs no name.")),
        Ok([]) | Err(Trouble::Shut | Trouble::Tls(_) | Trouble::Broken(_)) => Told::new(
            Code::NameUnknown,
            format!("Nobody knows the name {host}."),
            "with whoever keeps your names (DNS), set an A record for it that leads to the service's public address; or correct the name.",
        ),
        Ok(addresses) => {
            let addresses: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
            Told::well(Code::NameFound, format!("{host} leads to {}.", addresses.join(" and ")))
        }
        Err(Trouble::Silent) => Told::new(
            Code::NameSilent,
            format!("Nobody answers where {host} is."),
            "look at how this machine resolves names (/etc/resolv.conf), and whether it has a network at all.",
        ),
    }
}

/// The first address that keeps a browser out decides. None of `addresses` is left out: phones take any.
pub fn port(target: &Target, addresses: &[(IpAddr, Result<(), Trouble>)]) -> Told {
    let port = target.port;
    let reached = addresses.iter().filter(|(_, reached)| reached.is_ok()).count();
    let missed = addresses.iter().filter_map(|(address, reached)| Some((address, reached.as_ref().err()?)));
    // A machine's own name leads to two addresses, and one is enough. And a machine without IPv6 can't tell how others fare by it.
    let counts = |(address, trouble): &(&IpAddr, &Trouble)| {
        reached == 0 || !(address.is_loopback() || address.is_ipv6() && matches!(trouble, Trouble::Broken(_)))
    };
    let Some((address, trouble)) = missed.into_iter().find(counts) else {
        return Told::well(Code::PortOpen, format!("Port {port} answers."));
    };
    let ipv6 = address.is_ipv6();
    let or = if ipv6 { " Or take the AAAA record away: the service needs none." } else { "" };
    match trouble {
        Trouble::Silent => Told::new(
            Code::PortSilent,
            format!("Nothing answers at {address}, port {port}: something swallows what is sent there."),
            format!("let TCP port {port} in, at the machine's firewall and at that of whoever hosts it.{or}"),
        ),
        Trouble::Shut => Told::new(
            Code::PortShut,
            format!("At {address}, nothing listens on port {port}."),
            format!("start the service there, and look that web.listen is 0.0.0.0:{port}; or correct where the name leads.{or}"),
        ),
        Trouble::Broken(why) => {
            let change = format!("look at this machine's network, and where the name leads.{or}");
            Told::new(Code::PortUnreachable, format!("{address} can't be reached ({why})."), change)
        }
        Trouble::Tls(error) => Told::new(Code::PortUnreachable, format!("{address} can't be reached ({error})."), or),
    }
}

/// From when to when a certificate is good, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Validity {
    pub from: i64,
    pub to: i64,
}

/// `seen`: none where the address begins with http.
pub fn certificate(target: &Target, seen: Option<Result<Validity, &Trouble>>, now: i64) -> Told {
    let host = &target.host;
    let renew = "renew it: with tls.acme, look into the service's log for why it didn't by itself; with tls.certificate, put the new chain \
        and key in place of the old, and it is served within seconds.";
    match seen {
        None if target.is_this_machine() => Told::new(
            Code::TlsNoneHere,
            "No TLS, on this machine alone. Phones get neither microphone nor camera so.",
            "before others use it, give it a certificate (docs/install.md).",
        ),
        None => Told::new(
            Code::TlsNone,
            "No TLS: anybody on the way reads along, and browsers give neither microphone nor camera.",
            "give it a certificate ([tls] in the configuration, docs/install.md), and use the https:// address.",
        ),
        Some(Ok(Validity { from, to })) => {
            let left = (to - now).div_euclid(DAY);
            // Those that are made for a few days are renewed late.
            let soon = (SOON * DAY).min((to - from) / 4);
            match to - now < soon {
                true => Told::new(Code::CertificateEndsSoon, format!("Its certificate is good for {left} days more only."), renew),
                false => Told::well(Code::CertificateGood, format!("Browsers trust its certificate, for {left} days more.")),
            }
        }
        Some(Err(Trouble::Tls(rustls::Error::InvalidCertificate(wrong)))) => match wrong {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                Told::new(Code::CertificateEnded, "Its certificate has ended: browsers warn, and let nobody on.", renew)
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Told::new(
                Code::CertificateNotYet,
                "Its certificate isn't good yet, by this machine's clock.",
                "look at the clocks of both machines (timedatectl), then at the certificate.",
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Told::new(
                Code::CertificateOtherName,
                format!("Its certificate is for another name than {host}."),
                format!("get one for {host}, or use the name that it is for, also in web.public_url."),
            ),
            other => Told::new(
                Code::CertificateNotTrusted,
                format!("Browsers don't trust its certificate ({other})."),
                "get one from a known authority (tls.acme = true does); with tls.certificate, the file must hold the whole chain, the \
                 service's own first. For a private authority of your own, give its root certificate to --root, and to every phone.",
            ),
        },
        Some(Err(Trouble::Silent)) => tls_not_spoken(target, "it begins, and never ends"),
        Some(Err(Trouble::Shut)) => tls_not_spoken(target, "it hangs up"),
        Some(Err(Trouble::Broken(why))) => tls_not_spoken(target, why),
        Some(Err(Trouble::Tls(error))) => tls_not_spoken(target, &error.to_string()),
    }
}

fn tls_not_spoken(target: &Target, why: &str) -> Told {
    let change = "look whether Sidelight itself has this port, and whether [tls] is set; with tls.acme, look into its log.";
    Told::new(Code::TlsNotSpoken, format!("No encrypted connection comes about on port {} ({why}).", target.port), change)
}

#[cfg(test)]
mod tests;
