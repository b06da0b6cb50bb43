use super::*;
use http::HeaderValue;

fn proxies(networks: &[&str]) -> Proxies {
    Proxies::new(networks.iter().map(|network| network.parse().unwrap()).collect())
}

/// Who is taken for the sender of what comes from `peer` with these headers, where 10.0.0.0/8 and 2001:db8::/32 are ours.
fn client(peer: &str, headers: &[(&str, &str)]) -> String {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        all.append(HeaderName::from_str(name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    proxies(&["10.0.0.0/8", "2001:db8::/32"]).client(peer.parse().unwrap(), &all).to_string()
}

#[test]
fn a_network_is_an_address_with_or_without_its_bits() {
    for (network, inside, outside) in [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
        ("192.0.2.128/25", "192.0.2.255", "192.0.2.127"),
        ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
        ("::1", "::1", "::2"),
        ("0.0.0.0/0", "203.0.113.1", "::1"),
        ("::/0", "2001:db8::1", "203.0.113.1"),
    ] {
        let ours = proxies(&[network]);
        assert!(ours.include(inside.parse().unwrap()), "{network} has {inside}");
        assert!(!ours.include(outside.parse().unwrap()), "{network} hasn't {outside}");
    }
    assert!(proxies(&["10.0.0.0/8"]).include("::ffff:10.1.2.3".parse().unwrap()), "as a socket for both kinds tells it");
    for wrong in
        ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.1.2.3/8", "::1/129", "localhost", "10.0.0", "10.0.0.0/8/8"]
    {
        assert_eq!(wrong.parse::<Network>(), Err(NoNetwork), "{wrong}");
    }
}

#[test]
fn a_header_is_believed_from_a_proxy_of_ours_and_from_nobody_else() {
    let lies = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
    assert_eq!(client("203.0.113.9", &lies), "203.0.113.9");
    assert_eq!(client("10.0.0.1", &lies), "192.0.2.1");
    assert_eq!(client("10.0.0.1", &lies[..1]), "192.0.2.1");
    assert_eq!(client("10.0.0.1", &lies[1..]), "192.0.2.1");
    assert_eq!(client("::ffff:10.0.0.1", &lies), "192.0.2.1");
    assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    assert_eq!(Proxies::default().client("10.0.0.1".parse().unwrap(), &HeaderMap::new()).to_string(), "10.0.0.1");
}

#[test]
fn the_last_address_that_is_no_proxy_counts_whatever_stands_before_it() {
    let through = |value: &str| client("10.0.0.1", &[("x-forwarded-for", value)]);
    assert_eq!(through("198.51.100.7, 192.0.2.1"), "192.0.2.1");
    assert_eq!(through("198.51.100.7, 192.0.2.1, 10.0.0.2, 10.0.0.3"), "192.0.2.1");
    assert_eq!(through("10.0.0.9, 192.0.2.1"), "192.0.2.1");
    assert_eq!(through("10.0.0.9, 10.0.0.2"), "10.0.0.9", "somebody inside");
    assert_eq!(through("192.0.2.1, unknown, 10.0.0.2"), "10.0.0.2", "what can't be read ends the way back");
    for unreadable in ["", "unknown", "_hidden", "192.0.2.1:", "1.2.3", "[::1", "for=192.0.2.1", "192.0.2.1;", "é"] {
        assert_eq!(through(unreadable), "10.0.0.1", "{unreadable}");
    }
    let twice = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-for", "192.0.2.1")];
    assert_eq!(client("10.0.0.1", &twice), "192.0.2.1", "two lines are one list");
}

#[test]
fn addresses_are_read_in_every_way_that_proxies_write_them() {
    for (written, read) in [
        ("192.0.2.1:4711", "192.0.2.1"),
        ("\"192.0.2.1:4711\"", "192.0.2.1"),
        ("2001:db9::1", "2001:db9::1"),
        ("[2001:db9::1]", "2001:db9::1"),
        ("\"[2001:db9::1]:4711\"", "2001:db9::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ] {
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", written)]), read, "{written}");
        assert_eq!(client("10.0.0.1", &[("forwarded", &format!("proto=https; For={written};by=10.0.0.1"))]), read, "{written}");
    }
    let odd = "for=\"192.0.2.1, for=198.51.100.7\"";
    assert_eq!(client("10.0.0.1", &[("forwarded", odd)]), "10.0.0.1", "a comma in quotes parts nothing");
    assert_eq!(client("10.0.0.1", &[("forwarded", "for=192.0.2.1;for=198.51.100.7")]), "10.0.0.1", "one hop has one");
    assert_eq!(client("10.0.0.1", &[("forwarded", "proto=https")]), "10.0.0.1");
}

#[test]
fn where_two_headers_say_two_things_neither_is_believed() {
    let told = |forwarded, forwarded_for| client("10.0.0.1", &[("forwarded", forwarded), ("x-forwarded-for", forwarded_for)]);
    assert_eq!(told("for=192.0.2.1", "192.0.2.1"), "192.0.2.1");
    assert_eq!(told("for=198.51.100.7", "192.0.2.1"), "10.0.0.1");
}
