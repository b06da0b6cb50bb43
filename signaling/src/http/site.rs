//! All that browsers get: the client's files with their compressed forms, and the pages filled in for each language.

use super::template::{Fault, Filled, Filling, Words, fill};
use aws_lc_rs::digest::{Context, SHA256, digest};
use axum::body::Bytes;
use data_encoding::HEXLOWER;
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The client as it was when the program was built.
#[derive(RustEmbed)]
#[folder = "../web-client"]
struct BuiltIn;

/// A folder of one's own holds at most so many files; what is more is a mistake in the configuration.
const MOST_FILES: usize = 2000;

/// Something that is sent as it is, or compressed.
pub struct Content {
    pub plain: Bytes,
    pub kind: &'static str,
    pub tag: String,
    effort: u32,
    compressed: OnceLock<Option<Bytes>>,
}

/// Brotli's effort for what is compressed once and sent for months: the smallest form, for phones that pay by the megabyte.
const ONCE: u32 = 11;
/// And for a folder that is read at each request.
const EACH_TIME: u32 = 4;

impl Content {
    fn new(plain: Vec<u8>, kind: &'static str, effort: u32) -> Content {
        let tag = format!("\"{}\"", &HEXLOWER.encode(digest(&SHA256, &plain).as_ref())[..24]);
        Content { plain: plain.into(), kind, tag, effort, compressed: OnceLock::new() }
    }

    /// The Brotli form, made once. None where it would save nothing.
    pub fn compressed(&self) -> Option<&Bytes> {
        let made = self.compressed.get_or_init(|| {
            let mut out = Vec::new();
            let mut writer = brotli::CompressorWriter::new(&mut out, 4096, self.effort, 22);
            writer.write_all(&self.plain).and_then(|()| writer.flush()).ok()?;
            drop(writer);
            (out.len() < self.plain.len()).then(|| out.into())
        });
        made.as_ref()
    }
}

/// A page in one language.
pub struct Page {
    pub content: Content,
    /// The hashes of its styles, each with a space before it, to follow `style-src 'self'`.
    pub styles: String,
    /// And of its scripts, for `script-src`.
    pub scripts: String,
    pub language: String,
}

/// The settings that show in pages.
#[derive(Clone)]
pub struct Shown {
    pub number: Option<String>,
    pub neutral_page: String,
    /// In place of the catalogue's words for them, in every language.
    pub title: Option<String>,
    pub desk_title: Option<String>,
}

pub struct Site {
    /// Over all files: changes with any of them.
    hash: String,
    /// Nothing of what is set shows in them.
    assets: Arc<BTreeMap<String, Content>>,
    /// By language; the first is the one to fall back to.
    join: Vec<Result<Page, Fault>>,
    desk: Vec<Result<Page, Fault>>,
    admin: Vec<Result<Page, Fault>>,
    back: Vec<Result<Page, Fault>>,
    languages: Vec<String>,
}

impl Site {
    pub fn built_in(shown: &Shown) -> io::Result<Site> {
        Site::new(built_in(), shown, ONCE, None)
    }

    /// The same, built in, with other settings. Its assets are those of this one, compressed already.
    pub fn again(&self, shown: &Shown) -> io::Result<Site> {
        Site::new(built_in(), shown, ONCE, Some(self.assets.clone()))
    }

