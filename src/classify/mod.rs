//! Words + lexicon + schema + annotations → [`Verdict`] with evidence.

mod types;

pub use types::{
    Action, AnnotationAudit, Class, Confidence, Evidence, Facet, Facets, Finding, FindingId, FindingLevel, Hinted, Leg,
    Place, RunnerUp, Severity, Span, SpeaksFor, Verdict,
};
