//! What authors declare of their own tools, beside verdicts that did not see it.
//!
//! `readOnlyHint` is a label that nobody gave for our sake. It is a claim and no truth, so the figure says how often
//! author and verdict agree, and every disagreement must have its finding.

use rayon::prelude::*;
use serde::Serialize;

use super::proportion::{Proportion, mean};
use crate::classify::{Classifier, FindingId, Verdict};
use crate::manifest::{Annotations, Manifest};
use crate::risk::Class;

/// A server's mean counts from so many declared hints.
const MIN_HINTS: usize = 3;

/// Verdicts beside `readOnlyHint`.
#[derive(Debug, Clone, Serialize)]
pub struct Hints {
    /// Tools that declare the hint and whose verdict, made with all annotations hidden, agrees.
    pub tools: Proportion,
    /// Servers that declare it on at least three tools.
    pub servers: usize,
    /// The mean share of these servers.
    pub server_mean: f64,
    /// Tools whose verdict, made with annotations shown, disagrees with the hint, and that have the finding
    /// `annotation-contradicts-verdict`.
    pub told: Proportion,
    /// `server/tool` of those that have not.
    pub untold: Vec<String>,
}

/// Measures the hints of `manifests`; `shown` are the verdicts of the same servers with annotations in sight.
pub fn measure(classifier: &Classifier<'_>, manifests: &[Manifest], shown: &[Vec<Verdict>]) -> Hints {
    let by_server: Vec<Proportion> = manifests.par_iter().map(|manifest| hidden(*classifier, manifest)).collect();
    let enough: Vec<f64> = by_server.iter().filter(|p| p.of >= MIN_HINTS).map(|p| p.share()).collect();
    let (mut told, mut untold) = (Vec::new(), Vec::new());
    for (manifest, verdicts) in manifests.iter().zip(shown) {
        for (tool, verdict) in manifest.tools.iter().zip(verdicts) {
            let Some(declared) = tool.annotations.read_only else { continue };
            if agrees(verdict, declared) {
                continue;
            }
            let found = verdict.findings.iter().any(|f| f.id == FindingId::AnnotationContradictsVerdict);
            told.push(found);
            if !found {
                untold.push(format!("{}/{}", manifest.server.slug, tool.name.as_str()));
            }
        }
    }
    Hints {
        tools: by_server.iter().fold(Proportion::default(), |sum, p| Proportion::new(sum.part + p.part, sum.of + p.of)),
        servers: enough.len(),
        server_mean: mean(&enough),
        told: Proportion::count(told),
        untold,
    }
}

fn agrees(verdict: &Verdict, declared: bool) -> bool {
    (verdict.heuristic_class == Class::Read) == declared
}

/// How many verdicts on tools without their annotations agree with the hint that was declared.
fn hidden(classifier: Classifier<'_>, manifest: &Manifest) -> Proportion {
    let declared: Vec<Option<bool>> = manifest.tools.iter().map(|tool| tool.annotations.read_only).collect();
    if declared.iter().all(Option::is_none) {
        return Proportion::default();
    }
    let mut bare = manifest.clone();
    for tool in &mut bare.tools {
        tool.annotations = Annotations::default();
    }
    let verdicts = classifier.server(&bare);
    Proportion::count(verdicts.iter().zip(declared).filter_map(|(verdict, hint)| Some(agrees(verdict, hint?))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::manifest::Tool;

    fn server(slug: &str, tools: &[(&str, Option<bool>)]) -> Manifest {
        let mut manifest = Manifest::default();
        slug.clone_into(&mut manifest.server.slug);
        manifest.tools = tools
            .iter()
            .map(|(name, hint)| {
                let annotations = Annotations { present: true, read_only: *hint, ..Annotations::default() };
                Tool { name: (*name).into(), annotations, ..Tool::default() }
            })
            .collect();
        manifest
    }

    #[test]
    fn a_hint_is_measured_against_a_verdict_that_did_not_see_it() {
        let classifier = Classifier::new(Lexicon::embedded());
        // Nothing but the hint speaks for `thing`: shown, the verdict follows it; hidden, it is Write.
        let manifests = [
            server("a", &[("thing", Some(true)), ("list_users", Some(true)), ("delete_user", Some(true))]),
            server("b", &[("get_user", Some(false)), ("delete_user", None)]),
        ];
        let shown: Vec<Vec<Verdict>> = manifests.iter().map(|m| classifier.server(m)).collect();
        let hints = measure(&classifier, &manifests, &shown);
        assert_eq!(hints.tools, Proportion::new(1, 4));
        assert_eq!(hints.servers, 1);
        assert!((hints.server_mean - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!((hints.told, hints.untold.len()), (Proportion::new(2, 2), 0));
    }
}
