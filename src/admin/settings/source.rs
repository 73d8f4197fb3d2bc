//! Where the value of a setting came from, in words.

use crate::config::SettingSource;
use crate::texts::Lang;

pub(super) fn in_words(t: Lang, source: &SettingSource) -> String {
    match source {
        SettingSource::Default => t.origin_default().to_owned(),
        SettingSource::Database => t.origin_database().to_owned(),
        SettingSource::File { path, line } => t.origin_file(path.display(), line),
        SettingSource::Environment(name)
        | SettingSource::ValueFile { variable: name, .. }
        | SettingSource::Flag(name) => name.to_string(),
    }
}
