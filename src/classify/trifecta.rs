//! The legs of the lethal trifecta that one tool provides: private data in, untrusted content in, a
//! way out. The danger is in the combination, which a server's tools make together.

use super::draft::ToolReadings;
use super::types::{TrifectaLeg, Verdict};
use crate::lexicon::{ArgumentEffect, GroupRole};
use crate::risk::{Class, Facet};

/// The legs of one tool.
pub(super) fn legs(r: &ToolReadings<'_>, verdict: &Verdict) -> Vec<TrifectaLeg> {
    let mut out = Vec::new();
    let object = r.name.object.any | r.text.object.any;
    let of = |role: GroupRole| object & r.lexicon.index().role(role) != 0;
    let reads = verdict.class == Class::Read
        || verdict.actions.iter().any(|a| a.class == Class::Read)
        || verdict.facets.has(Facet::RunsCode);
    let query = r.schema.effect(ArgumentEffect::Query).is_some();
    if verdict.facets.has(Facet::ReadsSecrets) || (reads && (of(GroupRole::Private) || query)) {
        out.push(TrifectaLeg::PrivateData);
    }
    if reads && (r.schema.url || of(GroupRole::Untrusted)) {
        out.push(TrifectaLeg::UntrustedContent);
    }
    if verdict.facets.has(Facet::SendsOut) || verdict.facets.has(Facet::RunsCode) || r.schema.url {
        out.push(TrifectaLeg::ExternalCommunication);
    }
    out
}
