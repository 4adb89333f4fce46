//! How good the labels are: verdicts against labels that people gave.

use serde::{Deserialize, Serialize};

use super::types::{Class, Evidence, Facet, Verdict};

/// One labelled tool: a line of a gold file.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Gold {
    /// The server's slug.
    pub server: String,
    /// The tool's name.
    pub tool: String,
    /// The label.
    pub label: Class,
    /// Classes that are acceptable too.
    #[serde(default)]
    pub also_ok: Vec<Class>,
    /// Facets that all annotators gave.
    #[serde(default)]
    pub facets: Vec<Facet>,
    /// Facets that some gave: they count neither way.
    #[serde(default)]
    pub maybe_facets: Vec<Facet>,
}

impl Gold {
    /// Whether `class` is the label or acceptable.
    pub fn accepts(&self, class: Class) -> bool {
        class == self.label || self.also_ok.contains(&class)
    }
}

/// Labelled tools and what became of them.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// How many tools were judged.
    pub tools: usize,
    /// Labels without a tool, `server/tool`.
    pub missing: Vec<String>,
    /// Share of verdicts that the label accepts.
    pub acceptable: f64,
    /// Share of verdicts that are the label.
    pub strict: f64,
    /// `matrix[label][verdict]`, in the order Read, Write, Destructive.
    pub matrix: [[usize; 3]; 3],
    /// By class, in the same order.
    pub classes: Vec<ClassRow>,
    /// Destructive labels with an acceptable verdict, as a share.
    pub destructive_recall: f64,
    /// Destructive labels called Read.
    pub destructive_called_read: usize,
    /// Read labels called Destructive, as a share.
    pub read_called_destructive: f64,
    /// Facets taken together.
    pub facets_f1: f64,
    /// By facet, in canonical order.
    pub facets: Vec<FacetRow>,
    /// By confidence, lowest first.
    pub reliability: Vec<Bin>,
    /// Expected calibration error.
    pub calibration_error: f64,
    /// Every verdict that the label does not accept, then those that are acceptable and not the
    /// label, then those with other facets.
    pub misses: Vec<Miss>,
}

/// One class.
#[derive(Debug, Clone, Serialize)]
pub struct ClassRow {
    /// The class.
    pub class: Class,
    /// Share of its verdicts that are acceptable.
    pub precision: f64,
    /// Share of its labels with an acceptable verdict.
    pub recall: f64,
}

/// One facet.
#[derive(Debug, Clone, Serialize)]
pub struct FacetRow {
    /// The facet.
    pub facet: Facet,
    /// Given and labelled.
    pub found: usize,
    /// Given, not labelled.
    pub extra: usize,
    /// Labelled, not given.
    pub lost: usize,
}

/// Verdicts of like confidence.
#[derive(Debug, Clone, Serialize)]
pub struct Bin {
    /// Lowest confidence in the bin.
    pub from: f64,
    /// Highest.
    pub to: f64,
    /// How many verdicts.
    pub verdicts: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// Share that is acceptable.
    pub acceptable: f64,
}

/// One verdict that differs from its label.
#[derive(Debug, Clone, Serialize)]
pub struct Miss {
    /// `unacceptable`, `acceptable` or `facets`.
    pub kind: &'static str,
    /// The server's slug.
    pub server: String,
    /// The tool's name.
    pub tool: String,
    /// The label.
    pub label: Class,
    /// Acceptable besides.
    pub also_ok: Vec<Class>,
    /// The verdict's class.
    pub class: Class,
    /// Its confidence.
    pub confidence: f32,
    /// Facets given and not labelled.
    pub extra_facets: Vec<Facet>,
    /// Facets labelled and not given.
    pub lost_facets: Vec<Facet>,
    /// The verdict's evidence.
    pub evidence: Vec<Evidence>,
}

/// Reads a gold file, one JSON object a line; empty lines are skipped.
///
/// # Errors
/// The first line that is none, from 1, and why.
pub fn read_gold(text: &str) -> Result<Vec<Gold>, (usize, String)> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(i, line)| serde_json::from_str(line).map_err(|e| (i + 1, e.to_string()))).collect()
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 1.0 } else { part as f64 / of as f64 }
}

