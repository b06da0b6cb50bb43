//! The pages that say what a check holds name checks that exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every file with tests in it.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder is read to its end").path();
        if path.is_dir() {
            if !path.ends_with("node_modules") && !path.ends_with("target") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") || path.to_string_lossy().ends_with(".test.mjs") {
            found.push(path);
        }
    }
}

/// What stands between backticks in the table's cells and reads like the name of a test.
fn named(page: &str) -> BTreeSet<&str> {
    let cells = page.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`').skip(1).step_by(2));
    cells
        .filter(|name| {
            name.len() > 12
                && name.contains('_')
                && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        })
        .collect()
}

/// Names on the page that no test has.
fn missing(page: &str, tests: &str) -> Vec<String> {
    named(page).into_iter().filter(|name| !tests.contains(&format!("fn {name}("))).map(str::to_owned).collect()
}

#[test]
fn every_check_that_a_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = vec![];
    for folder in ["tests", "signaling"] {
        sources(&root.join(folder), &mut files);
    }
    let tests: String = files.iter().map(|path| std::fs::read_to_string(path).expect("a source file is text")).collect();
    for page in ["security-tests.md", "dpia.md", "accessibility.md"] {
        let page = std::fs::read_to_string(root.join("docs").join(page)).expect("the page is there");
        assert_eq!(missing(&page, &tests), Vec::<String>::new());
        assert!(named(&page).len() >= 5, "the page lists its checks");
        assert_eq!(
            missing(&format!("{page}\n| a | `a_check_that_nobody_wrote` |\n"), &tests),
            ["a_check_that_nobody_wrote"],
            "it can fail"
        );
    }
}
