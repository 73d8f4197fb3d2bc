//! Text as CSV (RFC 4180) that is safe to open in a spreadsheet.
//!
//! A spreadsheet may split a line elsewhere than RFC 4180 does: a German Excel at semicolons, others at tabs.
//! So each place in a text that any of them may take for the beginning of a cell is made safe.

/// The mark by which Excel knows a file as UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The characters that separate cells or lines, for one program or another.
const SEPARATORS: [char; 6] = [',', ';', '\t', '|', '\n', '\r'];

/// The characters that begin a formula (OWASP, "CSV Injection"). The last four are the first four in full width.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A record: fields with commas between them, and CRLF at the end.
pub(crate) fn record(fields: &[impl AsRef<str>]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field.as_ref())).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field in quotes, if any program needs them around it.
fn quoted(field: &str) -> String {
    match field.contains(SEPARATORS) || field.contains('"') {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    }
}

/// A text that no spreadsheet takes for a formula, wherever it splits the line: where a cell may begin with a
/// formula, an apostrophe stands before it, with which spreadsheets mark text.
pub(crate) fn without_formula(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut is_start = true;
    for (at, character) in text.char_indices() {
        if is_start && begins_formula(text.get(at..).unwrap_or_default()) {
            safe.push('\'');
        }
        safe.push(character);
        is_start = SEPARATORS.contains(&character);
    }
    safe
}

/// Whether a cell with this text is a formula. Programs may leave out what is invisible, and quotes.
fn begins_formula(cell: &str) -> bool {
    let is_left_out = |c: char| {
        c == '"' || c == '\u{feff}' || !SEPARATORS.contains(&c) && (c.is_whitespace() || c.is_control())
    };
    cell.trim_start_matches(is_left_out).starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_field_is_quoted_where_any_program_needs_it_and_is_no_formula_for_any() {
        for (text, written) in [
            ("alice", "alice"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("＝1+1", "'＝1+1"),
            (" =1", "' =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("a-b+c@d", "a-b+c@d"),
            ("\"a,b\"@example.com", "\"\"\"a,b\"\"@example.com\""),
            ("=a,b", "\"'=a,b\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("Mozilla/5.0;=cmd|'/C calc'!A0", "\"Mozilla/5.0;'=cmd|'/C calc'!A0\""),
            ("x;y", "\"x;y\""),
            ("x\t=1+1", "\"x\t'=1+1\""),
            ("x; =1", "\"x;' =1\""),
            ("x;\"=1\"", "\"x;'\"\"=1\"\"\""),
            ("x;;@a", "\"x;;'@a\""),
            ("x\n-1", "\"x\n'-1\""),
            ("\t=1", "\"\t'=1\""),
        ] {
            assert_eq!(record(&[without_formula(text)]), format!("{written}\r\n"), "{text:?}");
        }
    }

    /// The cells of a line for a program that splits at `separator` and takes quotes only at a cell's beginning.
    fn cells(line: &str, separator: char) -> Vec<String> {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        for c in line.chars() {
            if c == '"' && (quoted || cell.is_empty()) {
                quoted = !quoted;
            } else if !quoted && (c == separator || c == '\n' || c == '\r') {
                cells.push(std::mem::take(&mut cell));
            } else {
                cell.push(c);
            }
        }
        cells.push(cell);
        cells
    }

    proptest! {
        #[test]
        fn no_program_sees_a_formula_and_one_of_rfc_4180_sees_the_text(
            texts in prop::collection::vec("[a=+@;,\"\t\n\r |'-]{0,12}|\\PC{0,12}", 1..4),
        ) {
            let safe: Vec<String> = texts.iter().map(|text| without_formula(text)).collect();
            for (text, safe) in texts.iter().zip(&safe) {
                prop_assert_eq!(text.replace('\'', ""), safe.replace('\'', ""));
            }
            let line = record(&safe);
            for separator in [',', ';', '\t', '|'] {
                for cell in cells(&line, separator) {
                    prop_assert!(!cell.starts_with(FORMULA), "{:?} in {:?}", cell, line);
                }
            }
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let read: Vec<String> = reader.records().flat_map(|record| {
                record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()
            }).collect();
            if safe.iter().any(|text| !text.is_empty()) {
                prop_assert_eq!(read, safe);
            }
        }
    }
}
