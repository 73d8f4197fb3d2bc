//! The mapping of the last import, by which an export writes the same columns.

use crate::accounts::imports::mapping::Mapping;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::imports;

/// The mapping of the last import; `None` if there was none.
pub(crate) async fn last_mapping(app: &App) -> Result<Option<Mapping>, StoreError> {
    let newest = app.store.read_aside(|conn| imports::newest(conn, 1)).await?;
    Ok(newest.first().and_then(|import| Mapping::parse(&import.mapping).ok()))
}
