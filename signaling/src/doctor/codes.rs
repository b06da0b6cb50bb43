//! What can be found, by names that programs may rely on: add, never rename. docs/doctor.md explains each.

/// What a finding means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Well,
    /// Nothing is broken; somebody should know it.
    Note,
    /// Something is to be changed.
    Wrong,
    /// It couldn't be looked at, or wasn't to be.
    Skipped,
}

impl Verdict {
    /// For programs.
    pub fn text(self) -> &'static str {
        match self {
            Verdict::Well => "ok",
            Verdict::Note => "note",
            Verdict::Wrong => "wrong",
            Verdict::Skipped => "skipped",
        }
    }

    /// What a line begins with.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Well => "OK",
            Verdict::Note => "NOTE",
            Verdict::Wrong => "NOT",
            Verdict::Skipped => "-",
        }
    }
}

macro_rules! codes {
    ($($name:ident $text:literal $verdict:ident;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($name),+ }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$name),+];

            pub fn text(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }

            pub fn verdict(self) -> Verdict {
                match self { $(Code::$name => Verdict::$verdict),+ }
            }
        }
    };
}

codes! {
    NameFound "name_found" Well;
    NameIsAddress "name_is_address" Well;
    NameUnknown "name_unknown" Wrong;
    NameSilent "name_silent" Wrong;
    PortOpen "port_open" Well;
    PortShut "port_shut" Wrong;
    PortSilent "port_silent" Wrong;
    PortUnreachable "port_unreachable" Wrong;
    CertificateGood "certificate_good" Well;
    CertificateEndsSoon "certificate_ends_soon" Wrong;
    CertificateEnded "certificate_ended" Wrong;
    CertificateNotYet "certificate_not_yet" Wrong;
    CertificateOtherName "certificate_other_name" Wrong;
    CertificateNotTrusted "certificate_not_trusted" Wrong;
    TlsNotSpoken "tls_not_spoken" Wrong;
    TlsNone "tls_none" Wrong;
    TlsNoneHere "tls_none_here" Note;
    PlainRefused "plain_refused" Well;
    PlainRedirected "plain_redirected" Well;
    PlainServed "plain_served" Wrong;
    ServiceReady "service_ready" Well;
    ServiceNotReady "service_not_ready" Wrong;
    ServiceOther "service_other" Wrong;
    ServiceSilent "service_silent" Wrong;
    HeadersSent "headers_sent" Well;
    HeadersChanged "headers_changed" Wrong;
    HeadersUnread "headers_unread" Wrong;
    ClockRight "clock_right" Well;
    ClockWrong "clock_wrong" Wrong;
    ClockUntold "clock_untold" Note;
    SocketOpens "socket_opens" Well;
    SocketOrigin "socket_origin" Wrong;
    SocketAnyOrigin "socket_any_origin" Wrong;
    SocketBlocked "socket_blocked" Wrong;
    SocketSilent "socket_silent" Wrong;
    SocketOther "socket_other" Wrong;
    FilesSame "files_same" Well;
    FilesChanged "files_changed" Wrong;
    FilesOtherVersion "files_other_version" Wrong;
    FilesUnread "files_unread" Wrong;
    RelayAnswers "relay_answers" Well;
    RelayNotNeeded "relay_not_needed" Well;
    RelayWebMissing "relay_web_missing" Note;
    RelayWebUntold "relay_web_untold" Note;
    RelaySilent "relay_silent" Wrong;
    RelayShut "relay_shut" Wrong;
    RelayOther "relay_other" Wrong;
    RelayOpen "relay_open" Wrong;
    RelayToldPrivate "relay_told_private" Wrong;
    CallNotTried "call_not_tried" Skipped;
    CallTokenRefused "call_token_refused" Wrong;
    CallGood "call_good" Well;
    CallLossy "call_lossy" Note;
    CallOneWay "call_one_way" Wrong;
    CallNothing "call_nothing" Wrong;
    CallRefused "call_refused" Wrong;
    NotLookedAt "not_looked_at" Skipped;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_code_is_one_of_its_own_and_explained_as_it_is_judged() {
        let page = include_str!("../../../docs/doctor.md");
        let texts: BTreeSet<&str> = Code::ALL.iter().map(|code| code.text()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            let line = page.lines().find(|line| line.starts_with(&format!("| `{}` | {} |", code.text(), code.verdict().word())));
            assert!(line.is_some_and(|line| line.len() > 40), "docs/doctor.md: {} {}", code.text(), code.verdict().word());
        }
        let listed = page.lines().filter(|line| line.starts_with("| `") && line.contains('_')).count();
        assert_eq!(listed, Code::ALL.len(), "what isn't there any more is listed no longer");
    }
}
