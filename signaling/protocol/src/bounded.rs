//! Forms that texts in bodies have, as they stand in the OpenAPI document (ECMA 262). The service takes more space at the ends than they say,
//! and leaves it out.

/// One line, or nothing.
pub const LINE: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";
/// One line with something in it.
pub const FILLED: &str = r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x1f\x7f-\x9f\s][^\x00-\x1f\x7f-\x9f]*$";
/// Lines, or nothing.
pub const LINES: &str = r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$";
/// 128 bits.
pub const HEX: &str = "^[0-9a-f]{32}$";
