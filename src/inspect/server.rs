//! One server in the report: who it is, its tools worst first, each with the reason.

use std::cmp::Reverse;

use serde::Serialize;

use crate::card::{CardContext, ServerCards, client_key};
use crate::catalog::labelled::Labelled;
use crate::classify::{Confidence, FindingLevel, TrifectaLeg, server_findings};
use crate::config::Config;
use crate::lexicon::Lexicon;
use crate::manifest::ServerText;
use crate::neutral::visible;
use crate::policy::{Claims, Outcome, RateLimits, tool_document};
use crate::risk::{Class, ClassCounts, Facets, Severity};

/// What is known of a server before it is inspected.
#[derive(Debug)]
pub struct ServerToInspect {
    /// Its labels.
    pub labelled: Labelled,
    /// Where it came from, without secrets.
    pub from: String,
    /// Its name in a client, where a client's configuration names it.
    pub client_name: Option<String>,
}

/// A server of the report.
#[derive(Debug, Serialize)]
pub struct InspectedServer {
    /// The name that people read.
    pub name: String,
    /// The name that tells it from the others of the report.
    pub slug: String,
    /// Its name in a client: the one of the configuration that it came from, or the usual one.
    pub client_name: String,
    /// Where it came from.
    pub from: String,
    /// The package's version, or else the one that the server says.
    pub version: Option<ServerText>,
    /// The package.
    pub package: Option<ServerText>,
    /// The registry of the package.
    pub registry: Option<ServerText>,
    /// Whether there are no more tools than these.
    pub complete: bool,
    /// How many tools are Read, Write and Destructive.
    pub counts: ClassCounts,
    /// What a reader must know of the whole server.
    pub findings: Vec<InspectedFinding>,
    /// Its tools, worst first.
    pub tools: Vec<InspectedTool>,
}

/// A tool of the report.
#[derive(Debug, Serialize)]
pub struct InspectedTool {
    /// The name that an agent calls.
    pub name: String,
    /// Its class, after a decision of a person.
    pub class: Class,
    /// Its severity.
    pub severity: Severity,
    /// Why it deserves more care.
    pub facets: Facets,
    /// How sure the class is.
    pub confidence: Confidence,
    /// What the worst call does, with the words that say so: sentences, names and quotations between backticks.
    pub why: String,
    /// What to do with it, a phrase.
    pub recommended: String,
    /// Whether the recommended policy lets no call of it pass.
    pub denied: bool,
    /// What a reader must know that is not a class.
    pub findings: Vec<InspectedFinding>,
    /// Its legs of the lethal trifecta.
    pub legs: Vec<TrifectaLeg>,
}

/// A finding of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InspectedFinding {
    /// The stable id.
    pub id: &'static str,
    /// How much it matters.
    pub level: FindingLevel,
    /// Sentences, names between backticks.
    pub message: String,
}

impl InspectedServer {
    /// Of a server and its labels.
    pub fn new(server: &ServerToInspect, lexicon: &Lexicon, config: &Config) -> Self {
        let ServerToInspect { labelled, from, client_name } = server;
        let Labelled { manifest, verdicts, .. } = labelled;
        let rate_limits: RateLimits = config.limits;
        let cards = ServerCards::new(manifest, verdicts, CardContext { config, rate_limits, lexicon, articles: &[] });
        let mut tools: Vec<InspectedTool> = Vec::with_capacity(manifest.tools.len());
        for (i, (tool, verdict)) in manifest.tools.iter().zip(verdicts).enumerate() {
            let Some(rule) = cards.rules.get(i) else { continue };
            let policy = tool_document(&tool.name, rule);
            let claims = Claims::of(&policy, tool, verdict);
            let findings = verdict.told_findings().map(|finding| InspectedFinding {
                id: finding.id.name(),
                level: finding.level,
                message: finding.message.clone(),
            });
            tools.push(InspectedTool {
                name: tool.name.to_string(),
                class: verdict.class,
                severity: verdict.severity,
                facets: verdict.facets,
                confidence: verdict.confidence,
                why: cards.worst(i).map(|prose| prose.plain()).unwrap_or_default(),
                recommended: claims.line(),
                denied: matches!(claims.outcome(), Outcome::Denied | Outcome::Hidden),
                findings: findings.collect(),
                legs: verdict.legs.clone(),
            });
        }
        let worst_finding = |tool: &InspectedTool| tool.findings.iter().map(|f| f.level).max();
        tools.sort_by(|a, b| {
            let key =
                |tool: &InspectedTool| Reverse((tool.severity, tool.class, worst_finding(tool), tool.facets.len()));
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        let [read, write, destructive] = cards.counts;
        let identity = &manifest.server;
        let findings = server_findings(manifest, verdicts).into_iter().map(|finding| InspectedFinding {
            id: finding.id.name(),
            level: finding.level,
            message: finding.message,
        });
        Self {
            name: identity.display_name().to_owned(),
            slug: identity.slug.clone(),
            client_name: client_name.clone().unwrap_or_else(|| client_key(identity)),
            from: from.clone(),
            version: identity.package_version.clone().or_else(|| identity.version.clone()),
            package: identity.package.clone(),
            registry: identity.registry.clone(),
            complete: !manifest.is_partial(),
            counts: ClassCounts { read, write, destructive },
            findings: findings.collect(),
            tools,
        }
    }

    /// "14 tools: 2 Destructive, 12 Read", "at least 14 tools: …".
    pub fn summary(&self) -> String {
        let n = self.counts.tools();
        let tools = crate::english::count(n, "tool");
        let least = if self.complete { "" } else { "at least " };
        if n == 0 { format!("{least}{tools}") } else { format!("{least}{tools}: {}", self.counts.words()) }
    }

    /// The package with registry and version, or the version that the server says, as far as they are known.
    pub fn package_words(&self) -> String {
        let version = self.version.as_deref().map(|version| format!(" {}", visible(version))).unwrap_or_default();
        match (self.registry.as_deref().map(visible), self.package.as_deref().map(visible)) {
            (Some(registry), Some(package)) => format!("{registry} {package}{version}"),
            (None, Some(package)) => format!("{package}{version}"),
            _ => version.trim().to_owned(),
        }
    }
}
