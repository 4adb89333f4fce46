//! One server on one side of a review.

use std::sync::Arc;

use crate::catalog::accepted::AppliedAcceptance;
use crate::catalog::lock::{Label, Locked};
use crate::catalog::overrides::AppliedOverride;
use crate::classify::Verdict;
use crate::diagnostic::Position;
use crate::lexicon::Lexicon;
use crate::manifest::{DefinitionPart, Tool};
use crate::policy::{self, RateLimits};

use super::change::Location;

/// A server as it is in one state: rows always, definitions unless the state is a lock.
#[derive(Debug, Default)]
pub struct State {
    /// The manifest's path as locations show it.
    pub file: String,
    /// The tools' labels and fingerprints.
    pub rows: Vec<Locked>,
    /// Where each row's tool begins.
    pub places: Vec<Option<Position>>,
    /// The definitions behind the rows, in their order; `None` for a lock.
    pub definitions: Option<Vec<Definition>>,
    /// How many calls a minute recommended policies allow.
    pub rate_limits: RateLimits,
    /// Whether the listing is a part of what the server offers.
    pub partial: bool,
    /// The manifest's `captured_at`.
    pub captured: Option<String>,
    /// The decisions of people on these tools.
    pub decisions: Vec<AppliedOverride>,
    /// The findings of these tools that people accepted.
    pub accepted: Vec<AppliedAcceptance>,
    /// The file of the decisions as locations show it.
    pub decisions_file: String,
    /// The lexicon, where the catalogue has rows of its own.
    pub lexicon: Option<Arc<Lexicon>>,
}

/// What is known of a tool beside its row.
#[derive(Debug)]
pub struct Definition {
    /// The definition.
    pub tool: Tool,
    /// Its verdict, after an override.
    pub verdict: Verdict,
}

/// One tool of a state.
#[derive(Debug, Clone, Copy)]
pub struct StateTool<'a> {
    /// Its label and fingerprint.
    pub row: &'a Locked,
    /// Its definition and verdict; `None` where the state is a lock.
    pub definition: Option<&'a Definition>,
    /// The lexicon that labelled it.
    pub lexicon: &'a Lexicon,
    file: &'a str,
    position: Option<Position>,
    rate_limits: RateLimits,
}

impl State {
    /// Whether every label that a lock recorded is still the label.
    pub fn agrees(&self, locked: &[(Locked, u32)]) -> bool {
        self.rows.iter().all(|row| {
            let at = locked.binary_search_by(|(l, _)| l.tool.as_str().cmp(&row.tool));
            at.is_ok_and(|at| locked[at].0.label == row.label)
        })
    }

    /// Takes the labels that a lock recorded for the same definitions: those a reviewer has seen,
    /// where the rules have moved since.
    pub fn reviewed(&mut self, locked: &[(Locked, u32)]) {
        for (i, row) in self.rows.iter_mut().enumerate() {
            let Ok(at) = locked.binary_search_by(|(l, _)| l.tool.as_str().cmp(&row.tool)) else { continue };
            let seen = &locked[at].0;
            if seen.label == row.label
                || row.fingerprint.moved(&seen.fingerprint).iter().any(|p| *p != DefinitionPart::Extra)
            {
                continue;
            }
            row.label = seen.label.clone();
            if let Some(definition) = self.definitions.as_mut().and_then(|d| d.get_mut(i)) {
                definition.relabel(&seen.label);
            }
        }
    }

    /// The tool of a row.
    pub fn seen(&self, index: usize) -> Option<StateTool<'_>> {
        Some(StateTool {
            row: self.rows.get(index)?,
            definition: self.definitions.as_ref().and_then(|d| d.get(index)),
            lexicon: self.lexicon.as_deref().unwrap_or_else(|| Lexicon::embedded()),
            file: &self.file,
            position: self.places.get(index).copied().flatten(),
            rate_limits: self.rate_limits,
        })
    }
}

impl Definition {
    /// The verdict as another lexicon gave it, as far as a label says.
    fn relabel(&mut self, label: &Label) {
        self.verdict.class = label.class;
        self.verdict.severity = label.severity;
        self.verdict.facets = label.facets;
        let speaks = |rule: &str| label.rules.iter().any(|r| r == rule);
        // What the rules see today stays known: it was said before, whatever was made of it.
        for evidence in &mut self.verdict.evidence {
            evidence.decides &= speaks(&evidence.rule);
        }
    }
}

impl StateTool<'_> {
    /// Where the tool begins.
    pub fn location(&self) -> Location {
        Location::new(self.file, self.position)
    }

    /// The text of the policy that is recommended for the tool alone, under a name; `None` for a lock.
    pub fn policy(&self, name: &str) -> Option<String> {
        let Definition { tool, verdict } = self.definition?;
        let rule = if tool.name == name {
            policy::recommend(tool, verdict, &self.rate_limits)
        } else {
            policy::recommend(&Tool { name: name.into(), ..tool.clone() }, verdict, &self.rate_limits)
        };
        Some(policy::tool_document(name, &rule).to_json())
    }

    /// What the policy that is recommended for the tool does with its calls; `None` for a lock.
    pub fn outcome(&self) -> Option<policy::Outcome> {
        let Definition { tool, verdict } = self.definition?;
        let document = policy::tool_document(&tool.name, &policy::recommend(tool, verdict, &self.rate_limits));
        Some(policy::outcome(&document, tool, verdict))
    }
}
