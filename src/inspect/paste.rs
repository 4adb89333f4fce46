//! The recommended policy of a server, as each client reads it.

use serde::Serialize;

use super::server::ServerToInspect;
use crate::card::client_key;
use crate::policy::formats::{self, Format, FormatGroup, Rendered, Scope, Unsupported};
use crate::policy::{Policy, Profile, RateLimits, server_document};

/// What to paste into one client for one server.
#[derive(Debug, Serialize)]
pub struct Paste {
    /// The server's slug.
    pub server: String,
    /// The format's name on the command line.
    pub format: &'static str,
    /// The client.
    pub client: &'static str,
    /// Where it goes, a sentence.
    pub place: &'static str,
    /// The text; empty where the client cannot be told.
    pub text: String,
    /// Where it says less than the policy, or why the client cannot be told.
    pub notes: Vec<String>,
}

/// What to give to clients and gateways for one server.
pub(super) fn pastes(
    server: &ServerToInspect,
    formats: &[&'static dyn Format],
    rate_limits: &RateLimits,
) -> Vec<Paste> {
    let policy = document(server, rate_limits);
    formats.iter().map(|format| paste(server, &policy, *format)).collect()
}

/// The clients that people work in, and the document itself.
pub fn clients() -> Vec<&'static dyn Format> {
    let wanted = |format: &&'static dyn Format| format.group() == FormatGroup::Agents || format.id() == "policy-json";
    formats::all().iter().copied().filter(wanted).collect()
}

/// The recommended policy of a server.
fn document(server: &ServerToInspect, rate_limits: &RateLimits) -> Policy {
    let labelled = &server.labelled;
    server_document(labelled.manifest.tools.iter().zip(&labelled.verdicts), Profile::Guarded, rate_limits)
}

fn paste(server: &ServerToInspect, policy: &Policy, format: &'static dyn Format) -> Paste {
    let manifest = &server.labelled.manifest;
    let name = server.client_name.clone().unwrap_or_else(|| client_key(&manifest.server));
    let scope = Scope::server(&name, policy, manifest.tools.iter().map(|tool| tool.name.as_str()));
    let (text, notes) = match format.render(&scope) {
        Ok(Rendered { text, notes, .. }) => (text, notes.into_iter().map(String::from).collect()),
        Err(Unsupported(reason)) => (String::new(), vec![reason.into()]),
    };
    Paste {
        server: manifest.server.slug.clone(),
        format: format.id(),
        client: format.label(),
        place: format.place(),
        text,
        notes,
    }
}
