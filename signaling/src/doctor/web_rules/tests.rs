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
