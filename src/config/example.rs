//! `doorward.example.toml`, rendered from the table of settings.

use super::settings::{SETTINGS, Setting};

const HEAD: &str = "\
# The settings of doorward, each with its default. Copy this file to doorward.toml and take the
# \"# \" from the line of a setting to change it.
#
# A flag beats the environment, the environment beats this file. The environment's name of a setting
# is DOORWARD_ and the name in upper case, with two underscores between section and name:
# DOORWARD_LISTEN, DOORWARD_PASSWORD__COST. \"doorward config\" shows what is in force, and why.
";

/// Where help texts are wrapped, in characters with the leading `# `.
const WIDTH: usize = 100;

/// The example file: a comment and a commented-out line for each setting, section by section.
pub(crate) fn example_toml() -> String {
    let mut toml = HEAD.to_owned();
    let mut open = "";
    for setting in SETTINGS {
        let (section, key) = setting.name.rsplit_once('.').unwrap_or(("", setting.name));
        if section != open {
            toml += &format!("\n[{section}]\n");
            open = section;
        }
        toml += &format!("\n{}{}\n", help(setting), line(key, setting));
    }
    toml
}

/// `# key = default`; an unset setting has nothing to show.
fn line(key: &str, setting: &Setting) -> String {
    match setting.default {
        Some(text) => format!("# {key} = {}", literal(text)),
        None => format!("# {key} = \"\"  # unset"),
    }
}

/// A default as TOML. No default is a text that looks like a number or a boolean, and only lists
/// are empty.
fn literal(text: &str) -> String {
    let bare = text.parse::<i64>().is_ok() || text.parse::<bool>().is_ok();
    match text {
        "" => "[]".to_owned(),
        _ if bare => text.to_owned(),
        _ => format!("{text:?}"),
    }
}

/// The help as comment lines.
fn help(setting: &Setting) -> String {
    let mut lines = String::from("#");
    let mut width = 1;
    for word in setting.help.split_whitespace() {
        if width + 1 + word.chars().count() > WIDTH {
            lines += "\n#";
            width = 1;
        }
        lines += " ";
        lines += word;
        width += 1 + word.chars().count();
    }
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Config, file};

    fn example_file() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("doorward.example.toml")
    }

    /// The example with the `# ` of its setting lines taken away.
    fn uncommented() -> String {
        let mut toml = example_toml();
        for setting in SETTINGS.iter().filter(|setting| setting.default.is_some()) {
            let key = setting.name.rsplit('.').next().unwrap();
            let commented = format!("\n# {key} = ");
            assert_eq!(toml.matches(&commented).count(), 1, "{}", setting.name);
            toml = toml.replace(&commented, &format!("\n{key} = "));
        }
        toml
    }

    #[test]
    fn the_file_in_the_repository_is_what_the_table_renders() {
        let file = std::fs::read_to_string(example_file()).unwrap();
        assert_eq!(file, example_toml(), "render the file anew from config::example_toml()");
    }

    #[test]
    fn as_it_stands_the_example_sets_nothing() {
        let (entries, problems) = file::parse(&example_toml(), Path::new("example"));
        assert!(entries.is_empty() && problems.is_empty());
    }

    #[test]
    fn uncommented_the_example_says_exactly_the_defaults() {
        let (mut entries, problems) = file::parse(&uncommented(), Path::new("example"));
        assert!(problems.is_empty());
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let said: Vec<_> = entries.iter().map(|e| (e.name.as_str(), e.text.as_str())).collect();
        let mut defaults: Vec<_> = SETTINGS.iter().filter_map(|s| Some((s.name, s.default?))).collect();
        defaults.sort();
        assert_eq!(said, defaults);
        assert!(Config::from_settings(&said).is_ok());
    }

    #[test]
    fn no_line_of_the_example_is_longer_than_100_characters() {
        assert!(example_toml().lines().all(|line| line.chars().count() <= WIDTH));
    }
}
