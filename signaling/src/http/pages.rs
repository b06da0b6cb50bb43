//! The pages: filled in by the service, so that the first response can be read without any other.

use super::App;
use super::assets::send;
use super::site::{Page, Shown, Site};
use super::template::Fault;
use crate::config::Config;
use crate::error::{BROKEN, NOT_FOUND};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Where the site comes from.
pub struct Pages {
    built_in: Arc<Site>,
    /// Read anew at each request.
    folder: Option<PathBuf>,
    shown: Shown,
    calendar_title: String,
    time_zone: Option<String>,
}

impl Pages {
    pub fn new(config: &Config) -> io::Result<Pages> {
        let pages = config.pages.clone();
        let shown = Shown { number: pages.number, neutral_page: pages.neutral_page, title: pages.title, desk_title: pages.desk_title };
        let built_in = Arc::new(Site::built_in(&shown)?);
        let (calendar_title, time_zone) = (pages.calendar_title, pages.time_zone);
        Ok(Pages { built_in, folder: config.web.assets.clone(), shown, calendar_title, time_zone })
    }

    pub fn calendar_title(&self) -> &str {
        &self.calendar_title
    }

    pub fn time_zone(&self) -> Option<&str> {
        self.time_zone.as_deref()
    }

    /// The SHA-256 of each page, script and style that is built in, with where it is served.
    pub fn manifest(&self) -> String {
        self.built_in.manifest()
    }

    /// The site as it is now.
    pub async fn site(&self) -> io::Result<Arc<Site>> {
        let Some(folder) = self.folder.clone() else { return Ok(self.built_in.clone()) };
        let shown = self.shown.clone();
        tokio::task::spawn_blocking(move || Site::from_folder(&folder, &shown).map(Arc::new)).await.map_err(io::Error::other)?
    }

    /// Compresses everything in the background, so that the first phone doesn't wait for it.
    pub fn warm(&self) {
        if self.folder.is_none() {
            let site = self.built_in.clone();
            tokio::task::spawn_blocking(move || {
                for content in site.contents() {
                    content.compressed();
                }
            });
        }
    }
}

pub async fn join(State(app): State<App>, headers: HeaderMap) -> Response {
    match app.pages.site().await {
        Ok(site) => page(&app, &headers, site.join(language(&headers)), "'none'"),
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
        Ok(site) => page(&app, &headers, site.admin(language(&headers)), "'self'"),
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

fn language(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()
}

/// `no-store`: a phone keeps no page, and Back asks for it again.
fn page(app: &App, headers: &HeaderMap, page: Option<&Result<Page, Fault>>, forms: &str) -> Response {
    let page = match page {
        Some(Ok(page)) => page,
        Some(Err(fault)) => return broken(fault),
        None => return NOT_FOUND.into_response(),
    };
    let (styles, scripts, sockets) = (&page.styles, &page.scripts, app.origins.sockets());
    let policy = format!(
        "default-src 'none'; script-src 'self'{scripts}; style-src 'self'{styles}; connect-src 'self' {sockets}; img-src 'self' data:; \
         media-src 'self' blob:; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    );
    let mut response = send(headers, &page.content, "no-store");
    let Ok(policy) = HeaderValue::try_from(policy) else { return broken(&"its policy can't be sent") };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    if let Ok(language) = HeaderValue::try_from(page.language.as_str()) {
        response.headers_mut().insert(header::CONTENT_LANGUAGE, language);
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

fn broken(why: &dyn std::fmt::Display) -> Response {
    tracing::error!(%why, "a page can't be served");
    BROKEN.into_response()
}
