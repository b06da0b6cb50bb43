//! A copy of the web client that the service reads at every request, for a fault planted on purpose: the control that
//! shows that a test would have seen it.

use crate::folder::Folder;
use std::path::{Path, PathBuf};

/// The pages as they are.
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web-client");

/// The copy, until it is dropped.
pub struct Planted {
    folder: Folder,
}

impl Planted {
    /// The pages without any fault yet. The folder's path is a `web.assets`.
    pub fn pages() -> Planted {
        let folder = Folder::new("pages");
        copy(Path::new(PAGES), folder.path());
        Planted { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts something else in place of a text of a file, wherever it stands there; it must stand there, or the control
    /// would plant nothing.
    pub fn replace(&self, file: &str, text: &str, with: &str) -> &Planted {
        let (path, content) = self.read(file);
        assert!(content.contains(text), "{file} no longer holds “{text}”: nothing would be planted");
        std::fs::write(&path, content.replace(text, with)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self
    }

    /// Adds something to the end of a file.
    pub fn append(&self, file: &str, text: &str) -> &Planted {
        let (path, content) = self.read(file);
        std::fs::write(&path, content + text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self
    }

    fn read(&self, file: &str) -> (PathBuf, String) {
        let path = self.folder.path().join(file);
        let content = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, content)
    }
}

fn copy(from: &Path, to: &Path) {
    let failed = |error: std::io::Error| panic!("{}: {error}", from.display());
    std::fs::create_dir_all(to).unwrap_or_else(failed);
    for entry in std::fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())).flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    }
}
