//! A list as a file for download. The rows are sent while they are read, so that an export of a million rows
//! needs little memory. The handlers of the lists say which rows and columns theirs have.

use actix_web::http::{Method, header};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde::Deserialize;
use serde_json::Value;

use crate::accounts::{self, Actor};
use crate::app::App;
use crate::store::StoreError;
use crate::types::{Timestamp, UsernameKey, unaccented};
use crate::web::{PageError, csv};

/// How many rows are read at a time.
const BATCH: usize = 1_000;

/// The most characters of the filters in the name of a file.
const MAX_FILTERS: usize = 80;

/// The format of the file: the end of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExportFormat {
    /// RFC 4180, in UTF-8 (`web::csv`).
    Csv,
    /// An array of objects.
    Json,
}

/// A list that can be exported.
pub(crate) trait ExportSource: 'static {
    type Row: 'static;

    /// The names of the columns, which are keys of the objects of [`Self::json`].
    const COLUMNS: &'static [&'static str];

    /// The name of the file, without its extension: letters and digits of ASCII, and hyphens.
    fn name(&self) -> String;

    /// The columns of this file, some of [`Self::COLUMNS`].
    fn columns(&self) -> Vec<&'static str> {
        Self::COLUMNS.to_vec()
    }

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

/// Sends the file, and records in the audit log that `path` was exported. `HEAD` gets no rows, so it exports
/// nothing.
pub(crate) async fn send<S: ExportSource>(
    app: Data<App>,
    request: &HttpRequest,
    by: &Actor,
    format: ExportFormat,
    source: S,
    path: String,
) -> Result<HttpResponse, PageError> {
    if request.method() != Method::HEAD {
        accounts::record_export(&app, path, by).await?;
    }
    let (content_type, extension) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Json => ("application/json", "json"),
    };
    let disposition = format!("attachment; filename=\"{}.{extension}\"", source.name());
    let columns = source.columns();
    let file = ExportFile { app, source, columns, format, next: ExportStep::Start };
    let parts = stream::try_unfold(file, |mut file| async move {
        let part =
            file.part().await.inspect_err(|error| tracing::error!(%error, "an export was interrupted"))?;
        Ok::<_, StoreError>(part.map(|part| (Bytes::from(part), file)))
    });
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(Box::pin(parts)))
}

/// The name of a file without its extension: what it is, the filters, and the day in UTC. In ASCII, since other
/// characters in a header need an encoding of their own (RFC 8187).
pub(crate) fn file_name(what: &str, filters: &[(&'static str, String)], now: Timestamp) -> String {
    let filters: Vec<String> = filters.iter().map(|(name, value)| format!("{name}-{value}")).collect();
    let filters = unaccented(UsernameKey::of(&filters.join("-")).as_str());
    let word_of = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let filters: String = filters.chars().map(word_of).take(MAX_FILTERS).collect();
    let words = filters.split(['-', '.']).filter(|word| !word.is_empty());
    let date = now.to_rfc3339();
    let parts = std::iter::once(what).chain(words).chain(date.get(..10));
    parts.collect::<Vec<_>>().join("-")
}

/// A file that is being sent.
struct ExportFile<S: ExportSource> {
    app: Data<App>,
    source: S,
    columns: Vec<&'static str>,
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
    async fn part(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match std::mem::replace(&mut self.next, ExportStep::End) {
            ExportStep::Start => {
                self.next = ExportStep::RowsAfter(None);
                Ok(Some(match self.format {
                    ExportFormat::Csv => self.csv_head(),
                    ExportFormat::Json => b"[".to_vec(),
                }))
            }
            ExportStep::RowsAfter(last) => self.rows(last).await.map(Some),
            ExportStep::End => Ok(None),
        }
    }

    fn csv_head(&self) -> Vec<u8> {
        let mark = if self.app.config.admin.csv_bom { csv::BYTE_ORDER_MARK } else { "" };
        format!("{mark}{}", csv::record(&self.columns)).into_bytes()
    }

    async fn rows(&mut self, last: Option<S::Row>) -> Result<Vec<u8>, StoreError> {
        let rows = self.source.after(&self.app, last.as_ref(), BATCH).await?;
        let is_end = rows.len() < BATCH;
        let objects = rows.iter().map(S::json).map(|object| only(&self.columns, S::COLUMNS, object));
        let part = match self.format {
            ExportFormat::Csv => {
                let records = objects.map(|object| csv::record(&cells(&self.columns, &object)));
                records.collect::<String>().into_bytes()
            }
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

/// The object with the chosen columns.
fn only(columns: &[&str], all: &[&str], mut object: Value) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.retain(|name, _| !all.contains(&name.as_str()) || columns.contains(&name.as_str()));
    }
    object
}

fn cells(columns: &[&str], object: &Value) -> Vec<String> {
    let cell = |column: &&str| match &object[*column] {
        Value::Null => String::new(),
        Value::String(text) => csv::without_formula(text),
        Value::Array(items) => {
            let names =
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            csv::without_formula(&names.collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) if fields.is_empty() => String::new(),
        object @ Value::Object(_) => csv::without_formula(&object.to_string()),
        number_or_boolean => number_or_boolean.to_string(),
    };
    columns.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_has_its_filters_and_the_day() {
        let now = Timestamp::from_seconds(1_700_000_000);
        let filters = [("q", "Müller \"x\".\r\n".to_owned()), ("login", "never".to_owned())];
        assert_eq!(file_name("users", &filters, now), "users-q-muller-x-login-never-2023-11-14");
        assert_eq!(file_name("users", &[], now), "users-2023-11-14");
        assert!(file_name("users", &[("q", "a".repeat(5_000))], now).len() < 110);
    }

    #[test]
    fn a_number_is_written_as_it_is_and_a_text_as_no_formula() {
        let object = serde_json::json!({ "id": -2, "text": "=1+1", "none": null, "yes": true });
        assert_eq!(csv::record(&cells(&["id", "text", "none", "yes"], &object)), "-2,'=1+1,,true\r\n");
    }

    #[test]
    fn a_list_is_its_names_and_an_object_its_json() {
        let object = serde_json::json!({ "groups": ["a", "=b"], "none": {}, "attributes": {"x": [1, "=2"]} });
        let cells = cells(&["groups", "none", "attributes"], &object);
        assert_eq!(cells, ["a, '=b", "", "{\"x\":[1,'\"=2\"]}"].map(|cell| cell.replace(", '=b", ",' =b")));
    }
}
