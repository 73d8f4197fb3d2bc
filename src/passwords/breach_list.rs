//! A file of passwords that are known from breaches, and whether a password is in it
//! (`password.breach_list`).
//!
//! Two kinds of files: the list of Have I Been Pwned "ordered by hash" (`SHA-1:COUNT` lines, about 40 GB), which
//! is searched where it is, by halves, and never read as a whole; and any list up to [`MAX_LOADED`], of
//! passwords or such hashes in any order, which is read at the start.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use sha1::{Digest as _, Sha1};
use thiserror::Error;

use crate::types::Password;

/// The largest file that is read at the start, in bytes. Its passwords take at most four times that in memory,
/// if each is one letter.
const MAX_LOADED: u64 = 64 << 20;

/// More bytes than a line of a sorted file may have: a hash, a colon, a count, and the end of the line.
const MAX_LINE: usize = 128;

/// So many lines of hashes of another kind tell a list of them. Fewer digits may be a password.
const FIRST_LINES: usize = 1000;
const FEWEST_DIGITS: usize = 32;

/// Lines of a sorted file that are compared with each other at the start.
const PROBES: u64 = 64;

/// The hexadecimal digits of a SHA-1.
const HASH_DIGITS: usize = 40;

/// Why a file is no list of breached passwords.
#[derive(Debug, Error)]
pub enum BreachListError {
    /// It cannot be read.
    #[error("cannot read it: {0}")]
    Io(#[from] io::Error),
    /// It has no line.
    #[error("it is empty")]
    Empty,
    /// Its lines are hashes of another kind, with so many hexadecimal digits.
    #[error(
        "its lines are hashes of {0} hexadecimal digits; it must have passwords or SHA-1 hashes, which have 40: of \
         Have I Been Pwned, download the SHA-1 list and not the NTLM one"
    )]
    OtherHashes(usize),
    /// It is compressed, or of another kind that is no text.
    #[error("it is no text but bytes; a compressed list must be unpacked")]
    NoText,
    /// A line of a large file is no SHA-1; the position in bytes.
    #[error(
        "it is larger than 64 MiB and, at byte {0}, has a line that is no SHA-1; a large list must have lines such \
         as 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:3861493"
    )]
    NotHashes(u64),
    /// The lines of a large file are not in the order of the hashes; the position in bytes.
    #[error("it is larger than 64 MiB and not sorted by hash: the line at byte {0} comes too late")]
    NotSorted(u64),
}

/// The list. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct BreachList(Arc<Lines>);

#[derive(Debug)]
enum Lines {
    /// The first 64 bits of the SHA-1 of each password, sorted. By chance, a good password is found in a list of
    /// a million once in 10^13.
    Loaded(Vec<u64>),
    Sorted(SortedFile),
}

impl BreachList {
    /// Opens a list, and reads it if it is small. Blocks.
    ///
    /// # Errors
    /// If it cannot be searched.
    pub(crate) fn open(path: &Path) -> Result<Self, BreachListError> {
        Self::open_up_to(MAX_LOADED, path)
    }

    fn open_up_to(max_loaded: u64, path: &Path) -> Result<Self, BreachListError> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let lines = match length <= max_loaded {
            true => Lines::Loaded(load(&file)?),
            false => Lines::Sorted(SortedFile::checked(file, length)?),
        };
        Ok(Self(Arc::new(lines)))
    }

    /// Whether the list has the password. Blocks for some dozen reads of a large file.
    ///
    /// # Errors
    /// If the file can no longer be read.
    pub(crate) fn contains(&self, password: &Password) -> io::Result<bool> {
        // As typed, because a list of hashes may have been made of such, and in the form of the lines.
        let typed = sha1_of(password.as_bytes());
        Ok(self.has(typed)? || {
            let canonical = sha1_of(password.canonical().as_bytes());
            canonical != typed && self.has(canonical)?
        })
    }

    fn has(&self, hash: [u8; 20]) -> io::Result<bool> {
        match &*self.0 {
            Lines::Loaded(prefixes) => Ok(prefixes.binary_search(&prefix(hash)).is_ok()),
            Lines::Sorted(file) => file.contains(hash),
        }
    }
}

