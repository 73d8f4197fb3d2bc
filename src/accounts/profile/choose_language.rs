//! Choosing the language of one's mails, by the switch on the pages.

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::users;
use crate::types::{Lang, User};

/// Stores the language that the user chose. It is no change of the account, so the audit log does not record it.
pub(crate) async fn choose_language(app: &App, user: &User, language: Lang) -> Result<(), StoreError> {
    if user.chosen_language == Some(language) {
        return Ok(());
    }
    let id = user.id;
    app.store.write(move |tx| users::choose_language(tx, id, language)).await
}
