//! Decodes bytes by the charset of a `Content-Type`, with the error messages of Python's codecs. Charsets
//! that Python supports and this file does not (`utf-7`, `utf-32`, EBCDIC …) are read as UTF-8, as unknown
//! ones are. The East Asian charsets use the tables of the WHATWG Encoding Standard, which have more
//! characters than Python's: bytes that Python refuses may be decoded here, or have another message.

use encoding_rs::Encoding;

const TRUNCATED: &str = "unexpected end of data";

/// The charset of a body.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(crate) enum Charset {
    /// UTF-8, which is also the default.
    #[default]
    Utf8,
    /// UTF-8 after a byte order mark, which is skipped.
    Utf8Sig,
    /// US-ASCII.
    Ascii,
    /// ISO 8859-1: every byte is the code point of a character.
    Latin1,
    /// ISO 8859-9. The Encoding Standard has only windows-1254, which differs in 0x80 to 0x9F.
    Latin5,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// An older charset, with the name of its codec in Python's messages.
    Legacy(&'static Encoding, &'static str),
}

/// Bytes that are not valid in the charset.
struct DecodeFault {
    len: usize,
    reason: &'static str,
}

impl Charset {
    /// The charset with a name, which is normalised as Python does (`encodings.normalize_encoding`).
    pub(crate) fn find(name: &str) -> Option<Charset> {
        let name = normalize(name);
        Some(match name.as_str() {
            "utf_8" | "utf8" | "u8" | "utf" | "cp65001" | "utf8_ucs2" | "utf8_ucs4" => Charset::Utf8,
            "utf_8_sig" => Charset::Utf8Sig,
            "ascii" | "us_ascii" | "us" | "646" | "cp367" | "ibm367" | "csascii" | "iso_ir_6"
            | "iso646_us" => Charset::Ascii,
            "latin_1" | "latin1" | "latin" | "l1" | "8859" | "cp819" | "ibm819" | "iso8859" | "iso8859_1"
            | "iso_8859_1" | "csisolatin1" | "iso_ir_100" => Charset::Latin1,
            "utf_16" | "utf16" | "u16" => Charset::Utf16,
            "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Charset::Utf16Le,
            "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Charset::Utf16Be,
            "iso8859_9" | "iso_8859_9" | "latin5" | "l5" => Charset::Latin5,
            _ => return legacy(&name),
        })
    }

    /// As a `codecs.StreamReader` reads a whole stream: an incomplete character at its end is skipped.
    /// The error is the text of Python's `UnicodeError`.
    pub(crate) fn decode_stream(self, bytes: &[u8]) -> Result<String, String> {
        match self {
            Charset::Utf8Sig => {
                let text = bytes.strip_prefix(b"\xEF\xBB\xBF");
                Charset::Utf8.decode_stream(text.unwrap_or(bytes))
            }
            Charset::Utf16 => match bytes {
                [0xFF, 0xFE, ..] => Charset::Utf16Le.decode(bytes, 2, true, false),
                [0xFE, 0xFF, ..] => Charset::Utf16Be.decode(bytes, 2, true, false),
                // Python checks for the mark after it has decoded the text.
                _ => match Charset::Utf16Le.decode(bytes, 0, true, false)?.as_str() {
                    "" => Ok(String::new()),
                    _ => Err("UTF-16 stream does not start with BOM".to_owned()),
                },
            },
            _ => self.decode(bytes, 0, true, false),
        }
    }

    /// As `bytes.decode(charset)`; `None` where Python raises an error.
    pub(crate) fn decode_strict(self, bytes: &[u8]) -> Option<String> {
        let (charset, start) = self.skip_byte_order_mark(bytes);
        charset.decode(bytes, start, false, false).ok()
    }

    /// As `bytes.decode(charset, "replace")`: invalid bytes become U+FFFD.
    pub(crate) fn decode_lossy(self, bytes: &[u8]) -> String {
        let (charset, start) = self.skip_byte_order_mark(bytes);
        charset.decode(bytes, start, false, true).unwrap_or_default()
    }

