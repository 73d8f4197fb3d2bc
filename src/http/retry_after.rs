//! The value of `Retry-After`.

use std::time::Duration;

/// A wait in whole seconds (RFC 9110 §10.2.3), at least one. Rounded up: a retry before its time fails
/// again.
#[must_use]
pub(crate) fn retry_after(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_and_at_least_a_second() {
        let cases = [(0, 1), (900, 1), (1000, 1), (1001, 2), (29_001, 30)];
        for (millis, seconds) in cases {
            assert_eq!(retry_after(Duration::from_millis(millis)), seconds, "{millis} ms");
        }
    }
}
