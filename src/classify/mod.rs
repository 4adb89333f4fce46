//! Words + lexicon + schema + annotations → [`Verdict`] with evidence.

mod annotations;
mod classifier;
mod clause;
mod confidence;
mod decide;
mod deed;
pub mod document;
mod facets;
mod findings;
mod legs;
mod name;
mod overridden;
mod prefix;
mod restrict;
mod rules;
mod schema;
mod suspicious;
mod text;
mod types;

pub use classifier::Classifier;
pub use overridden::apply_override;
pub use rules::{RuleInfo, rule, rules};
pub use types::{
    Action, AnnotationAudit, Class, Confidence, Evidence, Facet, Facets, Finding, FindingId, FindingLevel, Hinted, Leg,
    Place, RunnerUp, Severity, Span, SpeaksFor, Verdict,
};
