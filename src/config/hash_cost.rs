//! bcrypt's cost.

use std::fmt;

use super::parse::{self, Parsed};

/// The base-2 logarithm of bcrypt's rounds, 4 to 31 (Provos and Mazières, "A Future-Adaptable
/// Password Scheme", 1999).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HashCost(u32);

impl HashCost {
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        parse::number(text, 4..=31).map(Self)
    }

    /// The cost as bcrypt takes it.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for HashCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
