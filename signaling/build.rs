//! A file added to the pages or the migrations must get into the binary: the compiler by itself only follows those it knew.

fn main() {
    println!("cargo:rerun-if-changed=../web-client");
    println!("cargo:rerun-if-changed=../config");
    println!("cargo:rerun-if-changed=migrations");
}
