//! Whether confidence tells right from wrong, and whether it is what it says.

use serde::Serialize;

use super::proportion::Proportion;

/// A verdict as seen here: its confidence, and whether its class is acceptable.
pub type Point = (f64, bool);

/// What confidence is worth.
#[derive(Debug, Clone, Serialize)]
pub struct Calibration {
    /// By confidence, lowest first.
    pub reliability: Vec<Bin>,
    /// Expected calibration error over these bins.
    pub calibration_error: f64,
    /// How likely a right verdict has a higher confidence than a wrong one; `None` where all are right or all wrong.
    pub auroc: Option<f64>,
    /// Share that is acceptable of the four fifths with the highest confidence.
    pub surer_four_fifths: f64,
}

impl Calibration {
    /// Measures `(confidence, right)` pairs; their order does not matter.
    pub fn of(points: &[Point]) -> Self {
        let (reliability, calibration_error) = reliability(points);
        Self { reliability, calibration_error, auroc: auroc(points), surer_four_fifths: surer(points, 4, 5) }
    }
}

/// Verdicts of like confidence.
#[derive(Debug, Clone, Serialize)]
pub struct Bin {
    /// Lowest confidence in the bin.
    pub from: f64,
    /// Where the next bin begins; the last holds 1 too.
    pub to: f64,
    /// How many verdicts.
    pub verdicts: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// How many are acceptable.
    pub acceptable: Proportion,
}

/// The reliability table and the expected calibration error of `(confidence, right)` pairs.
///
/// The error is that of Naeini, Cooper and Hauskrecht, *Obtaining well calibrated probabilities using Bayesian binning*
/// (AAAI 2015): the distance between mean confidence and share right in each bin, weighted by the bin's size. The bins
/// are the same for every set and no function of the data: edges at 0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98 and 1, finer where
/// most verdicts are, so that 0.93 and 0.99 are not counted as one. A bin holds its lower edge; the last holds both.
pub fn reliability(points: &[Point]) -> (Vec<Bin>, f64) {
    const EDGES: [f64; 8] = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01];
    let mut bins = Vec::new();
    let mut error = 0.0;
    for edge in EDGES.windows(2) {
        // Confidence is measured as a short float: 0.9 must not fall below the edge of that name.
        let inside: Vec<&Point> = points.iter().filter(|(c, _)| *c >= edge[0] - 1e-6 && *c < edge[1] - 1e-6).collect();
        if inside.is_empty() {
            continue;
        }
        let confidence = inside.iter().map(|(c, _)| c).sum::<f64>() / inside.len() as f64;
        let acceptable = Proportion::count(inside.iter().map(|(_, ok)| *ok));
        error += (confidence - acceptable.share()).abs() * inside.len() as f64 / points.len() as f64;
        bins.push(Bin { from: edge[0], to: edge[1].min(1.0), verdicts: inside.len(), confidence, acceptable });
    }
    (bins, error)
}

/// The area under the receiver operating characteristic, as the Mann-Whitney U statistic over the number of pairs:
/// H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947) 50–60; that both are one number is in
/// J. A. Hanley and B. J. `McNeil`, Radiology 143 (1982) 29–36. A tie counts one half.
pub fn auroc(points: &[Point]) -> Option<f64> {
    let sorted = by_confidence(points);
    // Twice U, so that halves stay whole: each right verdict against each wrong one below it (2) or beside it (1).
    let (mut twice, mut wrong_below, mut rights) = (0, 0, 0);
    for tied in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let right = tied.iter().filter(|(_, ok)| *ok).count();
        let wrong = tied.len() - right;
        twice += right * (2 * wrong_below + wrong);
        wrong_below += wrong;
        rights += right;
    }
    let pairs = rights * wrong_below;
    (pairs > 0).then(|| twice as f64 / (2 * pairs) as f64)
}

/// The share right of the `part` of `of` verdicts with the highest confidence, rounded up to a whole verdict. Where the
/// cut falls among equals, each of them counts in part: the mean over all ways to choose.
fn surer(points: &[Point], part: usize, of: usize) -> f64 {
    let kept = (points.len() * part).div_ceil(of);
    let sorted = by_confidence(points);
    let (mut left, mut right) = (kept, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()).rev() {
        let taken = left.min(tied.len());
        right += Proportion::count(tied.iter().map(|(_, ok)| *ok)).share() * taken as f64;
        left -= taken;
    }
    if kept == 0 { 1.0 } else { right / kept as f64 }
}

fn by_confidence(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }

    #[test]
    fn perfect_confidence_has_no_calibration_error() {
        let points: Vec<Point> = (0..10).map(|i| (0.9, i != 0)).collect();
        let (bins, error) = reliability(&points);
        assert_eq!(bins.len(), 1);
        near(error, 0.0);
    }

    #[test]
    fn a_short_float_falls_into_the_bin_of_its_name() {
        let (bins, _) = reliability(&[(f64::from(0.98_f32), true), (f64::from(0.9_f32), true), (1.0, true)]);
        assert_eq!(bins.iter().map(|b| (b.from, b.verdicts)).collect::<Vec<_>>(), [(0.9, 1), (0.98, 2)]);
    }

    #[test]
    fn auroc_is_the_share_of_pairs_in_the_right_order_and_a_tie_is_half() {
        // Right: 0.9 0.8 0.6, wrong: 0.8 0.5. Pairs: 1+1, ½+1, 0+1 of 6.
        let points = [(0.9, true), (0.8, true), (0.8, false), (0.6, true), (0.5, false)];
        near(auroc(&points).unwrap(), 4.5 / 6.0);
        near(auroc(&[(0.9, true), (0.9, false)]).unwrap(), 0.5);
        assert_eq!(auroc(&[(0.9, true), (0.8, true)]), None);
    }

    #[test]
    fn the_surer_four_fifths_leave_the_least_sure_fifth_out() {
        near(surer(&[(0.9, true), (0.8, true), (0.7, true), (0.6, false), (0.1, false)], 4, 5), 0.75);
        // Two of four equals are cut off: of three right in four, one and a half of two.
        let tied = [(0.9, true), (0.9, true), (0.5, true), (0.5, true), (0.5, true), (0.5, false)];
        near(surer(&tied, 2, 3), (2.0 + 1.5) / 4.0);
        near(surer(&[], 4, 5), 1.0);
    }

    #[test]
    fn the_order_of_verdicts_does_not_matter() {
        let mut points: Vec<Point> = (0..40).map(|i| (f64::from(i % 7) / 7.0, i % 3 != 0)).collect();
        let before = Calibration::of(&points);
        points.reverse();
        let after = Calibration::of(&points);
        assert_eq!(before.auroc, after.auroc);
        near(before.surer_four_fifths, after.surer_four_fifths);
        near(before.calibration_error, after.calibration_error);
    }
}
