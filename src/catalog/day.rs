//! A calendar day, because an override ends on one.

use std::fmt;

/// A day of the Gregorian calendar, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// The day that is written `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = |(i, b): (usize, u8)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() };
        if text.len() != 10 || !text.bytes().enumerate().all(shape) {
            return None;
        }
        let (year, month, day) = (text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
        let found = Self::of(year, month, day);
        // A day that the month does not have falls into the next one and is written otherwise.
        ((1..=12).contains(&month) && found.to_string() == text).then_some(found)
    }

    /// The day at the beginning of a date as captures write it (`2026-11-20T10:00:00Z`).
    pub fn beginning(text: &str) -> Option<Self> {
        let end = text.as_bytes().get(10).is_none_or(|b| *b == b'T' || *b == b' ');
        Self::parse(text.get(..10).filter(|_| end)?)
    }

    /// The day, UTC, of a number of seconds since 1970.
    pub fn of_seconds(seconds: u64) -> Self {
        Self(i64::try_from(seconds / 86_400).unwrap_or(i64::MAX))
    }

    /// So many days later.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Days from civil, after Howard Hinnant's "chrono-compatible low-level date algorithms".
    fn of(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0 + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * years + years / 4 - years / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = years + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_written_and_counted() {
        assert_eq!(Day::of_seconds(1_795_230_000).to_string(), "2026-11-21");
        let day = |text| Day::parse(text).expect(text);
        assert_eq!(day("2026-12-15").plus(30).to_string(), "2027-01-14");
        assert_eq!(day("2028-02-28").plus(2).to_string(), "2028-03-01");
        assert!(day("2026-11-20") < day("2026-11-21"));
        for bad in ["2026-13-01", "2026-02-30", "2026-2-1", "20261120xx", "", "2026-11-200", "+026-11-20"] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        assert_eq!(Day::beginning("2026-11-20T10:00:00Z"), Day::parse("2026-11-20"));
        assert_eq!(Day::beginning("2026-11-200"), None);
        assert_eq!(Day::beginning("yesterday…"), None);
    }
}
