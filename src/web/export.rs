//! A list as a file, sent as it is read, so that a million rows need no memory. `users_export` and
//! `audit_export` say what is in theirs.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use futures_util::stream;
use serde::Deserialize;
use serde_json::Value;

use crate::accounts;
use crate::app::App;
use crate::store::StoreError;
use crate::web::PageError;
use crate::web::session::guard::RecentlyAuthenticated;

/// How many rows are read at a time.
const STEP: usize = 1_000;

/// What kind of file, as the URL ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExportFormat {
    /// RFC 4180, in UTF-8.
    Csv,
    /// An array of objects.
    Json,
}

/// A list that can be taken away.
pub(crate) trait ExportSource: 'static {
    /// What it is a list of.
    type Row: 'static;
    /// The name of the file, without its ending.
    const NAME: &'static str;
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];
    /// Up to `limit` rows after the last one that was read.
    async fn after(
        &self,
        app: &App,
        last: Option<&Self::Row>,
        limit: usize,
    ) -> Result<Vec<Self::Row>, StoreError>;
    /// What stands in the columns.
    fn cells(row: &Self::Row) -> Vec<String>;
    /// The same as an object.
    fn json(row: &Self::Row) -> Value;
}

/// Sends the file, and notes that `path` was taken.
///
/// # Errors
/// If the store fails before anything was sent; later, the file breaks off.
pub(crate) async fn send<L: ExportSource>(
    app: Data<App>,
    admin: &RecentlyAuthenticated,
    kind: ExportFormat,
    listing: L,
    path: String,
) -> Result<HttpResponse, PageError> {
    accounts::record_export(&app, path, &admin.0.actor).await?;
    let (content_type, ending) = match kind {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Json => ("application/json", "json"),
    };
    let disposition = format!("attachment; filename=\"{}.{ending}\"", L::NAME);
    let file = ExportFile { app, listing, kind, next: ExportStream::Head };
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
struct ExportFile<L: ExportSource> {
    app: Data<App>,
    listing: L,
    kind: ExportFormat,
    next: ExportStream<L::Row>,
}

/// What comes next in it.
enum ExportStream<T> {
    Head,
    After(Option<T>),
    Nothing,
}

impl<L: ExportSource> ExportFile<L> {
    async fn part(&mut self) -> Result<Option<String>, StoreError> {
        match std::mem::replace(&mut self.next, ExportStream::Nothing) {
            ExportStream::Head => {
                self.next = ExportStream::After(None);
                Ok(Some(match self.kind {
                    ExportFormat::Csv => format!("{}\r\n", L::COLUMNS.join(",")),
                    ExportFormat::Json => "[".to_owned(),
                }))
            }
            ExportStream::After(last) => self.rows(last).await.map(Some),
            ExportStream::Nothing => Ok(None),
        }
    }

    async fn rows(&mut self, last: Option<L::Row>) -> Result<String, StoreError> {
        let rows = self.listing.after(&self.app, last.as_ref(), STEP).await?;
        let mut text = String::new();
        for (at, row) in rows.iter().enumerate() {
            match self.kind {
                ExportFormat::Csv => {
                    let cells: Vec<String> = L::cells(row).iter().map(|text| cell(text)).collect();
                    text.push_str(&cells.join(","));
                    text.push_str("\r\n");
                }
                ExportFormat::Json => {
                    text.push_str(if at == 0 && last.is_none() { "\n" } else { ",\n" });
                    text.push_str(&L::json(row).to_string());
                }
            }
        }
        if rows.len() == STEP {
            self.next = ExportStream::After(rows.into_iter().last());
        } else if self.kind == ExportFormat::Json {
            text.push_str("\n]\n");
        }
        Ok(text)
    }
}

/// A text as a cell. What a spreadsheet would take for a formula gets an apostrophe in front, with
/// which spreadsheets mark text (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let apostrophe =
        if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) { "'" } else { "" };
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
            ("＝1+1", "'＝1+1"),
            ("\"a,b\"@example.com", "\"\"\"a,b\"\"@example.com\""),
            ("=a,b", "\"'=a,b\""),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