/// Measures verdicts against labels; `None` is a label whose tool was not found.
pub fn measure<'a>(rows: impl IntoIterator<Item = (&'a Gold, Option<&'a Verdict>)>) -> Report {
    let mut matrix = [[0; 3]; 3];
    let mut accepted = [[0_usize; 2]; 3];
    let (mut missing, mut misses, mut points) = (Vec::new(), Vec::new(), Vec::new());
    let mut facets: Vec<FacetRow> =
        Facet::ALL.into_iter().map(|facet| FacetRow { facet, found: 0, extra: 0, lost: 0 }).collect();
    for (gold, verdict) in rows {
        let Some(verdict) = verdict else {
            missing.push(format!("{}/{}", gold.server, gold.tool));
            continue;
        };
        let class = verdict.heuristic_class;
        let acceptable = gold.accepts(class);
        matrix[gold.label as usize][class as usize] += 1;
        accepted[gold.label as usize][0] += usize::from(acceptable);
        accepted[class as usize][1] += usize::from(acceptable);
        points.push((f64::from(verdict.confidence.0), acceptable));
        let (mut extra_facets, mut lost_facets) = (Vec::new(), Vec::new());
        for row in &mut facets {
            let (given, labelled) = (verdict.facets.has(row.facet), gold.facets.contains(&row.facet));
            match (given, labelled) {
                (true, true) => row.found += 1,
                (true, false) if !gold.maybe_facets.contains(&row.facet) => {
                    row.extra += 1;
                    extra_facets.push(row.facet);
                }
                (false, true) => {
                    row.lost += 1;
                    lost_facets.push(row.facet);
                }
                _ => {}
            }
        }
        let kind = match (acceptable, class == gold.label, extra_facets.is_empty() && lost_facets.is_empty()) {
            (false, _, _) => "unacceptable",
            (true, false, _) => "acceptable",
            (true, true, false) => "facets",
            (true, true, true) => continue,
        };
        misses.push(Miss {
            kind,
            server: gold.server.clone(),
            tool: gold.tool.clone(),
            label: gold.label,
            also_ok: gold.also_ok.clone(),
            class,
            confidence: verdict.confidence.0,
            extra_facets,
            lost_facets,
            evidence: verdict.evidence.clone(),
        });
    }
    let order = |kind: &str| ["unacceptable", "acceptable", "facets"].iter().position(|k| *k == kind);
    misses.sort_by(|a, b| (order(a.kind), &a.server, &a.tool).cmp(&(order(b.kind), &b.server, &b.tool)));
    let tools = points.len();
    let labelled = |class: Class| matrix[class as usize].iter().sum::<usize>();
    let called = |class: Class| matrix.iter().map(|row| row[class as usize]).sum::<usize>();
    let (found, extra, lost) = facets.iter().fold((0, 0, 0), |(f, e, l), r| (f + r.found, e + r.extra, l + r.lost));
    let (reliability, calibration_error) = reliability(&points);
    Report {
        tools,
        missing,
        acceptable: share(points.iter().filter(|(_, ok)| *ok).count(), tools),
        strict: share((0..3).map(|i| matrix[i][i]).sum(), tools),
        matrix,
        classes: Class::ALL
            .into_iter()
            .map(|class| ClassRow {
                class,
                precision: share(accepted[class as usize][1], called(class)),
                recall: share(accepted[class as usize][0], labelled(class)),
            })
            .collect(),
        destructive_recall: share(accepted[Class::Destructive as usize][0], labelled(Class::Destructive)),
        destructive_called_read: matrix[Class::Destructive as usize][Class::Read as usize],
        read_called_destructive: share(
            matrix[Class::Read as usize][Class::Destructive as usize],
            labelled(Class::Read),
        ),
        facets_f1: share(2 * found, 2 * found + extra + lost),
        facets,
        reliability,
        calibration_error,
        misses,
    }
}

/// The reliability table and the expected calibration error of `(confidence, right)` pairs.
pub fn reliability(points: &[(f64, bool)]) -> (Vec<Bin>, f64) {
    const EDGES: [f64; 8] = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01];
    let mut bins = Vec::new();
    let mut error = 0.0;
    for edge in EDGES.windows(2) {
        let inside: Vec<&(f64, bool)> = points.iter().filter(|(c, _)| *c >= edge[0] && *c < edge[1]).collect();
        if inside.is_empty() {
            continue;
        }
        let confidence = inside.iter().map(|(c, _)| c).sum::<f64>() / inside.len() as f64;
        let acceptable = share(inside.iter().filter(|(_, ok)| *ok).count(), inside.len());
        error += (confidence - acceptable).abs() * inside.len() as f64 / points.len() as f64;
        bins.push(Bin { from: edge[0], to: edge[1].min(1.0), verdicts: inside.len(), confidence, acceptable });
    }
    (bins, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perfect_confidence_has_no_calibration_error() {
        let points: Vec<(f64, bool)> = (0..10).map(|i| (0.9, i != 0)).collect();
        let (bins, error) = reliability(&points);
        assert_eq!(bins.len(), 1);
        assert!(error < 1e-9, "{error}");
    }

    #[test]
    fn a_line_that_is_no_label_is_named() {
        let good = r#"{"server": "s", "tool": "t", "label": "Read"}"#;
        assert_eq!(read_gold(good).unwrap().len(), 1);
        assert_eq!(read_gold(&format!("{good}\n{{\"server\": 1}}")).unwrap_err().0, 2);
    }
}
