//! What an API key may do.

/// A right of an API key. None includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiScope {
    /// Listing users.
    UsersRead,
    /// Creating, changing and deleting users, and what goes with that.
    UsersWrite,
    /// Reading the audit log.
    AuditRead,
    /// Asking whether a token is good (RFC 7662).
    TokensIntrospect,
}

impl ApiScope {
    /// Every scope with its word.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("users:read", Self::UsersRead),
        ("users:write", Self::UsersWrite),
        ("audit:read", Self::AuditRead),
        ("tokens:introspect", Self::TokensIntrospect),
    ];

    /// The word on the command line, in the database and in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UsersRead => "users:read",
            Self::UsersWrite => "users:write",
            Self::AuditRead => "audit:read",
            Self::TokensIntrospect => "tokens:introspect",
        }
    }

    /// The scope with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find_map(|(known, scope)| (known == word).then_some(scope))
    }
}

/// The scopes of a key, each once, in the order of [`ApiScope::WORDS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiScopes(Vec<ApiScope>);

impl ApiScopes {
    /// These scopes.
    #[must_use]
    pub fn new(scopes: impl IntoIterator<Item = ApiScope>) -> Self {
        let mut scopes: Vec<ApiScope> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// Reads the text of the database. A word that this version does not know allows nothing.
    pub(crate) fn from_stored(words: &str) -> Self {
        Self::new(words.split(' ').filter_map(ApiScope::named))
    }

    /// Whether a key with these scopes may do this.
    #[must_use]
    pub fn has(&self, scope: ApiScope) -> bool {
        self.0.contains(&scope)
    }

    /// The words.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|scope| scope.as_str())
    }

    /// The words with blanks between them: the text for the database.
    #[must_use]
    pub fn joined(&self) -> String {
        self.words().collect::<Vec<_>>().join(" ")
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_unknown_ones_allow_nothing() {
        for (word, scope) in ApiScope::WORDS {
            assert_eq!((ApiScope::named(word), scope.as_str()), (Some(scope), word));
        }
        let scopes = ApiScopes::new([ApiScope::AuditRead, ApiScope::UsersRead, ApiScope::AuditRead]);
        assert_eq!(scopes.joined(), "users:read audit:read");
        assert_eq!(ApiScopes::from_stored("users:read  everything audit:read"), scopes);
        assert!(scopes.has(ApiScope::AuditRead) && !scopes.has(ApiScope::UsersWrite));
        assert!(ApiScopes::from_stored("").is_empty());
    }
}
