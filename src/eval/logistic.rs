//! Logistic regression with an L2 penalty, for yes-or-no features whose direction is known beforehand.
//!
//! The model is that of D. R. Cox, *The regression analysis of binary sequences*, Journal of the Royal Statistical Society B
//! 20 (1958) 215–242. The penalty and the Newton steps are those of S. le Cessie and J. C. van Houwelingen, *Ridge
//! estimators in logistic regression*, Applied Statistics 41 (1992) 191–201. A weight that comes out against its direction
//! is taken out, the worst one first, and the rest is fitted again.

use std::collections::BTreeMap;

/// What is fitted to.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Which features it has.
    pub features: &'a [bool],
    /// What the features are to tell.
    pub right: bool,
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// The log odds where no feature is on.
    pub bias: f64,
    /// What each feature adds; 0 for one that was taken out.
    pub weights: Vec<f64>,
}

/// The bias is all but free: so much penalty keeps it finite where every case is right.
const BIAS_PENALTY: f64 = 1e-4;
/// More than Newton's method needs here by far.
const MAX_STEPS: usize = 100;
/// Steps smaller than this end the search.
const MIN_STEP: f64 = 1e-10;

/// Fits the weights that maximise the log likelihood less half of `penalty` times the sum of their squares.
/// `raises` says of each feature whether it may only add (true) or only take away. Takes no chances: the same cases in any
/// order give the same model, but for the last bits of a sum.
pub fn fit(cases: &[Case<'_>], raises: &[bool], penalty: f64) -> Logistic {
    let groups = groups(cases);
    let mut kept: Vec<usize> = (0..raises.len()).collect();
    loop {
        let found = newton(&groups, &kept, penalty);
        let against = |i: usize, w: f64| if raises[i] { -w } else { w };
        let worst = kept.iter().zip(&found[1..]).map(|(&i, &w)| (i, against(i, w)));
        match worst.max_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((out, by)) if by > 0.0 => kept.retain(|&i| i != out),
            _ => {
                let mut weights = vec![0.0; raises.len()];
                for (&i, &w) in kept.iter().zip(&found[1..]) {
                    weights[i] = w;
                }
                return Logistic { bias: found[0], weights };
            }
        }
    }
}

/// Cases with the same features, taken together.
struct ServerGroup<'a> {
    features: &'a [bool],
    cases: f64,
    right: f64,
}

impl ServerGroup<'_> {
    /// The bias and each kept feature, as 1 or 0.
    fn row(&self, kept: &[usize]) -> Vec<f64> {
        let on = kept.iter().map(|&i| f64::from(u8::from(self.features[i])));
        std::iter::once(1.0).chain(on).collect()
    }
}

fn groups<'a>(cases: &[Case<'a>]) -> Vec<ServerGroup<'a>> {
    let mut counts: BTreeMap<&[bool], (f64, f64)> = BTreeMap::new();
    for case in cases {
        let (all, right) = counts.entry(case.features).or_default();
        *all += 1.0;
        *right += f64::from(u8::from(case.right));
    }
    counts.into_iter().map(|(features, (cases, right))| ServerGroup { features, cases, right }).collect()
}