    /// The same from a folder as it is now.
    pub fn from_folder(folder: &Path, shown: &Shown) -> io::Result<Site> {
        let mut files = BTreeMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next)? {
                let entry = entry?;
                let path = entry.path();
                let Some(name) = path.strip_prefix(folder).ok().and_then(Path::to_str).filter(|name| counts(name)) else { continue };
                if entry.file_type()?.is_dir() {
                    folders.push(path);
                } else if files.len() >= MOST_FILES {
                    return Err(io::Error::other("web.assets: too many files"));
                } else {
                    files.insert(name.to_owned(), std::fs::read(&path)?);
                }
            }
        }
        Site::new(files, shown, EACH_TIME, None)
    }

    /// `assets`: those of the same files, where they are there already.
    fn new(
        files: BTreeMap<String, Vec<u8>>,
        shown: &Shown,
        effort: u32,
        assets: Option<Arc<BTreeMap<String, Content>>>,
    ) -> io::Result<Site> {
        let mut over = Context::new(&SHA256);
        for (path, content) in &files {
            for part in [path.as_bytes(), content] {
                over.update(&(part.len() as u64).to_be_bytes());
                over.update(part);
            }
        }
        // A newer service may put the same files together otherwise.
        over.update(env!("CARGO_PKG_VERSION").as_bytes());
        let hash = HEXLOWER.encode(&over.finish().as_ref()[..8]);
        let mut catalogues = Vec::new();
        for (path, content) in &files {
            let Some(language) = path.strip_prefix("words/").and_then(|name| name.strip_suffix(".json")) else { continue };
            let mut words: Words = serde_json::from_slice(content).map_err(|error| io::Error::other(format!("{path}: {error}")))?;
            for (key, title) in [("join.title", &shown.title), ("desk.title", &shown.desk_title)] {
                if let Some(title) = title {
                    words.insert(key.into(), title.clone());
                }
            }
            catalogues.push((language.to_owned(), words));
        }
        // English is what everything is written in first.
        catalogues.sort_by_key(|(language, _)| language != "en");
        let mut modules = Vec::new();
        let mut pages = |path: &str| {
            let page = |(language, words): &(String, Words)| {
                let filled = filled(&files, path, words, &hash, shown)?;
                let content = Content::new(filled.html.into_bytes(), "text/html; charset=utf-8", effort);
                modules.extend(filled.modules);
                let listed = |hashes: Vec<String>| hashes.into_iter().map(|hash| format!(" {hash}")).collect();
                Ok(Page { content, styles: listed(filled.styles), scripts: listed(filled.scripts), language: language.clone() })
            };
            catalogues.iter().map(page).collect()
        };
        let [join, desk, admin, back]: [Vec<_>; 4] =
            ["join/index.html", "desk/index.html", "admin/index.html", "desk/back.html"].map(&mut pages);
        // Words that few ask for: apart, so that nobody else pays for them.
        for (language, words) in &catalogues {
            let asked: BTreeMap<_, _> = words.iter().filter(|(key, _)| key.starts_with("about.")).collect();
            let json = serde_json::to_string(&asked).map_err(io::Error::other)?;
            modules.push((format!("words/about.{language}.json"), json));
        }
        let languages = catalogues.into_iter().map(|(language, _)| language).collect();
        if let Some(assets) = assets {
            return Ok(Site { hash, assets, join, desk, admin, back, languages });
        }
        let assets = files.into_iter().filter_map(|(path, content)| Some((kind(&path)?, path, content)));
        let mut assets: BTreeMap<_, _> = assets.map(|(kind, path, content)| (path, Content::new(content, kind, effort))).collect();
        for (path, script) in modules {
            if let Some(kind) = kind(&path) {
                assets.insert(path, Content::new(script.into_bytes(), kind, effort));
            }
        }
        Ok(Site { hash, assets: Arc::new(assets), join, desk, admin, back, languages })
    }

    pub fn hash(&self) -> &str {
        &self.hash
    }

    pub fn asset(&self, path: &str) -> Option<&Content> {
        self.assets.get(path)
    }

    /// The service user's page, in the language that suits.
    pub fn join(&self, accepted: Option<&str>) -> Option<&Result<Page, Fault>> {
        self.join.get(self.language(accepted))
    }

    /// The practitioner's page.
    pub fn desk(&self, accepted: Option<&str>) -> Option<&Result<Page, Fault>> {
        self.desk.get(self.language(accepted))
    }

    /// The administrators' page.
    pub fn admin(&self, accepted: Option<&str>) -> Option<&Result<Page, Fault>> {
        self.admin.get(self.language(accepted))
    }

    /// The page for who comes back from a provider of work accounts. It leads to `/desk#to`, which is to be replaced.
    pub fn back(&self, accepted: Option<&str>) -> Option<&Result<Page, Fault>> {
        self.back.get(self.language(accepted))
    }

    /// What is wrong with a page of these settings, if anything is.
    pub fn fault(&self) -> Option<&Fault> {
        self.join.iter().chain(&self.desk).chain(&self.admin).chain(&self.back).find_map(|page| page.as_ref().err())
    }

    /// Everything that is worth compressing before the first phone asks for it.
    pub fn contents(&self) -> impl Iterator<Item = &Content> {
        self.pages().chain(self.assets.values())
    }

    /// The same of what other settings change.
    pub fn pages(&self) -> impl Iterator<Item = &Content> {
        let pages = self.join.iter().chain(&self.desk).chain(&self.admin).filter_map(|page| page.as_ref().ok());
        pages.map(|page| &page.content)
    }

    /// What a browser is given and where, each with its SHA-256, in the form of `sha256sum`. Pages are those of these settings, in the
    /// language that stands behind them.
    pub fn manifest(&self) -> String {
        let pages = [("/", &self.join), ("/desk", &self.desk), ("/admin", &self.admin)].into_iter().flat_map(|(path, pages)| {
            pages.iter().filter_map(move |page| page.as_ref().ok().map(|page| (format!("{path} {}", page.language), &page.content)))
        });
        let assets = self.assets.iter().map(|(path, content)| (format!("/assets/{}/{path}", self.hash), content));
        let line = |(path, content): (String, &Content)| format!("{}  {path}\n", HEXLOWER.encode(digest(&SHA256, &content.plain).as_ref()));
        pages.chain(assets).map(line).collect()
    }

    /// Which language an `Accept-Language` asks for first among those there are.
    fn language(&self, accepted: Option<&str>) -> usize {
        let mut best = (0, 0);
        for wish in accepted.unwrap_or("").split(',').take(20) {
            let (tag, parameter) = wish.split_once(';').unwrap_or((wish, "q=1"));
            let quality = parameter.trim().strip_prefix("q=").and_then(|quality| quality.parse::<f32>().ok()).unwrap_or(0.0);
            let weight = (quality.clamp(0.0, 1.0) * 1000.0) as u32;
            let tag = tag.trim().to_lowercase();
            let found = self.languages.iter().position(|language| tag == *language || tag.starts_with(&format!("{language}-")));
            if let Some(index) = found.filter(|_| weight > best.1) {
                best = (index, weight);
            }
        }
        best.0
    }
}

