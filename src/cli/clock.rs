//! The system's day: asked by `review`, `lock --check` and `override`, by nothing else.

use std::time::{SystemTime, UNIX_EPOCH};

use toolcard::catalog::day::Day;

/// Today, UTC.
pub(super) fn today() -> Day {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    Day::of_seconds(seconds)
}

/// A day on the command line.
pub(super) fn parse(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a day as YYYY-MM-DD".to_owned())
}
