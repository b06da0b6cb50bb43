//! The pages: filled in by the service, so that the first response can be read without any other.

use super::assets::send;
use super::site::{Page, Shown, Site};
use super::still::still;
use super::template::Fault;
use super::{Answer, App};
use crate::config::Config;
use crate::error::{BROKEN, NOT_FOUND, Refusal};
use crate::page_words::{SETTING, Saved, checked, configured};
use crate::records::Records;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use sidelight_protocol::pages::{OutsideNumber, PageWords};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// Where the site comes from.
pub struct Pages {
    now: RwLock<Arc<Now>>,
    /// Read anew at each request.
    folder: Option<PathBuf>,
    configured: PageWords,
    /// Nobody changes what pages say.
    pinned: bool,
    /// One change at a time, so that what is served is what was kept last.
    changing: Mutex<()>,
    time_zone: Option<String>,
}

/// What pages say, and the pages that say it.
struct Now {
    words: PageWords,
    built_in: Arc<Site>,
}

impl Pages {
    /// Those that the configuration makes alone.
    pub fn new(config: &Config) -> io::Result<Pages> {
        Pages::saying(config, &Saved::default())
    }

    /// With what administrators have set. What can't be read, or isn't allowed any more, doesn't keep the service from starting.
    pub async fn open(config: &Config, records: &Records) -> io::Result<Pages> {
        let saved = match records.setting::<Saved>(SETTING).await {
            _ if config.pages.pinned => Saved::default(),
            Ok(saved) => saved.unwrap_or_default(),
            Err(error) => {
                tracing::error!(%error, "what pages say can't be read; the configuration's counts");
                Saved::default()
            }
        };
        match checked(saved.over(&configured(&config.pages))) {
            Ok(_) => Pages::saying(config, &saved),
            Err(refusal) => {
                tracing::error!(field = refusal.field, code = refusal.code, "what pages say isn't allowed; the configuration's counts");
                Pages::new(config)
            }
        }
    }

    fn saying(config: &Config, saved: &Saved) -> io::Result<Pages> {
        let configured = configured(&config.pages);
        let words = saved.over(&configured);
        let built_in = Arc::new(Site::built_in(&shown(&words))?);
        Ok(Pages {
            now: RwLock::new(Arc::new(Now { words, built_in })),
            folder: config.web.assets.clone(),
            configured,
            pinned: config.pages.pinned,
            changing: Mutex::new(()),
            time_zone: config.pages.time_zone.clone(),
        })
    }

    fn now(&self) -> Arc<Now> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What pages say now.
    pub fn words(&self) -> PageWords {
        self.now().words.clone()
    }

    /// The numbers for when nobody is at their desk: those that are set, else the one of every page, which has no label. May be none.
    pub fn numbers_outside(&self) -> Vec<OutsideNumber> {
        let PageWords { outside, number, .. } = self.words();
        if !outside.is_empty() || number.is_empty() {
            return outside;
        }
        vec![OutsideNumber { label: String::new(), number, answered: String::new() }]
    }

    pub fn configured(&self) -> &PageWords {
        &self.configured
    }

    pub fn pinned(&self) -> bool {
        self.pinned
    }

    pub fn calendar_title(&self) -> String {
        self.now().words.calendar_title.clone()
    }

    pub fn desk_title(&self) -> Option<String> {
        Some(self.now().words.desk_title.clone()).filter(|title| !title.is_empty())
    }

    pub fn time_zone(&self) -> Option<&str> {
        self.time_zone.as_deref()
    }

    /// The SHA-256 of each page, script and style that is built in, with where it is served.
    pub fn manifest(&self) -> String {
        self.now().built_in.manifest()
    }

    /// The policy that goes with the service user's page in English, where sockets may be opened there.
    pub fn join_policy(&self, sockets: &str) -> Option<String> {
        let site = self.now().built_in.clone();
        site.join(Some("en"))?.as_ref().ok().map(|page| policy(page, sockets, NO_FORMS))
    }

