//! What a line promises, by a time that the tests make.

use super::{Entered, Kind, Line};
use crate::network::conditions::{Bursts, Conditions, Reordering, Script, Tally};
use std::time::Duration;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn line(conditions: Conditions) -> Line<u32> {
    let mut line = Line::new(7);
    line.play(Duration::ZERO, &Script::new(conditions));
    line
}

/// So many datagrams of 125 bytes enter, one every `apart`; when each that arrives has entered and arrives.
fn sent(line: &mut Line<u32>, count: u32, apart: Duration) -> Vec<(Duration, Duration, u32)> {
    let mut arrived = Vec::new();
    let mut go_on = |line: &mut Line<u32>, until: Duration| {
        while let Some(at) = line.next().filter(|at| *at < until) {
            arrived.extend(line.arrived(at).into_iter().map(|number| (apart * number, at, number)));
        }
        arrived.extend(line.arrived(until).into_iter().map(|number| (apart * number, until, number)));
    };
    for number in 0..count {
        go_on(line, apart * number);
        line.enter(apart * number, Kind::Datagram, 125, number);
        go_on(line, apart * number);
    }
    go_on(line, apart * count + Duration::from_secs(60));
    arrived
}

/// All are accounted for.
fn in_all(tally: &Tally) -> u64 {
    [tally.datagrams, tally.segments, tally.lost, tally.overflowed, tally.outage, tally.blocked].iter().map(|one| one.packets).sum()
}

#[test]
fn without_conditions_nothing_is_lost_or_late() {
    let mut line = line(Conditions::default());
    let arrived = sent(&mut line, 10_000, ms(1));
    assert_eq!(arrived.len(), 10_000);
    assert!(arrived.iter().enumerate().all(|(at, (entered, came, number))| entered == came && *number == at as u32));
    assert_eq!(line.tally().carried().bytes, 1_250_000);
}

#[test]
fn of_100_kbits_and_10_percent_loss_90_kbits_arrive_and_the_rest_has_a_name() {
    // 300 kbit/s for 100 s.
    let mut line = line(Conditions { kbits: Some(100), loss: 0.1, ..Conditions::default() });
    sent(&mut line, 30_000, Duration::from_micros(3_333));
    let tally = line.tally();
    let kbits = |bytes: u64| bytes as f64 * 8.0 / 100_000.0;
    assert!((kbits(tally.carried().bytes) / 90.0 - 1.0).abs() < 0.05, "{tally:?}");
    assert!((tally.lost.packets as f64 / (tally.lost.packets + tally.carried().packets) as f64 / 0.1 - 1.0).abs() < 0.05, "{tally:?}");
    assert!((kbits(tally.overflowed.bytes) / 200.0 - 1.0).abs() < 0.05, "{tally:?}");
    assert_eq!(in_all(&tally), 30_000);
}

#[test]
fn nothing_waits_longer_than_the_queue_and_a_line_with_room_loses_nothing() {
    let narrow = Conditions { kbits: Some(100), queue: ms(200), ..Conditions::default() };
    let mut full = line(narrow);
    let waits: Vec<_> = sent(&mut full, 5_000, ms(5)).iter().map(|(entered, came, _)| *came - *entered).collect();
    assert_eq!(waits.iter().max(), Some(&ms(210)), "the queue, and its own 10 ms of leaving");
    assert!(full.tally().overflowed.packets > 2_400);
    let mut free = line(narrow);
    assert!(sent(&mut free, 5_000, ms(11)).iter().all(|(entered, came, _)| *came - *entered == ms(10)));
    assert_eq!(free.tally().overflowed.packets, 0);
}

#[test]
fn jitter_keeps_its_bounds_and_the_order() {
    let arrived = sent(&mut line(Conditions { delay: ms(150), jitter: ms(60), ..Conditions::default() }), 10_000, ms(10));
    assert!(arrived.iter().all(|(entered, came, _)| (ms(150)..ms(211)).contains(&(*came - *entered))));
    assert!(arrived.windows(2).all(|two| two[0].2 < two[1].2), "in order");
    let latest = arrived.iter().map(|(entered, came, _)| *came - *entered).max();
    assert!(latest > Some(ms(205)), "{latest:?} of up to 210 ms");
}

#[test]
fn a_share_of_all_is_overtaken() {
    let reordering = Some(Reordering { share: 0.05, by: ms(25) });
    let arrived = sent(&mut line(Conditions { reordering, ..Conditions::default() }), 20_000, ms(10));
    assert_eq!(arrived.len(), 20_000);
    let mut highest = 0;
    let mut is_overtaken = |number: u32| {
        highest = highest.max(number);
        highest > number
    };
    let overtaken = arrived.iter().filter(|(_, _, number)| is_overtaken(*number)).count();
    assert!((overtaken as f64 / 1_000.0 - 1.0).abs() < 0.05, "{overtaken}");
}

