//! One set of labels against the verdicts on the same tools.

use serde::Serialize;

use super::confidence::{Calibration, Point};
use super::gold::Gold;
use super::proportion::{Proportion, f1};
use crate::classify::{Evidence, Verdict};
use crate::risk::{Class, Facet};

/// Labelled tools and what became of them.
#[derive(Debug, Clone, Serialize)]
pub struct AccuracyReport {
    /// How many tools were measured.
    pub tools: usize,
    /// Labels without a tool, `server/tool`.
    pub missing: Vec<String>,
    /// Verdicts that the label accepts.
    pub acceptable: Proportion,
    /// Verdicts that are the label.
    pub strict: Proportion,
    /// `matrix[label][verdict]`, in the order Read, Write, Destructive.
    pub matrix: [[usize; 3]; 3],
    /// By class, in the same order.
    pub classes: Vec<ClassRow>,
    /// Destructive labels with an acceptable verdict.
    pub destructive_recall: Proportion,
    /// Destructive labels called Read where that is not acceptable too.
    pub destructive_called_read: usize,
    /// Read labels called Destructive, likewise.
    pub read_called_destructive: Proportion,
    /// Facets taken together (micro F1).
    pub facets_f1: f64,
    /// By facet, in canonical order.
    pub facets: Vec<FacetRow>,
    /// What confidence is worth.
    #[serde(flatten)]
    pub calibration: Calibration,
    /// What it was measured on.
    #[serde(skip)]
    pub points: Vec<Point>,
    /// Every verdict that the label does not accept, then those that are acceptable and not the
    /// label, then those with other facets.
    pub misses: Vec<Miss>,
}