/// The prefixes of all lines.
fn load(file: &File) -> Result<Vec<u64>, BreachListError> {
    let (mut prefixes, mut others) = (Vec::new(), OtherHashes::default());
    for (number, line) in BufReader::new(file).split(b'\n').enumerate() {
        let mut line = line?;
        if number == 0 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if line.contains(&0) {
            return Err(BreachListError::NoText);
        }
        if !line.is_empty() {
            others.look_at(&line);
            prefixes.push(prefix(hash_in(&line).unwrap_or_else(|| hash_of_password(line))));
        }
    }
    if let Some(digits) = others.digits {
        return Err(BreachListError::OtherHashes(digits));
    }
    if prefixes.is_empty() {
        return Err(BreachListError::Empty);
    }
    prefixes.sort_unstable();
    prefixes.dedup();
    Ok(prefixes)
}

/// The hash of a password in the form in which passwords are compared. Old lists are not all in UTF-8.
fn hash_of_password(line: Vec<u8>) -> [u8; 20] {
    match String::from_utf8(line) {
        Ok(text) => sha1_of(Password::new(text).canonical().as_bytes()),
        Err(error) => sha1_of(error.as_bytes()),
    }
}

/// Whether all of the first lines are hashes of another kind, such as NTLM.
#[derive(Default)]
struct OtherHashes {
    lines: usize,
    /// How many digits each of them has, as long as all have as many.
    digits: Option<usize>,
}

impl OtherHashes {
    fn look_at(&mut self, line: &[u8]) {
        if self.lines < FIRST_LINES {
            let digits = digits_in(line).filter(|digits| *digits != HASH_DIGITS && *digits >= FEWEST_DIGITS);
            let is_alike = self.lines == 0 || digits == self.digits;
            self.digits = digits.filter(|_| is_alike);
            self.lines += 1;
        }
    }
}

/// How many hexadecimal digits the line is, with or without a count.
fn digits_in(line: &[u8]) -> Option<usize> {
    let digits = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
    let (hash, rest) = line.split_at_checked(digits)?;
    (hash.iter().all(u8::is_ascii_hexdigit) && is_count(rest)).then_some(digits)
}

/// Whether this is nothing, or a colon and a number.
fn is_count(rest: &[u8]) -> bool {
    rest.split_first().is_none_or(|(colon, n)| *colon == b':' && n.iter().all(u8::is_ascii_digit))
}

fn sha1_of(bytes: &[u8]) -> [u8; 20] {
    Sha1::digest(bytes).into()
}