    /// The site as it is now.
    pub async fn site(&self) -> io::Result<Arc<Site>> {
        let now = self.now();
        if self.folder.is_some() { self.site_saying(&now.words).await } else { Ok(now.built_in.clone()) }
    }

    /// The site as it would be with other words.
    pub async fn site_saying(&self, words: &PageWords) -> io::Result<Arc<Site>> {
        let (folder, now, shown) = (self.folder.clone(), self.now(), shown(words));
        let made = move || match folder {
            Some(folder) => Site::from_folder(&folder, &shown),
            None => now.built_in.again(&shown),
        };
        tokio::task::spawn_blocking(made).await.map_err(io::Error::other)?.map(Arc::new)
    }

    /// Pages say this from now on. `keep`: writes down what isn't as configured, once the pages are there, and before anybody sees them.
    pub async fn say(&self, words: PageWords, keep: impl AsyncFnOnce(&Saved) -> Answer<()>) -> Answer<()> {
        let _one = self.changing.lock().await;
        if words == self.words() {
            return Err(Refusal::field("nothing_changed", "words", "This is what pages say now."));
        }
        let (last, shown) = (self.now().built_in.clone(), shown(&words));
        let made = move || {
            let site = last.again(&shown)?;
            if let Some(fault) = site.fault() {
                return Err(io::Error::other(fault.clone()));
            }
            // So that no phone waits for it. The rest may still be on its way, right after a start.
            for content in site.pages() {
                content.compressed();
            }
            Ok(Arc::new(site))
        };
        let built_in = tokio::task::spawn_blocking(made).await.map_err(io::Error::other).flatten().map_err(|error| {
            tracing::error!(%error, "pages can't say what they should");
            BROKEN
        })?;
        keep(&Saved::beside(&self.configured, &words)).await?;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Now { words, built_in });
        Ok(())
    }

    /// Compresses everything in the background, so that the first phone doesn't wait for it.
    pub fn warm(&self) {
        if self.folder.is_none() {
            let site = self.now().built_in.clone();
            tokio::task::spawn_blocking(move || {
                for content in site.contents() {
                    content.compressed();
                }
            });
        }
    }
}

fn shown(words: &PageWords) -> Shown {
    let set = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Shown {
        number: set(&words.number),
        neutral_page: words.neutral_page.clone(),
        title: set(&words.title),
        desk_title: set(&words.desk_title),
    }
}

const NO_FORMS: &str = "'none'";

pub async fn join(State(app): State<App>, headers: HeaderMap) -> Response {
    match app.pages.site().await {
        Ok(site) => page(&app, &headers, site.join(language(&headers)), NO_FORMS),
        Err(error) => broken(&error),
    }
}

pub async fn desk(State(app): State<App>, headers: HeaderMap) -> Response {
    match app.pages.site().await {
        Ok(site) => page(&app, &headers, site.desk(language(&headers)), "'self'"),
        Err(error) => broken(&error),
    }
}

pub async fn admin(State(app): State<App>, headers: HeaderMap) -> Response {
    match app.pages.site().await {
        Ok(site) => page(&app, &headers, site.admin(language(&headers)), "'self'; frame-src 'self'"),
        Err(error) => broken(&error),
    }
}