    /// The charset by the byte order mark, and the offset of the text.
    fn skip_byte_order_mark(self, bytes: &[u8]) -> (Charset, usize) {
        match (self, bytes) {
            (Charset::Utf8Sig, [0xEF, 0xBB, 0xBF, ..]) => (Charset::Utf8, 3),
            (Charset::Utf8Sig, _) => (Charset::Utf8, 0),
            (Charset::Utf16, [0xFF, 0xFE, ..]) => (Charset::Utf16Le, 2),
            (Charset::Utf16, [0xFE, 0xFF, ..]) => (Charset::Utf16Be, 2),
            (Charset::Utf16, _) => (Charset::Utf16Le, 0),
            _ => (self, 0),
        }
    }

    fn decode(self, bytes: &[u8], start: usize, stream: bool, lossy: bool) -> Result<String, String> {
        let mut text = String::with_capacity(bytes.len());
        let mut at = start;
        while let Some(rest) = bytes.get(at..)
            && !rest.is_empty()
        {
            match self.step(rest, &mut text) {
                Ok(read) => at += read,
                Err(fault) if stream && self.may_continue(rest, &fault) => break,
                Err(fault) if lossy => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    at += fault.len;
                }
                Err(fault) => return Err(self.message(bytes, at, &fault)),
            }
        }
        Ok(text)
    }

    /// Appends one or more characters, and answers how many bytes they took: at least one.
    fn step(self, rest: &[u8], text: &mut String) -> Result<usize, DecodeFault> {
        match self {
            Charset::Utf8 | Charset::Utf8Sig => step_utf8(rest, text),
            Charset::Utf16 | Charset::Utf16Le => step_utf16(rest, text, u16::from_le_bytes),
            Charset::Utf16Be => step_utf16(rest, text, u16::from_be_bytes),
            Charset::Legacy(encoding, _) => step_legacy(encoding, rest, text),
            Charset::Latin5 => match rest.first() {
                Some(0x80..=0x9F) => Charset::Latin1.step(rest, text),
                _ => step_legacy(encoding_rs::WINDOWS_1254, rest, text),
            },
            Charset::Ascii | Charset::Latin1 => match rest.first().copied().unwrap_or_default() {
                byte if byte.is_ascii() || self == Charset::Latin1 => {
                    text.push(char::from(byte));
                    Ok(1)
                }
                _ => Err(DecodeFault { len: 1, reason: "ordinal not in range(128)" }),
            },
        }
    }

    /// Whether the bytes could be the beginning of a character.
    fn may_continue(self, rest: &[u8], fault: &DecodeFault) -> bool {
        // CPython treats half a surrogate in UTF-8 as incomplete, though no third byte makes it valid.
        let half_surrogate = self == Charset::Utf8 && matches!(rest, [0xED, 0xA0..=0xBF]);
        fault.reason == TRUNCATED || half_surrogate
    }

    /// The text of Python's `UnicodeDecodeError`.
    fn message(self, bytes: &[u8], at: usize, fault: &DecodeFault) -> String {
        let codec = match self {
            Charset::Utf8 | Charset::Utf8Sig => "utf-8",
            Charset::Ascii => "ascii",
            Charset::Latin1 => "latin-1",
            Charset::Utf16 | Charset::Utf16Le => "utf-16-le",
            Charset::Utf16Be => "utf-16-be",
            Charset::Latin5 => "charmap",
            Charset::Legacy(_, codec) => codec,
        };
        let reason = fault.reason;
        if fault.len == 1 {
            let byte = bytes.get(at).copied().unwrap_or_default();
            format!("'{codec}' codec can't decode byte 0x{byte:02x} in position {at}: {reason}")
        } else {
            let last = at + fault.len - 1;
            format!("'{codec}' codec can't decode bytes in position {at}-{last}: {reason}")
        }
    }
}

fn step_utf8(rest: &[u8], text: &mut String) -> Result<usize, DecodeFault> {
    let Some(chunk) = rest.utf8_chunks().next() else {
        return Ok(rest.len());
    };
    if !chunk.valid().is_empty() {
        text.push_str(chunk.valid());
        return Ok(chunk.valid().len());
    }
    let len = chunk.invalid().len();
    let truncated = len == rest.len() && std::str::from_utf8(rest).is_err_and(|e| e.error_len().is_none());
    let reason = match rest.first() {
        _ if truncated => TRUNCATED,
        Some(0xC2..=0xF4) => "invalid continuation byte",
        _ => "invalid start byte",
    };
    Err(DecodeFault { len, reason })
}

