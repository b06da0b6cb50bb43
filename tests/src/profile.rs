//! What a browser has left on the disk, searched as somebody would who picks the phone up later.

use std::path::{Path, PathBuf};

/// Firefox's compressed files begin with this, and the length of what is in them.
const MOZ_LZ4: &[u8] = b"mozLz40\0";

/// Every file of a profile, unpacked where Firefox packs it.
pub struct Profile {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Profile {
    pub fn read(folder: &Path) -> Profile {
        let mut profile = Profile { files: Vec::new() };
        profile.take(folder);
        assert!(profile.files.len() > 10, "{}: a browser leaves more than that", folder.display());
        profile
    }

    fn take(&mut self, folder: &Path) {
        let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                self.take(&path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                self.files.push((path, unpacked(bytes)));
            }
        }
    }

    /// In which files it stands, in one byte a character or in two.
    pub fn holding(&self, text: &str) -> Vec<String> {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let holds =
            |bytes: &[u8]| [text.as_bytes(), &wide].iter().any(|needle| bytes.windows(needle.len()).any(|window| window == *needle));
        self.files.iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path.display().to_string()).collect()
    }
}

fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    let Some(packed) = bytes.strip_prefix(MOZ_LZ4) else { return bytes };
    let unpacked = lz4_flex::block::decompress_size_prepended(packed);
    unpacked.unwrap_or_else(|error| panic!("a file of Firefox's can't be unpacked: {error}"))
}
