//! What is made of what was seen of the ways for sound and picture. Pure.

use super::call::NoAccess;
use super::codes::Code;
use super::finding::Told;
use super::target::{Place, Way};
use super::web::Trouble;
use std::net::IpAddr;

/// What a stranger got.
#[derive(Clone, Debug, PartialEq)]
pub enum Probe {
    /// An answer, and a question for a password: what is due.
    Answers,
    /// A place without a password.
    Open,
    /// Something else.
    Other,
    Trouble(Trouble),
}

fn named(place: &Place) -> String {
    let Place { way, host, port, .. } = place;
    let through = if *way == Way::Udp { "UDP" } else { "TCP" };
    match way {
        Way::Tls => format!("port {port} of {host}, under TLS"),
        Way::Udp | Way::Tcp => format!("{through} port {port} of {host}"),
    }
}

/// What to change where a place doesn't answer.
fn remedy(place: &Place) -> String {
    let Place { way, port, web, .. } = place;
    match (way, web) {
        (Way::Udp, _) => format!(
            "let UDP port {port} in, at the machine's firewall and at that of whoever hosts it; in a container, publish it as {port}/udp. \
             It is relay.udp_port in the configuration. Where the relay is elsewhere, give it to --relay-udp."
        ),
        (_, false) => format!("let TCP port {port} in (relay.tcp_port), or have Sidelight itself on the port of the pages."),
        (_, true) => format!("port {port} must reach Sidelight itself, and not a proxy for pages (docs/install.md, \"Behind a proxy\")."),
    }
}

/// One line each. Of the ways that aren't UDP, one is enough: who is in a network that lets no UDP out takes that. `untold`: pages aren't
/// told of the one on their own port.
pub fn relay(seen: &[(Place, Probe)], untold: bool) -> Vec<Told> {
    let answers = |on_web: bool| seen.iter().any(|(place, probe)| place.way != Way::Udp && place.web == on_web && *probe == Probe::Answers);
    let (web, apart) = (answers(true) && !untold, answers(false));
    let other_way = |place: &Place| if place.web { apart } else { web };
    seen.iter().map(|(place, probe)| one(place, probe, other_way(place), place.web && untold)).collect()
}

/// `other_way`: without UDP there is another way than this.
fn one(place: &Place, probe: &Probe, other_way: bool, untold: bool) -> Told {
    let at = named(place);
    if untold && *probe == Probe::Answers {
        return Told::new(
            Code::RelayWebUntold,
            format!("The port of the pages is a way for sound and picture too ({at}), and pages aren't told of it."),
            "if it can be reached from outside so, set relay.on_web_port = true: people in networks that let nothing else out need it.",
        );
    }
    let missing = match probe {
        Probe::Answers => return Told::well(Code::RelayAnswers, format!("A way for sound and picture: {at}.")),
        Probe::Open => {
            return Told::new(
                Code::RelayOpen,
                format!("What answers at {at} carries anybody's data, without a password."),
                "it isn't Sidelight's relay: shut it down, or anybody can hide behind this machine.",
            );
        }
        Probe::Other => (Code::RelayOther, format!("Something else than the way for sound and picture answers at {at}.")),
        Probe::Trouble(Trouble::Shut) => (Code::RelayShut, format!("No way for sound and picture: {at} is shut.")),
        Probe::Trouble(Trouble::Silent) => (Code::RelaySilent, format!("No way for sound and picture: nothing answers at {at}.")),
        Probe::Trouble(Trouble::Tls(why)) => (Code::RelayShut, format!("No way for sound and picture: {at} ({why}).")),
        Probe::Trouble(Trouble::Broken(why)) => (Code::RelayShut, format!("No way for sound and picture: {at} ({why}).")),
    };
    match place.way {
        Way::Tcp | Way::Tls if other_way && place.web => Told::new(
            Code::RelayWebMissing,
            format!(
                "No way for sound and picture on the port of the pages: {at}. People in networks that let nothing else out can type only."
            ),
            remedy(place),
        ),
        Way::Tcp | Way::Tls if other_way => {
            Told::well(Code::RelayNotNeeded, format!("Not open, and not needed: {at}. The port of the pages is a way too."))
        }
        Way::Udp | Way::Tcp | Way::Tls => Told::new(missing.0, missing.1, remedy(place)),
    }
}

