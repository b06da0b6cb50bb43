//! What is made of what the service was seen to give to a stranger's browser. Pure: whoever looked hands in what they saw.

use super::codes::Code;
use super::finding::Told;
use super::target::Target;
use super::web::Trouble;
use http::{HeaderMap, HeaderValue};

/// Clocks further apart than this, in seconds, open links at another time than people were told, and refuse right codes of staff.
const APART: i64 = 30;

/// What whoever types the address without https gets: status and where it leads.
pub fn plain(port: u16, answer: Result<(u16, &str), &Trouble>) -> Told {
    match answer {
        Err(_) => Told::well(Code::PlainRefused, format!("Without TLS, nothing is served on port {port}.")),
        Ok((300..400, to)) if to.starts_with("https://") => {
            Told::well(Code::PlainRedirected, format!("Without TLS, port {port} sends people on to https."))
        }
        Ok((400.., _)) => Told::well(Code::PlainRefused, format!("Without TLS, port {port} refuses.")),
        Ok((status, _)) => Told::new(
            Code::PlainServed,
            format!("Port {port} answers without TLS ({status}), and sends nobody on to https."),
            format!("have whatever answers on port {port} send everybody on to https://, or shut it."),
        ),
    }
}

/// What `/healthz` and `/readyz` said.
pub fn service(alive: Result<(u16, &[u8]), &Trouble>, ready: Result<(u16, &[u8]), &Trouble>) -> Told {
    match (alive, ready) {
        (Ok((200, b"alive\n")), Ok((200, b"ready\n"))) => {
            Told::well(Code::ServiceReady, "Sidelight answers there, and can read its records.")
        }
        (Ok((200, b"alive\n")), Ok((503, _)) | Err(_)) => Told::new(
            Code::ServiceNotReady,
            "Sidelight answers there, but can't read its records.",
            "look into its log, and whether its disk is full.",
        ),
        (Ok((status @ 500.., _)), _) | (_, Ok((status @ 500.., _))) => Told::new(
            Code::ServiceSilent,
            format!("What has the port answers that the service behind it doesn't ({status})."),
            "start the service, and look that the proxy leads to where web.listen says.",
        ),
        (Ok((status, _)), _) => Told::new(
            Code::ServiceOther,
            format!("Something else than Sidelight answers there (/healthz gives {status})."),
            "look at what has this port; a proxy must pass on every address, /healthz too.",
        ),
        (Err(_), _) => Told::new(
            Code::ServiceSilent,
            "The port answers, and the service behind it doesn't.",
            "look whether the service runs (`systemctl status sidelight`), and into its log.",
        ),
    }
}

/// Names of headers that came otherwise than the service sends them.
pub fn headers(changed: Result<&[String], &Trouble>) -> Told {
    match changed {
        Ok([]) => Told::well(Code::HeadersSent, "Pages arrive with every rule for browsers that the service sends with them."),
        Ok(changed) => Told::new(
            Code::HeadersChanged,
            format!("Rules that the service sends with each page don't arrive as they were sent: {}.", changed.join(", ")),
            "whatever stands in front of the service must leave its headers as they are. For strict-transport-security, web.public_url \
             must begin with https://.",
        ),
        Err(_) => Told::new(
            Code::HeadersUnread,
            "The first page doesn't arrive.",
            "look into the service's log, and at the proxy in front of it.",
        ),
    }
}

/// Of what these headers were to hold, what they don't, by name.
pub fn changed<'a>(headers: &HeaderMap, due: impl Iterator<Item = (&'a str, &'a HeaderValue)>) -> Vec<String> {
    let holds = |name: &str, value: &HeaderValue| {
        let mut given = headers.get_all(name).iter().peekable();
        given.peek().is_some() && given.all(|given| given == value)
    };
    due.filter(|(name, value)| !holds(name, value)).map(|(name, _)| name.to_owned()).collect()
}

/// A year at least, with whatever else.
pub fn keeps_to_tls(headers: &HeaderMap, due: &(http::HeaderName, HeaderValue)) -> bool {
    let seconds = |value: &HeaderValue| {
        let text = value.to_str().ok()?.to_lowercase();
        text.split(';').find_map(|part| part.trim().strip_prefix("max-age=")?.trim_matches('"').parse::<u64>().ok())
    };
    headers.get(&due.0).and_then(seconds) >= seconds(&due.1)
}

/// Where a policy lets sockets go, beside the page's own origin; none where it is no such policy.
pub fn sockets_of(policy: &str) -> Option<&str> {
    let sockets = policy.split("; ").find_map(|part| part.strip_prefix("connect-src 'self' "))?;
    sockets.split(' ').all(|one| one.starts_with("ws://") || one.starts_with("wss://")).then_some(sockets)
}

