//! The service user's page as a picture of itself: nothing in it runs, and nothing can be pressed. Pure.

/// The screen of a finished link, on which the number stands, of this page. None: the page isn't what it was when this was written.
pub fn still(page: &str) -> Option<String> {
    let mut still = without_scripts(page)?;
    for (found, instead) in [
        ("<body data-screen=\"hello\">", "<body data-screen=\"finished\" data-number inert>"),
        ("<section id=\"hello\">", "<section id=\"hello\" hidden>"),
        ("<section id=\"finished\" hidden>", "<section id=\"finished\">"),
    ] {
        if still.matches(found).count() != 1 {
            return None;
        }
        still = still.replace(found, instead);
    }
    Some(still)
}

fn without_scripts(page: &str) -> Option<String> {
    let mut kept = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, script)) = rest.split_once("<script") {
        kept.push_str(before);
        rest = script.split_once("</script>")?.1;
    }
    kept.push_str(rest);
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::site::{Shown, Site};

    #[test]
    fn the_page_as_it_is_built_in_becomes_a_still_one() {
        let shown = Shown { number: Some("01234 567890".into()), neutral_page: "https://w.org/".into(), title: None, desk_title: None };
        let site = Site::built_in(&shown).unwrap();
        let page = String::from_utf8(site.join(None).unwrap().as_ref().unwrap().content.plain.to_vec()).unwrap();
        let still = still(&page).unwrap();
        assert!(page.contains("<script") && !still.contains("<script"));
        assert!(still.contains("<body data-screen=\"finished\" data-number inert>") && still.contains("tel:01234 567890"));
        assert!(still.ends_with("</html>\n") && still.contains("<style>"));
    }

    #[test]
    fn what_it_doesnt_know_it_doesnt_show() {
        assert_eq!(still("<body><section id=\"hello\">"), None);
        assert_eq!(still("<script>"), None);
    }
}
