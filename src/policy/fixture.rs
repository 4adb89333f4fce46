//! Verdicts made by hand for this module's unit tests.

use crate::classify::{Action, AnnotationAudit, Confidence, Hinted, Verdict};
use crate::manifest::Tool;
use crate::risk::{Class, Facet, Facets, Severity};

/// A tool that has nothing but a name.
pub(crate) fn tool(name: &str) -> Tool {
    Tool { name: name.into(), ..Tool::default() }
}

/// An action that is not the default.
pub(crate) fn action(argument: &str, value: &str, class: Class, facets: &[Facet]) -> Action {
    let facets = facets.iter().copied().collect();
    Action { argument: argument.to_owned(), value: value.to_owned(), class, facets, default: false }
}

/// A verdict without evidence.
pub(crate) fn verdict(class: Class, facets: &[Facet]) -> Verdict {
    let facets: Facets = facets.iter().copied().collect();
    let hint = Hinted { declared: None, default: false, verdict: None };
    Verdict {
        class,
        heuristic_class: class,
        base_class: class,
        severity: Severity::of(class, facets),
        facets,
        confidence: Confidence(1.0),
        verb: None,
        evidence: Vec::new(),
        runner_up: None,
        findings: Vec::new(),
        actions: Vec::new(),
        annotations: AnnotationAudit { read_only: hint, destructive: hint, idempotent: hint, open_world: hint },
        legs: Vec::new(),
    }
}
