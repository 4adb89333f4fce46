//! Words + lexicon + schema + annotations → [`Verdict`] with evidence.
//!
//! What is read of a definition (`name`, `sentence`, `schema`, `phrases`) becomes claims (`claims`), which
//! restrictions take back (`restrictions`); the worst that is left decides (`decide`).

mod annotations;
mod claims;
mod classifier;
pub mod clients;
mod confidence;
mod decide;
mod directories;
mod dispatcher;
pub mod document;
mod draft;
mod duplicates;
mod facets;
mod findings;
mod fold;
mod meta;
mod name;
mod overridden;
mod phrases;
mod prefix;
mod refused;
mod restrictions;
mod rules;
mod schema;
mod sentence;
mod server;
mod stated;
mod suspicious;
mod text;
mod trifecta;
mod types;

pub use claims::{CLAIMS, RuleText};
pub use classifier::Classifier;
pub use confidence::{FEATURES, Feature, Features, Model};
pub use directories::{DirectoryRefusal, Undeclared, refusals};
pub use meta::{AuthorRisk, author_risk, header, is_app_only};
pub use overridden::apply_override;
pub use rules::{RuleInfo, rule, rules};
pub use server::{ServerFinding, ServerFindingId, server_findings};
pub use types::{
    AcceptedBy, Action, AnnotationAudit, Confidence, Evidence, Finding, FindingId, FindingLevel, Hinted, Place,
    RuleFamily, RunnerUp, SpeaksFor, TrifectaLeg, Verdict,
};
