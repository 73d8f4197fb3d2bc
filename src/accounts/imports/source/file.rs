//! A file as a source: the output of `dumpdata`, JSON lines, or CSV. Standard input is stored in a file without a
//! name first, since a source is read more than once.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::Mapping;
use crate::accounts::imports::origin_rows::{SourceView, TakeToken, TakeUser};
use crate::accounts::imports::source::dump_facts::DumpFacts;
use crate::accounts::imports::source::user_source::UserSource;
use crate::accounts::imports::source::{csv_rows, dump_rows, json_lines};
use crate::store::create_new_private;
use crate::types::Timestamp;

/// The beginning of a file, by which its format is recognised, in bytes.
const BEGINNING: u64 = 64 * 1024;

/// UTF-8's byte order mark.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FileFormat {
    /// `manage.py dumpdata` in JSON.
    Dump,
    /// A JSON object in each line.
    JsonLines,
    /// CSV with this delimiter.
    Csv(u8),
}

/// An open file.
pub(crate) struct FileSource {
    file: File,
    format: FileFormat,
}

impl FileSource {
    /// Opens a file, or reads standard input to its end for `-`.
    pub(super) fn open(named: &str) -> Result<Self, ImportError> {
        let failed = |error: io::Error| ImportError::Source(format!("{named}: {error}"));
        let file = match named {
            "-" => spooled(&mut io::stdin().lock()).map_err(failed)?,
            path => {
                let mut file = File::open(Path::new(path)).map_err(failed)?;
                // A pipe cannot be read twice.
                match file.metadata().map_err(failed)?.is_file() {
                    true => file,
                    false => spooled(&mut file).map_err(failed)?,
                }
            }
        };
        Self::of(file)
    }

    /// A file without a name that has this content.
    pub(super) fn with_content(mut content: &[u8]) -> Result<Self, ImportError> {
        Self::of(spooled(&mut content).map_err(|error| ImportError::Source(error.to_string()))?)
    }

    /// A file in a format that is recognised by its beginning.
    fn of(mut file: File) -> Result<Self, ImportError> {
        let mut beginning = Vec::new();
        let read = file.by_ref().take(BEGINNING).read_to_end(&mut beginning);
        read.map_err(|error| ImportError::Source(error.to_string()))?;
        Ok(Self { format: format_of(&beginning)?, file })
    }

    /// The content from its beginning, without a byte order mark.
    fn reader(&mut self) -> Result<BufReader<&File>, ImportError> {
        self.file.seek(SeekFrom::Start(0)).map_err(|error| ImportError::Source(error.to_string()))?;
        let mut reader = BufReader::with_capacity(1 << 17, &self.file);
        let beginning = reader.fill_buf().map_err(|error| ImportError::Source(error.to_string()))?;
        if beginning.starts_with(BYTE_ORDER_MARK) {
            reader.consume(BYTE_ORDER_MARK.len());
        }
        Ok(reader)
    }
}

/// The content of a pipe in a file that has no name and that only this process can read.
fn spooled(pipe: &mut impl io::Read) -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("doorward-import-{:032x}", rand::random::<u128>()));
    create_new_private(&path)?;
    let mut file = OpenOptions::new().read(true).append(true).open(&path)?;
    std::fs::remove_file(&path)?;
    io::copy(pipe, &mut file)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn format_of(beginning: &[u8]) -> Result<FileFormat, ImportError> {
    let text = beginning.strip_prefix(BYTE_ORDER_MARK).unwrap_or(beginning).trim_ascii_start();
    let refused = |reason: &str| Err(ImportError::Format(reason.to_owned()));
    match text {
        [] => refused("it is empty"),
        [b'[', ..] => Ok(FileFormat::Dump),
        [b'{', ..] => Ok(FileFormat::JsonLines),
        _ if text.starts_with(b"SQLite format 3") => {
            refused("it is a SQLite database: name it as sqlite:PATH")
        }
        _ if text.starts_with(b"PGDMP") || text.starts_with(b"--") => {
            refused("it is a dump of a database: load it into one, and name that as postgres://…")
        }
        _ if text.contains(&0) => refused("it is neither JSON nor CSV in UTF-8"),
        _ => {
            let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let count = |delimiter: u8| line.iter().filter(|byte| **byte == delimiter).count();
            match [b',', b';', b'\t'].into_iter().max_by_key(|delimiter| count(*delimiter)) {
                Some(delimiter) if count(delimiter) > 0 => Ok(FileFormat::Csv(delimiter)),
                _ => refused("its first line is neither JSON nor a line of CSV with several columns"),
            }
        }
    }
}

