//! Whether browsers get what this program would give them: each file is asked for, and its SHA-256 compared.

use super::web::{Asking, Trouble, Web};
use super::web_rules::Files;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use http::{Method, header};

/// A manifest that names more is none of ours.
const MOST: usize = 2_000;

/// A line of `sidelight manifest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    hash: String,
    path: String,
    /// Of a page, its language.
    language: Option<String>,
}

/// As `sidelight manifest` prints it; none where it is something else.
pub fn read(manifest: &str) -> Option<Vec<Due>> {
    let line = |line: &str| {
        let (hash, path) = line.split_once("  ")?;
        let (path, language) = match path.split_once(' ') {
            Some((path, language)) => (path, Some(language.to_owned())),
            None => (path, None),
        };
        let fits = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) && path.starts_with('/');
        fits.then(|| Due { hash: hash.to_owned(), path: path.to_owned(), language })
    };
    let lines: Option<Vec<Due>> = manifest.lines().take(MOST + 1).map(line).collect();
    lines.filter(|lines| !lines.is_empty() && lines.len() <= MOST)
}

/// Of this program's own manifest, what doesn't hang on the settings of the service: all but the pages.
pub fn own(manifest: &str) -> Vec<Due> {
    read(manifest).unwrap_or_default().into_iter().filter(|due| due.language.is_none()).collect()
}

/// The part of a path that says of which version it is.
fn version(path: &str) -> Option<&str> {
    path.strip_prefix("/assets/")?.split_once('/').map(|(hash, _)| hash)
}

/// Which version a page takes its files from.
fn served_version(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("/assets/")?;
    let hash = rest.get(..16)?;
    hash.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(hash)
}

pub async fn compare(web: &Web, due: &[Due]) -> Files {
    // What nobody could wait for is a named outcome too.
    match tokio::time::timeout(web.limit * 6, compared(web, due)).await {
        Ok(Ok(files)) => files,
        Ok(Err(Trouble::Silent)) | Err(_) => Files::Unread("it takes too long".into()),
        Ok(Err(trouble)) => Files::Unread(format!("{trouble:?}")),
    }
}

async fn compared(web: &Web, due: &[Due]) -> Result<Files, Trouble> {
    let mut asking = web.asking().await?;
    let page = asking.ask(Method::GET, "/", &[]).await?;
    let page = String::from_utf8_lossy(&page.body);
    let expected = due.iter().find_map(|due| version(&due.path));
    match served_version(&page) {
        None => return Ok(Files::Unread("the first page names none".into())),
        served if served != expected => return Ok(Files::OtherVersion),
        _ => {}
    }
    let mut changed = Vec::new();
    for due in due {
        if served(web, &mut asking, due).await? != due.hash {
            changed.push(due.path.clone());
        }
    }
    Ok(if changed.is_empty() { Files::Same(due.len()) } else { Files::Changed(changed) })
}

/// The SHA-256 of what is served. A connection that was let go of in between is opened anew, once.
async fn served(web: &Web, asking: &mut Asking, due: &Due) -> Result<String, Trouble> {
    let language = due.language.as_deref().unwrap_or("en");
    let headers = [(header::ACCEPT_LANGUAGE.as_str(), language)];
    let reply = match asking.ask(Method::GET, &due.path, &headers).await {
        Err(Trouble::Broken(_)) => {
            *asking = web.asking().await?;
            asking.ask(Method::GET, &due.path, &headers).await?
        }
        reply => reply?,
    };
    Ok(HEXLOWER.encode(digest(&SHA256, &reply.body).as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_line_by_line_and_nothing_else_is_taken_for_one() {
        let hash = "a".repeat(64);
        let text = format!("{hash}  / en\n{hash}  /assets/0123456789abcdef/join/main.all.js\n");
        let lines = read(&text).unwrap();
        assert_eq!((lines[0].path.as_str(), lines[0].language.as_deref()), ("/", Some("en")));
        assert_eq!(version(&lines[1].path), Some("0123456789abcdef"));
        assert_eq!(own(&text), lines[1..]);
        for wrong in ["", "x", "abc  /x", &format!("{hash}  x"), &format!("{hash} /x")] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(&format!("{hash}  /x\n").repeat(MOST + 1)), None);
    }

    #[test]
    fn a_page_says_which_version_it_is_of() {
        assert_eq!(served_version("<script src=\"/assets/0123456789abcdef/join/main.js\">"), Some("0123456789abcdef"));
        assert_eq!((served_version("<p>/assets/x"), served_version("<p>"), served_version("/assets/éééééééééé")), (None, None, None));
    }
}