fn step_utf16(rest: &[u8], text: &mut String, unit: fn([u8; 2]) -> u16) -> Result<usize, DecodeFault> {
    let truncated = DecodeFault { len: rest.len(), reason: TRUNCATED };
    let mut units = rest.as_chunks::<2>().0.iter().copied().map(unit);
    match (units.next(), units.next()) {
        (None, _) => Err(truncated),
        (Some(0xDC00..=0xDFFF), _) => Err(DecodeFault { len: 2, reason: "illegal encoding" }),
        (Some(0xD800..=0xDBFF), None) => Err(truncated),
        (Some(high @ 0xD800..=0xDBFF), Some(low)) => {
            match char::decode_utf16([high, low]).next() {
                Some(Ok(c)) => text.push(c),
                _ => {
                    return Err(DecodeFault { len: 2, reason: "illegal UTF-16 surrogate" });
                }
            }
            Ok(4)
        }
        (Some(single), _) => {
            text.extend(char::from_u32(u32::from(single)));
            Ok(2)
        }
    }
}

fn step_legacy(encoding: &'static Encoding, rest: &[u8], text: &mut String) -> Result<usize, DecodeFault> {
    let single = encoding.is_single_byte();
    for len in 1..=if single { 1 } else { rest.len().min(4) } {
        let bytes = rest.get(..len).unwrap_or_default();
        let Some(read) = encoding.decode_without_bom_handling_and_without_replacement(bytes) else {
            continue;
        };
        // The Encoding Standard fills the holes of the Windows code pages with control characters, and has
        // a euro sign in the Chinese charsets. Python has neither.
        let control = |c| ('\u{80}'..='\u{9F}').contains(&c);
        let windows = encoding.name().starts_with("windows");
        let hole = windows && read.contains(control) || !single && bytes == [0x80];
        if hole {
            break;
        }
        text.push_str(&read);
        return Ok(len);
    }
    let reason = match (single, rest.len()) {
        (true, _) => "character maps to <undefined>",
        (false, 1) => "incomplete multibyte sequence",
        (false, _) => "illegal multibyte sequence",
    };
    Err(DecodeFault { len: 1, reason })
}

/// Lower case, with one `_` for every run of characters other than ASCII letters, digits and dots.
fn normalize(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let parts = name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("_")
}

/// The older charsets whose tables are the same here and in Python, except for control characters.
fn legacy(name: &str) -> Option<Charset> {
    let multi_byte = match name {
        "gbk" | "936" | "cp936" | "ms936" => "gbk",
        "gb18030" | "gb18030_2000" => "gb18030",
        "shift_jis" | "shiftjis" | "sjis" | "s_jis" | "csshiftjis" => "shift_jis",
        "cp932" | "932" | "ms932" | "mskanji" | "ms_kanji" => "cp932",
        "euc_jp" | "eucjp" | "ujis" | "u_jis" => "euc_jp",
        "euc_kr" | "euckr" | "korean" | "ksc5601" | "ks_c_5601" | "ks_c_5601_1987" => "euc_kr",
        "cp949" | "949" | "ms949" | "uhc" => "cp949",
        "big5" | "big5_tw" | "csbig5" => "big5",
        _ => {
            let encoding = Encoding::for_label(single_byte_label(name)?.as_bytes())?;
            return Some(Charset::Legacy(encoding, "charmap"));
        }
    };
    let label = match multi_byte {
        "cp932" => "shift_jis",
        "cp949" => "euc_kr",
        other => other,
    };
    let label = label.replace("euc_", "euc-");
    Encoding::for_label(label.as_bytes()).map(|encoding| Charset::Legacy(encoding, multi_byte))
}