/// What pages are told of the relay, where that leads nobody from outside there. `from`: where the service itself is.
pub fn told(places: &[Place], from: &[IpAddr]) -> Option<Told> {
    let outside = from.iter().any(|address| !is_inside(*address));
    let inside = places.iter().find(|place| place.host.parse().is_ok_and(is_inside))?;
    outside.then(|| {
        Told::new(
            Code::RelayToldPrivate,
            format!("Phones are told to send sound and picture to {}, which leads nowhere from outside.", inside.host),
            "set relay.advertise to the public address of this machine.",
        )
    })
}

/// Of a network that nobody reaches from outside.
fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || is_shared(v4.octets()),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// 100.64.0.0/10: behind a provider's own translation.
fn is_shared([first, second, ..]: [u8; 4]) -> bool {
    first == 100 && (64..128).contains(&second)
}

/// What became of sending both ways.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// Of so many each way, these arrived.
    Carried {
        sent: usize,
        there: usize,
        back: usize,
    },
    /// The relay didn't take the password, or what else it was asked for: its number for that.
    Refused(u16),
    Trouble(Trouble),
}

/// More lost than this, in parts of a hundred, is heard.
const HEARD: usize = 10;

pub fn call(place: &Place, seen: &Call) -> Told {
    let at = named(place);
    match seen {
        Call::Carried { sent, there, back } => {
            let arrived = format!("of {sent} pieces {there} arrived one way and {back} the other");
            match (*there, *back) {
                (0, 0) => Told::new(
                    Code::CallNothing,
                    format!("By {at} nothing arrives, though it answers."),
                    "look for a firewall that lets single packets through and no stream of them; restart the service.",
                ),
                (0, _) | (_, 0) => Told::new(
                    Code::CallOneWay,
                    format!("By {at} only one side hears the other: {arrived}."),
                    "look for a firewall that limits packets to or from that port.",
                ),
                _ if (sent - there.min(back)) * 100 > sent * HEARD => Told::new(
                    Code::CallLossy,
                    format!("By {at} too much is lost: {arrived}."),
                    "try again from another network; if it is the same from there, the service's own line is too busy.",
                ),
                _ => Told::well(Code::CallGood, format!("By {at} both sides reach each other: {arrived}.")),
            }
        }
        Call::Refused(code) => Told::new(
            Code::CallRefused,
            format!("What answers at {at} refuses what the service itself gave out ({code})."),
            "look whether another relay has that port, and whether relay.secret is the same everywhere; restart the service.",
        ),
        Call::Trouble(trouble) => {
            let why = match trouble {
                Trouble::Silent => "nothing answers".to_owned(),
                Trouble::Shut => "it is shut".to_owned(),
                Trouble::Tls(why) => why.to_string(),
                Trouble::Broken(why) => why.clone(),
            };
            Told::new(Code::CallNothing, format!("By {at} no call comes about ({why})."), remedy(place))
        }
    }
}

pub fn not_tried() -> Told {
    Told::well(
        Code::CallNotTried,
        "Not tried whether sound and picture get through both ways: that needs a token (--token; docs/doctor.md).",
    )
}

