//! A browser with one page in it: pressing, writing, reading as a person does, and what the page did meanwhile.

use crate::driver::{Driven, Kind, Setup};
use crate::journal::{Journal, Media};
use crate::profile::Kept;
use crate::talking;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use thirtyfour::bidi::modules::browsing_context::Viewport;
use thirtyfour::bidi::modules::permissions::PermissionState;
use thirtyfour::bidi::modules::script::{AddPreloadScript, EvaluateResult};
use thirtyfour::bidi::{BiDi, BrowsingContextId};
use thirtyfour::prelude::*;

/// How long a page may take for anything it doesn't promise to do faster. Two browsers share two cores.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One browser with one tab.
pub struct Browser {
    pub name: &'static str,
    pub kind: Kind,
    driven: Driven,
    bidi: BiDi,
    /// The tab that is asked and pressed in.
    tab: Mutex<BrowsingContextId>,
    first: BrowsingContextId,
    journal: Journal,
}

impl Browser {
    pub async fn open(name: &'static str, setup: &Setup) -> Browser {
        let driven = Driven::start(setup).await;
        let bidi = driven.driver.bidi().await.expect("both browsers speak BiDi");
        let context = bidi.browsing_context().top_level().await.expect("a browser has a tab");
        let (width, height) = setup.size;
        bidi.browsing_context()
            .set_viewport(context.clone(), Some(Viewport { width, height }))
            .await
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let journal = Journal::follow(&bidi).await;
        // A preload script takes channels only, so the choice is written into the script.
        let routes: Map<String, Value> =
            setup.routes.iter().map(|route| (route.port.to_string(), json!(route.through.to_string()))).collect();
        let choice = match &setup.relay {
            None if routes.is_empty() => "null".to_owned(),
            choice => {
                let choice = choice.clone().unwrap_or_default();
                json!({ "transport": choice.transport, "port": choice.port, "at": choice.at, "routes": routes }).to_string()
            }
        };
        let mut scripts = vec![];
        if setup.talks {
            scripts.push((talking::script().to_owned(), vec![]));
        }
        scripts.push((format!("(report) => ({})(report, {choice})", include_str!("preload.js").trim_end()), vec![Journal::channel()]));
        if setup.still {
            // An hour ahead for all: whatever was planned for now has begun.
            let standing =
                std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs() / 3600 * 3600 + 7200;
            scripts.push((format!("() => ({})({})", include_str!("still.js").trim_end(), standing * 1000), vec![]));
        }
        for (function_declaration, arguments) in scripts {
            bidi.send(AddPreloadScript { function_declaration, arguments, sandbox: None, contexts: vec![] })
                .await
                .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
        Browser { name, kind: setup.kind, driven, bidi, tab: Mutex::new(context.clone()), first: context, journal }
    }

    /// What the page has done so far, also before its last load.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    pub fn driver(&self) -> &WebDriver {
        &self.driven.driver
    }

    /// Goes to an address, as by opening a link.
    pub async fn go(&self, url: &str) {
        // Only the fragment differs: a browser would not load the page anew, but a link opened from a message does.
        self.driver().goto(url).await.unwrap_or_else(|error| panic!("{} can't open the page: {error}", self.name));
    }

    pub async fn reload(&self) {
        self.driver().refresh().await.unwrap_or_else(|error| panic!("{} can't reload: {error}", self.name));
    }

    fn context(&self) -> BrowsingContextId {
        self.tab.lock().expect("no holder panics").clone()
    }

    /// Opens an address in another tab, which comes to the front and is used from now on.
    pub async fn open_tab(&self, url: &str) {
        let opened = async {
            let handle = self.driver().new_tab().await?;
            self.driver().switch_to_window(handle.clone()).await?;
            WebDriverResult::Ok(handle)
        };
        let handle = opened.await.unwrap_or_else(|error| panic!("{}: no other tab: {error}", self.name));
        // A window's handle is its context's id in both browsers.
        *self.tab.lock().expect("no holder panics") = BrowsingContextId::from(handle.to_string());
        self.go(url).await;
    }

    /// Back to the tab that was there first.
    pub async fn first_tab(&self) {
        let handle: thirtyfour::WindowHandle = self.first.to_string().into();
        self.driver().switch_to_window(handle).await.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let activated = self.bidi.browsing_context().activate(self.first.clone()).await;
        activated.unwrap_or_else(|error| panic!("{}: {error:?}", self.name));
        *self.tab.lock().expect("no holder panics") = self.first.clone();
    }

    /// What the browser keeps in its own files now.
    pub fn kept(&self) -> Kept {
        self.driven.kept()
    }

    /// Ends the browser, as a phone's system does; what it kept then. Its page can't be asked for anything any more.
    pub async fn ends_and_kept(&self) -> Kept {
        self.driven.end().await;
        self.kept()
    }

