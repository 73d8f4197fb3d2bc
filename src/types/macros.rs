//! What secrets have in common, and what ids have in common: each declared by a macro, so that no secret
//! can be printed and no id mixed up with another.

/// Declares a secret: a type around `String` or `Vec<u8>` that is wiped when it is dropped, whose `Debug`
/// shows its name alone, and that has no `Display`, no `Serialize` and no `==`, which would take a time that
/// depends on the content. How the secret is made and read, each type says itself.
macro_rules! secret {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident($inner:ty);) => {
        $(#[$attribute])*
        #[derive(Clone)]
        $visibility struct $name(zeroize::Zeroizing<$inner>);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

/// Declares an id: a type around the number of a database row.
macro_rules! id {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident;) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        $visibility struct $name(i64);

        impl $name {
            /// Wraps a number that came from the database, a URL or a signed token.
            #[must_use]
            $visibility const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number.
            #[must_use]
            $visibility const fn get(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

pub(super) use {id, secret};