/// Newton's method from 0, each step halved until it does not make things worse. The bias comes first.
fn newton(groups: &[ServerGroup<'_>], kept: &[usize], penalty: f64) -> Vec<f64> {
    let rows: Vec<(Vec<f64>, &ServerGroup<'_>)> = groups.iter().map(|g| (g.row(kept), g)).collect();
    let penalties: Vec<f64> = std::iter::once(BIAS_PENALTY).chain(kept.iter().map(|_| penalty)).collect();
    let mut at = vec![0.0; penalties.len()];
    for _ in 0..MAX_STEPS {
        let (gradient, curvature) = slope(&rows, &penalties, &at);
        let Some(step) = solve(curvature, gradient) else { break };
        let now = loss(&rows, &penalties, &at);
        let moved = |share: f64| -> Vec<f64> { at.iter().zip(&step).map(|(a, s)| a - share * s).collect() };
        let shares = std::iter::successors(Some(1.0), |share| Some(share / 2.0)).take(30);
        let Some(better) = shares.map(moved).find(|to| loss(&rows, &penalties, to) <= now) else { break };
        at = better;
        if step.iter().all(|s| s.abs() < MIN_STEP) {
            break;
        }
    }
    at
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The negative log likelihood with its penalty.
fn loss(rows: &[(Vec<f64>, &ServerGroup<'_>)], penalties: &[f64], at: &[f64]) -> f64 {
    let fit: f64 = rows
        .iter()
        .map(|(x, group)| {
            let odds = dot(x, at);
            // ln(1 + e^odds), which does not overflow.
            let soft = odds.max(0.0) + (-odds.abs()).exp().ln_1p();
            group.cases * soft - group.right * odds
        })
        .sum();
    fit + penalties.iter().zip(at).map(|(p, w)| 0.5 * p * w * w).sum::<f64>()
}

/// The first and the second derivatives of [`loss`].
fn slope(rows: &[(Vec<f64>, &ServerGroup<'_>)], penalties: &[f64], at: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = at.len();
    let mut gradient: Vec<f64> = penalties.iter().zip(at).map(|(p, w)| p * w).collect();
    let mut curvature = vec![vec![0.0; n]; n];
    for (i, penalty) in penalties.iter().enumerate() {
        curvature[i][i] = *penalty;
    }
    for (x, group) in rows {
        let share = 1.0 / (1.0 + (-dot(x, at)).exp());
        let (off, bend) = (group.cases * share - group.right, group.cases * share * (1.0 - share));
        for i in 0..n {
            gradient[i] += off * x[i];
            for j in 0..n {
                curvature[i][j] += bend * x[i] * x[j];
            }
        }
    }
    (gradient, curvature)
}

/// Solves `matrix · x = right` for a symmetric positive definite matrix by its Cholesky factor; `None` where it is none.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for i in 0..n {
        for j in 0..=i {
            let sum = matrix[i][j] - dot(&matrix[i][..j], &matrix[j][..j]);
            if i == j && sum <= 0.0 {
                return None;
            }
            matrix[i][j] = if i == j { sum.sqrt() } else { sum / matrix[j][j] };
        }
        right[i] = (right[i] - dot(&matrix[i][..i], &right[..i])) / matrix[i][i];
    }
    for i in (0..n).rev() {
        let above: f64 = (i + 1..n).map(|k| matrix[k][i] * right[k]).sum();
        right[i] = (right[i] - above) / matrix[i][i];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases of two features in the proportions that a bias of 1 and weights of 1.5 and -2 give.
    fn known() -> Vec<(Vec<bool>, bool)> {
        let mut out = Vec::new();
        for features in [[false, false], [true, false], [false, true], [true, true]] {
            let odds = 1.0 + 1.5 * f64::from(u8::from(features[0])) - 2.0 * f64::from(u8::from(features[1]));
            let right = 10_000.0 / (1.0 + f64::exp(-odds));
            out.extend((0..10_000).map(|i| (features.to_vec(), f64::from(i) < right.round())));
        }
        out
    }

    fn cases(known: &[(Vec<bool>, bool)]) -> Vec<Case<'_>> {
        known.iter().map(|(features, right)| Case { features, right: *right }).collect()
    }

    fn near(found: &Logistic, bias: f64, weights: &[f64], by: f64) {
        let all = found.weights.iter().zip(weights).all(|(a, b)| (a - b).abs() < by);
        assert!((found.bias - bias).abs() < by && all, "{found:?}");
    }

    #[test]
    fn known_weights_are_recovered() {
        near(&fit(&cases(&known()), &[true, false], 1e-6), 1.0, &[1.5, -2.0], 0.002);
    }

    #[test]
    fn the_order_of_cases_does_not_matter() {
        let mut known = known();
        let before = fit(&cases(&known), &[true, false], 1.0);
        known.reverse();
        assert_eq!(fit(&cases(&known), &[true, false], 1.0), before);
    }

    #[test]
    fn a_penalty_draws_weights_towards_nothing() {
        let known = known();
        let [free, held] = [1e-6, 1e4].map(|penalty| fit(&cases(&known), &[true, false], penalty));
        assert!(held.weights[0] > 0.0 && held.weights[0] < free.weights[0] / 2.0, "{held:?}");
        assert!(held.weights[1] < 0.0 && held.weights[1] > free.weights[1] / 2.0, "{held:?}");
    }

    #[test]
    fn a_weight_against_its_direction_is_taken_out() {
        let found = fit(&cases(&known()), &[true, true], 1e-6);
        assert!(found.weights[0] > 0.0 && found.weights[1] == 0.0, "{found:?}");
    }

    #[test]
    fn cases_that_are_all_right_give_a_model_with_no_limits_broken() {
        let known: Vec<(Vec<bool>, bool)> = (0..50).map(|i| (vec![i % 2 == 0], true)).collect();
        let found = fit(&cases(&known), &[true], 1.0);
        assert!(found.bias.is_finite() && found.bias > 3.0 && found.weights[0] >= 0.0, "{found:?}");
    }
}
