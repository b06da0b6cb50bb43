//! What a browser keeps in its own files, searched as somebody would who has the phone afterwards.
//!
//! Texts are looked for as UTF-8 and as UTF-16, since browsers write both, in every file as it is and in those that Firefox
//! packs (`mozLz4`: its sessions) as they are unpacked. A file that is gone or can't be read meanwhile holds nothing.

use std::path::{Path, PathBuf};

/// How a packed file of Firefox begins.
const PACKED: &[u8] = b"mozLz40\0";

/// All that is kept, file by file.
pub struct Kept {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Kept {
    /// Of a folder with everything inside, as it is now.
    pub fn in_folder(folder: &Path) -> Kept {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => files.extend(std::fs::read(entry.path()).ok().map(|bytes| (entry.path(), bytes))),
                    _ => {}
                }
            }
        }
        for (_, bytes) in &mut files {
            if let Some(unpacked) = bytes.strip_prefix(PACKED).and_then(|packed| lz4_flex::block::decompress_size_prepended(packed).ok()) {
                *bytes = unpacked;
            }
        }
        Kept { files }
    }

    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files in which a text stands.
    pub fn with(&self, text: &str) -> Vec<String> {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let holds = |bytes: &[u8]| contains(bytes, text.as_bytes()) || contains(bytes, &wide);
        self.files.iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path.display().to_string()).collect()
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    let Some(first) = text.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(text) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Folder;

    #[test]
    fn a_text_is_found_as_either_kind_and_in_what_is_packed() {
        let folder = Folder::new("kept");
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        // "abcabcabcabc" and "lantern": three letters, a copy of nine from three before, and the rest as it is.
        let packed = [&[0x35_u8][..], b"abc", &[3, 0], &[0x70], b"lantern"].concat();
        std::fs::write(folder.path().join("deep/a"), [PACKED, &[19, 0, 0, 0], &packed].concat()).unwrap();
        std::fs::write(folder.path().join("b"), [0x6c, 0, 0x61, 0, 0x6d, 0, 0x70, 0, 9]).unwrap();
        let kept = Kept::in_folder(folder.path());
        assert_eq!((kept.len(), kept.with("cabclantern").len(), kept.with("lamp").len(), kept.with("lantern!").len()), (2, 1, 1, 0));
    }
}
