//! `/admin/users/export.csv` and `.json`: the users of a list as a file, sent as it is read, so that
//! a million of them need no memory.

use std::fmt::Write as _;

use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde_json::json;

use super::guard::Proven;
use super::user_query::UserQuery;
use crate::accounts;
use crate::app::App;
use crate::html::{Form, PageError};
use crate::store::StoreError;
use crate::store::user_list::{self, Listed, Place};

/// How many users are read at a time.
const STEP: usize = 1_000;

const CSV_HEAD: &str = "id,username,email,is_email_confirmed,is_active,is_admin,created_at,last_login_at\r\n";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    Json,
}

/// `GET …/export.csv` (RFC 4180, UTF-8).
///
/// # Errors
/// If the store fails.
pub async fn csv(app: Data<App>, request: HttpRequest, admin: Proven) -> Result<HttpResponse, PageError> {
    send(app, &request, admin, Kind::Csv).await
}

/// `GET …/export.json`.
///
/// # Errors
/// If the store fails.
pub async fn json(app: Data<App>, request: HttpRequest, admin: Proven) -> Result<HttpResponse, PageError> {
    send(app, &request, admin, Kind::Json).await
}

async fn send(
    app: Data<App>,
    request: &HttpRequest,
    admin: Proven,
    kind: Kind,
) -> Result<HttpResponse, PageError> {
    let query = UserQuery::read(&Form::of_query(request.query_string()));
    accounts::note_export(&app, query.path(request.path()), &admin.0.actor).await?;
    let (content_type, disposition) = match kind {
        Kind::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"users.csv\""),
        Kind::Json => ("application/json", "attachment; filename=\"users.json\""),
    };
    let file = File { app, query, kind, next: Next::Head };
    let parts = stream::try_unfold(file, |mut file| async move {
        let part = file.part().await.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        Ok::<_, StoreError>(part.map(|part| (Bytes::from(part), file)))
    });
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(Box::pin(parts)))
}

/// A file that is being sent.
struct File {
    app: Data<App>,
    query: UserQuery,
    kind: Kind,
    next: Next,
}

/// What comes next in it.
enum Next {
    Head,
    Users(Option<Place>),
    Nothing,
}

impl File {
    async fn part(&mut self) -> Result<Option<String>, StoreError> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Head => {
                self.next = Next::Users(None);
                Ok(Some(if self.kind == Kind::Csv { CSV_HEAD } else { "[" }.to_owned()))
            }
            Next::Users(place) => self.users(place).await.map(Some),
            Next::Nothing => Ok(None),
        }
    }

    async fn users(&mut self, place: Option<Place>) -> Result<String, StoreError> {
        let (wanted, order, from) = (self.query.wanted(), self.query.order, place.clone());
        let read = move |conn: &mut _| user_list::page(conn, &wanted, order, from.as_ref(), STEP);
        let users = self.app.store.read_aside(read).await?;
        let mut text = String::new();
        for (at, user) in users.iter().enumerate() {
            match self.kind {
                Kind::Csv => push_csv(&mut text, user),
                Kind::Json => {
                    text.push_str(if at == 0 && place.is_none() { "\n" } else { ",\n" });
                    text.push_str(&json_of(user).to_string());
                }
            }
        }
        if users.len() == STEP {
            self.next = Next::Users(users.last().map(|user| Place::of(user, &self.query.wanted(), order.by)));
        } else if self.kind == Kind::Json {
            text.push_str("\n]\n");
        }
        Ok(text)
    }
}

fn json_of(user: &Listed) -> serde_json::Value {
    json!({
        "id": user.id(),
        "username": user.username,
        "email": user.email,
        "is_email_confirmed": user.is_email_confirmed,
        "is_active": user.is_active,
        "is_admin": user.is_admin,
        "created_at": user.created_at().to_rfc3339(),
        "last_login_at": user.last_login_at().map(|moment| moment.to_rfc3339()),
    })
}

fn push_csv(text: &mut String, user: &Listed) {
    let last_login = user.last_login_at().map(|moment| moment.to_rfc3339()).unwrap_or_default();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "{},{},{},{},{},{},{},{last_login}\r\n",
        user.id(),
        cell(&user.username),
        cell(&user.email),
        user.is_email_confirmed,
        user.is_active,
        user.is_admin,
        user.created_at().to_rfc3339(),
    );
}

/// A text as a cell. What a spreadsheet would take for a formula gets an apostrophe in front, with
/// which spreadsheets mark text (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let apostrophe = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{apostrophe}{}\"", text.replace('"', "\"\""));
    }
    format!("{apostrophe}{text}")
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_no_formula() {
        for (text, written) in [
            ("alice", "alice"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("\"a,b\"@example.com", "\"\"\"a,b\"\"@example.com\""),
            ("=a,b", "\"'=a,b\""),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
