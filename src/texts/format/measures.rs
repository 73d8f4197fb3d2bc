//! Sizes and measured times, rounded for reading.

use std::time::Duration;

use crate::texts::Lang;

texts! {
    amount[n] = "{n}", "{n}" | "{n}", "{n}";
    milliseconds(number) = "{number} ms" | "{number} ms";
    seconds_exact(number) = "{number} s" | "{number} s";
    size(number, unit) = "{number} {unit}" | "{number} {unit}";
}

impl Lang {
    /// A measured duration: in milliseconds, from one second on in seconds.
    #[must_use]
    pub fn measured(self, span: Duration) -> String {
        let ms = span.as_secs_f64() * 1e3;
        match ms {
            ..10.0 => self.milliseconds(self.decimal(ms)),
            ..1000.0 => self.milliseconds(format!("{ms:.0}")),
            _ => self.seconds_exact(self.decimal(ms / 1e3)),
        }
    }

    /// A size in bytes, in decimal units (IEC 80000-13).
    #[must_use]
    pub fn bytes(self, bytes: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
        let mut number = bytes as f64;
        if bytes < 1000 {
            return self.size(bytes, "B");
        }
        let mut unit = "kB";
        for larger in ["kB", "MB", "GB", "TB"] {
            unit = larger;
            number /= 1000.0;
            if number < 999.95 {
                break;
            }
        }
        self.size(self.decimal(number), unit)
    }

    /// A number with one decimal; from 100 on without.
    #[must_use]
    pub fn about(self, number: f64) -> String {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, rounded")]
        match number {
            ..99.95 => self.decimal(number),
            _ => self.number(number.round() as u64),
        }
    }

    /// A number with one decimal.
    #[must_use]
    pub fn decimal(self, number: f64) -> String {
        let text = format!("{number:.1}");
        match self {
            Self::English => text,
            Self::German => text.replace('.', ","),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measured_span_is_written_in_its_unit() {
        let text = |micros| Lang::English.measured(Duration::from_micros(micros));
        assert_eq!(
            [text(0), text(1_440), text(61_700), text(1_460_000)],
            ["0.0 ms", "1.4 ms", "62 ms", "1.5 s"]
        );
        assert_eq!(Lang::German.measured(Duration::from_millis(1500)), "1,5 s");
    }

    #[test]
    fn a_decimal_is_written_where_it_matters() {
        let text = |number| Lang::English.about(number);
        assert_eq!([text(0.0), text(3.12), text(99.94), text(99.96)], ["0.0", "3.1", "99.9", "100"]);
        assert_eq!([text(8721.1), Lang::German.about(8721.6)], ["8,721", "8.722"]);
    }

    #[test]
    fn bytes_are_written_in_thousands() {
        let text = |bytes| Lang::English.bytes(bytes);
        assert_eq!([text(0), text(999), text(1_000)], ["0 B", "999 B", "1.0 kB"]);
        assert_eq!([text(999_949), text(999_950), text(2_340_000_000)], ["999.9 kB", "1.0 MB", "2.3 GB"]);
        assert_eq!(text(u64::MAX), "18446744.1 TB");
        assert_eq!(Lang::German.bytes(1_500_000), "1,5 MB");
    }
}
