//! The words of the pages, from the same catalogue as the pages themselves: a test speaks of a button as the page does.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static CATALOGUE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../web-client/words/en.json");
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
});

/// The words of a key.
pub fn say(key: &str) -> &'static str {
    CATALOGUE.get(key).map(String::as_str).unwrap_or_else(|| panic!("no words for {key}"))
}

/// The words of a key with `{name}` filled in.
pub fn say_with(key: &str, fill: &[(&str, &str)]) -> String {
    let mut text = say(key).to_owned();
    for (name, value) in fill {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    assert!(!text.contains('{'), "{key} has more places to fill in: {text}");
    text
}