/// One class. A verdict is right where the label accepts it: `also_ok` counts.
#[derive(Debug, Clone, Serialize)]
pub struct ClassRow {
    /// The class that was labelled: one row of the confusion matrix.
    pub class: Class,
    /// Of its verdicts, those that are acceptable.
    pub precision: Proportion,
    /// Of its labels, those with an acceptable verdict.
    pub recall: Proportion,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// How well one facet is found: what is given and labelled, given alone, labelled alone.
#[derive(Debug, Clone, Serialize)]
pub struct FacetRow {
    /// The facet whose precision and recall these are.
    pub facet: Facet,
    /// Given and labelled.
    pub found: usize,
    /// Given, not labelled.
    pub extra: usize,
    /// Labelled, not given.
    pub lost: usize,
    /// Of those given, those labelled.
    pub precision: Proportion,
    /// Of those labelled, those given.
    pub recall: Proportion,
    /// The harmonic mean of both.
    pub f1: f64,
}

impl FacetRow {
    fn of(facet: Facet, [found, extra, lost]: [usize; 3]) -> Self {
        Self {
            facet,
            found,
            extra,
            lost,
            precision: Proportion::new(found, found + extra),
            recall: Proportion::new(found, found + lost),
            f1: f1(found, extra, lost),
        }
    }
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
    /// The class that annotators gave.
    pub label: Class,
    /// Acceptable besides.
    pub also_ok: Vec<Class>,
    /// The verdict's class.
    pub class: Class,
    /// The confidence of the verdict, 0 to 1.
    pub confidence: f32,
    /// Facets given and not labelled.
    pub extra_facets: Vec<Facet>,
    /// Facets labelled and not given.
    pub lost_facets: Vec<Facet>,
    /// The verdict's evidence.
    pub evidence: Vec<Evidence>,
}

/// Measures verdicts against labels; `None` is a label whose tool was not found.
pub fn measure<'a>(rows: impl IntoIterator<Item = (&'a Gold, Option<&'a Verdict>)>) -> AccuracyReport {
    let mut matrix = [[0; 3]; 3];
    let mut accepted = [[0_usize; 2]; 3];
    let (mut under, mut over) = (0, 0);
    let (mut missing, mut misses, mut points) = (Vec::new(), Vec::new(), Vec::new());
    // Found, extra, lost.
    let mut facets = [[0_usize; 3]; Facet::ALL.len()];
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
        under += usize::from(!acceptable && (gold.label, class) == (Class::Destructive, Class::Read));
        over += usize::from(!acceptable && (gold.label, class) == (Class::Read, Class::Destructive));
        points.push((f64::from(verdict.confidence.0), acceptable));
        let (mut extra_facets, mut lost_facets) = (Vec::new(), Vec::new());
        for (facet, [found, extra, lost]) in Facet::ALL.into_iter().zip(&mut facets) {
            match (verdict.facets.has(facet), gold.facets.contains(&facet)) {
                (true, true) => *found += 1,
                (true, false) if !gold.maybe_facets.contains(&facet) => {
                    *extra += 1;
                    extra_facets.push(facet);
                }
                (false, true) => {
                    *lost += 1;
                    lost_facets.push(facet);
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
    let [found, extra, lost] = facets.iter().fold([0; 3], |sum, row| [0, 1, 2].map(|i: usize| sum[i] + row[i]));
    AccuracyReport {
        tools,
        missing,
        acceptable: Proportion::count(points.iter().map(|(_, ok)| *ok)),
        strict: Proportion::new((0..3).map(|i| matrix[i][i]).sum(), tools),
        matrix,
        classes: Class::ALL
            .into_iter()
            .map(|class| {
                let [of_labels, of_verdicts] = accepted[class as usize];
                let precision = Proportion::new(of_verdicts, called(class));
                class_row(class, precision, Proportion::new(of_labels, labelled(class)))
            })
            .collect(),
        destructive_recall: Proportion::new(accepted[Class::Destructive as usize][0], labelled(Class::Destructive)),
        destructive_called_read: under,
        read_called_destructive: Proportion::new(over, labelled(Class::Read)),
        facets_f1: f1(found, extra, lost),
        facets: Facet::ALL.into_iter().zip(facets).map(|(facet, row)| FacetRow::of(facet, row)).collect(),
        calibration: Calibration::of(&points),
        points,
        misses,
    }
}

fn class_row(class: Class, precision: Proportion, recall: Proportion) -> ClassRow {
    let (p, r) = (precision.share(), recall.share());
    ClassRow { class, precision, recall, f1: if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classifier;
    use crate::eval::read_gold;
    use crate::lexicon::Lexicon;
    use crate::manifest::Tool;

    fn report(gold: &str, given: &[(&str, Class)]) -> AccuracyReport {
        let gold = read_gold(gold).unwrap();
        let verdict = |class| Verdict {
            heuristic_class: class,
            facets: [Facet::Bulk].into_iter().collect(),
            ..Classifier::new(Lexicon::embedded()).tool(&Tool::default())
        };
        let given: Vec<(&str, Verdict)> = given.iter().map(|(name, class)| (*name, verdict(*class))).collect();
        measure(gold.iter().map(|g| (g, given.iter().find(|(name, _)| *name == g.tool).map(|(_, v)| v))))
    }

    const GOLD: &str = r#"
        {"server": "s", "tool": "a", "label": "Read", "facets": ["bulk"]}
        {"server": "s", "tool": "b", "label": "Read", "maybe_facets": ["bulk"]}
        {"server": "s", "tool": "c", "label": "Destructive", "also_ok": ["Read"]}
        {"server": "s", "tool": "d", "label": "Destructive", "facets": ["runs_code"]}
        {"server": "s", "tool": "e", "label": "Write"}"#;

    #[test]
    fn what_is_acceptable_too_is_no_error_of_any_kind() {
        let report =
            report(GOLD, &[("a", Class::Destructive), ("b", Class::Read), ("c", Class::Read), ("d", Class::Read)]);
        assert_eq!(report.missing, ["s/e"]);
        assert_eq!((report.acceptable, report.strict), (Proportion::new(2, 4), Proportion::new(1, 4)));
        assert_eq!(report.destructive_recall, Proportion::new(1, 2));
        assert_eq!(report.destructive_called_read, 1);
        assert_eq!(report.read_called_destructive, Proportion::new(1, 2));
        assert_eq!(report.classes[0].precision, Proportion::new(2, 3));
    }

    #[test]
    fn a_facet_that_one_person_gave_counts_neither_way() {
        let report = report(GOLD, &[("a", Class::Read), ("b", Class::Read), ("d", Class::Destructive)]);
        let bulk = &report.facets[Facet::Bulk as usize];
        assert_eq!((bulk.found, bulk.extra, bulk.lost), (1, 1, 0));
        assert_eq!(bulk.precision, Proportion::new(1, 2));
        assert_eq!(report.facets[Facet::RunsCode as usize].recall, Proportion::new(0, 1));
        assert!((report.facets_f1 - 0.5).abs() < 1e-9, "{}", report.facets_f1);
    }
}
