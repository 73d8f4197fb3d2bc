//! `doorward version`.

/// Prints the version.
#[expect(clippy::print_stdout, reason = "this is the command line")]
pub fn print() {
    println!("doorward {}", env!("CARGO_PKG_VERSION"));
}
