//! Parts of a whole, and how sure they are.

use std::cmp::Ordering;
use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

/// So many of so many. It compares with a number, and prints, as its share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proportion {
    /// How many.
    pub part: usize,
    /// Of how many.
    pub of: usize,
}

impl Proportion {
    /// `part` of `of`.
    pub fn new(part: usize, of: usize) -> Self {
        Self { part, of }
    }

    /// How many of `items` are `true`.
    pub fn count(items: impl IntoIterator<Item = bool>) -> Self {
        items.into_iter().fold(Self::default(), |p, yes| Self { part: p.part + usize::from(yes), of: p.of + 1 })
    }

    /// The share; 1 of nothing, because nothing was got wrong.
    pub fn share(self) -> f64 {
        if self.of == 0 { 1.0 } else { self.part as f64 / self.of as f64 }
    }

    /// The 95 % score interval of Wilson: E. B. Wilson, *Probable inference, the law of succession, and statistical
    /// inference*, JASA 22 (1927) 209–212. It stays inside 0 to 1 and holds near both ends, where most of our figures
    /// are (Brown, Cai and `DasGupta`, *Interval estimation for a binomial proportion*, Statistical Science 16 (2001)
    /// 101–133). Tools are counted as if drawn one by one; those of one server are more alike than that.
    pub fn interval(self) -> (f64, f64) {
        /// The 97.5th percentile of the normal distribution.
        const Z: f64 = 1.959_963_984_540_054;
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (n, p) = (self.of as f64, self.share());
        let middle = p + Z * Z / (2.0 * n);
        let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        // At the ends the bound is the end; rounding must not carry it past.
        (((middle - reach) / scale).max(0.0), ((middle + reach) / scale).min(1.0))
    }
}

impl PartialEq<f64> for Proportion {
    fn eq(&self, other: &f64) -> bool {
        self.share().total_cmp(other) == Ordering::Equal
    }
}

impl PartialOrd<f64> for Proportion {
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        self.share().partial_cmp(other)
    }
}

impl fmt::Display for Proportion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.share().fmt(f)
    }
}

impl Serialize for Proportion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (low, high) = self.interval();
        let mut out = serializer.serialize_struct("Proportion", 5)?;
        out.serialize_field("part", &self.part)?;
        out.serialize_field("of", &self.of)?;
        out.serialize_field("share", &self.share())?;
        out.serialize_field("low", &low)?;
        out.serialize_field("high", &high)?;
        out.end()
    }
}

/// The mean; 1 of nothing, as [`Proportion::share`].
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 1.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The harmonic mean of precision and recall, from what was found, given too much and lost: F1. 1 where there is nothing
/// of all three.
pub fn f1(found: usize, extra: usize, lost: usize) -> f64 {
    Proportion::new(2 * found, 2 * found + extra + lost).share()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 5e-4, "{a} {b}");
    }

    #[test]
    fn the_interval_is_wilsons() {
        // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I.
        for (part, of, low, high) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)] {
            let interval = Proportion::new(part, of).interval();
            near(interval.0, low);
            near(interval.1, high);
        }
        assert_eq!(Proportion::new(7, 7).interval().1.to_bits(), 1.0_f64.to_bits());
        assert_eq!(Proportion::new(0, 0).interval(), (0.0, 1.0));
    }

    #[test]
    fn a_proportion_is_held_to_a_bar_by_its_share() {
        assert!(Proportion::new(197, 200) >= 0.985);
        assert!(Proportion::new(196, 200) < 0.985);
        assert_eq!(Proportion::count([true, false, true, true]), Proportion::new(3, 4));
    }

    #[test]
    fn of_nothing_nothing_is_wrong() {
        near(Proportion::default().share(), 1.0);
        near(mean(&[]), 1.0);
        near(f1(0, 0, 0), 1.0);
        near(f1(2, 1, 1), 2.0 / 3.0);
    }
}