/// A policy without what changes from version to version.
pub fn without_hashes(policy: &str) -> String {
    let plain = |part: &str| part.split(' ').filter(|word| !word.starts_with("'sha256-")).collect::<Vec<_>>().join(" ");
    policy.split(';').map(plain).collect::<Vec<_>>().join(";")
}

/// `apart`: by how many seconds the service's clock is ahead of the one here.
pub fn clock(apart: Option<i64>) -> Told {
    let Some(apart) = apart else {
        return Told::new(Code::ClockUntold, "What answers doesn't say what time it is.", "have the proxy pass on the header Date.");
    };
    let side = if apart > 0 { "ahead of" } else { "behind" };
    let by = match apart.abs() {
        seconds if seconds < 120 => format!("{seconds} seconds"),
        seconds if seconds < 7_200 => format!("{} minutes", seconds / 60),
        seconds => format!("{} hours", seconds / 3_600),
    };
    match apart.abs() > APART {
        true => Told::new(
            Code::ClockWrong,
            format!("The service's clock is {by} {side} the one of this machine."),
            "one of them is wrong: switch on its clock's keeper (`timedatectl set-ntp true`). Links open and contacts end by the service's clock.",
        ),
        false => Told::well(Code::ClockRight, "The service's clock and the one of this machine agree."),
    }
}

/// What became of opening the line that pages keep open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Socket {
    /// It opened, and the service said that there is no such session: what a stranger is due.
    Opens,
    /// It opened, and the service told the page to load anew: it speaks another version of these messages.
    OtherVersion,
    /// It opened, and something else came.
    Other,
    /// It opened, and nothing came through.
    Silent,
    /// It didn't open: with this status, and the service's own code where it was the service that refused.
    Refused(u16, String),
    /// It opened for a page of another site.
    AnyOrigin,
    Broken(String),
}

pub fn socket(target: &Target, seen: &Socket) -> Told {
    let origin = target.origin();
    let proxy = "a proxy must pass on Upgrade, Connection and Origin as they came (docs/install.md, \"Behind a proxy\").";
    match seen {
        Socket::Opens => Told::well(Code::SocketOpens, "The line that pages keep open comes about, and strangers are turned away on it."),
        Socket::Refused(403, code) if code == "bad_origin" => Told::new(
            Code::SocketOrigin,
            format!("The service takes {origin} for somebody else's address, so no page can connect."),
            format!("set web.public_url to {origin}, or use the address that stands there; {proxy}"),
        ),
        Socket::AnyOrigin => Told::new(
            Code::SocketAnyOrigin,
            "A page of any other site can open that line.",
            "the proxy sets Origin itself: have it pass on what came.",
        ),
        Socket::Refused(status, _) => {
            Told::new(Code::SocketBlocked, format!("The line that pages keep open (WebSocket) is refused ({status})."), proxy)
        }
        Socket::Broken(why) => {
            Told::new(Code::SocketBlocked, format!("The line that pages keep open (WebSocket) doesn't come about ({why})."), proxy)
        }
        Socket::Silent => Told::new(
            Code::SocketSilent,
            "The line that pages keep open (WebSocket) comes about, and nothing passes through.",
            "something on the way holds it back: have it neither buffer nor inspect /ws/.",
        ),
        Socket::OtherVersion => Told::new(
            Code::SocketOther,
            "The service speaks another version of its messages than this program.",
            "run the doctor of the version that runs there.",
        ),
        Socket::Other => Told::new(Code::SocketOther, "Something else than Sidelight answers on the line that pages keep open.", proxy),
    }
}

/// How what is served compares with what should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Files {
    /// So many, each the same.
    Same(usize),
    Changed(Vec<String>),
    OtherVersion,
    Unread(String),
}

pub fn files(seen: &Files) -> Told {
    match seen {
        Files::Same(count) => {
            Told::well(Code::FilesSame, format!("All {count} files that browsers get are those of this program, to the byte."))
        }
        Files::Changed(paths) => {
            let more = if paths.len() > 3 { format!(" and {} more", paths.len() - 3) } else { String::new() };
            let named: Vec<&str> = paths.iter().take(3).map(String::as_str).collect();
            Told::new(
                Code::FilesChanged,
                format!("Browsers get something else than this program would give them: {}{more}.", named.join(", ")),
                "find out who changed it, or what stands in front and does, before anybody uses the service again. Look whether web.assets is set.",
            )
        }
        Files::OtherVersion => Told::new(
            Code::FilesOtherVersion,
            "Browsers get the files of another version than this program's, or changed ones: they can't be compared.",
            "run the doctor of the version that runs there; or give `sidelight manifest`, as that version prints it, to --manifest.",
        ),
        Files::Unread(why) => Told::new(
            Code::FilesUnread,
            format!("The files that browsers get can't be read to the end ({why})."),
            "look into the service's log, and at what stands in front of it.",
        ),
    }
}

#[cfg(test)]
mod tests;
