//! Reading no faster than is allowed, so that checks and backups leave the disk to those who work.

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Longest pause at a time: who waits can be stopped.
const LONGEST: Duration = Duration::from_secs(1);

/// Counts bytes against a rate. As a [`Write`] it swallows what passes, and waits when too much has passed.
#[derive(Clone, Debug)]
pub(crate) struct Throttle {
    bytes_per_second: Option<u64>,
    begun: Option<Instant>,
    passed: u64,
}

impl Throttle {
    /// So many megabytes (of 10⁶ bytes) a second; as many as can be had without a number.
    pub(crate) fn megabytes_per_second(rate: Option<u32>) -> Self {
        Self {
            bytes_per_second: rate.map(|rate| u64::from(rate.max(1)) * 1_000_000),
            begun: None,
            passed: 0,
        }
    }

    /// Counts bytes that pass at a moment; how long to wait before the next.
    pub(crate) fn pass(&mut self, bytes: u64, now: Instant) -> Duration {
        let Some(rate) = self.bytes_per_second else {
            return Duration::ZERO;
        };
        let begun = *self.begun.get_or_insert(now);
        self.passed += bytes;
        let due = Duration::from_secs(self.passed / rate)
            + Duration::from_nanos((self.passed % rate).saturating_mul(1_000_000_000) / rate);
        let wait = due.saturating_sub(now.saturating_duration_since(begun));
        // After a time in which less was asked for than is allowed, nothing may be made up for.
        if wait.is_zero() {
            self.begun = Some(now);
            self.passed = 0;
        }
        wait.min(LONGEST)
    }
}

impl Write for Throttle {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let wait = self.pass(bytes.len() as u64, Instant::now());
        if !wait.is_zero() {
            std::thread::sleep(wait);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_bytes_pass_as_are_allowed() {
        let mut throttle = Throttle::megabytes_per_second(Some(2));
        let begun = Instant::now();
        assert_eq!(throttle.pass(1_000_000, begun), Duration::from_millis(500));
        let later = begun + Duration::from_millis(500);
        assert_eq!(throttle.pass(500_000, later), Duration::from_millis(250));
        // Nothing is saved up in a time of rest.
        let rested = begun + Duration::from_secs(60);
        assert_eq!(throttle.pass(1, rested), Duration::ZERO);
        assert_eq!(throttle.pass(1_000_000, rested), Duration::from_millis(500));
        let mut free = Throttle::megabytes_per_second(None);
        assert_eq!(free.pass(u64::MAX, begun), Duration::ZERO);
    }
}
