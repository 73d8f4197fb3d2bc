//! Settings from a TOML file.
//!
//! Numbers, booleans and lists become text, so that a value is parsed the same from every source.

use std::{
    io,
    path::{Path, PathBuf},
};

use toml::de::{DeTable, DeValue};

use super::raw::SettingEntry;
use super::source::SettingSource;
use crate::config::error::ConfigProblem;

/// The file that is read from the working directory when none is named.
const DEFAULT_NAME: &str = "doorward.toml";

/// A file to read, and the reason for this one.
pub(crate) struct ConfigFile {
    /// As the operator wrote it, for messages.
    name: PathBuf,
    location: PathBuf,
    choice: FileChoice,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FileChoice {
    Flag,
    Environment,
    Default,
}

impl FileChoice {
    fn explanation(self) -> &'static str {
        match self {
            Self::Flag => "named by --config",
            Self::Environment => "named by DOORWARD_CONFIG",
            Self::Default => "found in the working directory",
        }
    }
}

/// The file that `--config` names, else the one `DOORWARD_CONFIG` names, else the default one.
pub(crate) fn find(flag: Option<PathBuf>, env: Option<PathBuf>, cwd: &Path) -> ConfigFile {
    let (name, choice) = match (flag, env) {
        (Some(name), _) => (name, FileChoice::Flag),
        (None, Some(name)) => (name, FileChoice::Environment),
        (None, None) => (PathBuf::from(DEFAULT_NAME), FileChoice::Default),
    };
    ConfigFile { location: cwd.join(&name), name, choice }
}

/// The file's settings in their own order. Only the default file may be missing.
pub(crate) fn read(file: ConfigFile) -> (Vec<SettingEntry>, Vec<ConfigProblem>) {
    let ConfigFile { name, location, choice } = file;
    match std::fs::read_to_string(location) {
        Ok(text) => parse(&text, &name),
        Err(error) if error.kind() == io::ErrorKind::NotFound && choice == FileChoice::Default => {
            Default::default()
        }
        Err(reason) => {
            let problem = ConfigProblem::Unreadable { path: name, named_by: choice.explanation(), reason };
            (Vec::new(), vec![problem])
        }
    }
}

/// The settings in `text`, the content of the file `path`.
pub(crate) fn parse(text: &str, path: &Path) -> (Vec<SettingEntry>, Vec<ConfigProblem>) {
    let mut reader = TomlReader { text, path, entries: Vec::new(), problems: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => reader.table(table.get_ref(), ""),
        Err(error) => reader.syntax(&error),
    }
    (reader.entries, reader.problems)
}

struct TomlReader<'a> {
    text: &'a str,
    path: &'a Path,
    entries: Vec<SettingEntry>,
    problems: Vec<ConfigProblem>,
}

impl TomlReader<'_> {
    /// Collects everything in a table whose dotted name, with a final dot, is `section`.
    fn table(&mut self, table: &DeTable<'_>, section: &str) {
        for (key, value) in table {
            let name = format!("{section}{}", key.get_ref());
            let source =
                SettingSource::File { path: self.path.to_owned(), line: self.position(key.span().start).0 };
            match (value.get_ref(), as_text(value.get_ref())) {
                (DeValue::Table(inner), _) => self.table(inner, &format!("{name}.")),
                (_, Some(text)) => self.entries.push(SettingEntry { name, text, source }),
                (_, None) => self.problems.push(ConfigProblem::NotAValue { name, origin: source }),
            }
        }
    }

    /// Notes that the file is not TOML. Only the parser's message is used: its full text quotes the
    /// line, which may hold a secret.
    fn syntax(&mut self, error: &toml::de::Error) {
        let (line, column) = self.position(error.span().map_or(0, |span| span.start));
        self.problems.push(ConfigProblem::Syntax {
            path: self.path.to_owned(),
            line,
            column,
            message: error.message().to_owned(),
        });
    }

    /// Line and column, both from 1, of a byte offset.
    fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
        (before.matches('\n').count() + 1, column)
    }
}

/// A value as it would be written in the environment, a list with commas; `None` for a table.
fn as_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(|item| as_text(item.get_ref())).collect();
            texts.map(|texts| texts.join(","))
        }
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| number.to_string(), |number| number.to_string())
            .into(),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(switch) => Some(switch.to_string()),
        DeValue::Datetime(moment) => Some(moment.to_string()),
        DeValue::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(toml: &str) -> Vec<(String, String)> {
        let (entries, problems) = parse(toml, Path::new("f.toml"));
        assert!(problems.is_empty());
        entries.into_iter().map(|e| (e.name, e.text)).collect()
    }

    fn problem(toml: &str) -> String {
        let (_, problems) = parse(toml, Path::new("f.toml"));
        problems[0].to_string()
    }

    #[test]
    fn every_kind_of_value_becomes_text() {
        let toml = "a = 's'\nb = 4_096\nc = 0x10\nd = true\ne = ['x', 1]\nf = []\ng = 1.5\n";
        let expected =
            [("a", "s"), ("b", "4096"), ("c", "16"), ("d", "true"), ("e", "x,1"), ("f", ""), ("g", "1.5")];
        assert_eq!(texts(toml), expected.map(|(n, t)| (n.to_owned(), t.to_owned())));
    }

    #[test]
    fn sections_dotted_keys_and_inline_tables_give_the_same_names() {
        let expected = [("a.b".to_owned(), "1".to_owned())];
        for toml in ["[a]\nb = 1", "a.b = 1", "a = { b = 1 }"] {
            assert_eq!(texts(toml), expected);
        }
    }

    #[test]
    fn a_list_of_tables_is_no_value() {
        let expected = "`a` in f.toml, line 2 is a table; expected a single value or a list of values";
        assert_eq!(problem("\n[[a]]\nb = 1"), expected);
    }

    #[test]
    fn a_syntax_error_gives_line_and_column_in_characters_and_quotes_nothing() {
        let message = problem("[x]\r\n\"é\" = 'S3cret' oops\n");
        assert!(message.starts_with("f.toml is not valid TOML at line 2, column 16: "), "{message}");
        assert!(!message.contains("S3cret"), "{message}");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic_or_repeat_a_value(text in "(\\PC|[\n\"'=\\[\\]{}.])*") {
            let (_, problems) = parse(&format!("k = 'S3cret\n{text}"), Path::new("f"));
            for problem in problems {
                prop_assert!(!problem.to_string().contains("S3cret"));
            }
        }
    }
}