/// A page that goes on to the desk by itself, also where nothing runs. Its address, with the provider's code in it, isn't kept in the
/// browser's history.
pub async fn on_to_desk(app: &App, headers: &HeaderMap, fragment: &str) -> Response {
    /// Nothing but its own empty icon.
    const POLICY: &str = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let site = match app.pages.site().await {
        Ok(site) => site,
        Err(error) => return broken(&error),
    };
    let page = match site.back(language(headers)) {
        Some(Ok(page)) => page,
        Some(Err(fault)) => return broken(fault),
        None => return NOT_FOUND.into_response(),
    };
    let text = String::from_utf8_lossy(&page.content.plain).replace("/desk#to", &format!("/desk{fragment}"));
    let mut response = Html(text).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// The service user's page as it would be with these words, for a frame of the administrators' page. Nothing in it runs.
pub async fn preview(app: &App, headers: &HeaderMap, words: &PageWords) -> Response {
    let site = match app.pages.site_saying(words).await {
        Ok(site) => site,
        Err(error) => return broken(&error),
    };
    let Some(Ok(page)) = site.join(language(headers)) else { return broken(&"there is no page") };
    let Some(still) = still(&String::from_utf8_lossy(&page.content.plain)) else { return broken(&"it has changed since") };
    let policy = format!(
        "default-src 'none'; style-src 'self'{}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
        page.styles
    );
    let mut response = Html(still).into_response();
    let Ok(policy) = HeaderValue::try_from(policy) else { return broken(&"its policy can't be sent") };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

fn language(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()
}

/// `no-store`: a phone keeps no page, and Back asks for it again. `forms`: where they may lead, and what a page is allowed besides.
fn page(app: &App, headers: &HeaderMap, page: Option<&Result<Page, Fault>>, forms: &str) -> Response {
    let page = match page {
        Some(Ok(page)) => page,
        Some(Err(fault)) => return broken(fault),
        None => return NOT_FOUND.into_response(),
    };
    let policy = policy(page, &app.origins.sockets(), forms);
    let mut response = send(headers, &page.content, "no-store");
    let Ok(policy) = HeaderValue::try_from(policy) else { return broken(&"its policy can't be sent") };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    if let Ok(language) = HeaderValue::try_from(page.language.as_str()) {
        response.headers_mut().insert(header::CONTENT_LANGUAGE, language);
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

fn policy(page: &Page, sockets: &str, forms: &str) -> String {
    let Page { styles, scripts, .. } = page;
    format!(
        "default-src 'none'; script-src 'self'{scripts}; style-src 'self'{styles}; connect-src 'self' {sockets}; img-src 'self' data:; \
         media-src 'self' blob:; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )
}

fn broken(why: &dyn std::fmt::Display) -> Response {
    tracing::error!(%why, "a page can't be served");
    BROKEN.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;
    use crate::records::Change;
    use serde_json::{Value, json};
    use sidelight_protocol::audit::Audited;

    async fn saying_after(setting: Value, pinned: &str) -> (PageWords, Vec<OutsideNumber>) {
        let folder = std::env::temp_dir().join(format!("sidelight-pages-{}", crate::random::id().unwrap()));
        let records = Records::open(&folder).await.unwrap();
        let change = Change { at: 1, who: "ada", reason: None, what: Audited::SettingChanged };
        records.set_setting(SETTING, &setting, change).await.unwrap();
        let set = [("SIDELIGHT_PAGES__NUMBER", "0111 111"), ("SIDELIGHT_PAGES__PINNED", pinned)];
        let environment = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::read(&Flags::default(), environment.into_iter()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let pages = Pages::open(&config, &records).await.unwrap();
        records.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
        (pages.words(), pages.numbers_outside())
    }

    #[tokio::test]
    async fn what_is_damaged_not_allowed_any_more_or_pinned_doesnt_count_and_keeps_nobody_from_starting() {
        let good = json!({ "number": "0222 222" });
        assert_eq!(saying_after(good.clone(), "false").await.0.number, "0222 222", "the control");
        for bad in [json!("nothing of the kind"), json!({ "number": 5 }), json!({ "title": "Crisis team" }), json!({ "number": "call" })] {
            let (words, _) = saying_after(bad.clone(), "false").await;
            assert_eq!((words.number.as_str(), words.title.as_str()), ("0111 111", ""), "{bad}");
        }
        assert_eq!(saying_after(good, "true").await.0.number, "0111 111");
    }

    #[tokio::test]
    async fn outside_of_hours_the_number_of_every_page_stands_in_until_others_are_set() {
        let number = |label: &str, number: &str| OutsideNumber { label: label.into(), number: number.into(), answered: String::new() };
        assert_eq!(saying_after(json!({}), "false").await.1, [number("", "0111 111")]);
        assert_eq!(saying_after(json!({ "number": "" }), "false").await.1, []);
        let set = json!({ "outside": [{ "label": "Evenings", "number": "0333 333", "answered": "" }] });
        assert_eq!(saying_after(set, "false").await.1, [number("Evenings", "0333 333")]);
    }
}
