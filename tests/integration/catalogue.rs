//! The bundled catalogue, judged once.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};
use toolcard::catalog::{Catalog, overrides};
use toolcard::classify::{Classifier, Verdict};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, Tool};
use toolcard::policy::{Policy, RateLimits, recommend, tool_document};

/// One server with its verdicts.
pub struct Server {
    pub manifest: Manifest,
    pub verdicts: Vec<Verdict>,
}

impl Server {
    pub fn tools(&self) -> Vec<(&Tool, &Verdict)> {
        self.manifest.tools.iter().zip(&self.verdicts).collect()
    }
}

/// Every server of the bundled catalogue.
pub fn servers() -> &'static [Server] {
    static SERVERS: OnceLock<Vec<Server>> = OnceLock::new();
    SERVERS.get_or_init(|| {
        let catalog = Catalog::open(Path::new("catalog")).expect("the bundled catalogue");
        let servers: Vec<Server> = catalog
            .servers
            .iter()
            .map(|entry| {
                let manifest = Catalog::load(entry).manifest.expect("a manifest");
                let mut verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
                let decisions = overrides::read(&entry.dir);
                overrides::apply(&decisions, &manifest, &mut verdicts);
                Server { manifest, verdicts }
            })
            .collect();
        assert!(servers.len() >= 24);
        servers
    })
}

/// Each tool with its recommended document.
pub fn cards() -> impl Iterator<Item = (&'static Tool, &'static Verdict, Policy)> {
    servers().iter().flat_map(Server::tools).map(|(tool, verdict)| {
        let rule = recommend(tool, verdict, &RateLimits::default());
        (tool, verdict, tool_document(&tool.name, &rule))
    })
}

/// Calls of a tool that a document could tell apart: nothing, each value of each argument that the
/// document names, and values of the wrong type.
pub fn probes(policy: &Policy, tool: &str) -> Vec<Value> {
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
