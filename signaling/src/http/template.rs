//! Pages with their words and style filled in, so that the first screen needs nothing but the first response.
//!
//! `{{words.KEY}}`, `{{words-json:PREFIX|PREFIX}}`, `{{style:PATH}}` and `{{script:PATH}}` (with their elements), `{{modules:PATH}}`
//! (the address of a module with all that it imports), `{{assets}}`, `{{number}}`, `{{neutral_page}}`, and `{{if-number}}...{{else}}...{{end}}`.

use super::modules::joined;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64;
use std::collections::BTreeMap;

/// One language's words.
pub type Words = BTreeMap<String, String>;

/// What a page is filled with.
pub struct Filling<'a> {
    pub words: &'a Words,
    /// The text of a client file.
    pub file: &'a dyn Fn(&str) -> Option<&'a str>,
    pub assets: &'a str,
    pub number: Option<&'a str>,
    pub neutral_page: &'a str,
}

/// A page and what goes with it.
#[derive(Default)]
pub struct Filled {
    pub html: String,
    /// The hashes of what stands in it, for the policy.
    pub styles: Vec<String>,
    pub scripts: Vec<String>,
    /// Modules that it gets as one script, by the asset's path.
    pub modules: Vec<(String, String)>,
}

/// What is wrong with a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("{{{{{0}: the braces aren't closed")]
    Open(String),
    #[error("{{{{{0}}}}}: no such placeholder")]
    Unknown(String),
    #[error("{{{{words.{0}}}}}: no such word")]
    Word(String),
    #[error("{{{{words-json:{0}}}}}: no word begins so")]
    Prefix(String),
    #[error("{{{{style:{0}}}}}: no such file, or one that would end its element")]
    Style(String),
    #[error("{{{{script:{0}}}}}: no such file, or one that would end its element")]
    Script(String),
    #[error("{0}: {1}")]
    Module(String, &'static str),
    #[error("{0}: no such page")]
    Missing(String),
    #[error("{{{{if-number}}}}, {{{{else}}}} and {{{{end}}}} don't pair up")]
    Pairs,
}

/// Where in an `{{if-number}}` the text stands.
#[derive(Clone, Copy, PartialEq)]
enum Branch {
    Outside,
    Then,
    Else,
}

pub fn fill(template: &str, filling: &Filling<'_>) -> Result<Filled, Fault> {
    let mut filled = Filled { html: String::with_capacity(template.len() * 2), ..Filled::default() };
    let mut branch = Branch::Outside;
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or_else(|| Fault::Open(after.chars().take(40).collect()))?;
        rest = after;
        let shown = match branch {
            Branch::Outside => true,
            Branch::Then => filling.number.is_some(),
            Branch::Else => filling.number.is_none(),
        };
        if shown {
            filled.html.push_str(before);
        }
        branch = match (name, branch) {
            ("if-number", Branch::Outside) => Branch::Then,
            ("else", Branch::Then) => Branch::Else,
            ("end", Branch::Then | Branch::Else) => Branch::Outside,
            ("if-number" | "else" | "end", _) => return Err(Fault::Pairs),
            (name, branch) => {
                // Looked at in both branches, so that a fault shows whether or not there is a number.
                let text = placeholder(name, filling, &mut filled)?;
                if shown {
                    filled.html.push_str(&text);
                }
                branch
            }
        };
    }
    if branch != Branch::Outside {
        return Err(Fault::Pairs);
    }
    filled.html.push_str(rest);
    Ok(filled)
}

fn placeholder(name: &str, filling: &Filling<'_>, filled: &mut Filled) -> Result<String, Fault> {
    if let Some(key) = name.strip_prefix("words.") {
        return filling.words.get(key).map(|word| escaped(word)).ok_or_else(|| Fault::Word(key.into()));
    }
    if let Some(prefixes) = name.strip_prefix("words-json:") {
        let mut words = BTreeMap::new();
        for prefix in prefixes.split('|') {
            let known = words.len();
            words.extend(filling.words.iter().filter(|(key, _)| key.starts_with(prefix)));
            if words.len() == known {
                return Err(Fault::Prefix(prefix.into()));
            }
        }
        let json = serde_json::to_string(&words).map_err(|_| Fault::Prefix(prefixes.into()))?;
        // Nothing in it can end the element it stands in.
        return Ok(json.replace('<', "\\u003c"));
    }
    if let Some(path) = name.strip_prefix("style:") {
        let css = (filling.file)(path).filter(|css| path.ends_with(".css") && !css.to_lowercase().contains("</style"));
        let css = css.ok_or_else(|| Fault::Style(path.into()))?;
        filled.styles.push(hash(css));
        return Ok(format!("<style>{css}</style>"));
    }
    if let Some(path) = name.strip_prefix("script:") {
        let ends = |script: &str| ["</script", "<script", "<!--"].iter().any(|end| script.to_lowercase().contains(end));
        let script = (filling.file)(path).filter(|script| path.ends_with(".js") && !ends(script));
        let script = script.ok_or_else(|| Fault::Script(path.into()))?;
        filled.scripts.push(hash(script));
        return Ok(format!("<script>{script}</script>"));
    }
    if let Some(path) = name.strip_prefix("modules:") {
        let script = joined(path, filling.file)?;
        let path = path.replacen(".js", ".all.js", 1);
        let address = format!("{}/{path}", filling.assets);
        filled.modules.push((path, script));
        return Ok(address);
    }
    match name {
        "assets" => Ok(filling.assets.into()),
        "number" => Ok(escaped(filling.number.unwrap_or(""))),
        "neutral_page" => Ok(escaped(filling.neutral_page)),
        _ => Err(Fault::Unknown(name.into())),
    }
}