    /// Stops the whole browser in the middle of what it does, as a phone does that sleeps: nothing comes from it any more,
    /// and nothing closes.
    pub fn stop(&self) {
        self.driven.signal("STOP");
    }

    pub fn go_on(&self) {
        self.driven.signal("CONT");
    }

    pub async fn address(&self) -> String {
        self.driver().current_url().await.map(|url| url.to_string()).unwrap_or_default()
    }

    pub async fn title(&self) -> String {
        self.driver().title().await.unwrap_or_default()
    }

    /// Blocks camera and microphone for an origin (Chromium; Firefox does it by its preferences).
    pub async fn refuse_camera(&self, origin: &str) {
        if self.kind == Kind::Firefox {
            return;
        }
        for name in ["camera", "microphone"] {
            self.bidi
                .permissions()
                .set_permission(json!({ "name": name }), PermissionState::Denied, origin)
                .await
                .unwrap_or_else(|error| panic!("{}: {error:?}", self.name));
        }
    }

    /// The result of a function (a JavaScript expression, possibly async) called in the page, by way of JSON.
    pub async fn ask<T: DeserializeOwned>(&self, function: &str) -> T {
        match self.try_ask(function).await {
            Ok(answer) => answer,
            Err(error) => panic!("{}: {function}: {error}", self.name),
        }
    }

    /// As [`Browser::ask`]; fails where the page is just being replaced by another.
    pub async fn try_ask<T: DeserializeOwned>(&self, function: &str) -> Result<T, String> {
        let call =
            format!("async () => {{ const answer = await ({function})(); return JSON.stringify(answer === undefined ? null : answer); }}");
        // A browser that never answers fails the test; it must not hold up all the others.
        let script = self.bidi.script();
        let result = tokio::time::timeout(PATIENCE, script.call_function(self.context(), call, true)).await;
        let result = result.map_err(|_| format!("no answer in {PATIENCE:?}"))?.map_err(|error| format!("{error:?}"))?;
        match result {
            EvaluateResult::Success { result, .. } => {
                let text = result["value"].as_str().ok_or_else(|| format!("no JSON: {result}"))?;
                serde_json::from_str(text).map_err(|error| format!("{error}: {text}"))
            }
            EvaluateResult::Exception { exception_details, .. } => Err(exception_details["text"].to_string()),
        }
    }

    /// Waits until a function called in the page answers with something true.
    pub async fn until(&self, what: &str, function: &str) -> Value {
        self.until_within(what, PATIENCE, function).await
    }

