//! A source of users, which is read in one direction, row by row, as often as needed.

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::Mapping;
use crate::accounts::imports::origin_rows::{SourceView, TakeToken, TakeUser};
use crate::types::Timestamp;

/// A source of users.
pub(crate) trait UserSource: Send {
    /// Looks at the whole source: its tables, columns and numbers of rows.
    ///
    /// # Errors
    /// Also if a file ends in the middle.
    fn look(&mut self) -> Result<SourceView, ImportError>;

    /// Reads all users in the order of the source.
    ///
    /// # Errors
    /// If the source cannot be read to its end.
    fn each_user(&mut self, mapping: &Mapping, take: TakeUser<'_>) -> Result<(), ImportError>;

    /// Reads the refresh tokens that have not expired at `now`, outstanding and blacklisted ones.
    ///
    /// # Errors
    /// If the source cannot be read to its end.
    fn each_token(
        &mut self,
        mapping: &Mapping,
        now: Timestamp,
        take: TakeToken<'_>,
    ) -> Result<(), ImportError>;
}
