//! The message catalogue: every text of the pages in every language, side by side. Handlers ask a [`Lang`]
//! for a text by its name. A text that lacks a language does not compile.

/// Makes a method of [`Lang`] of each line: English first, then German; with a count, singular and plural.
///
/// ```ignore
/// sign_out() = "Sign out" | "Abmelden";
/// signed_in_as(name) = "Signed in as {name}" | "Angemeldet als {name}";
/// users_found[n] = "1 user", "{n} users" | "1 Benutzer", "{n} Benutzer";
/// ```
macro_rules! texts {
    ($($name:ident $form:tt = $($text:literal),+ | $($german:literal),+;)*) => {
        impl $crate::texts::Lang {
            $($crate::texts::text!($name $form [$($text),+] [$($german),+]);)*
        }
    };
}

macro_rules! text {
    ($name:ident () [$en:literal] [$de:literal]) => {
        #[doc = $en]
        #[must_use]
        pub const fn $name(self) -> &'static str {
            match self {
                Self::English => $en,
                Self::German => $de,
            }
        }
    };
    ($name:ident ($($value:ident),+) [$en:literal] [$de:literal]) => {
        #[doc = $en]
        #[must_use]
        pub fn $name(self, $($value: impl std::fmt::Display),+) -> String {
            $(let $value = $crate::texts::format::isolated($value.to_string());)+
            match self {
                Self::English => format!($en),
                Self::German => format!($de),
            }
        }
    };
    ($name:ident [$n:ident] [$one_en:literal, $en:literal] [$one_de:literal, $de:literal]) => {
        #[doc = $en]
        #[must_use]
        pub fn $name(self, $n: impl $crate::texts::Count) -> String {
            let count = $n.count();
            let $n = self.number(count);
            let _ = &$n;
            match (self, count) {
                (Self::English, 1) => format!($one_en),
                (Self::English, _) => format!($en),
                (Self::German, 1) => format!($one_de),
                (Self::German, _) => format!($de),
            }
        }
    };
}
use text;

mod account;
mod account_pages;
mod audit;
mod common;
mod done;
mod errors;
mod explain;
mod format;
mod home;
mod imports;
mod invite;
mod latest_change;
mod links;
mod mail;
mod personal_data;
mod search;
mod settings;
mod setup;
mod sign_in;
mod unnamed_site;
mod user;
mod users;

pub use crate::types::Lang;
pub(crate) use format::{Count, client_in_words};