    pub async fn until_within(&self, what: &str, within: Duration, function: &str) -> Value {
        let start = Instant::now();
        loop {
            let answer = self.try_ask::<Value>(function).await;
            if let Ok(value) = &answer
                && !matches!(value, Value::Null | Value::Bool(false))
            {
                return value.clone();
            }
            if start.elapsed() > within {
                self.fail(&format!("{what} didn't come about within {within:?} (last: {answer:?})")).await;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Waits until the page shows these words.
    pub async fn sees(&self, words: &str) {
        let function = format!("() => {SHOWN}.includes({})", json!(squeezed(words)));
        self.until(&format!("“{words}”"), &function).await;
    }

    /// Waits until the page no longer shows these words.
    pub async fn sees_no_more(&self, words: &str) {
        let function = format!("() => !{SHOWN}.includes({})", json!(squeezed(words)));
        self.until(&format!("the end of “{words}”"), &function).await;
    }

    /// From now on the page notes when it first shows these words, for [`Browser::noted`].
    pub async fn notes_when(&self, words: &str) {
        self.ask::<()>(&format!(
            "() => {{
                window.__noted = null;
                const look = () => {{
                    if (window.__noted === null && {SHOWN}.includes({})) window.__noted = performance.timeOrigin + performance.now();
                }};
                new MutationObserver(look).observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
            }}",
            json!(squeezed(words))
        ))
        .await;
    }

    /// When the words showed, in milliseconds on the machine's clock, as events of the journal have it.
    pub async fn noted(&self) -> f64 {
        self.until("the words to be noted", "() => window.__noted").await.as_f64().unwrap_or(f64::NAN)
    }

    /// Whether the page shows these words now.
    pub async fn shows(&self, words: &str) -> bool {
        self.ask(&format!("() => {SHOWN}.includes({})", json!(squeezed(words)))).await
    }

    /// All that the page shows now.
    pub async fn text(&self) -> String {
        self.ask(&format!("() => {SHOWN}")).await
    }

    /// Presses the button, link or choice with this name, as soon as it can be pressed.
    pub async fn press(&self, name: &str) {
        self.act_on(name, "press", async |element| element.click().await).await;
    }

    /// Writes into the field with this label, in place of what is in it.
    pub async fn write(&self, label: &str, text: &str) {
        self.act_on(label, "write into", async |element| {
            element.clear().await?;
            element.send_keys(text).await
        })
        .await;
    }

    /// Whether something with this name can be pressed now.
    pub async fn offers(&self, name: &str) -> bool {
        self.find(name).await.is_some()
    }

    pub async fn until_offered(&self, name: &str) {
        let start = Instant::now();
        while !self.offers(name).await {
            if start.elapsed() > PATIENCE {
                self.fail(&format!("nothing named “{name}” can be pressed")).await;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// The name of what has the focus; empty if nothing has.
    pub async fn focused(&self) -> String {
        let function =
            format!("() => {{ {FIND}; const one = document.activeElement; return one && one !== document.body ? named(one) : ''; }}");
        self.ask(&function).await
    }

    /// Presses keys with the focus where it is, wherever that goes meanwhile.
    pub async fn key(&self, keys: impl Into<TypingData>) {
        let typed = self.driver().action_chain().send_keys(keys).perform().await;
        typed.unwrap_or_else(|error| panic!("{}: {error}", self.name));
    }

    async fn find(&self, name: &str) -> Option<WebElement> {
        let script = format!("{FIND}; return find(arguments[0]);");
        self.driver().execute(script, vec![json!(squeezed(name))]).await.ok()?.element().ok()
    }

    async fn act_on(&self, name: &str, verb: &str, act: impl AsyncFn(&WebElement) -> WebDriverResult<()>) {
        let start = Instant::now();
        let mut last = String::from("there is no such thing, or it is hidden or disabled");
        while start.elapsed() < PATIENCE {
            if let Some(element) = self.find(name).await {
                match act(&element).await {
                    Ok(()) => return,
                    // The page may have been drawn anew, or moves: try what is there now.
                    Err(error) => last = error.to_string(),
                }
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        self.fail(&format!("can't {verb} “{name}”: {last}")).await;
    }

    /// What arrives in each open connection.
    pub async fn media(&self) -> Vec<Media> {
        self.try_ask("() => window.__test.media()").await.unwrap_or_default()
    }

    /// Waits until sound arrives, and pictures with it if there should be any: packets received and pictures decoded,
    /// counted from now on.
    pub async fn receives(&self, sound: u64, pictures: u64) {
        self.receives_within(PATIENCE, sound, pictures).await;
    }

    /// As [`Browser::receives`], in a given time; how long it took.
    pub async fn receives_within(&self, within: Duration, sound: u64, pictures: u64) -> Duration {
        let start = Instant::now();
        let before = self.media().await;
        loop {
            let media = self.media().await;
            let arrived = Arrived::since(&before, &media);
            if arrived.sound >= sound && arrived.pictures >= pictures {
                return start.elapsed();
            }
            if start.elapsed() > within {
                self.fail(&format!("{sound} packets of sound and {pictures} pictures don't arrive within {within:?}: {media:?}")).await;
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Packets of sound and decoded pictures that arrive in the given time.
    pub async fn arrives_in(&self, time: Duration) -> (u64, u64) {
        let before = self.media().await;
        tokio::time::sleep(time).await;
        let arrived = Arrived::since(&before, &self.media().await);
        (arrived.sound, arrived.pictures)
    }

    /// Fails if the page did what no page may: an error in the console, something the content policy had to stop.
    pub async fn did_nothing_wrong(&self) {
        let console: Vec<String> = self.journal.console().into_iter().filter(|line| line.starts_with("Error")).collect();
        let forbidden = self.journal.of("forbidden");
        if !console.is_empty() || !forbidden.is_empty() {
            self.fail("the page did something wrong").await;
        }
    }

    /// Local tracks that are live: what lights the camera's lamp.
    pub async fn live_tracks(&self) -> Vec<String> {
        self.ask("() => window.__test.live().sort()").await
    }

    /// Gives the page another size.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        let viewport = Some(Viewport { width, height });
        let done = self.bidi.browsing_context().set_viewport(self.context(), viewport).await;
        done.unwrap_or_else(|error| panic!("{}: {error:?}", self.name));
        self.ask::<()>("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))").await;
    }

    /// Day or night, as the phone's settings say (Chromium only).
    pub async fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        self.driven
            .devtools("Emulation.setEmulatedMedia", json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] }))
            .await;
    }

    /// As a phone whose processor takes so many times as long (Chromium only).
    pub async fn slow_processor(&self, times: u32) {
        self.driven.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": times })).await;
    }

    /// Runs a script in every page from now on, before the page's own scripts (Chromium only).
    pub async fn runs_first(&self, script: &str) {
        self.driven.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
    }

    /// What axe-core finds wrong with the screen, contrast of 7 to 1 included; nothing, if all is well.
    pub async fn axe(&self) -> Vec<String> {
        const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
        if !self.ask::<bool>("() => 'axe' in window").await {
            let axe = std::fs::read_to_string(FILE).unwrap_or_else(|error| panic!("{FILE}: {error}: run `npm ci` in tests"));
            self.ask::<()>(&format!("() => {{ {axe}\n}}")).await;
        }
        self.ask(
            r"async () => (await window.axe.run(document, { rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } } }))
                .violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)",
        )
        .await
    }

    /// A picture of the page.
    pub async fn picture(&self) -> Vec<u8> {
        self.driver().screenshot_as_png().await.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Ends the test with what the page shows and did.
    pub async fn fail(&self, why: &str) -> ! {
        let text = self.try_ask::<String>(&format!("() => {SHOWN}")).await.unwrap_or_else(|error| error);
        let offers: Vec<String> = self.try_ask(&format!("() => {{ {FIND}; return names(); }}")).await.unwrap_or_default();
        if let Some(folder) = std::env::var_os("SIDELIGHT_PICTURES_OF_FAILURES")
            && let Ok(picture) = self.driver().screenshot_as_png().await
        {
            let file = std::path::Path::new(&folder).join(format!("{}-{}.png", self.name, std::process::id()));
            let _ = std::fs::write(file, picture);
            // All that the page did, for what can't be understood from the last of it.
            let file = std::path::Path::new(&folder).join(format!("{}-{}.txt", self.name, std::process::id()));
            let _ = std::fs::write(file, self.journal.tail(usize::MAX));
        }
        panic!(
            "{} ({:?}): {why}\n  at {}\n  shows: {text}\n  offers: {offers:?}\n  console: {:?}\n  last events:\n{}",
            self.name,
            self.kind,
            self.address().await,
            self.journal.console(),
            self.journal.tail(25)
        );
    }
}

/// What has arrived in all of a page's connections together.
struct Arrived {
    sound: u64,
    pictures: u64,
}

impl Arrived {
    /// Each connection is compared with itself: an old one that is closed takes its counts with it.
    fn since(before: &[Media], now: &[Media]) -> Arrived {
        let earlier = |one: &Media, count: fn(&Media) -> u64| before.iter().find(|old| old.number == one.number).map_or(0, count);
        let more = |count: fn(&Media) -> u64| now.iter().map(|one| count(one).saturating_sub(earlier(one, count))).sum();
        Arrived { sound: more(|one| one.audio_packets), pictures: more(|one| one.frames) }
    }
}

/// Words with each run of white space as one blank, so that line breaks in a page make no difference.
fn squeezed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page's visible text, squeezed.
const SHOWN: &str = r"(document.body ? document.body.innerText : '').replace(/\s+/g, ' ')";

/// Finds what can be pressed or written into by its accessible name, as a person or a screen reader knows it.
const FIND: &str = r#"
const squeeze = (text) => (text || '').replace(/\s+/g, ' ').trim();
const textOf = (node) => {
  if (node.nodeType === 3) return node.data;
  if (node.nodeType !== 1 || node.getAttribute('aria-hidden') === 'true' || getComputedStyle(node).display === 'none') return '';
  return [...node.childNodes].map(textOf).join(node.children.length ? ' ' : '');
};
const named = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) return squeeze(by.split(/\s+/).map((id) => { const one = document.getElementById(id); return one ? one.textContent : ''; }).join(' '));
  if (element.getAttribute('aria-label')) return squeeze(element.getAttribute('aria-label'));
  if (element.labels && element.labels.length) return squeeze([...element.labels].map((label) => label.textContent).join(' '));
  if (element.tagName === 'INPUT' && /^(submit|button|reset)$/.test(element.type)) return squeeze(element.value);
  return squeeze(textOf(element)) || squeeze(element.getAttribute('title'));
};
const usable = (element) => {
  if (element.disabled || element.getAttribute('aria-disabled') === 'true' || element.closest('[hidden], [inert]')) return false;
  const own = element.type === 'radio' || element.type === 'checkbox' ? (element.labels && element.labels[0]) || element : element;
  return own.getClientRects().length > 0 && getComputedStyle(own).visibility === 'visible';
};
const all = () => [...document.querySelectorAll('button, a[href], summary, input, textarea, select, [role=button], [role=tab], [role=switch]')].filter(usable);
const names = () => all().map(named);
const find = (name) => {
  const list = all();
  const dialog = document.querySelector('[role=dialog]:not([hidden]), dialog[open]');
  const order = dialog ? list.filter((one) => dialog.contains(one)).concat(list) : list;
  const found = order.find((one) => named(one) === name) || order.find((one) => named(one).startsWith(name));
  if (!found) return null;
  // Where a choice is drawn as its label, the label is what a person presses.
  const label = (found.type === 'radio' || found.type === 'checkbox') && found.labels && found.labels[0];
  return label && label.getClientRects().length ? label : found;
};
"#;