impl UserSource for FileSource {
    fn look(&mut self) -> Result<SourceView, ImportError> {
        let format = self.format;
        let reader = self.reader()?;
        match format {
            FileFormat::Dump => dump_rows::look(reader),
            FileFormat::JsonLines => json_lines::look(reader),
            FileFormat::Csv(delimiter) => csv_rows::look(reader, delimiter),
        }
    }

    fn each_user(&mut self, mapping: &Mapping, take: TakeUser<'_>) -> Result<(), ImportError> {
        match self.format {
            FileFormat::Dump => {
                let facts = DumpFacts::read(self.reader()?, mapping)?;
                dump_rows::each_user(self.reader()?, mapping, &facts, take)
            }
            FileFormat::JsonLines => json_lines::each_user(self.reader()?, mapping, take),
            FileFormat::Csv(delimiter) => csv_rows::each_user(self.reader()?, delimiter, mapping, take),
        }
    }

    fn each_token(
        &mut self,
        mapping: &Mapping,
        now: Timestamp,
        take: TakeToken<'_>,
    ) -> Result<(), ImportError> {
        let Some(tokens) = &mapping.tokens else { return Ok(()) };
        match self.format {
            FileFormat::Dump => {
                let ended = dump_rows::blacklisted(self.reader()?, tokens)?;
                dump_rows::each_token(self.reader()?, tokens, &ended, now, take)
            }
            FileFormat::JsonLines => json_lines::each_token(self.reader()?, now, take),
            FileFormat::Csv(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::accounts::imports::propose::propose;
    use crate::accounts::imports::user_row::map_row;

    #[test]
    fn the_format_is_recognised_by_the_beginning() {
        let format = |text: &str| format_of(text.as_bytes()).map_err(|error| error.to_string());
        assert_eq!(format("\u{feff}\n [ {"), Ok(FileFormat::Dump));
        assert_eq!(format("{\"id\": 1}\n"), Ok(FileFormat::JsonLines));
        assert_eq!(format("\u{feff}id;username;email\n1;a,b,c,d;x"), Ok(FileFormat::Csv(b';')));
        assert_eq!(format("id,username\n1,a"), Ok(FileFormat::Csv(b',')));
        for (text, reason) in [
            ("", "empty"),
            ("SQLite format 3\0", "sqlite:PATH"),
            ("PGDMP\u{1}", "postgres://"),
            ("-- MySQL dump", "dump of a database"),
            ("i\0d\0,\0", "UTF-8"),
            ("just words\n", "neither JSON nor"),
        ] {
            assert!(format(text).unwrap_err().contains(reason), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn no_content_makes_it_panic(
            start in prop_oneof![Just("["), Just("{"), Just("id,password,last_login,email\n"), Just("")],
            parts in prop::collection::vec(prop_oneof![
                Just(r#"{"model":"auth.user","pk":1,"fields":{"password":"x","last_login":null,"email":"a"}}"#.to_owned()),
                Just(r#"{"id":7,"password":null,"last_login":[],"email":{},"groups":7}"#.to_owned()),
                Just("\"\u{e9}\",,;\r\n".to_owned()),
                "[\\[\\]{},:\"\\\\ntruefalse0-9 .e+]{0,12}",
                any::<String>(),
            ], 0..6),
        ) {
            let content = format!("{start}{}", parts.join("\n"));
            let file = spooled(&mut content.as_bytes()).unwrap();
            if let Ok(mut source) = FileSource::of(file)
                && let Ok(view) = source.look()
                && let Ok(proposal) = propose(&view)
            {
                prop_assert!(proposal.mapping.check(&view).is_ok());
                let mut rows = 0;
                source.each_user(&proposal.mapping, &mut |row| {
                    rows += 1;
                    if let Ok(row) = row {
                        let _ = map_row(&row, &proposal.mapping, Timestamp::from_seconds(0));
                    }
                    true
                }).unwrap();
                prop_assert!(rows >= view.rows_of(&proposal.mapping.users.table));
            }
        }
    }

    #[test]
    fn a_pipe_is_spooled_without_a_name() {
        let mut file = spooled(&mut &b"id,username\n"[..]).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "id,username\n");
    }
}
