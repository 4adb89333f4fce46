//! Verdicts as the JSON document of `toolcard classify --format json`
//! (`schemas/classify.schema.json`).

use serde::Serialize;

use super::server::{ServerFinding, server_findings};
use super::types::{Action, AnnotationAudit, Confidence, Evidence, Finding, RunnerUp, TrifectaLeg, Verdict};
use crate::manifest::Manifest;
use crate::risk::{Class, Facets, Severity};

/// What `toolcard classify --format json` prints.
#[derive(Debug, Serialize)]
pub struct ClassifyDocument<'a> {
    /// Servers in the order that they were read.
    pub servers: Vec<ClassifiedServer<'a>>,
}

/// A server of that document, with its tools in the order of its manifest.
#[derive(Debug, Serialize)]
pub struct ClassifiedServer<'a> {
    /// The slug.
    pub server: &'a str,
    /// Whether all its tools are known.
    pub complete: bool,
    /// What a reader must know of the whole server.
    pub findings: Vec<ServerFinding>,
    /// Its tools, in the manifest's order.
    pub tools: Vec<ClassifiedTool<'a>>,
}

/// One tool.
#[derive(Debug, Serialize)]
pub struct ClassifiedTool<'a> {
    name: &'a str,
    class: Class,
    heuristic_class: Class,
    base_class: Class,
    severity: Severity,
    facets: Facets,
    confidence: Confidence,
    verb: Option<&'a str>,
    evidence: &'a [Evidence],
    runner_up: Option<&'a RunnerUp>,
    findings: &'a [Finding],
    actions: &'a [Action],
    annotations: AnnotationAudit,
    legs: &'a [TrifectaLeg],
}

impl<'a> ClassifiedServer<'a> {
    /// The row of a server and its verdicts.
    pub fn new(manifest: &'a Manifest, verdicts: &'a [Verdict]) -> Self {
        let tools = manifest.tools.iter().zip(verdicts).map(|(tool, v)| ClassifiedTool {
            name: &tool.name,
            class: v.class,
            heuristic_class: v.heuristic_class,
            base_class: v.base_class,
            severity: v.severity,
            facets: v.facets,
            confidence: v.confidence,
            verb: v.verb.as_deref(),
            evidence: &v.evidence,
            runner_up: v.runner_up.as_ref(),
            findings: &v.findings,
            actions: &v.actions,
            annotations: v.annotations,
            legs: &v.legs,
        });
        let findings = server_findings(manifest, verdicts);
        Self { server: &manifest.server.slug, complete: !manifest.is_partial(), findings, tools: tools.collect() }
    }
}
