//! The URL of the database, SQLite or PostgreSQL.

use std::{fmt, path::PathBuf, str::FromStr};

use super::{postgres_url, redact};

/// A database this program can use. `Debug` and `Display` hide a password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file; a relative path is taken from the working directory.
    Sqlite(PathBuf),
    /// A PostgreSQL URL as libpq reads it. It may contain a password.
    Postgres(String),
}

/// Why a text is not a usable database URL. The messages do not repeat the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Neither SQLite nor PostgreSQL, or nothing behind the scheme.
    #[error("expected sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE")]
    Unknown,
    /// SQLite's `:memory:`.
    #[error(
        "a database in memory would be a different one for each connection, and gone at the next \
         start; name a file: sqlite:PATH"
    )]
    InMemory,
    /// A `file:` URI or `?…` after a path, which would silently open another file than intended.
    #[error("a SQLite database is named by its plain path, without parameters: sqlite:PATH")]
    Parameters,
    /// A PostgreSQL URL that libpq cannot read.
    #[error("{0}")]
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return sqlite_path(rest.strip_prefix("//").unwrap_or(rest)).map(Self::Sqlite);
        }
        let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
        match rest {
            Some(rest) if !rest.is_empty() => {
                postgres_url::check(rest).map_err(DatabaseUrlError::Postgres)?;
                Ok(Self::Postgres(text.to_owned()))
            }
            _ => Err(DatabaseUrlError::Unknown),
        }
    }
}

fn sqlite_path(path: &str) -> Result<PathBuf, DatabaseUrlError> {
    match path {
        "" => Err(DatabaseUrlError::Unknown),
        ":memory:" => Err(DatabaseUrlError::InMemory),
        _ if path.starts_with("file:") || path.contains(['?', '\0']) => Err(DatabaseUrlError::Parameters),
        _ => Ok(PathBuf::from(path)),
    }
}

impl DatabaseUrl {
    /// Whether the connection cannot be read or altered on its way: a file, a server on this machine, or one
    /// whose certificate and name are verified.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(url) => {
                url.split_once("://").is_none_or(|(_, rest)| postgres_url::is_protected(rest))
            }
        }
    }

    /// A message about this URL without its password.
    #[must_use]
    pub fn hide_secrets(&self, message: String) -> String {
        match self {
            Self::Sqlite(_) => message,
            Self::Postgres(url) => redact::message(message, url),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(&redact::redacted(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> DatabaseUrlError {
        text.parse::<DatabaseUrl>().unwrap_err()
    }

    #[test]
    fn sqlite_urls_name_a_path_with_or_without_slashes() {
        let path = |text: &str| match text.parse() {
            Ok(DatabaseUrl::Sqlite(path)) => path,
            other => panic!("{other:?}"),
        };
        assert_eq!(path("sqlite:a.db"), PathBuf::from("a.db"));
        assert_eq!(path("sqlite://a.db"), PathBuf::from("a.db"));
        assert_eq!(path("sqlite:///srv/a.db"), PathBuf::from("/srv/a.db"));
        assert_eq!(path("sqlite:/srv/a.db"), PathBuf::from("/srv/a.db"));
    }

    #[test]
    fn a_database_in_memory_is_refused_with_the_reason() {
        for text in ["sqlite::memory:", "sqlite://:memory:"] {
            assert_eq!(refusal(text), DatabaseUrlError::InMemory);
        }
        assert!(DatabaseUrlError::InMemory.to_string().contains("in memory"));
    }

    #[test]
    fn sqlite_parameters_are_refused() {
        for text in ["sqlite:a.db?mode=rwc", "sqlite:file:a.db"] {
            assert_eq!(refusal(text), DatabaseUrlError::Parameters);
        }
    }

    #[test]
    fn any_other_text_is_refused_with_the_allowed_forms() {
        for text in ["", "a.db", "sqlite:", "mysql://h/d", "postgres://", "Postgres://h"] {
            assert_eq!(refusal(text), DatabaseUrlError::Unknown, "{text}");
        }
    }

    #[test]
    fn the_password_of_a_postgres_url_is_not_displayed() {
        let text = "postgresql://u:hunter2@db/accounts";
        let url = text.parse::<DatabaseUrl>().unwrap();
        assert_eq!(url, DatabaseUrl::Postgres(text.to_owned()));
        assert_eq!(url.to_string(), "postgresql://u:***@db/accounts");
        assert_eq!(format!("{url:?}"), "DatabaseUrl(postgresql://u:***@db/accounts)");
    }
}
