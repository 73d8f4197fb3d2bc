//! Reads a file to its end as an import does, without a database: for fuzzing.

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::Mapping;
use crate::accounts::imports::mapping_text::{Reasons, to_toml};
use crate::accounts::imports::propose::propose;
use crate::accounts::imports::source::open_content;
use crate::accounts::imports::user_row::map_row;
use crate::types::Timestamp;

/// What an import would read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectedFile {
    /// The mapping that fits it best.
    pub mapping: String,
    /// How many users the file has by its outline.
    pub outlined: u64,
    /// The digest of each user, or why the row is left out.
    pub users: Vec<Result<[u8; 32], String>>,
    /// How many refresh tokens could be read.
    pub tokens: usize,
}

/// Reads a file. Moments that it does not name are `now`.
///
/// # Errors
/// The messages of an import.
pub fn inspect_file(content: &[u8], now: Timestamp) -> Result<InspectedFile, String> {
    inspect(content, now).map_err(|error| error.to_string())
}

fn inspect(content: &[u8], now: Timestamp) -> Result<InspectedFile, ImportError> {
    let mut source = open_content(content)?;
    let view = source.look()?;
    let mapping = propose(&view)?.mapping;
    mapping.check(&view)?;
    let text = to_toml(&mapping, &Reasons::new());
    // What is printed for people to change is read as it was meant.
    let mapping = Mapping::parse(&text)?;
    let (mut users, mut tokens) = (Vec::new(), 0);
    source.each_user(&mapping, &mut |row| {
        let user = row.and_then(|row| map_row(&row, &mapping, now));
        users.push(user.map(|user| user.digest).map_err(|bad| bad.reason));
        true
    })?;
    source.each_token(&mapping, now, &mut |token| {
        tokens += usize::from(token.is_ok());
        true
    })?;
    Ok(InspectedFile { outlined: view.rows_of(&mapping.users.table), mapping: text, users, tokens })
}
