//! What the parts of a card are given: one tool, and what is known of its server while the card is written.

use super::arguments::Argument;
use super::attacks::{Article, Traits};
use super::names::Named;
use crate::classify::Verdict;
use crate::config::Config;
use crate::lexicon::Lexicon;
use crate::manifest::{Manifest, Tool};
use crate::policy::{Claims, Policy, RateLimits};
use crate::risk::Class;

/// What cards need to know that no server says.
#[derive(Debug, Clone, Copy)]
pub struct CardContext<'a> {
    /// Gateway, report address, owner.
    pub config: &'a Config,
    /// How many calls a minute recommended rules allow.
    pub rate_limits: RateLimits,
    /// What verbs are known.
    pub lexicon: &'a Lexicon,
    /// The articles on what goes wrong.
    pub articles: &'a [Article],
}

/// What one name and its schema say.
#[derive(Debug, Clone)]
pub(crate) struct ToolReading<'a> {
    pub named: Named,
    pub arguments: Vec<Argument<'a>>,
}

/// The card's document and what it does.
pub(crate) struct ProfileDocument {
    pub policy: Policy,
    pub claims: Claims,
}

/// One tool among those of its server while its card is written.
#[derive(Clone, Copy)]
pub(crate) struct View<'s> {
    pub manifest: &'s Manifest,
    pub verdicts: &'s [Verdict],
    pub readings: &'s [ToolReading<'s>],
    pub context: CardContext<'s>,
    pub index: usize,
    pub tool: &'s Tool,
    pub verdict: &'s Verdict,
}

impl<'s> View<'s> {
    pub(crate) fn arguments(&self) -> &'s [Argument<'s>] {
        &self.readings[self.index].arguments
    }

    /// What articles are chosen by.
    pub(crate) fn traits(&self) -> Traits<'s> {
        Traits { verdict: self.verdict, arguments: self.arguments() }
    }

    pub(crate) fn class(&self) -> Class {
        self.verdict.class
    }
}
