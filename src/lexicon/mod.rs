//! Verbs and signals: the knowledge that verdicts rest on, as data with sources.
//!
//! `verbs.toml` and `signals.toml` are embedded, and a catalogue may lay its own over them, row
//! by row. This module loads, checks and indexes them; what they mean for a tool is decided in
//! `classify`.

mod check;
mod data;
mod forms;
mod function;
mod index;
mod load;
mod scan;
mod threads;
mod vocabulary;

pub use data::{
    ArgumentEffect, ArgumentSignal, Compound, FacetFor, Group, GroupRole, LexiconSource, ModelDirected, Modifier, Noun,
    Phrase, PhraseRole, Signals, Verb, VerbRole, VerbRoles, When,
};
pub use forms::{Form, inflections};
pub use function::{Function, Functions};
pub(crate) use index::AimedText;
pub use index::{Index, Matches};
pub use load::Lexicon;
pub use vocabulary::{GroupSet, WordEntry};
