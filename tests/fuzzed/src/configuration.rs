//! Any text as the configuration's file and as one variable of the environment. What is wrong is told in one line that never
//! repeats the relay's secret; what is taken keeps to the bounds that the file of defaults names.

use crate::bytes::Bytes;
use sidelight::config::{Config, Flags};
use sidelight_room::keeping::RULES;
use std::net::Ipv4Addr;
use std::time::Duration;

/// Too short to be taken, so that each run has something to complain of that mustn't be repeated.
const SECRET: &str = "planted-and-too-short";

/// The first byte says with which flags and where the secret stands; then come a variable's name and value, and the file.
pub fn read(data: &[u8]) {
    let mut input = Bytes::new(data);
    let how = input.byte();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (name, value, mut file) = (text(input.short()), text(input.short()), text(input.rest()));
    let lan = (how & 1 != 0).then_some(Ipv4Addr::new(192, 0, 2, 2));
    let flags = Flags { lan, listen: (how & 2 != 0).then(|| value.clone()), ..Flags::default() };
    let mut environment = vec![(format!("SIDELIGHT_{name}"), value)];
    match how & 12 {
        4 => environment.push(("SIDELIGHT_RELAY__SECRET".into(), SECRET.into())),
        8 => file.push_str(&format!("\n[relay]\nsecret = \"{SECRET}\"\n")),
        _ => {}
    }
    match Config::from_text(Some((&file, "FILE")), &flags, environment.into_iter()) {
        Ok(config) => bounded(&config),
        Err(wrong) => {
            let line = wrong.to_string();
            assert!(!line.chars().any(char::is_control), "not one line: {line:?}");
            assert!(line.contains("allowed: ") && line.chars().count() < 2_000, "{line}");
            assert!(!line.contains(SECRET), "the secret is repeated: {line}");
        }
    }
}

fn bounded(config: &Config) {
    let (hour, day) = (Duration::from_secs(3_600), Duration::from_secs(86_400));
    for rule in RULES {
        let (start, (least, most)) = (config.retention.installed.start(rule.category), config.retention.installed.bounds(rule.category));
        assert!(rule.least <= least && least <= start && start <= most && most <= rule.most, "{rule:?}");
    }
    assert!((Duration::from_secs(1)..=hour).contains(&config.retention.sweep));
    assert!((Duration::from_secs(5)..=day).contains(&config.relay.credential));
    assert!(config.relay.secret.is_empty() || config.relay.secret.chars().count() >= 32);
    assert!(config.relay.advertise.len() <= 8);
    assert!(!config.on_lan() || !config.web.listen.ip().is_loopback());
    let address = &config.pages.neutral_page;
    assert!(address.starts_with("https://") || address.starts_with("http://"));
    assert!(!address.chars().any(|letter| "\"'<>\\`".contains(letter) || letter.is_whitespace() || letter.is_control()));
    for title in [&config.pages.title, &config.pages.desk_title].into_iter().flatten() {
        assert!((1..=40).contains(&title.chars().count()) && !title.chars().any(char::is_control));
    }
    assert!(config.web.public_url.as_deref().is_none_or(|origin| origin.starts_with("http") && !origin.contains(char::is_whitespace)));
}
