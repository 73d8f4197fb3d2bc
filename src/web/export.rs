//! A list as a file for download. The rows are sent while they are read, so that an export of a million rows
//! needs little memory. The handlers of the lists say which rows and columns theirs have.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use futures_util::stream;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::accounts::{self, Actor};
use crate::app::App;
use crate::store::StoreError;
use crate::web::PageError;

/// How many rows are read at a time.
const BATCH: usize = 1_000;

/// The format of the file: the end of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExportFormat {
    /// RFC 4180, in UTF-8.
    Csv,
    /// An array of objects.
    Json,
}

/// A list that can be exported.
pub(crate) trait ExportSource: 'static {
    type Row: 'static;

    /// The name of the file, without its extension.
    const NAME: &'static str;

    /// The names of the columns, which are keys of the objects of [`Self::json`].
    const COLUMNS: &'static [&'static str];

    /// Up to `limit` rows after the row `last`, or from the beginning.
    async fn after(
        &self,
        app: &App,
        last: Option<&Self::Row>,
        limit: usize,
    ) -> Result<Vec<Self::Row>, StoreError>;

    /// A row as an object.
    fn json(row: &Self::Row) -> Value;
}

/// Why an export was interrupted.
#[derive(Debug, Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Csv(#[from] csv::Error),
}

/// Sends the file, and records in the audit log that `path` was exported.
pub(crate) async fn send<S: ExportSource>(
    app: Data<App>,
    by: &Actor,
    format: ExportFormat,
    source: S,
    path: String,
) -> Result<HttpResponse, PageError> {
    accounts::record_export(&app, path, by).await?;
    let (content_type, extension) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Json => ("application/json", "json"),
    };
    let disposition = format!("attachment; filename=\"{}.{extension}\"", S::NAME);
    let file = ExportFile { app, source, format, next: ExportStep::Start };
    let parts = stream::try_unfold(file, |mut file| async move {
        let part =
            file.part().await.inspect_err(|error| tracing::error!(%error, "an export was interrupted"))?;
        Ok::<_, ExportError>(part.map(|part| (Bytes::from(part), file)))
    });
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(Box::pin(parts)))
}

/// A file that is being sent.
struct ExportFile<S: ExportSource> {
    app: Data<App>,
    source: S,
    format: ExportFormat,
    next: ExportStep<S::Row>,
}

/// The next part of the file.
enum ExportStep<T> {
    Start,
    /// The rows after this one, or the first rows.
    RowsAfter(Option<T>),
    End,
}

impl<S: ExportSource> ExportFile<S> {
    async fn part(&mut self) -> Result<Option<Vec<u8>>, ExportError> {
        match std::mem::replace(&mut self.next, ExportStep::End) {
            ExportStep::Start => {
                self.next = ExportStep::RowsAfter(None);
                Ok(Some(match self.format {
                    ExportFormat::Csv => csv_records([S::COLUMNS])?,
                    ExportFormat::Json => b"[".to_vec(),
                }))
            }
            ExportStep::RowsAfter(last) => self.rows(last).await.map(Some),
            ExportStep::End => Ok(None),
        }
    }

    async fn rows(&mut self, last: Option<S::Row>) -> Result<Vec<u8>, ExportError> {
        let rows = self.source.after(&self.app, last.as_ref(), BATCH).await?;
        let is_end = rows.len() < BATCH;
        let objects = rows.iter().map(S::json);
        let part = match self.format {
            ExportFormat::Csv => csv_records(objects.map(|object| cells(S::COLUMNS, &object)))?,
            ExportFormat::Json => {
                let separators = std::iter::once(if last.is_none() { "\n" } else { ",\n" })
                    .chain(std::iter::repeat(",\n"));
                let mut text: String = separators
                    .zip(objects)
                    .map(|(separator, object)| format!("{separator}{object}"))
                    .collect();
                text.push_str(if is_end { "\n]\n" } else { "" });
                text.into_bytes()
            }
        };
        if !is_end {
            self.next = ExportStep::RowsAfter(rows.into_iter().last());
        }
        Ok(part)
    }
}

/// Records of RFC 4180.
fn csv_records<R>(records: impl IntoIterator<Item = R>) -> Result<Vec<u8>, csv::Error>
where
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    let mut text = Vec::new();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut text);
    for record in records {
        writer.write_record(record)?;
    }
    writer.flush()?;
    drop(writer);
    Ok(text)
}

fn cells(columns: &[&str], object: &Value) -> Vec<String> {
    let cell = |column: &&str| match &object[*column] {
        Value::Null => String::new(),
        Value::String(text) => without_formula(text),
        number_or_boolean => number_or_boolean.to_string(),
    };
    columns.iter().map(cell).collect()
}

/// A text that no spreadsheet takes for a formula: one that could be gets an apostrophe in front, with which
/// spreadsheets mark text (OWASP, "CSV Injection").
fn without_formula(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']);
    format!("{}{text}", if is_formula { "'" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("a\r\nb", "\"a\r\nb\""),
        ] {
            let object = serde_json::json!({ "id": -2, "text": text, "none": null, "yes": true });
            let record = csv_records([cells(&["id", "text", "none", "yes"], &object)]).unwrap();
            assert_eq!(String::from_utf8(record).unwrap(), format!("-2,{written},,true\r\n"));
        }
    }
}
