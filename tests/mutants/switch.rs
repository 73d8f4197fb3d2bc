//! Which mutant runs: the one whose id is in the environment variable MUTANT. With MUTANT_TRACE, a file, each mutant that
//! is reached leaves a byte at the place of its id.

use std::os::unix::fs::FileExt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

static ACTIVE: LazyLock<u32> =
    LazyLock::new(|| std::env::var("MUTANT").ok().and_then(|id| id.parse().ok()).unwrap_or(0));

static TRACE: LazyLock<Option<std::fs::File>> = LazyLock::new(|| {
    let path = std::env::var("MUTANT_TRACE").ok()?;
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(path).ok()
});

/// A test that is killed leaves its trace too, so the file is written at the first hit of each.
static SEEN: [AtomicBool; 5000] = [const { AtomicBool::new(false) }; 5000];

#[inline(never)]
pub fn on(id: u32) -> bool {
    if let Some(file) = &*TRACE
        && !SEEN[id as usize].swap(true, Ordering::Relaxed)
    {
        let _ = file.write_at(b"x", u64::from(id));
    }
    *ACTIVE == id
}
