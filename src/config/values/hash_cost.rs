//! The cost of bcrypt.

use std::fmt;
use std::str::FromStr;

/// The base-2 logarithm of bcrypt's rounds, 4 to 31 (Provos and Mazières, "A Future-Adaptable
/// Password Scheme", 1999).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HashCost(u32);

impl HashCost {
    /// The lowest cost.
    pub const MIN: Self = Self(4);
    /// The highest cost.
    pub const MAX: Self = Self(31);

    /// The cost as bcrypt takes it.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl FromStr for HashCost {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let cost = Self(text.parse().map_err(|_| ())?);
        if (Self::MIN..=Self::MAX).contains(&cost) { Ok(cost) } else { Err(()) }
    }
}

impl fmt::Display for HashCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