/// The label in the Encoding Standard of a charset with one byte per character.
fn single_byte_label(name: &str) -> Option<String> {
    match name {
        "koi8_r" | "cskoi8r" => return Some("koi8-r".to_owned()),
        "cp866" | "866" | "ibm866" | "csibm866" => return Some("ibm866".to_owned()),
        "mac_roman" | "macroman" | "macintosh" => return Some("macintosh".to_owned()),
        "latin2" | "l2" | "latin3" | "l3" | "latin4" | "l4" | "latin6" | "l6" | "l9" | "cyrillic"
        | "arabic" | "greek" | "hebrew" => return Some(name.to_owned()),
        _ => {}
    }
    let number = |prefixes: [&str; 2]| prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
    if let Some(number) = number(["iso8859_", "iso_8859_"]) {
        return matches!(number.parse(), Ok(2_u8..=8 | 10 | 13..=16)).then(|| format!("iso-8859-{number}"));
    }
    let page = number(["cp", "windows_"]).unwrap_or(name);
    matches!(page.parse(), Ok(1250_u16..=1258)).then(|| format!("windows-{page}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(charset: Charset, bytes: &[u8]) -> String {
        charset.decode_stream(bytes).unwrap_err()
    }

    #[test]
    fn a_name_is_recognised_in_every_spelling() {
        assert_eq!(Charset::find("UTF-8"), Some(Charset::Utf8));
        assert_eq!(Charset::find(" utf  8 "), Some(Charset::Utf8));
        assert_eq!(Charset::find("ISO-8859-1"), Some(Charset::Latin1));
        assert_eq!(Charset::find("US-ASCII"), Some(Charset::Ascii));
        assert!(matches!(Charset::find("windows-1251"), Some(Charset::Legacy(..))));
        assert!(matches!(Charset::find("EUC-KR"), Some(Charset::Legacy(_, "euc_kr"))));
        for unknown in ["", "utf-9", "iso-8859-17", "cp1259", "-"] {
            assert_eq!(Charset::find(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn invalid_utf8_has_the_message_of_python() {
        let utf8 = |bytes| error(Charset::Utf8, bytes);
        assert_eq!(utf8(b"ab\xFF"), "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte");
        assert_eq!(
            utf8(b"\xE2\x82\""),
            "'utf-8' codec can't decode bytes in position 0-1: invalid continuation byte"
        );
        assert_eq!(
            utf8(b"\xED\xA0\x80"),
            "'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte"
        );
    }

    #[test]
    fn an_incomplete_character_at_the_end_of_a_stream_is_skipped() {
        assert_eq!(Charset::Utf8.decode_stream(b"a\xE2\x82").unwrap(), "a");
        assert_eq!(Charset::Utf8.decode_stream(b"a\xED\xA0").unwrap(), "a");
        assert_eq!(Charset::Utf16Le.decode_stream(b"a\0\x00\xD8").unwrap(), "a");
        assert_eq!(Charset::Utf8.decode_strict(b"a\xE2\x82"), None);
        assert_eq!(Charset::Utf8.decode_lossy(b"a\xE2\x82"), "a\u{FFFD}");
    }

    #[test]
    fn utf16_in_a_stream_needs_a_byte_order_mark() {
        assert_eq!(Charset::Utf16.decode_stream(b"\xFE\xFF\0a").unwrap(), "a");
        assert_eq!(error(Charset::Utf16, b"a\0"), "UTF-16 stream does not start with BOM");
        assert_eq!(Charset::Utf16.decode_lossy(b"a\0"), "a");
        assert_eq!(
            error(Charset::Utf16, b"\xFF\xFE\0\xDCa\0"),
            "'utf-16-le' codec can't decode bytes in position 2-3: illegal encoding"
        );
    }

    #[test]
    fn holes_in_a_code_page_are_errors() {
        let cp1252 = Charset::find("cp1252").unwrap();
        assert_eq!(cp1252.decode_lossy(b"\x80\x81"), "€\u{FFFD}");
        assert_eq!(
            error(cp1252, b"a\x81"),
            "'charmap' codec can't decode byte 0x81 in position 1: character maps to <undefined>"
        );
    }

    #[test]
    fn iso_8859_9_keeps_its_control_characters() {
        let latin5 = Charset::find("ISO-8859-9").unwrap();
        assert_eq!(latin5.decode_lossy(b"\x80\xFE"), "\u{80}ş");
    }

    #[test]
    fn multi_byte_charsets_are_read() {
        assert_eq!(Charset::find("gbk").unwrap().decode_lossy(b"\xC4\xE3a\xFF"), "你a\u{FFFD}");
        assert_eq!(Charset::find("cp932").unwrap().decode_lossy(b"\x82\xA0"), "あ");
    }
}
