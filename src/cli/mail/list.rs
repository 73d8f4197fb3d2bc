//! `doorward mail list` and `doorward mail show`. Neither prints a key.

use serde_json::{Value, json};

use crate::accounts::{MailError, edited_words};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::mail::{DeliveryError, MailerError};
use crate::store::tables::mails;
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::store::tables::users::PublicIds;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{MailId, Timestamp, UserId};

/// How many mails are read at a time.
const PAGE: i64 = 500;

/// Lists the mails in a state, or all mails.
pub(super) async fn run(app: &App, state: Option<DeliveryState>, as_json: bool) -> Result<(), CliError> {
    let mut after = MailId::new(0);
    let mut separator = "[";
    loop {
        let page = app.store.read(move |conn| {
            let page = mails::page(conn, state, after, PAGE)?;
            let ids = ids_of(conn, &page)?;
            Ok((page, ids))
        });
        let (page, ids) = page.await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for mail in &page {
            if as_json {
                output::part(&format!("{separator}\n  {}", json_of(mail, &ids)))?;
                separator = ",";
            } else {
                output::line(&line(mail))?;
            }
        }
    }
    match (as_json, separator) {
        (false, _) => Ok(()),
        (true, "[") => output::line("[]"),
        (true, _) => output::line("\n]"),
    }
}

/// The ids of the users that the mails are about.
fn ids_of(conn: &mut Conn, mails: &[Mail]) -> Result<PublicIds, StoreError> {
    PublicIds::load(conn, mails.iter().filter_map(|mail| mail.user).map(UserId::get))
}

/// Prints one mail with its headers and its text.
pub(super) async fn show(app: &App, id: MailId, as_json: bool) -> Result<(), CliError> {
    let found = app.store.read(move |conn| {
        let Some(mail) = mails::by_id(conn, id)? else { return Ok(None) };
        let ids = ids_of(conn, std::slice::from_ref(&mail))?;
        Ok(Some((mail, ids)))
    });
    let (mail, ids) = found.await?.ok_or(MailError::NotFound)?;
    let edited = edited_words(app, &mail.content).await?;
    let preview = app.mailer.preview(&mail.content, edited.as_ref()).map_err(MailerError::from)?;
    if as_json {
        let mut json = json_of(&mail, &ids);
        let headers = preview.headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        json["headers"] = Value::Object(headers.collect());
        json["text"] = json!(preview.mail.text);
        return output::line(&format!("{json:#}"));
    }
    output::line(&line(&mail))?;
    output::line("")?;
    for (name, value) in &preview.headers {
        output::line(&format!("{name}: {value}"))?;
    }
    output::line("")?;
    output::part(&preview.mail.text)
}

fn line(mail: &Mail) -> String {
    let error = last_error(mail).map(|error| format!("  {error}")).unwrap_or_default();
    let attempts = match mail.attempts {
        0 => String::new(),
        1 => "  1 attempt".to_owned(),
        many => format!("  {many} attempts"),
    };
    let Mail { id, state, content, .. } = mail;
    format!(
        "{id:>6}  {:7}  {}  {:18}  {}{attempts}{error}",
        state.as_str(),
        content.written_at.to_rfc3339(),
        content.kind.as_str(),
        content.to,
    )
}

/// Why the last attempt failed.
fn last_error(mail: &Mail) -> Option<String> {
    mail.last_error.as_deref().map(|line| DeliveryError::of_stored(line).explain(Lang::English).to_string())
}

fn json_of(mail: &Mail, ids: &PublicIds) -> Value {
    let moment = |moment: Option<Timestamp>| moment.map(Timestamp::to_rfc3339);
    json!({
        "id": mail.id.get(),
        "state": mail.state.as_str(),
        "kind": mail.content.kind.as_str(),
        "to": mail.content.to.as_str(),
        "user_id": mail.user.map(|user| ids.of(user.get())),
        "created_at": mail.content.written_at.to_rfc3339(),
        "attempts": mail.attempts,
        "due_at": moment(mail.due_at),
        "ended_at": moment(mail.ended_at),
        "last_error": last_error(mail),
    })
}
