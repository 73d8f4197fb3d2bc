//! The measured numbers for the documentation: a JSON file with a part for each measurement and a
//! description of the machine.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// The file to write, if any, and whether the numbers are from a long run.
pub(crate) struct Report {
    file: Option<PathBuf>,
    long: bool,
}

impl Report {
    pub(crate) fn new(file: Option<PathBuf>, long: bool) -> Self {
        Self { file, long }
    }

    /// Writes one part, unless it is null. Other parts of the file stay if they are from this machine.
    pub(crate) fn write(&self, part: &str, mut numbers: Value) {
        let Some(file) = self.file.as_ref().filter(|_| !numbers.is_null()) else { return };
        let mut parts = parts(file).unwrap_or_default();
        let machine = machine();
        if parts.get("machine") != Some(&machine) {
            parts = Map::new();
            parts.insert("machine".to_owned(), machine);
        }
        numbers["long"] = self.long.into();
        parts.insert(part.to_owned(), numbers);
        fs::write(file, serde_json::to_string_pretty(&parts).unwrap() + "\n").unwrap();
    }
}

fn parts(file: &Path) -> Option<Map<String, Value>> {
    serde_json::from_str(&fs::read_to_string(file).ok()?).ok()
}

/// The number of threads that can run at once.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().unwrap().get()
}

/// Prints the machine and its load.
pub(crate) fn print_machine() {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    println!("{} cores of {}; load average before {load}", cores(), field("/proc/cpuinfo", "model name"));
}

/// The machine, as reported by Linux.
fn machine() -> Value {
    json!({
        "cores": cores(),
        "cpu": field("/proc/cpuinfo", "model name"),
        "memory_gb": memory_gb(),
        "kernel": fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim(),
    })
}

fn memory_gb() -> Option<u64> {
    let kib: u64 = field("/proc/meminfo", "MemTotal").strip_suffix(" kB")?.parse().ok()?;
    Some((kib * 1024).div_ceil(1_000_000_000))
}

fn field(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.split_once(':'));
    value.map_or("unknown", |(_, value)| value.trim()).to_owned()
}
