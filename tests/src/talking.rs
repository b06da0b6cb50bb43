//! Someone to talk to a page: a synthesised voice and a moving face, in place of a browser's tone and test picture.
//!
//! Codecs send next to nothing of a tone, and a test picture moves as no face does. What a conversation costs, and whether a
//! voice arrives whole, is measured with this. The same in both browsers, so that their figures compare.

use data_encoding::BASE64;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What is said, over and over: made up, and of the length of breath that people speak with.
const WORDS: &str = "I have been all right, mostly. The boiler broke on Monday, and the man who came said it would take a week, so we \
    have been at my aunt's. She has two dogs, and they sleep on the stairs. I wanted to ask you about the form that came. It says \
    that I should send it back before the end of the month, but I don't know which part is for me. Can we look at it together?";

/// What speaks, for what a benchmark prints.
pub fn speaker() -> String {
    let told = Command::new("espeak-ng").arg("--version").stdin(Stdio::null()).output();
    let told = told.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default();
    let version = told.split_whitespace().skip_while(|word| !word.starts_with(|c: char| c.is_ascii_digit())).next();
    format!("eSpeak NG {} and a drawn face", version.unwrap_or("(unknown)"))
}

/// The script that gives a page this microphone and this camera (a function without parameters).
pub fn script() -> &'static str {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    SCRIPT.get_or_init(|| format!("() => ({})('{}')", include_str!("talking.js").trim_end(), BASE64.encode(&speech())))
}

/// A WAV file. It doesn't change from call to call.
fn speech() -> Vec<u8> {
    let mut command = Command::new("espeak-ng");
    command.args(["-v", "en-gb", "-s", "160", "--stdout", WORDS]).stdin(Stdio::null());
    let said = command.output().unwrap_or_else(|error| panic!("espeak-ng: {error}: install it (Debian's package espeak-ng)"));
    assert!(said.status.success() && said.stdout.len() > 100_000, "espeak-ng says nothing: {}", String::from_utf8_lossy(&said.stderr));
    said.stdout
}