fn prefix(hash: [u8; 20]) -> u64 {
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The hash of a line `SHA-1` or `SHA-1:COUNT`.
fn hash_in(line: &[u8]) -> Option<[u8; 20]> {
    let (digits, rest) = line.split_at_checked(HASH_DIGITS)?;
    let mut hash = [0; 20];
    hex::decode_to_slice(digits, &mut hash).ok()?;
    is_count(rest).then_some(hash)
}

/// A file whose lines are sorted by their hashes.
#[derive(Debug)]
struct SortedFile {
    file: File,
    length: u64,
}

impl SortedFile {
    /// Compares some lines all over the file.
    fn checked(file: File, length: u64) -> Result<Self, BreachListError> {
        let this = Self { file, length };
        let mut last = None;
        for probe in 0..PROBES {
            let Some((at, hash)) = this.line_from(length / PROBES * probe)? else { continue };
            let hash = hash.ok_or(BreachListError::NotHashes(at))?;
            if last.is_some_and(|last| last > hash) {
                return Err(BreachListError::NotSorted(at));
            }
            last = Some(hash);
        }
        Ok(this)
    }

    fn contains(&self, wanted: [u8; 20]) -> io::Result<bool> {
        // The line, if there is one, begins at `low` or later, and before `high`.
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let middle = low + (high - low) / 2;
            let Some((at, hash)) = self.line_from(middle)?.filter(|(at, _)| *at < high) else {
                high = middle;
                continue;
            };
            match hash {
                Some(hash) if hash == wanted => return Ok(true),
                Some(hash) if hash < wanted => low = at + 1,
                _ => high = middle,
            }
        }
        Ok(false)
    }

    /// The first line that begins at `from` or later: its position, and its hash if it has one. `None` at the end
    /// of the file.
    fn line_from(&self, from: u64) -> io::Result<Option<(u64, Option<[u8; 20]>)>> {
        // A line begins after the end of another.
        let start = from.saturating_sub(1);
        let mut buffer = [0; 2 * MAX_LINE];
        let read = self.read(start, &mut buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        let skipped = match from {
            0 if bytes.starts_with(b"\xef\xbb\xbf") => 3,
            0 => 0,
            _ => match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => end + 1,
                // No hash is that long.
                None if read == buffer.len() => return Ok(Some((from, None))),
                None => return Ok(None),
            },
        };
        let rest = bytes.get(skipped..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // A mark belongs to the first line.
        let at = if from == 0 { 0 } else { start + skipped as u64 };
        Ok(Some((at, hash_in(line))))
    }

    /// Fills the buffer as far as the file goes.
    fn read(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, at + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;
    use tempfile::NamedTempFile;

    use super::*;

    fn file(bytes: &[u8]) -> NamedTempFile {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn loaded(bytes: &[u8]) -> Result<BreachList, BreachListError> {
        BreachList::open(file(bytes).path())
    }

    fn searched(bytes: &[u8]) -> Result<BreachList, BreachListError> {
        BreachList::open_up_to(0, file(bytes).path())
    }

    fn has(list: &BreachList, password: &str) -> bool {
        list.contains(&Password::new(password.to_owned())).unwrap()
    }

    /// The lines of Have I Been Pwned for these passwords.
    fn hash_lines(passwords: &[String], end: &str) -> String {
        let mut lines: Vec<String> = passwords
            .iter()
            .map(|p| format!("{}:{}{end}", hex::encode_upper(sha1_of(p.as_bytes())), p.len()))
            .collect();
        lines.sort();
        lines.concat()
    }

    #[test]
    fn a_small_list_has_passwords_and_hashes_in_any_order() {
        let text = "\u{feff}zebra-crossing\r\n\r\n5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8\nEin Paßwort\n\
                    7C4A8D09CA3762AF61E59520943DC26494F8941B:42\n";
        let list = loaded(text.as_bytes()).unwrap();
        for listed in ["zebra-crossing", "password", "Ein Paßwort", "123456"] {
            assert!(has(&list, listed), "{listed}");
        }
        for absent in ["", "zebra-crossing\r", "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", "Password"] {
            assert!(!has(&list, absent), "{absent}");
        }
    }

    #[test]
    fn a_small_list_may_have_bytes_that_are_no_text() {
        assert!(has(&loaded(b"\xff\xfe\nhunter2-hunter2\n").unwrap(), "hunter2-hunter2"));
    }

    #[test]
    fn a_listed_password_is_refused_in_any_unicode_form() {
        for line in ["Caf\u{e9}-au-lait", "Cafe\u{301}-au-lait", "Caf\u{e9}\u{2003}noir", "Caf\u{e9} noir"] {
            let list = loaded(line.as_bytes()).unwrap();
            let spaced = line.contains("noir");
            let typed = if spaced {
                ["Caf\u{e9} noir", "Cafe\u{301}\u{a0}noir"]
            } else {
                ["Caf\u{e9}-au-lait", "Cafe\u{301}-au-lait"]
            };
            for password in typed {
                assert!(has(&list, password), "{line:?} {password:?}");
            }
        }
        let hash = hex::encode(sha1_of("Cafe\u{301}".as_bytes()));
        assert!(has(&loaded(hash.as_bytes()).unwrap(), "Cafe\u{301}"), "a hash of what was typed");
    }

    #[test]
    fn a_small_list_of_other_hashes_or_that_is_no_text_is_refused() {
        for (line, digits) in [
            ("8846F7EAEE8FB117AD06BDD830B7586C", 32),
            ("8846f7eaee8fb117ad06bdd830b7586c:3861493", 32),
            ("0018A45C4D1DEF81644B54AB7F969B88D65:21", 35),
            ("5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8", 64),
        ] {
            let list = loaded(format!("{line}\r\n").repeat(3).as_bytes());
            assert!(matches!(list, Err(BreachListError::OtherHashes(n)) if n == digits), "{line}");
            let among = format!("hunter2-hunter2\n{line}\n");
            assert!(has(&loaded(among.as_bytes()).unwrap(), line), "a password may look like one");
        }
        for bytes in [&b"\x1f\x8b\x08\x00\x00"[..], b"PK\x03\x04\x00", b"\xff\xfea\x00b\x00\n\x00"] {
            assert!(matches!(loaded(bytes), Err(BreachListError::NoText)));
        }
    }

    #[test]
    fn a_file_without_a_line_is_no_list() {
        for empty in ["", "\n", "\r\n\r\n", "\u{feff}"] {
            assert!(matches!(loaded(empty.as_bytes()), Err(BreachListError::Empty)), "{empty:?}");
        }
        assert!(matches!(BreachList::open(Path::new("/nowhere")), Err(BreachListError::Io(_))));
        assert!(matches!(BreachList::open(Path::new("/")), Err(BreachListError::Io(_))));
    }

    #[test]
    fn a_large_file_must_have_hashes_in_their_order() {
        let passwords: Vec<String> = (0..500).map(|n| format!("password-{n}")).collect();
        let sorted = hash_lines(&passwords, "\n");
        assert!(searched(sorted.as_bytes()).is_ok());
        let reversed: String = sorted.lines().rev().map(|line| format!("{line}\n")).collect();
        assert!(matches!(searched(reversed.as_bytes()), Err(BreachListError::NotSorted(_))));
        let plain = "correct-horse\n".repeat(100);
        assert!(matches!(searched(plain.as_bytes()), Err(BreachListError::NotHashes(0))));
        let ntlm = "8846F7EAEE8FB117AD06BDD830B7586C:3\n".repeat(100);
        assert!(matches!(searched(ntlm.as_bytes()), Err(BreachListError::NotHashes(0))));
        assert!(matches!(searched(&[b'a'; 100_000]), Err(BreachListError::NotHashes(_))));
    }

    proptest! {
        #[test]
        fn a_sorted_file_has_exactly_its_passwords(
            passwords in prop::collection::btree_set("[a-z]{1,6}", 1..60),
            others in prop::collection::vec("[a-z]{1,6}", 0..20),
            end in prop::sample::select(vec!["\n", "\r\n"]),
            is_ended: bool,
            has_mark: bool,
        ) {
            let listed: Vec<String> = passwords.iter().cloned().collect();
            let mut text = hash_lines(&listed, end);
            if !is_ended {
                text.truncate(text.len() - end.len());
            }
            if has_mark {
                text.insert(0, '\u{feff}');
            }
            let list = searched(text.as_bytes()).unwrap();
            for password in &listed {
                prop_assert!(has(&list, password), "{}", password);
            }
            for other in others {
                prop_assert_eq!(has(&list, &other), passwords.contains(&other), "{}", other);
            }
        }

        #[test]
        fn no_file_panics(bytes: Vec<u8>, wanted: String) {
            for list in [loaded(&bytes), searched(&bytes)].into_iter().flatten() {
                let _ = list.contains(&Password::new(wanted.clone()));
            }
        }
    }
}
