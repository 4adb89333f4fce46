//! Words + lexicon + schema + annotations → [`Verdict`] with evidence.
//!
//! What is read of a definition (`name`, `sentence`, `schema`, `phrases`) becomes claims (`claims`), which
//! restrictions take back (`restrictions`); the worst that is left decides (`decide`).

mod annotations;
mod claims;
mod classifier;
mod confidence;
mod decide;
pub mod document;
mod draft;
mod facets;
mod findings;
mod name;
mod overridden;
mod phrases;
mod prefix;
mod restrictions;
mod rules;
mod schema;
mod sentence;
mod stated;
mod suspicious;
mod text;
mod trifecta;
mod types;

pub use claims::{CLAIMS, RuleText};
pub use classifier::Classifier;
pub use confidence::{FEATURES, Feature, Features, Model};
pub use overridden::apply_override;
pub use rules::{RuleInfo, rule, rules};
pub use types::{
    Action, AnnotationAudit, Confidence, Evidence, Finding, FindingId, FindingLevel, Hinted, Place, Rule, RunnerUp,
    SpeaksFor, TrifectaLeg, Verdict,
};
