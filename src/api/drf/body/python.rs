//! The behaviour of Python's `bytes`, `int` and `float` that is visible in answers.

use crate::types::trimmed;

/// `bytes.strip()`: removes ASCII white space, including the vertical tab.
pub(crate) fn strip_bytes(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes
        && is_space_byte(*first)
    {
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && is_space_byte(*last)
    {
        bytes = rest;
    }
    bytes
}

/// `bytes.isspace()` of one byte.
pub(crate) fn is_space_byte(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}

/// `repr(float)`: the shortest digits that parse as the same number, with an exponent of at least two
/// digits if it is below -4 or above 15.
pub(crate) fn float_text(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        -4..=15 => format!("{number:?}"),
        exponent => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
    }
}

/// `int(text)` of a decimal text, which may have white space around it and single underscores inside.
/// `None` where Python raises `ValueError`. Numbers beyond `i64` are clamped to its range.
pub(crate) fn int(text: &str) -> Option<i64> {
    let text = trimmed(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut number: i64 = 0;
    for group in digits.split('_') {
        if group.is_empty() {
            return None;
        }
        for c in group.chars() {
            let digit = i64::from(c.to_digit(10)?);
            number = number.saturating_mul(10).saturating_add(digit);
        }
    }
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strip_bytes_removes_the_vertical_tab() {
        assert_eq!(strip_bytes(b"\x0b a\x1c\x0b"), b"a\x1c");
        assert_eq!(strip_bytes(b" \t"), b"");
    }

    #[test]
    fn floats_print_as_python_prints_them() {
        for (number, text) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(float_text(number), text);
        }
    }

    #[test]
    fn int_reads_what_python_reads() {
        assert_eq!(int(" +1_0\t"), Some(10));
        assert_eq!(int("-4"), Some(-4));
        assert_eq!(int("99999999999999999999"), Some(i64::MAX));
        for text in ["", "-", "1__0", "_1", "1_", "4.0", "0x4", "- 4", "\u{B2}"] {
            assert_eq!(int(text), None, "{text:?}");
        }
    }
}