fn built_in() -> BTreeMap<String, Vec<u8>> {
    let files = BuiltIn::iter().filter_map(|path| Some((path.to_string(), BuiltIn::get(&path)?.data.into_owned())));
    files.filter(|(path, _)| counts(path)).collect()
}

fn filled(files: &BTreeMap<String, Vec<u8>>, path: &str, words: &Words, hash: &str, shown: &Shown) -> Result<Filled, Fault> {
    let file = |path: &str| files.get(path).and_then(|content| std::str::from_utf8(content).ok());
    let template = file(path).ok_or_else(|| Fault::Missing(path.into()))?;
    let assets = format!("/assets/{hash}");
    let filling = Filling { words, file: &file, assets: &assets, number: shown.number.as_deref(), neutral_page: &shown.neutral_page };
    fill(template, &filling)
}

/// Whether a file is the client's at all: not what lies about for developers.
fn counts(path: &str) -> bool {
    !path.split('/').any(|part| part.starts_with('.') || part == "node_modules")
}

/// The content type of what is served as an asset; none for what isn't.
fn kind(path: &str) -> Option<&'static str> {
    if path.ends_with(".test.js") || path == "package.json" || path.ends_with("tsconfig.json") {
        return None;
    }
    match path.rsplit_once('.')?.1 {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "json" => Some("application/json"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Shown {
        Shown { number: None, neutral_page: "https://w.org/".into(), title: None, desk_title: None }
    }

    fn site(files: &[(&str, &str)]) -> Site {
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), content.as_bytes().to_vec()));
        Site::new(files.collect(), &shown(), ONCE, None).unwrap()
    }

    #[test]
    fn every_page_that_is_built_in_fills_in_with_and_without_a_number() {
        for number in [None, Some("01234 567890".to_owned())] {
            let site = Site::built_in(&Shown { number, ..shown() }).unwrap();
            assert_eq!(site.languages.first().map(String::as_str), Some("en"));
            for page in site.join.iter().chain(&site.desk).chain(&site.admin).chain(&site.back) {
                assert_eq!(page.as_ref().err(), None);
            }
        }
    }

    #[test]
    fn titles_that_were_set_stand_in_the_pages_and_cant_become_markup() {
        let titled = Shown { title: Some("<Post> & more".into()), desk_title: Some("Plans".into()), ..shown() };
        for (shown, join, desk) in [(shown(), "Hello", "Sidelight"), (titled, "&lt;Post&gt; &amp; more", "Plans")] {
            let site = Site::built_in(&shown).unwrap();
            let html = |page: &Result<Page, Fault>| String::from_utf8(page.as_ref().unwrap().content.plain.to_vec()).unwrap();
            assert!(html(site.join(None).unwrap()).contains(&format!("<title>{join}</title>")));
            let desk_page = html(site.desk(None).unwrap());
            assert!(desk_page.contains(&format!("<title>{desk}</title>")));
            assert!(desk_page.contains(&format!("\"desk.title\":\"{desk}\"")), "its script says it with how many wait");
        }
    }

    #[test]
    fn other_settings_change_the_pages_and_their_tags_and_nothing_else() {
        let first = Site::built_in(&shown()).unwrap();
        let second = first.again(&Shown { number: Some("01234 567890".into()), ..shown() }).unwrap();
        assert_eq!((first.hash(), second.fault()), (second.hash(), None));
        assert!(Arc::ptr_eq(&first.assets, &second.assets), "nothing is compressed again");
        let lines = |site: &Site| site.manifest().lines().map(str::to_owned).collect::<Vec<_>>();
        let changed: Vec<String> = lines(&second).into_iter().filter(|line| !lines(&first).contains(line)).collect();
        assert_eq!(changed.iter().map(|line| &line[66..]).collect::<Vec<_>>(), ["/ en"]);
        let tag = |site: &Site| site.join(None).unwrap().as_ref().unwrap().content.tag.clone();
        assert_ne!(tag(&first), tag(&second));
    }

    #[test]
    fn the_service_users_page_gets_its_modules_as_one_script() {
        let site = Site::built_in(&shown()).unwrap();
        let page = site.join(None).unwrap().as_ref().unwrap();
        let html = std::str::from_utf8(&page.content.plain).unwrap();
        let named: Vec<&str> = html.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(named, [format!("/assets/{}/join/main.all.js", site.hash())]);
        assert!(page.scripts.starts_with(" 'sha256-") && html.contains("<script>"), "but for what can't wait");
        let script = std::str::from_utf8(&site.asset("join/main.all.js").unwrap().plain).unwrap();
        for module in ["// join/main.js\n", "// parts/socket.js\n", "// join/session.js\n"] {
            assert_eq!(script.matches(module).count(), 1, "{module}");
        }
        assert!(!script.lines().any(|line| line.starts_with("import ") || line.starts_with("export ")));
    }

    #[test]
    fn what_a_phone_keeps_is_told_in_words_that_are_fetched_apart() {
        let site = Site::built_in(&shown()).unwrap();
        let html = std::str::from_utf8(&site.join(None).unwrap().as_ref().unwrap().content.plain).unwrap();
        let path = html.split("data-words=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let path = path.strip_prefix(&format!("/assets/{}/", site.hash())).unwrap();
        let words: Words = serde_json::from_slice(&site.asset(path).unwrap().plain).unwrap();
        assert!(words.len() > 10 && words.keys().all(|key| key.starts_with("about.")), "no other words go with them");
        assert!(words.values().filter(|text| text.len() > 20).all(|text| !html.contains(text.as_str())));
    }

    #[test]
    fn a_phone_gets_the_language_it_asks_for_first_among_those_there_are() {
        let site = site(&[("words/cy.json", "{}"), ("words/en.json", "{}"), ("words/ur.json", "{}")]);
        assert_eq!(site.languages, ["en", "cy", "ur"]);
        let language = |accepted| site.languages[site.language(accepted)].as_str();
        assert_eq!(language(None), "en");
        assert_eq!(language(Some("cy-GB,cy;q=0.9,en;q=0.8")), "cy");
        assert_eq!(language(Some("pl,ur;q=0.5,cy;q=0.7")), "cy");
        assert_eq!(language(Some("pl, *;q=0.1")), "en");
        assert_eq!(language(Some("cyx, ur;q=0, en-US;q=0.1")), "en");
        assert_eq!(language(Some(";;;q=NaN,,q=1,cy;q=inf")), "cy");
    }

    #[test]
    fn the_hash_changes_with_any_file_and_any_name() {
        let hash = |files| site(files).hash;
        let first = hash(&[("a.js", "1"), ("b.js", "2")]);
        assert_eq!(first, hash(&[("a.js", "1"), ("b.js", "2")]));
        assert_ne!(first, hash(&[("a.js", "1"), ("b.js", "3")]));
        assert_ne!(first, hash(&[("a.js", "1"), ("c.js", "2")]));
        assert_ne!(hash(&[("a.js", "12")]), hash(&[("a.js1", "2")]));
    }

    #[test]
    fn only_what_a_browser_needs_is_served() {
        let served = ["a.js", "join/a.css", "words/en.json"];
        let kept = ["package.json", "a.test.js", "parts/protocol.d.ts", "join/index.html", "README.md", "Makefile"];
        for path in served {
            assert!(kind(path).is_some(), "{path}");
        }
        for path in kept {
            assert!(kind(path).is_none(), "{path}");
        }
        assert!(!counts("node_modules/x.js") && !counts(".git/x.js") && !counts("a/.x.js") && counts("join/x.js"));
    }

    #[test]
    fn what_is_compressed_is_the_same_when_opened() {
        let site = site(&[("a.js", &"const a = 1;\n".repeat(100))]);
        let content = site.asset("a.js").unwrap();
        let mut opened = Vec::new();
        io::copy(&mut brotli::Decompressor::new(&content.compressed().unwrap()[..], 4096), &mut opened).unwrap();
        assert_eq!(opened, content.plain);
    }
}
