//! The values that DRF's `BooleanField` takes for true and for false (`rest_framework/fields.py`).

use crate::api::drf::body::value::BodyValue;

const TRUE: [&str; 14] =
    ["t", "T", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1"];
const FALSE: [&str; 14] =
    ["f", "F", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0"];

/// The value of a text, or DRF's message.
pub(crate) fn read_text(text: &str) -> Result<bool, &'static str> {
    if TRUE.contains(&text) {
        Ok(true)
    } else if FALSE.contains(&text) {
        Ok(false)
    } else {
        Err("Must be a valid boolean.")
    }
}

/// The value, or DRF's message.
pub(crate) fn read(value: &BodyValue) -> Result<bool, &'static str> {
    let text = match value {
        BodyValue::Bool(value) => return Ok(*value),
        BodyValue::Null => return Err("This field may not be null."),
        BodyValue::Str(text) | BodyValue::Int(text) => text.as_str(),
        // In Python 1.0 == 1, so the set of values that contains 1 contains 1.0.
        BodyValue::Float(text) => text.as_str().strip_suffix(".0").unwrap_or_default(),
        _ => "",
    };
    read_text(text)
}

#[cfg(test)]
mod tests {
    use crate::api::drf::body::{BodyFields, Data, Switch, read as read_body};

    fn switch(content_type: &str, body: &str) -> Result<bool, serde_json::Value> {
        let data: Data = read_body(Some(content_type.as_bytes()), body.as_bytes()).unwrap();
        let value = BodyFields::new(&data).unwrap().read(&Switch::new("all", ""));
        value.map_err(|errors| errors.to_json()["all"][0].clone())
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
            let refused = switch("application/json", &format!("{{\"all\": {bad}}}"));
            assert_eq!(refused, Err("Must be a valid boolean.".into()), "{bad}");
        }
        assert_eq!(switch("application/json", "{\"all\": null}"), Err("This field may not be null.".into()));
    }
}
