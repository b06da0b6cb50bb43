//! QR codes: a link for a phone's camera, on the desk and in the terminal.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Light modules around the code, which readers need to find it (ISO/IEC 18004).
const QUIET: usize = 4;

/// A code as an SVG path.
pub struct Drawn {
    /// Modules of one side, with the quiet zone.
    pub size: u32,
    /// The dark modules, each run of a row as a rectangle.
    pub path: String,
}

/// The modules of a text with the quiet zone around them, row by row; true is dark. None: too long for any code.
fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    // Medium: a cracked screen or a thumb over a corner may hide 15 in 100 of it.
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let size = width + 2 * QUIET;
    let mut rows = vec![vec![false; size]; size];
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if let Some(module) = rows.get_mut(QUIET + at / width).and_then(|row| row.get_mut(QUIET + at % width)) {
            *module = color == Color::Dark;
        }
    }
    Some(rows)
}

/// For a page. None: too long for any code.
pub fn drawn(text: &str) -> Option<Drawn> {
    let rows = modules(text)?;
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                // Writing to a string can't fail.
                let _ = write!(path, "M{x} {y}h{}v1h-{}z", run.len(), run.len());
            }
            x += run.len();
        }
    }
    Some(Drawn { size: u32::try_from(rows.len()).ok()?, path })
}

/// For a terminal: two rows in a line, black on white whatever the terminal's own colours are. None: too long for any code.
pub fn for_a_terminal(text: &str) -> Option<String> {
    let rows = modules(text)?;
    let mut lines = String::new();
    for pair in rows.chunks(2) {
        let dark = |row: Option<&Vec<bool>>, x: usize| row.and_then(|row| row.get(x)).copied().unwrap_or_default();
        let (upper, lower) = (pair.first(), pair.get(1));
        lines.push_str("\x1b[38;5;16;48;5;231m");
        for x in 0..rows.len() {
            lines.push(match (dark(upper, x), dark(lower, x)) {
                (false, false) => ' ',
                (true, false) => '\u{2580}',
                (false, true) => '\u{2584}',
                (true, true) => '\u{2588}',
            });
        }
        lines.push_str("\x1b[0m\n");
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader makes of modules: each drawn as a square of some pixels.
    fn read(dark: impl Fn(usize, usize) -> bool, size: usize) -> String {
        const PIXELS: usize = 4;
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(
                size * PIXELS,
                size * PIXELS,
                |x, y| {
                    if dark(x / PIXELS, y / PIXELS) { 0 } else { 255 }
                },
            );
        let grids = image.detect_grids();
        let [grid] = &grids[..] else { panic!("{} codes found", grids.len()) };
        grid.decode().expect("a readable code").1
    }

    const LINK: &str = "https://call.example.org/#7zq2m-4k9xw-0t3vh-8c5rn-1jd6p-4";

    #[test]
    fn a_reader_reads_what_a_page_draws() {
        let drawn = drawn(LINK).unwrap();
        let size = drawn.size as usize;
        let mut dark = vec![vec![false; size]; size];
        for run in drawn.path.split_terminator('z') {
            let numbers: Vec<usize> = run.split(|letter: char| !letter.is_ascii_digit()).filter_map(|one| one.parse().ok()).collect();
            let [x, y, width, 1, back] = numbers[..] else { panic!("{run}") };
            assert_eq!(width, back);
            dark[y][x..x + width].fill(true);
        }
        assert!(dark[..QUIET].iter().flatten().all(|dark| !dark), "a quiet zone");
        assert_eq!(read(|x, y| dark[y][x], size), LINK);
        assert!(drawn.path.bytes().all(|byte| b"Mhvz -0123456789".contains(&byte)));
    }

    #[test]
    fn a_reader_reads_what_a_terminal_shows() {
        let shown = for_a_terminal(LINK).unwrap();
        let lines: Vec<Vec<char>> = shown
            .lines()
            .map(|line| line.trim_start_matches("\x1b[38;5;16;48;5;231m").trim_end_matches("\x1b[0m").chars().collect())
            .collect();
        let size = lines[0].len();
        let dark = |x: usize, y: usize| match lines[y / 2][x] {
            '\u{2580}' => y % 2 == 0,
            '\u{2584}' => y % 2 == 1,
            '\u{2588}' => true,
            ' ' => false,
            other => panic!("{other:?}"),
        };
        assert_eq!(read(|x, y| y / 2 < lines.len() && dark(x, y), size), LINK);
    }

    #[test]
    fn what_is_too_long_for_any_code_is_refused() {
        assert!(drawn(&"x".repeat(3_000)).is_none());
    }
}
