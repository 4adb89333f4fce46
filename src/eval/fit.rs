//! The weights of confidence: fitted on every labelled tool, and measured on tools of servers that they were not fitted on.
//!
//! Figures on the tools that weights were fitted on say nothing of tools to come. The others are of
//! cross-validation (M. Stone, *Cross-validatory choice and assessment of statistical predictions*, Journal of the Royal
//! Statistical Society B 36 (1974) 111–147) with whole servers kept apart: tools of one server share words and author.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::confidence::{Calibration, Point};
use super::logistic::{self, Case};
use super::proportion::Proportion;
use crate::classify::{FEATURES, Features, Model};

/// The weights, from the root of a checkout.
pub const MODEL: &str = "src/classify/confidence.toml";
/// How many parts the servers are split into.
pub const FOLDS: usize = 10;
/// How much large weights cost: with this few wrong verdicts, a feature that few tools have must not decide much.
pub const PENALTY: f64 = 2.0;

/// What cross-validated confidence is held to.
pub const BARS: Bars = Bars { auroc: 0.85, surer_four_fifths: 0.985, calibration_error: 0.03 };

/// Limits of the figures of a [`Calibration`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bars {
    /// At least.
    pub auroc: f64,
    /// At least.
    pub surer_four_fifths: f64,
    /// At most.
    pub calibration_error: f64,
}

/// A labelled tool as confidence sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledTool {
    /// The id of its set.
    pub set: String,
    /// The slug of its server.
    pub server: String,
    /// What its confidence is made of.
    pub features: Features,
    /// Whether the label accepts the verdict.
    pub right: bool,
}

/// Confidence measured by cross-validation.
#[derive(Debug, Clone, Serialize)]
pub struct CrossValidated {
    /// How many parts.
    pub folds: usize,
    /// The penalty of the fits.
    pub penalty: f64,
    /// What the figures of all sets are held to.
    pub bars: Bars,
    /// By pool, in the order of the pools.
    pub pools: Vec<HeldOut>,
}

/// One pool: every verdict with the confidence that a model fitted without its server gives.
#[derive(Debug, Clone, Serialize)]
pub struct HeldOut {
    /// The pool's id.
    pub id: String,
    /// Verdicts that the label accepts.
    pub acceptable: Proportion,
    /// What confidence is worth.
    #[serde(flatten)]
    pub calibration: Calibration,
}

impl HeldOut {
    /// Measures the points of a pool.
    pub fn of(id: &str, points: &[Point]) -> Self {
        let acceptable = Proportion::count(points.iter().map(|(_, right)| *right));
        Self { id: id.to_owned(), acceptable, calibration: Calibration::of(points) }
    }
}

/// The model fitted on `rows`, its weights rounded as they are stored.
pub fn fit<'a>(rows: impl IntoIterator<Item = &'a LabelledTool>) -> Model {
    let cases: Vec<Case<'_>> = rows.into_iter().map(|row| Case { features: &row.features, right: row.right }).collect();
    let found = logistic::fit(&cases, &FEATURES.map(|feature| feature.raises), PENALTY);
    let mut model = Model { bias: rounded(found.bias), ..Model::UNKNOWING };
    for (weight, found) in model.weights.iter_mut().zip(found.weights) {
        *weight = rounded(found);
    }
    model
}

/// Three decimals, and no negative zero.
#[allow(clippy::cast_possible_truncation, reason = "a weight with three decimals")]
fn rounded(weight: f64) -> f32 {
    ((weight * 1000.0).round() / 1000.0 + 0.0) as f32
}

/// Which part each server is in: by turns, in the order of their slugs.
pub(crate) fn folds(rows: &[LabelledTool]) -> BTreeMap<&str, usize> {
    let servers: BTreeSet<&str> = rows.iter().map(|row| row.server.as_str()).collect();
    servers.into_iter().enumerate().map(|(i, server)| (server, i % FOLDS)).collect()
}

/// The confidence of each row by a model that was fitted without its server, and whether its verdict is right.
pub(crate) fn held_out(rows: &[LabelledTool]) -> Vec<Point> {
    let folds = folds(rows);
    let fold = |row: &LabelledTool| folds.get(row.server.as_str()).copied().unwrap_or_default();
    let models: Vec<Model> = (0..FOLDS).map(|i| fit(rows.iter().filter(|row| fold(row) != i))).collect();
    rows.iter().map(|row| (f64::from(models[fold(row)].confidence(&row.features).0), row.right)).collect()
}

/// The file of a model that was fitted on `rows`.
pub fn file(model: &Model, rows: &[LabelledTool]) -> String {
    let mut sets: Vec<&str> = rows.iter().map(|row| row.set.as_str()).collect();
    sets.dedup();
    let servers = folds(rows).len();
    let wrong = rows.iter().filter(|row| !row.right).count();
    let mut out = format!(
        "# Made by `toolcard eval --fit` at the root of a checkout. Run it again instead of editing this file.\n\
         #\n\
         # A logistic regression with an L2 penalty of {PENALTY} of \"the label accepts the verdict\" on what verdicts rest on,\n\
         # fitted on {} labelled tools of {servers} servers, of which {wrong} have a verdict that their label does not accept.\n\
         # Label sets: {}.\n\
         # How good it is on servers that it was not fitted on stands in docs/accuracy.md.\n\n\
         command = \"toolcard eval --fit\"\nbias = {:?}\n\n[weights]\n",
        rows.len(),
        sets.join(", "),
        model.bias,
    );
    for (feature, weight) in FEATURES.iter().zip(model.weights) {
        // A string cannot refuse.
        let _ = writeln!(out, "{} = {weight:?}", feature.name);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<LabelledTool> {
        let row = |i: usize| {
            let mut features = [false; FEATURES.len()];
            for (at, on) in features.iter_mut().enumerate() {
                *on = (i / (at + 1)).is_multiple_of(3);
            }
            LabelledTool {
                set: "gold".to_owned(),
                server: format!("s-{}", i % 37),
                features,
                right: !i.is_multiple_of(7),
            }
        };
        (0..400).map(row).collect()
    }

    #[test]
    fn folds_keep_servers_apart_and_are_alike_in_size() {
        let rows = rows();
        let folds = folds(&rows);
        assert_eq!(folds.len(), 37);
        let sizes: Vec<usize> = (0..FOLDS).map(|i| folds.values().filter(|fold| **fold == i).count()).collect();
        assert!(sizes.iter().all(|size| (3..=4).contains(size)), "{sizes:?}");
    }

    #[test]
    fn what_a_server_is_judged_by_does_not_depend_on_its_own_labels() {
        let rows = rows();
        let mut turned = rows.clone();
        turned.iter_mut().filter(|row| row.server == "s-5").for_each(|row| row.right = !row.right);
        let (before, after) = (held_out(&rows), held_out(&turned));
        let own = |row: &LabelledTool| row.server == "s-5";
        for ((row, before), after) in rows.iter().zip(&before).zip(&after).filter(|((row, _), _)| own(row)) {
            assert_eq!((before.0, before.1), (after.0, !after.1), "{row:?}");
        }
        assert_ne!(fit(&rows), fit(&turned));
    }

    #[test]
    fn the_file_gives_the_model_back() {
        let rows = rows();
        let model = fit(&rows);
        let text = file(&model, &rows);
        assert_eq!(Model::read(&text).unwrap(), model);
        assert!(text.starts_with("# Made by `toolcard eval --fit`"), "{text}");
    }
}
