//! A sleep that ends to the accuracy of the system. The timers of tokio end at a whole millisecond, counted from when
//! their thread became idle, because that is what `epoll_wait` takes: when a failed login is answered would depend on
//! when its hash ended, and so on the format of the hash.

use std::thread;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::Instant;

/// How long before the moment the timer of tokio ends. The rest is slept by a thread, so short that few are needed.
const REST: Duration = Duration::from_millis(2);

/// Sleeps until a moment. Linux may end a sleep of a thread 50 microseconds late (prctl(2), `PR_SET_TIMERSLACK`); a busy
/// system, later.
pub(crate) async fn sleep_until(moment: Instant) {
    if let Some(before) = moment.checked_sub(REST) {
        tokio::time::sleep_until(before).await;
    }
    let rest = move || thread::sleep(moment.saturating_duration_since(Instant::now()));
    if spawn_blocking(rest).await.is_err() {
        tokio::time::sleep_until(moment).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_sleep_never_ends_early_and_a_past_moment_ends_it_at_once() {
        for micros in [0, 1, 300, 999, 1_700, 12_345] {
            let moment = Instant::now() + Duration::from_micros(micros);
            sleep_until(moment).await;
            assert!(Instant::now() >= moment, "{micros}");
        }
        let past = Instant::now() - Duration::from_secs(3);
        sleep_until(past).await;
    }

    /// tokio would sleep for 2 ms at least. Of many attempts one is enough: a busy machine delays most of them.
    #[tokio::test]
    async fn a_sleep_ends_between_two_milliseconds() {
        for _ in 0..500 {
            let begun = Instant::now();
            sleep_until(begun + Duration::from_micros(1_200)).await;
            if begun.elapsed() < Duration::from_micros(1_900) {
                return;
            }
        }
        panic!("each sleep of 1.2 ms took 1.9 ms or longer");
    }
}