pub fn no_access(why: &NoAccess) -> Told {
    let why = match why {
        NoAccess::Refused(status) => status.to_string(),
        NoAccess::Trouble(Trouble::Silent) => "nothing is answered".to_owned(),
        NoAccess::Trouble(trouble) => format!("{trouble:?}"),
    };
    Told::new(
        Code::CallTokenRefused,
        format!("The service doesn't take the token ({why})."),
        "make one under Administration, \"Other programs\", ticked for \"Trying out a call\", by somebody who is an administrator still.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::codes::Verdict;
    use crate::doctor::target::Target;

    fn places() -> Vec<Place> {
        Place::usual(&Target::read("https://call.example.org").unwrap(), None, None)
    }

    fn codes(probes: [Probe; 3]) -> Vec<Code> {
        let told = relay(&places().into_iter().zip(probes).collect::<Vec<_>>(), false);
        for told in &told {
            assert_eq!(told.change.is_empty(), told.code.verdict() == Verdict::Well, "{}", told.says);
            assert!(told.code.verdict() == Verdict::Well || told.says.contains("call.example.org"), "{}", told.says);
        }
        told.into_iter().map(|told| told.code).collect()
    }

    #[test]
    fn of_the_ways_without_udp_one_is_enough_and_udp_is_always_due() {
        use Probe::{Answers, Open, Other, Trouble as No};
        let (shut, silent) = (|| No(Trouble::Shut), || No(Trouble::Silent));
        assert_eq!(codes([Answers, Answers, Answers]), [Code::RelayAnswers; 3]);
        assert_eq!(codes([Answers, silent(), Answers]), [Code::RelayAnswers, Code::RelayNotNeeded, Code::RelayAnswers]);
        assert_eq!(codes([Answers, Answers, Other]), [Code::RelayAnswers, Code::RelayAnswers, Code::RelayWebMissing]);
        assert_eq!(codes([Answers, shut(), silent()]), [Code::RelayAnswers, Code::RelayShut, Code::RelaySilent]);
        assert_eq!(codes([silent(), Answers, Answers]), [Code::RelaySilent, Code::RelayAnswers, Code::RelayAnswers]);
        assert_eq!(codes([Other, Answers, Answers])[0], Code::RelayOther);
        assert_eq!(codes([Answers, Open, Answers])[1], Code::RelayOpen);
    }

    #[test]
    fn a_way_that_pages_arent_told_of_is_noted_and_stands_in_for_no_other() {
        let seen = |tcp: Probe| {
            let probes = [Probe::Answers, tcp, Probe::Answers];
            let told = relay(&places().into_iter().zip(probes).collect::<Vec<_>>(), true);
            told.into_iter().map(|told| told.code).collect::<Vec<_>>()
        };
        assert_eq!(seen(Probe::Answers), [Code::RelayAnswers, Code::RelayAnswers, Code::RelayWebUntold]);
        assert_eq!(seen(Probe::Trouble(Trouble::Silent)), [Code::RelayAnswers, Code::RelaySilent, Code::RelayWebUntold]);
    }

    #[test]
    fn a_private_address_is_told_to_nobody_outside() {
        let place = |host: &str| vec![Place { way: Way::Udp, host: host.into(), port: 3478, web: false }];
        let at = |address: &str| [address.parse::<IpAddr>().unwrap()];
        assert_eq!(told(&place("10.0.0.5"), &at("198.51.100.7")).map(|told| told.code), Some(Code::RelayToldPrivate));
        assert_eq!(told(&place("100.64.0.5"), &at("198.51.100.7")).map(|told| told.code), Some(Code::RelayToldPrivate));
        assert_eq!(told(&place("198.51.100.7"), &at("198.51.100.7")), None);
        assert_eq!(told(&place("10.0.0.5"), &at("10.0.0.5")), None, "on one network it is right");
        assert_eq!(told(&place("turn.example.org"), &at("198.51.100.7")), None);
    }

    #[test]
    fn what_arrives_is_counted_both_ways() {
        let carried = |there, back| call(&places()[0], &Call::Carried { sent: 50, there, back }).code;
        assert_eq!((carried(50, 50), carried(45, 45)), (Code::CallGood, Code::CallGood));
        assert_eq!((carried(44, 50), carried(50, 44)), (Code::CallLossy, Code::CallLossy));
        assert_eq!((carried(0, 50), carried(50, 0), carried(0, 0)), (Code::CallOneWay, Code::CallOneWay, Code::CallNothing));
        assert_eq!(call(&places()[0], &Call::Refused(401)).code, Code::CallRefused);
        assert_eq!(call(&places()[1], &Call::Trouble(Trouble::Silent)).code, Code::CallNothing);
    }
}
