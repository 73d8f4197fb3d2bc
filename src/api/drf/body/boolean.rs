//! DRF's `BooleanField` (`rest_framework/fields.py`): which values are yes, and which are no. Called by
//! `fields`.

use crate::api::drf::body::value::BodyValue;

const YES: [&str; 14] =
    ["t", "T", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1"];
const NO: [&str; 14] =
    ["f", "F", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0"];

/// The value, or what is wrong with it.
pub(crate) fn read(value: &BodyValue) -> Result<bool, &'static str> {
    let text = match value {
        BodyValue::Bool(value) => return Ok(*value),
        BodyValue::Null => return Err("This field may not be null."),
        BodyValue::Str(text) | BodyValue::Int(text) => text.as_str(),
        // Python's 1.0 equals 1, and is found in a set of it.
        BodyValue::Float(text) => text.as_str().strip_suffix(".0").unwrap_or_default(),
        _ => "",
    };
    if YES.contains(&text) {
        Ok(true)
    } else if NO.contains(&text) {
        Ok(false)
    } else {
        Err("Must be a valid boolean.")
    }
}

#[cfg(test)]
mod tests {
    use crate::api::drf::body::{Data, FieldReader, read as read_body};

    fn switch(content_type: &str, body: &str) -> Result<bool, serde_json::Value> {
        let data: Data = read_body(Some(content_type.as_bytes()), body.as_bytes()).unwrap();
        let mut reader = FieldReader::new(&data).unwrap();
        let value = reader.switch("all");
        reader.finish().map(|()| value).map_err(|errors| errors.to_json()["all"][0].clone())
    }

    #[test]
    fn words_and_numbers_are_read_as_drf_reads_them() {
        for (text, value) in
            [("true", true), ("\"on\"", true), ("1", true), ("1.0", true), ("\"No\"", false), ("0", false)]
        {
            assert_eq!(switch("application/json", &format!("{{\"all\": {text}}}")), Ok(value), "{text}");
        }
        assert_eq!(switch("application/json", "{}"), Ok(false));
        assert_eq!(switch("application/x-www-form-urlencoded", "all=true"), Ok(true));
        for bad in ["\"tRUE\"", "2", "\"\"", "[]", "{}", "\"t \""] {
            let found = switch("application/json", &format!("{{\"all\": {bad}}}"));
            assert_eq!(found, Err("Must be a valid boolean.".into()), "{bad}");
        }
        assert_eq!(switch("application/json", "{\"all\": null}"), Err("This field may not be null.".into()));
    }
}
