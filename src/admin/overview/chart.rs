//! The geometry of a bar chart: successful and failed logins, one bar a span of time.
//! `templates/admin/overview/chart.html` renders it as an SVG and as a table.

use crate::store::tables::login_tallies::Tally;

use crate::texts::Lang;

/// The width of a span and of its bar, in units of the SVG.
const SPAN_WIDTH: u32 = 10;
const BAR_WIDTH: u32 = 7;

/// The height of the chart.
const HEIGHT: f64 = 100.0;

/// The height of the smallest count above 0.
const MIN_HEIGHT: f64 = 1.5;

/// A span of time with its logins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChartSpan {
    /// The label.
    pub name: String,
    /// The beginning (RFC 3339).
    pub iso: String,
    pub worked: u64,
    pub failed: u64,
}

/// A bar: successful logins below, failed ones on top.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChartBar {
    pub x: u32,
    pub span: ChartSpan,
    pub worked: ChartPart,
    pub failed: ChartPart,
}

/// A part of a bar, from its upper edge down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ChartPart {
    pub y: f64,
    pub height: f64,
}

/// The chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chart {
    pub bars: Vec<ChartBar>,
    /// The count at the upper edge.
    pub top: u64,
    /// The sums.
    pub worked: u64,
    pub failed: u64,
}

impl Chart {
    pub(crate) fn new(spans: Vec<ChartSpan>) -> Self {
        let sum = |count: fn(&ChartSpan) -> u64| spans.iter().map(count).fold(0, u64::saturating_add);
        let (worked, failed) = (sum(|span| span.worked), sum(|span| span.failed));
        let max = spans.iter().map(|span| span.worked.saturating_add(span.failed)).max();
        let top = round_up(max.unwrap_or(0));
        let bars = (0..).zip(spans).map(|(number, span)| bar(number, span, top)).collect();
        Self { bars, top, worked, failed }
    }

    /// The width of the chart.
    pub(crate) fn width(&self) -> u32 {
        u32::try_from(self.bars.len()).unwrap_or(u32::MAX).saturating_mul(SPAN_WIDTH)
    }

    /// The label of the line in the middle.
    pub(crate) fn middle(&self, t: Lang) -> String {
        match self.top % 2 {
            0 => t.amount(self.top / 2),
            _ => format!("{}{}", t.number(self.top / 2), t.decimal(0.5).trim_start_matches('0')),
        }
    }

    /// The labels of the axis: of the first, the middle and the last bar.
    pub(crate) fn axis_labels(&self) -> Vec<&str> {
        let names = [0, self.bars.len() / 2, self.bars.len().saturating_sub(1)];
        names.iter().filter_map(|at| self.bars.get(*at)).map(|bar| bar.span.name.as_str()).collect()
    }
}

/// The successful and failed logins of some hours.
pub(crate) fn total(hours: &[Tally]) -> (u64, u64) {
    let add = |(worked, failed): (u64, u64), hour: &Tally| {
        (worked.saturating_add(hour.worked), failed.saturating_add(hour.failed))
    };
    hours.iter().fold((0, 0), add)
}

fn bar(number: u32, span: ChartSpan, top: u64) -> ChartBar {
    let worked = height(span.worked, top);
    let failed = height(span.failed, top).min(HEIGHT - worked);
    ChartBar {
        x: number * SPAN_WIDTH + (SPAN_WIDTH - BAR_WIDTH) / 2,
        worked: ChartPart { y: HEIGHT - worked, height: worked },
        failed: ChartPart { y: HEIGHT - worked - failed, height: failed },
        span,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a chart needs three digits")]
fn height(count: u64, top: u64) -> f64 {
    match count {
        0 => 0.0,
        // To a hundredth, which is finer than any screen.
        count => (count as f64 / top as f64 * HEIGHT * 100.0).round().max(MIN_HEIGHT * 100.0) / 100.0,
    }
}

/// The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten that is a whole number, at least 2: the
/// highest bar fills most of the chart, and no line stands at an odd number.
fn round_up(max: u64) -> u64 {
    const TENTHS: [u64; 10] = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80];
    let max = max.max(2);
    let mut power: u64 = 1;
    loop {
        for tenths in TENTHS {
            match power.checked_mul(tenths) {
                Some(top) if top % 10 == 0 && top / 10 >= max => return top / 10,
                Some(_) => {}
                None => return u64::MAX,
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(worked: u64, failed: u64) -> ChartSpan {
        ChartSpan { name: format!("{worked}-{failed}"), iso: String::new(), worked, failed }
    }

    #[test]
    fn the_scale_ends_at_a_round_number() {
        let tops = [0, 1, 2, 3, 7, 9, 11, 13, 21, 25, 26, 101, 442].map(round_up);
        assert_eq!(tops, [2, 2, 2, 3, 8, 10, 12, 15, 25, 25, 30, 120, 500]);
        assert_eq!(round_up(u64::MAX), u64::MAX);
        let most = (2..20_000).map(|max| (round_up(max), max)).map(|(top, max)| top * 10 / max).max();
        assert!(most < Some(15), "a third of a chart is empty at most: {most:?}");
    }

    #[test]
    fn the_line_in_the_middle_has_its_exact_number() {
        let middle = |max| Chart::new(vec![span(max, 0)]).middle(Lang::English);
        assert_eq!([middle(2), middle(3), middle(25), middle(442)], ["1", "1.5", "12.5", "250"]);
        assert_eq!(Chart::new(vec![span(25, 0)]).middle(Lang::German), "12,5");
    }

    #[test]
    fn failed_logins_are_stacked_on_successful_ones() {
        let chart = Chart::new(vec![span(5, 5), span(0, 0), span(10, 0)]);
        assert_eq!((chart.top, chart.worked, chart.failed, chart.width()), (10, 15, 5, 30));
        let first = &chart.bars[0];
        assert_eq!(
            (first.worked, first.failed),
            (ChartPart { y: 50.0, height: 50.0 }, ChartPart { y: 0.0, height: 50.0 })
        );
        assert_eq!((chart.bars[1].worked.height, chart.bars[1].failed.height), (0.0, 0.0));
        assert_eq!(chart.bars.iter().map(|bar| bar.x).collect::<Vec<_>>(), [1, 11, 21]);
        assert_eq!(chart.axis_labels(), ["5-5", "0-0", "10-0"]);
    }

    #[test]
    fn one_login_among_a_million_is_visible() {
        let chart = Chart::new(vec![span(1_000_000, 0), span(0, 1)]);
        assert_eq!(chart.bars[1].failed, ChartPart { y: HEIGHT - MIN_HEIGHT, height: MIN_HEIGHT });
    }

    #[test]
    fn no_spans_make_an_empty_chart() {
        let chart = Chart::new(Vec::new());
        assert_eq!((chart.top, chart.width()), (2, 0));
        assert!(chart.axis_labels().is_empty());
    }

    proptest! {
        #[test]
        fn every_bar_is_within_the_chart(counts in prop::collection::vec(any::<(u64, u64)>(), 0..40)) {
            let chart = Chart::new(counts.into_iter().map(|(worked, failed)| span(worked, failed)).collect());
            for bar in &chart.bars {
                for part in [bar.worked, bar.failed] {
                    prop_assert!(part.y >= -0.001 && part.height >= 0.0);
                    prop_assert!(part.y + part.height <= HEIGHT + 0.001);
                }
                prop_assert!(bar.failed.y + bar.failed.height <= bar.worked.y + 0.001);
                prop_assert!(bar.x + BAR_WIDTH <= chart.width());
            }
        }
    }
}
