//! A picture for a browser's camera: a drawn head and shoulders that sway a little, so that pictures of the pages show
//! what a conversation looks like, and nobody real.

use std::path::{Path, PathBuf};

const WIDTH: usize = 320;
const HEIGHT: usize = 240;
const FRAMES: usize = 20;

/// Brightness and the two colour differences.
type Colour = [u8; 3];

/// Whom the camera sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portrait {
    ServiceUser,
    Practitioner,
}

impl Portrait {
    /// Writes the film (YUV4MPEG2) that the browser plays over and over.
    pub fn film(self, folder: &Path) -> PathBuf {
        let file = folder.join("camera.y4m");
        let mut film = format!("YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n").into_bytes();
        for frame in 0..FRAMES {
            film.extend_from_slice(b"FRAME\n");
            self.draw(frame, &mut film);
        }
        std::fs::write(&file, film).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        file
    }

    fn draw(self, frame: usize, film: &mut Vec<u8>) {
        let turn = frame as f32 / FRAMES as f32 * std::f32::consts::TAU;
        let (x, y) = (160.0 + 4.0 * turn.sin(), 2.0 * (2.0 * turn).cos());
        let at = |column: usize, row: usize| self.colour(column as f32 - x, row as f32 - y);
        for row in 0..HEIGHT {
            film.extend((0..WIDTH).map(|column| at(column, row)[0]));
        }
        for part in [1, 2] {
            for row in (0..HEIGHT).step_by(2) {
                film.extend((0..WIDTH).step_by(2).map(|column| at(column, row)[part]));
            }
        }
    }

    fn colour(self, x: f32, y: f32) -> Colour {
        let (wall, skin, hair, clothes) = match self {
            Portrait::ServiceUser => ([96, 132, 122], [172, 112, 150], [58, 124, 134], [118, 136, 118]),
            Portrait::Practitioner => ([150, 124, 130], [128, 114, 148], [36, 128, 130], [74, 140, 116]),
        };
        let inside = |centre: f32, wide: f32, high: f32| (x / wide).powi(2) + ((y - centre) / high).powi(2) < 1.0;
        if inside(104.0, 38.0, 50.0) {
            skin
        } else if inside(92.0, 46.0, 56.0) && y < 128.0 {
            hair
        } else if inside(250.0, 100.0, 92.0) {
            clothes
        } else if x.abs() < 17.0 && (130.0..180.0).contains(&y) {
            skin
        } else {
            wall
        }
    }
}
