//! A person's decision laid over a verdict.

use super::types::Verdict;
use crate::risk::{Class, Facets, Severity};

/// Replaces the class, and the facets where given. A `stale` decision, one about a definition
/// that has changed since, holds only where it is the worse: the worse class and all facets of both.
pub fn apply_override(verdict: &mut Verdict, class: Class, facets: Option<Facets>, stale: bool) {
    if stale {
        verdict.class = verdict.heuristic_class.max(class);
        verdict.facets = verdict.facets.union(facets.unwrap_or(Facets::NONE));
    } else {
        verdict.class = class;
        verdict.facets = facets.unwrap_or(verdict.facets);
    }
    verdict.base_class = verdict.base_class.min(verdict.class);
    verdict.severity = Severity::of(verdict.class, verdict.facets);
    super::findings::reaudit(verdict);
}
