//! The kind of a browser, such as "Firefox on Linux": enough for a person to recognise their own phone or office computer,
//! and nothing that tells one such phone from another. Whatever else a browser says of itself (version, model, language) is
//! left out, and no word of it is passed on.

/// How much of the header is looked at, in bytes. Honest ones have 60 to 250; more would only be work for whoever asks for it.
const LOOKED_AT: usize = 512;

/// A word of the header and what it stands for. Most browsers also claim to be those that came before them: the first match
/// counts, so the order is from the most particular to the most claimed.
const FAMILIES: [(&str, &str); 26] = [
    // Built into another app: neither the phone's own browser nor, to whoever holds it, the same place.
    ("; wv)", OTHER),
    ("FBAN/", OTHER),
    ("FBAV/", OTHER),
    ("Instagram ", OTHER),
    ("GSA/", OTHER),
    ("YaBrowser/", OTHER),
    ("UCBrowser/", OTHER),
    ("MiuiBrowser/", OTHER),
    ("Vivaldi/", OTHER),
    ("DuckDuckGo/", OTHER),
    ("Ddg/", OTHER),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edge/", "Edge"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("OPiOS/", "Opera"),
    ("Opera", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// Windows phones claimed to be Androids, Androids are Linuxes, iPhones speak of Mac OS X.
const PLATFORMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
];

const OTHER: &str = "Another browser";

/// The family and the platform that a `User-Agent` header claims: "Chrome on Android", "Safari on iPhone", "Another browser".
/// Anybody can claim anything: it is a hint for a person and proves nothing.
pub fn browser_kind(user_agent: Option<&str>) -> String {
    let given = user_agent.unwrap_or_default();
    let end = (0..=LOOKED_AT.min(given.len())).rev().find(|end| given.is_char_boundary(*end)).unwrap_or(0);
    let given = given.get(..end).unwrap_or_default();
    let find = |table: &[(&str, &'static str)]| table.iter().find(|(word, _)| given.contains(word)).map(|(_, name)| *name);
    let platform = find(&PLATFORMS);
    let family = match find(&FAMILIES) {
        // Androids before Chrome said "Version" and "Safari" too.
        Some("Safari") if !given.contains("Safari/") || !matches!(platform, Some("iPhone" | "iPad" | "Mac")) => OTHER,
        Some(family) => family,
        None => OTHER,
    };
    match platform {
        Some(platform) => format!("{family} on {platform}"),
        None => family.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_by_its_family_and_platform() {
        let table = [
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                "Chrome on ChromeOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1",
                "Safari on iPad",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                "Safari on Mac",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"),
            ("Mozilla/5.0 (Android 13; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "Firefox on Android"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/133.0 Mobile/15E148 Safari/605.1.15",
                "Firefox on iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0",
                "Edge on Android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36 OPR/86.0.0.0",
                "Opera on Android",
            ),
            ("Opera/9.80 (Android; Opera Mini/36.2/119.132; U; en) Presto/2.12.423 Version/12.16", "Opera on Android"),
            (
                "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15254",
                "Edge on Windows",
            ),
        ];
        for (given, kind) in table {
            assert_eq!(browser_kind(Some(given)), kind, "{given}");
        }
    }

    #[test]
    fn what_only_claims_to_be_a_known_one_is_another() {
        let table = [
            (
                "Mozilla/5.0 (Linux; Android 10; SM-A105F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36",
                "Another browser on Android",
            ),
            (
                "Mozilla/5.0 (Linux; U; Android 4.0.3; en-gb) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30",
                "Another browser on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]",
                "Another browser on iPhone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 YaBrowser/24.12 Safari/537.36",
                "Another browser on Linux",
            ),
            ("curl/8.5.0", "Another browser"),
            ("", "Another browser"),
        ];
        for (given, kind) in table {
            assert_eq!(browser_kind(Some(given)), kind, "{given}");
        }
        assert_eq!(browser_kind(None), "Another browser");
    }

    #[test]
    fn nothing_of_what_was_sent_is_passed_on_however_long_or_odd_it_is() {
        let known: Vec<&str> = FAMILIES.iter().chain(&PLATFORMS).map(|(_, name)| *name).chain([OTHER]).collect();
        let odd = ["<script>Chrome/</script>Linux", "Chrome/1 (iPhone\nSet-Cookie: a=b", "\u{202e}Firefox/\u{0}", "é".repeat(300).as_str()]
            .map(str::to_owned);
        for given in odd.into_iter().chain((505..520).map(|length| format!("{}ééé Firefox/1 Linux", "x".repeat(length)))) {
            let kind = browser_kind(Some(&given));
            let mut words = kind.split(" on ");
            assert!(words.all(|word| known.contains(&word)), "{kind}");
        }
        let far = format!("{}Firefox/133.0 (Linux)", " ".repeat(LOOKED_AT));
        assert_eq!(browser_kind(Some(&far)), "Another browser", "looked at without an end");
    }
}
