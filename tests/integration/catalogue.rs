//! The bundled catalogue, read and labelled once for all tests.

use std::sync::OnceLock;

use serde_json::{Value, json};
use toolcard::catalog::Catalog;
use toolcard::catalog::labelled::{Labelled, read_server};
use toolcard::classify::{Classifier, Verdict};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, Tool};
use toolcard::policy::{Policy, RateLimits, recommend, tool_document};

use crate::support::bundled;

/// One server with its labels.
pub(crate) struct BundledServer {
    pub manifest: Manifest,
    /// The labels as every command has them: people's decisions are laid over the classifier's.
    pub verdicts: Vec<Verdict>,
    /// The classifier's alone.
    pub classified: Vec<Verdict>,
}

impl BundledServer {
    pub(crate) fn tools(&self) -> Vec<(&Tool, &Verdict)> {
        self.manifest.tools.iter().zip(&self.verdicts).collect()
    }
}

/// Every server of the bundled catalogue, sorted by slug.
pub(crate) fn servers() -> &'static [BundledServer] {
    static SERVERS: OnceLock<Vec<BundledServer>> = OnceLock::new();
    SERVERS.get_or_init(|| {
        let catalog = Catalog::open(&bundled()).expect("the bundled catalogue");
        let labeller = Classifier::new(Lexicon::embedded());
        let servers: Vec<BundledServer> = catalog
            .servers
            .iter()
            .map(|entry| {
                let Labelled { manifest, verdicts, .. } = read_server(entry, labeller).value.expect("a manifest");
                let classified = labeller.server(&manifest);
                BundledServer { manifest, verdicts, classified }
            })
            .collect();
        assert!(servers.len() >= 24, "the bundled catalogue has {} servers", servers.len());
        servers
    })
}

/// Each tool with its recommended document.
pub(crate) fn cards() -> impl Iterator<Item = (&'static Tool, &'static Verdict, Policy)> {
    servers().iter().flat_map(BundledServer::tools).map(|(tool, verdict)| {
        let rule = recommend(tool, verdict, &RateLimits::default());
        (tool, verdict, tool_document(&tool.name, &rule))
    })
}

/// Calls of a tool that a document could tell apart: nothing, each value of each argument that the
/// document names, and values of the wrong type.
pub(crate) fn probes(policy: &Policy, tool: &str) -> Vec<Value> {
    let mut probes = vec![json!({})];
    let entry = policy.tools.get(tool);
    let clauses = entry.into_iter().flat_map(|e| e.require.iter().chain(&e.deny_if));
    for condition in clauses.flat_map(|c| &c.conditions) {
        let named = serde_json::to_value(condition).expect("serialises")["value"].clone();
        let named = named.as_array().cloned().unwrap_or_default();
        let odd =
            [json!(null), json!("delete"), json!("another"), json!(7), json!([]), json!({}), json!(true), json!("")];
        for value in named.into_iter().chain(odd) {
            let fields: Vec<&str> = condition.path.fields().collect();
            let args = fields.iter().rev().fold(value, |inner, field| json!({ *field: inner }));
            probes.push(args);
        }
    }
    probes
}
