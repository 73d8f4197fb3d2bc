//! Bars in an SVG, made here: how many logins worked and failed, one bar a stretch of time. The
//! arithmetic only; `templates/admin/overview/chart.html` draws it and writes the same as a table.

use crate::store::tables::login_tallies::Tally;

/// How wide a stretch is, in the units of the drawing, and its bar.
const STRIDE: u32 = 10;
const BAR: u32 = 7;

/// How high the drawing is.
const HEIGHT: f64 = 100.0;

/// The least height of what is not nothing.
const HAIR: f64 = 1.5;

/// A stretch of time and what it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChartSpan {
    /// As it is called.
    pub name: String,
    /// For machines (RFC 3339).
    pub iso: String,
    pub worked: u64,
    pub failed: u64,
}

/// A bar: those that worked below, those that failed on top.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChartBar {
    pub x: u32,
    pub stretch: ChartSpan,
    pub worked: ChartPart,
    pub failed: ChartPart,
}

/// A part of a bar, from its upper edge down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ChartPart {
    pub y: f64,
    pub height: f64,
}

/// The whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chart {
    pub bars: Vec<ChartBar>,
    /// What the upper edge stands for, and the line in the middle.
    pub top: u64,
    pub middle: u64,
    /// The sums.
    pub worked: u64,
    pub failed: u64,
}

impl Chart {
    /// Draws what happened.
    pub(crate) fn new(stretches: Vec<ChartSpan>) -> Self {
        let sum = |of: fn(&ChartSpan) -> u64| stretches.iter().map(of).fold(0, u64::saturating_add);
        let (worked, failed) = (sum(|one| one.worked), sum(|one| one.failed));
        let most = stretches.iter().map(|one| one.worked.saturating_add(one.failed)).max();
        let top = round_up(most.unwrap_or(0));
        let bars = (0..).zip(stretches).map(|(number, stretch)| bar(number, stretch, top)).collect();
        Self { bars, top, middle: top / 2, worked, failed }
    }

    /// How wide the drawing is.
    pub(crate) fn width(&self) -> u32 {
        u32::try_from(self.bars.len()).unwrap_or(u32::MAX).saturating_mul(STRIDE)
    }

    /// The names under the drawing: of the first bar, the one in the middle and the last.
    pub(crate) fn ends(&self) -> Vec<&str> {
        let names = [0, self.bars.len() / 2, self.bars.len().saturating_sub(1)];
        names.iter().filter_map(|at| self.bars.get(*at)).map(|bar| bar.stretch.name.as_str()).collect()
    }
}

/// The sum over some hours.
pub(crate) fn total(hours: &[Tally]) -> (u64, u64) {
    let add = |(worked, failed): (u64, u64), hour: &Tally| {
        (worked.saturating_add(hour.worked), failed.saturating_add(hour.failed))
    };
    hours.iter().fold((0, 0), add)
}

fn bar(number: u32, stretch: ChartSpan, top: u64) -> ChartBar {
    let below = height(stretch.worked, top);
    let above = height(stretch.failed, top).min(HEIGHT - below);
    ChartBar {
        x: number * STRIDE + (STRIDE - BAR) / 2,
        worked: ChartPart { y: HEIGHT - below, height: below },
        failed: ChartPart { y: HEIGHT - below - above, height: above },
        stretch,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs three digits")]
fn height(count: u64, top: u64) -> f64 {
    match count {
        0 => 0.0,
        // To a hundredth, which is finer than any screen.
        some => (some as f64 / top as f64 * HEIGHT * 100.0).round().max(HAIR * 100.0) / 100.0,
    }
}

/// The next number that reads well, and whose half does: 2, 4, 10, 20, 40, 100, …
fn round_up(most: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for step in [2, 4, 10] {
            match power.checked_mul(step) {
                Some(top) if top < most => {}
                Some(top) => return top,
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

    fn stretch(worked: u64, failed: u64) -> ChartSpan {
        ChartSpan { name: format!("{worked}-{failed}"), iso: String::new(), worked, failed }
    }

    #[test]
    fn the_scale_ends_at_a_number_that_reads_well() {
        let tops = [0, 1, 2, 3, 5, 10, 11, 39, 41, 100, 101].map(round_up);
        assert_eq!(tops, [2, 2, 2, 4, 10, 10, 20, 40, 100, 100, 200]);
        assert_eq!(round_up(u64::MAX), u64::MAX);
    }

    #[test]
    fn those_that_failed_stand_on_those_that_worked() {
        let plot = Chart::new(vec![stretch(5, 5), stretch(0, 0), stretch(10, 0)]);
        assert_eq!((plot.top, plot.middle, plot.worked, plot.failed, plot.width()), (10, 5, 15, 5, 30));
        let first = &plot.bars[0];
        assert_eq!(
            (first.worked, first.failed),
            (ChartPart { y: 50.0, height: 50.0 }, ChartPart { y: 0.0, height: 50.0 })
        );
        assert_eq!((plot.bars[1].worked.height, plot.bars[1].failed.height), (0.0, 0.0));
        assert_eq!(plot.bars.iter().map(|bar| bar.x).collect::<Vec<_>>(), [1, 11, 21]);
        assert_eq!(plot.ends(), ["5-5", "0-0", "10-0"]);
    }

    #[test]
    fn one_among_a_million_can_still_be_seen() {
        let plot = Chart::new(vec![stretch(1_000_000, 0), stretch(0, 1)]);
        assert_eq!(plot.bars[1].failed, ChartPart { y: HEIGHT - HAIR, height: HAIR });
    }

    #[test]
    fn nothing_makes_an_empty_drawing() {
        let plot = Chart::new(Vec::new());
        assert_eq!((plot.top, plot.width()), (2, 0));
        assert!(plot.ends().is_empty());
    }

    proptest! {
        #[test]
        fn every_bar_stays_within_the_drawing(counts in prop::collection::vec(any::<(u64, u64)>(), 0..40)) {
            let plot = Chart::new(counts.into_iter().map(|(worked, failed)| stretch(worked, failed)).collect());
            for bar in &plot.bars {
                for part in [bar.worked, bar.failed] {
                    prop_assert!(part.y >= -0.001 && part.height >= 0.0);
                    prop_assert!(part.y + part.height <= HEIGHT + 0.001);
                }
                prop_assert!(bar.failed.y + bar.failed.height <= bar.worked.y + 0.001);
                prop_assert!(bar.x + BAR <= plot.width());
            }
        }
    }
}
