//! The templates around the words of mails, and an operator's own templates of whole mails. They are read and tried
//! at the start, so that none fails later.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use minijinja::{Environment, UndefinedBehavior};
use thiserror::Error;

use crate::mail::words::WordsError;
use crate::texts::Lang;
use crate::types::MailText;

/// A file name this similar (0 to 1) to a template's is taken for a typing error.
const MIN_SIMILARITY: f64 = 0.6;

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/mail/", $name)))),*]
    };
}

/// The built-in templates: others include them, and `_text` is one for the words of any mail.
const BUILT_IN: &[(&str, &str)] =
    built_in!["_base.html", "_button.html", "_end.txt", "_text.html", "_text.txt",];

/// Why a template cannot be used.
#[derive(Debug, Error)]
pub enum TemplateError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read {}, named by mail.templates: {reason}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The error.
        reason: std::io::Error,
    },
    /// No mail has a template with this name.
    #[error("{} is the name of no mail template{}", path.display(), did_you_mean(nearest.as_deref()))]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The template with the most similar name.
        nearest: Option<String>,
    },
    /// It does not parse, or uses an unknown variable or template.
    #[error("the mail template {name} is broken{}: {what}", at(*line))]
    Broken {
        /// The name.
        name: String,
        /// The line, if known.
        line: Option<usize>,
        /// The error of the template engine.
        what: String,
    },
    /// The text does not begin with a subject.
    #[error("the mail template {0} must begin with a line such as `Subject: Confirm your address`")]
    NoSubject(String),
    /// The link that the mail is about does not show.
    #[error("the mail template {0} does not show its link: put {{{{ link }}}} into it")]
    NoLink(String),
}

fn did_you_mean(name: Option<&str>) -> String {
    name.map_or_else(
        || "; begin the name with _ if others include it".to_owned(),
        |name| format!("; did you mean {name}?"),
    )
}

fn at(line: Option<usize>) -> String {
    line.map(|line| format!(" at line {line}")).unwrap_or_default()
}

impl TemplateError {
    /// Errors in the words of a mail.
    pub(crate) fn words(name: String, errors: &[WordsError]) -> Self {
        let what = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        Self::Broken { name, line: None, what }
    }

    /// An error of the template engine, with the file that it is in.
    pub(crate) fn broken(template: &str, error: &minijinja::Error) -> Self {
        let name = error.name().unwrap_or(template).to_owned();
        let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Self::Broken { name, line: error.line(), what }
    }
}

/// All templates, with those in `folder` in place of the built-in ones of the same name.
pub(crate) fn load(folder: Option<&Path>) -> Result<Environment<'static>, TemplateError> {
    let mut all = Environment::new();
    // An unknown variable is an error, not a gap in a mail.
    all.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in BUILT_IN {
        add(&mut all, Cow::Borrowed(*name), Cow::Borrowed(*source))?;
    }
    for (name, source) in folder.map(read_folder).transpose()?.unwrap_or_default() {
        add(&mut all, Cow::Owned(name), Cow::Owned(source))?;
    }
    Ok(all)
}

fn add(
    all: &mut Environment<'static>,
    name: Cow<'static, str>,
    source: Cow<'static, str>,
) -> Result<(), TemplateError> {
    let file = name.clone();
    all.add_template_owned(name, source).map_err(|error| TemplateError::broken(&file, &error))
}

/// The templates in an operator's folder. Other files, such as a README, are skipped.
fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, TemplateError> {
    let unreadable = |path: &Path, reason| TemplateError::Unreadable { path: path.to_owned(), reason };
    let mut templates = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        let Some(name) = template_name(&path) else { continue };
        if !name.starts_with('_') && !own_names().any(|known| known == name) {
            return Err(TemplateError::Unknown { nearest: nearest(&name), path });
        }
        let source = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
        // Line ends of Windows would get into headers; its editors begin a file with a byte order mark.
        let source = source.strip_prefix('\u{feff}').unwrap_or(&source);
        templates.push((name, source.replace("\r\n", "\n")));
    }
    templates.sort();
    Ok(templates)
}

/// The names that templates of whole mails may have: `TEXT.LANGUAGE.txt`, `TEXT.txt`, and the same of kinds and of
/// `html`.
fn own_names() -> impl Iterator<Item = String> {
    let all = MailText::ALL.iter().flat_map(|text| Lang::ALL.map(|lang| (*text, lang)));
    all.flat_map(|(text, lang)| ["txt", "html"].into_iter().flat_map(move |end| names_of(text, lang, end)))
}

/// The names of the templates of a mail, the most special one first.
fn names_of(text: MailText, lang: Lang, ending: &str) -> [String; 4] {
    let (own, kind, tag) = (text.as_str(), text.kind().as_str(), lang.tag());
    [
        format!("{own}.{tag}.{ending}"),
        format!("{kind}.{tag}.{ending}"),
        format!("{own}.{ending}"),
        format!("{kind}.{ending}"),
    ]
}

/// The operator's template of a part of a mail, if there is one.
pub(crate) fn own(all: &Environment<'_>, text: MailText, lang: Lang, ending: &str) -> Option<String> {
    names_of(text, lang, ending).into_iter().find(|name| all.get_template(name).is_ok())
}

/// The file's name, if it has the ending of a template.
fn template_name(path: &Path) -> Option<String> {
    let is_template = path.extension().is_some_and(|kind| kind == "txt" || kind == "html");
    is_template.then(|| path.file_name().map(|name| name.to_string_lossy().into_owned())).flatten()
}

fn nearest(name: &str) -> Option<String> {
    own_names()
        .map(|known| (strsim::normalized_damerau_levenshtein(name, &known), known))
        .filter(|(score, _)| *score >= MIN_SIMILARITY)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_reported_with_its_path() {
        let error = load(Some(Path::new("/nowhere/at/all"))).unwrap_err().to_string();
        assert!(error.contains("/nowhere/at/all, named by mail.templates"), "{error}");
    }

    #[test]
    fn a_mistyped_name_is_refused_with_a_suggestion_and_other_files_are_skipped() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("README.md"), "{{").unwrap();
        fs::write(folder.path().join("_mine.txt"), "mine").unwrap();
        fs::write(folder.path().join("reset_password_by_administrator.de.txt"), "x").unwrap();
        load(Some(folder.path())).unwrap();
        fs::write(folder.path().join("confirm_emial.txt"), "x").unwrap();
        let error = load(Some(folder.path())).unwrap_err().to_string();
        assert!(error.contains("did you mean confirm_email.txt?"), "{error}");
    }

    #[test]
    fn a_syntax_error_is_reported_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("test.txt"), "Subject: x\n\n{{ site").unwrap();
        let error = load(Some(folder.path())).unwrap_err().to_string();
        assert!(error.contains("test.txt is broken at line 3"), "{error}");
    }
}
