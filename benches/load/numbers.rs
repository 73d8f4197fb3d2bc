//! Statistics of samples.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// How long requests took, in milliseconds.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Spread {
    pub count: usize,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub p999_ms: f64,
    pub max_ms: f64,
}

impl Spread {
    /// All numbers are 0 without samples.
    pub(crate) fn of(times: &[Duration]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let at = |part: f64| {
            let place = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
            ms(sorted.get(place).copied().unwrap_or_default())
        };
        Self { count: sorted.len(), p50_ms: at(0.5), p99_ms: at(0.99), p999_ms: at(0.999), max_ms: at(1.0) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, max {:.2} ms",
            self.p50_ms, self.p99_ms, self.p999_ms, self.max_ms
        )
    }
}

pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Mean and variance of a sample.
#[derive(Clone, Copy)]
pub(crate) struct Moments {
    pub count: f64,
    pub mean: f64,
    variance: f64,
}

impl Moments {
    pub(crate) fn of(sample: &[f64]) -> Self {
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let squares: f64 = sample.iter().map(|value| (value - mean).powi(2)).sum();
        Self { count, mean, variance: squares / (count - 1.0) }
    }

    /// Welch's t of two samples: by how many standard errors their means differ.
    pub(crate) fn welch_t(&self, other: &Self) -> f64 {
        (self.mean - other.mean) / self.standard_error(other)
    }

    /// The standard error of the difference of two means.
    pub(crate) fn standard_error(&self, other: &Self) -> f64 {
        (self.variance / self.count + other.variance / other.count).sqrt()
    }
}
