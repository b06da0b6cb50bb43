//! Every form of address that is not one of the relay's own. Slack's relay reached its internal network this way; coturn's
//! deny lists were got round with `0.0.0.0`, `[::]` and `::ffff:127.0.0.1`. Here there is no list to get round, and these
//! tests say so for each form.

use std::net::SocketAddr;

use sidelight_relay::Scope;

use crate::world::World;

const FORBIDDEN: &[&str] = &[
    "127.0.0.1:80",
    "127.255.255.255:80",
    "10.0.0.1:80",
    "172.16.0.1:80",
    "172.31.255.255:80",
    "192.168.0.1:80",
    "169.254.169.254:80",
    "100.64.0.1:80",
    "0.0.0.0:80",
    "0.0.0.1:80",
    "255.255.255.255:80",
    "224.0.0.1:80",
    "239.255.255.255:80",
    "240.0.0.1:80",
    "8.8.8.8:53",
    // The relay's and the caller's own address, and the neighbours of the virtual network.
    "192.0.2.2:3478",
    "192.0.2.9:1002",
    "203.0.112.255:50000",
    "203.0.114.1:50000",
    "203.0.113.0:50000",
    "203.0.113.2:50000",
    "203.0.113.255:50000",
];

const FORBIDDEN_IPV6: &[&str] = &[
    "[::]:80",
    "[::1]:80",
    "[::ffff:127.0.0.1]:80",
    "[::ffff:10.0.0.1]:80",
    "[::ffff:203.0.113.1]:50000",
    "[::ffff:0.0.0.0]:80",
    "[::127.0.0.1]:80",
    "[::203.0.113.1]:50000",
    "[64:ff9b::7f00:1]:80",
    "[2002:7f00:1::]:80",
    "[fc00::1]:80",
    "[fd00:ec2::254]:80",
    "[fe80::1]:80",
    "[fec0::1]:80",
    "[ff02::1]:80",
    "[2001:db8::1]:80",
];

#[test]
fn every_form_of_address_that_is_not_the_relays_own_is_refused_and_gets_nothing() {
    let mut world = World::new();
    for scope in [Scope::Room, Scope::Own] {
        let (mut a, _) = world.allocated(if scope == Scope::Room { 1_001 } else { 1_002 }, "room", "a", scope);
        for (forms, code) in [(FORBIDDEN, 403), (FORBIDDEN_IPV6, 443)] {
            for form in forms {
                let address: SocketAddr = form.parse().unwrap();
                assert_eq!(a.permit(&mut world, &[address]).code, code, "permission for {form}");
                assert_eq!(a.bind(&mut world, 0x4000, address).code, code, "channel to {form}");
                assert!(a.indicate(&mut world, address, b"x").is_none(), "data to {form}");
                assert!(a.channel(&mut world, 0x4000, b"x").is_none(), "data on a channel to {form}");
            }
        }
    }
}

#[test]
fn one_forbidden_address_among_good_ones_refuses_them_all() {
    let mut world = World::new();
    let (mut a, a_at) = world.allocated(1_001, "room", "a", Scope::Room);
    let (mut b, b_at) = world.allocated(1_002, "room", "b", Scope::Room);
    b.permit(&mut world, &[a_at]);
    for form in FORBIDDEN.iter().chain(FORBIDDEN_IPV6) {
        assert_ne!(a.permit(&mut world, &[b_at, form.parse().unwrap()]).code, 0, "{form}");
        assert!(a.indicate(&mut world, b_at, b"x").is_none(), "nothing was permitted besides {form}");
    }
    // The control: without the forbidden one it works.
    assert_eq!(a.permit(&mut world, &[b_at]).code, 0);
    assert!(a.indicate(&mut world, b_at, b"x").is_some());
}

#[test]
fn an_address_of_ours_that_nobody_holds_gets_nothing() {
    let mut world = World::new();
    let (mut a, a_at) = world.allocated(1_001, "room", "a", Scope::Room);
    for port in [0, 1, 80, 3_478, 49_151, 49_152, 65_535] {
        let address = SocketAddr::new(a_at.ip(), port);
        if address != a_at {
            assert_eq!(a.permit(&mut world, &[address]).code, 0);
            assert!(a.indicate(&mut world, address, b"x").is_none(), "{port}");
        }
    }
}