#[test]
fn the_same_seed_loses_the_same_packets_and_another_loses_others() {
    let poor = Conditions { loss: 0.05, bursts: Some(Bursts { share: 0.05, length: 3.0 }), ..Conditions::default() };
    let of = |seed| {
        let mut line = Line::new(seed);
        line.play(Duration::ZERO, &Script::new(poor));
        sent(&mut line, 2_000, ms(1)).into_iter().map(|(_, _, number)| number).collect::<Vec<_>>()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn an_outage_takes_what_enters_and_what_is_under_way_and_nothing_after() {
    let far = Conditions { delay: ms(100), ..Conditions::default() };
    let mut line = Line::new(1);
    line.play(Duration::ZERO, &Script::new(far).then(ms(1_000), Conditions::outage()).then(ms(500), far));
    let numbers: Vec<_> = sent(&mut line, 200, ms(10)).into_iter().map(|(_, _, number)| number).collect();
    // What has entered by 900 ms arrives in time, or just as the outage begins.
    assert_eq!(numbers, (0..=90).chain(150..200).collect::<Vec<_>>());
    assert_eq!(line.tally().outage.packets, 59);
}

#[test]
fn who_asks_late_gets_what_was_promised() {
    let script = Script::new(Conditions { kbits: Some(10), ..Conditions::default() })
        .then(ms(1_000), Conditions { kbits: Some(100), ..Conditions::default() })
        .then(ms(1_000), Conditions::outage());
    let mut line = Line::new(1);
    line.play(Duration::ZERO, &script);
    // Each takes 100 ms, the queue holds five and one is leaving.
    let entered: Vec<_> = (0..8).map(|number| line.enter(Duration::ZERO, Kind::Datagram, 125, number)).collect();
    assert_eq!(entered, [[Entered::Taken; 6].as_slice(), &[Entered::Overflowed; 2]].concat());
    assert_eq!(line.arrived(Duration::from_secs(100)), [0, 1, 2, 3, 4, 5]);
    assert_eq!(line.enter(Duration::from_secs(100), Kind::Datagram, 125, 9), Entered::Outage);
}

#[test]
fn a_rate_that_falls_in_the_middle_of_a_packet_sends_its_rest_slowly_and_keeps_no_longer_queue() {
    let mut line = line(Conditions { kbits: Some(100), ..Conditions::default() });
    for number in 0..20 {
        line.enter(Duration::ZERO, Kind::Datagram, 125, number);
    }
    line.play(ms(5), &Script::new(Conditions { kbits: Some(10), ..Conditions::default() }));
    assert_eq!(line.next(), Some(ms(55)), "half of the first was left");
    assert_eq!(line.arrived(Duration::from_secs(10)), [0, 1, 2, 3, 4, 5]);
    assert_eq!(line.tally().overflowed.packets, 14);
}

#[test]
fn tcp_loses_nothing_comes_late_and_leaves_room_for_datagrams() {
    let mut line = line(Conditions { kbits: Some(100), loss: 0.2, ..Conditions::default() });
    let (mut now, mut entered, mut arrived) = (Duration::ZERO, 0, Vec::new());
    while entered < 1_000 {
        while line.takes_a_segment(now) {
            line.enter(now, Kind::Segment, 125, entered);
            entered += 1;
        }
        assert_eq!(line.enter(now, Kind::Datagram, 12, u32::MAX), Entered::Taken, "a full line of TCP has room for voice");
        now += ms(10);
        arrived.extend(line.arrived(now).into_iter().filter(|number| *number < u32::MAX));
    }
    line.play(now, &Script::new(Conditions::outage()));
    assert!(!line.takes_a_segment(now), "nothing enters an outage");
    now += Duration::from_secs(30);
    assert_eq!(line.arrived(now), [0; 0], "nor leaves it");
    line.play(now, &Script::new(Conditions::default()));
    arrived.extend(line.arrived(now + Duration::from_secs(10)));
    assert!(arrived.windows(2).any(|two| two[0] > two[1]), "what was lost came late");
    arrived.sort_unstable();
    assert_eq!(arrived, (0..entered).collect::<Vec<_>>(), "each once");
    assert!(line.tally().lost.packets > 150);
}

#[test]
fn blocked_udp_is_lost_both_on_the_way_and_at_the_door_while_tcp_goes_on() {
    let mut line = line(Conditions { kbits: Some(100), delay: ms(100), ..Conditions::default() });
    for number in 0..4 {
        line.enter(Duration::ZERO, if number % 2 == 0 { Kind::Datagram } else { Kind::Segment }, 125, number);
    }
    line.block(ms(25), true);
    assert_eq!(line.enter(ms(25), Kind::Datagram, 125, 4), Entered::Blocked);
    assert_eq!(line.arrived(Duration::from_secs(1)), [1, 3]);
    assert_eq!(line.tally().blocked.packets, 3);
    line.block(Duration::from_secs(1), false);
    assert_eq!(line.enter(Duration::from_secs(1), Kind::Datagram, 125, 5), Entered::Taken);
    assert_eq!(line.arrived(Duration::from_secs(2)), [5]);
}
