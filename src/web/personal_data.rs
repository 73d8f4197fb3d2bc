//! All data about one person as a page to read and to print. The page is made from the JSON file, so that both
//! have the same.

use actix_web::HttpResponse;
use actix_web::http::header;
use askama::Template;
use serde_json::{Map, Value};

use crate::texts::Lang;
use crate::web::{Page, SiteView};

/// The most rows of one part on the page; the file has all.
const MAX_ROWS: usize = 50;

/// What the page needs besides the data.
pub(crate) struct DataPageFrame<'a> {
    pub t: Lang,
    pub site: SiteView,
    /// Path and label of the page before.
    pub back: (&'a str, String),
    /// The path of the JSON file.
    pub file: &'a str,
}

#[derive(Template)]
#[template(path = "web/personal_data.html")]
struct PersonalDataPage<'a> {
    frame: DataPageFrame<'a>,
    t: Lang,
    site: SiteView,
    name: String,
    exported_at: String,
    sections: Vec<DataSection>,
}

/// A part of the data: a table, or the values of one thing.
struct DataSection {
    heading: String,
    /// Empty for the values of one thing: then each row is a label and a value.
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    /// How many more rows the file has.
    more: u64,
}

/// The page.
pub(crate) fn page(frame: DataPageFrame<'_>, data: &Value) -> HttpResponse {
    let (t, site) = (frame.t, frame.site.clone());
    let parts = data.as_object().into_iter().flatten();
    let sections = parts.filter_map(|(name, part)| section(t, name, part)).collect();
    let name = data["account"]["username"].as_str().unwrap_or_default().to_owned();
    let exported_at = text(t, "exported_at", &data["exported_at"]);
    Page::new(PersonalDataPage { frame, t, site, name, exported_at, sections }).into_response()
}

/// The file, for download.
pub(crate) fn file(name: &str, data: Option<&Value>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response
        .content_type("application/json")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.json\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    match data {
        Some(data) => response.body(format!("{data:#}\n")),
        None => response.finish(),
    }
}

fn section(t: Lang, name: &str, part: &Value) -> Option<DataSection> {
    let heading = t.data_section(name);
    match part {
        Value::Object(values) => {
            let rows = values.iter().flat_map(|(name, value)| rows_of(t, name, value)).collect();
            Some(DataSection { heading, columns: Vec::new(), rows, more: 0 })
        }
        Value::Array(items) => {
            let names: Vec<&String> =
                items.first().and_then(Value::as_object).into_iter().flat_map(Map::keys).collect();
            let row = |item: &Value| names.iter().map(|name| text(t, name, &item[name.as_str()])).collect();
            let rows = items.iter().take(MAX_ROWS).map(row).collect();
            let columns = names.iter().map(|name| t.data_label(name)).collect();
            let more = items.len().saturating_sub(MAX_ROWS) as u64;
            Some(DataSection { heading, columns, rows, more })
        }
        _ => None,
    }
}

/// The row of a value; for an object, a row of each of its values, by its own names.
fn rows_of(t: Lang, name: &str, value: &Value) -> Vec<Vec<String>> {
    match value {
        Value::Object(values) => {
            values.iter().map(|(name, value)| vec![name.clone(), text(t, "", value)]).collect()
        }
        _ => vec![vec![t.data_label(name), text(t, name, value)]],
    }
}

/// A value in words.
fn text(t: Lang, name: &str, value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(true) => t.yes().to_owned(),
        Value::Bool(false) => t.no().to_owned(),
        Value::String(text) => match name {
            "action" => t.action(text).to_owned(),
            "actor" => t.actor(text).to_owned(),
            "kind" => t.mail_kind(text).to_owned(),
            "purpose" => t.data_purpose_name(text),
            "limit" => t.data_limit_name(text),
            "chosen_language" | "client_language" => {
                Lang::of_tag(text).map_or_else(|| text.clone(), |lang| lang.own_name().to_owned())
            }
            _ if name == "at" || name == "until" || name.ends_with("_at") => moment(text),
            _ => text.clone(),
        },
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| text(t, name, item)).collect();
            items.join(", ")
        }
        other => other.to_string(),
    }
}

/// A moment of RFC 3339, to the second in UTC.
fn moment(text: &str) -> String {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let time = time.split(['.', 'Z']).next().unwrap_or_default();
    format!("{date} {time} UTC")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_becomes_a_table_with_the_newest_rows_and_an_object_its_values() {
        let rows: Vec<Value> =
            (0..MAX_ROWS + 3).map(|n| json!({"action": "created", "id": n, "is_x": true})).collect();
        let part = section(Lang::English, "audit", &Value::from(rows)).unwrap();
        assert_eq!((part.columns.len(), part.rows.len(), part.more), (3, MAX_ROWS, 3));
        assert_eq!(part.rows[0], ["Account created", "0", "yes"]);
        let account = json!({"email": "a@b.example", "created_at": "2026-11-30T01:02:03.5Z", "x": null});
        let part = section(Lang::English, "account", &account).unwrap();
        assert_eq!(part.rows[0], ["Email address", "a@b.example"]);
        assert_eq!(part.rows[1][1], "2026-11-30 01:02:03 UTC");
        assert_eq!(part.rows[2], ["X", "–"]);
        let account = json!({"groups": ["a", "b"], "attributes": {"First name": "Ann", "points": [1, 2]}});
        let part = section(Lang::English, "account", &account).unwrap();
        assert_eq!(part.rows, [["Groups", "a, b"], ["First name", "Ann"], ["points", "1, 2"]]);
        assert!(section(Lang::English, "exported_at", &json!("2026")).is_none());
    }
}