/// As a policy names what may stand in a page.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(digest(&SHA256, text.as_bytes()).as_ref()))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, number: Option<&str>) -> Result<(String, [Vec<String>; 2]), Fault> {
        let words = [("join.hello", "Hello <you> & \"me\""), ("join.end", "</script>"), ("say.yes", "Yes")];
        let words: Words = words.into_iter().map(|(key, word)| (key.into(), word.into())).collect();
        let file = |path: &str| match path {
            "a.css" => Some("b{}"),
            "bad.css" => Some("</STYLE>"),
            "a.js" => Some("b{}"),
            "bad.js" => Some("'</SCRIPT>'"),
            "worse.js" => Some("'<!--'"),
            _ => None,
        };
        let filling = Filling { words: &words, file: &file, assets: "/assets/1", number, neutral_page: "https://w.org/?a&b" };
        fill(template, &filling).map(|filled| (filled.html, [filled.styles, filled.scripts]))
    }

    fn html(template: &str, number: Option<&str>) -> String {
        filled(template, number).unwrap().0
    }

    #[test]
    fn words_are_filled_in_and_cant_become_markup() {
        assert_eq!(html("<p>{{words.join.hello}}</p>", None), "<p>Hello &lt;you&gt; &amp; &quot;me&quot;</p>");
        let json = html("{{words-json:join.}}", None);
        assert_eq!(json, r#"{"join.end":"\u003c/script>","join.hello":"Hello \u003cyou> & \"me\""}"#);
        let two = html("{{words-json:join.end|say.}}", None);
        assert_eq!(two, r#"{"join.end":"\u003c/script>","say.yes":"Yes"}"#);
        assert_eq!(filled("{{words-json:join.|nobody.}}", None), Err(Fault::Prefix("nobody.".into())));
        assert_eq!(html("{{assets}} {{neutral_page}}", None), "/assets/1 https://w.org/?a&amp;b");
    }

    #[test]
    fn a_style_or_script_stands_in_its_element_with_its_hash_beside_the_page() {
        // printf 'b{}' | openssl dgst -sha256 -binary | base64
        let hash = "'sha256-7yqHVAesot11p6HczDsgKRipvI5UPgs97z80zNXlans='".to_owned();
        assert_eq!(filled("{{style:a.css}}", None), Ok(("<style>b{}</style>".into(), [vec![hash.clone()], vec![]])));
        assert_eq!(filled("{{script:a.js}}", None), Ok(("<script>b{}</script>".into(), [vec![], vec![hash]])));
    }

    #[test]
    fn modules_stand_beside_the_page_as_one_script() {
        let words = Words::new();
        let file = |path: &str| (path == "a/b.js").then_some("c();");
        let filling = Filling { words: &words, file: &file, assets: "/assets/1", number: None, neutral_page: "" };
        let filled = fill("{{modules:a/b.js}}", &filling).unwrap();
        assert_eq!((filled.html.as_str(), filled.modules.len()), ("/assets/1/a/b.all.js", 1));
        assert!(filled.modules[0].0 == "a/b.all.js" && filled.modules[0].1.contains("c();"));
        assert_eq!(fill("{{modules:b.js}}", &filling).err(), Some(Fault::Module("b.js".into(), "is missing")));
    }

    #[test]
    fn the_number_or_what_to_do_without() {
        let template = "a{{if-number}}b{{number}}c{{else}}d{{end}}e{{if-number}}f{{end}}";
        assert_eq!(html(template, Some("01")), "ab01cef");
        assert_eq!(html(template, None), "ade");
    }

    #[test]
    fn every_mistake_in_a_page_has_its_name() {
        let fault = |template: &str| filled(template, None).err();
        assert_eq!(fault("{{words.no}}"), Some(Fault::Word("no".into())));
        assert_eq!(fault("{{if-number}}{{words.no}}{{end}}"), Some(Fault::Word("no".into())), "in a branch that isn't shown");
        assert_eq!(fault("{{words-json:no.}}"), Some(Fault::Prefix("no.".into())));
        assert_eq!(fault("{{style:b.css}}"), Some(Fault::Style("b.css".into())));
        assert_eq!(fault("{{style:a.js}}"), Some(Fault::Style("a.js".into())));
        assert_eq!(fault("{{style:bad.css}}"), Some(Fault::Style("bad.css".into())));
        for path in ["b.js", "a.css", "bad.js", "worse.js"] {
            assert_eq!(fault(&format!("{{{{script:{path}}}}}")), Some(Fault::Script(path.into())));
        }
        assert_eq!(fault("{{nonsense}}"), Some(Fault::Unknown("nonsense".into())));
        assert_eq!(fault("a {{words.join"), Some(Fault::Open("words.join".into())));
        for template in
            ["{{else}}", "{{end}}", "{{if-number}}", "{{if-number}}{{if-number}}{{end}}{{end}}", "{{if-number}}{{else}}{{else}}{{end}}"]
        {
            assert_eq!(fault(template), Some(Fault::Pairs), "{template}");
        }
    }
}
