//! The same rules in the forms that clients and gateways read: one file a format, all behind
//! [`Format`].
//!
//! A format may be stricter than the document or ask a person; it is never looser. What it cannot
//! say it declares, and each rendering notes where that mattered.

mod anthropic;
mod cedar;
mod cedar_agentcore;
mod cedar_toolhive;
mod claude_code;
mod codex;
mod gemini_policy;
mod gemini_settings;
mod intercept;
mod openai;
mod policy_json;
mod scope;
mod toml;
mod yaml;

use std::borrow::Cow;

pub use scope::{Argument, Named, Scope, Stance};

/// What a format does with a tool that the document denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A call is denied, whoever makes it.
    Enforces,
    /// The tool is not offered to the agent.
    Hides,
}

impl Effect {
    /// `enforces` or `hides`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enforces => "enforces",
            Self::Hides => "hides",
        }
    }
}

/// A document in one format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The text, with a newline at its end.
    pub text: String,
    /// Where it says less than the document: sentences of ours, names as Markdown code spans.
    pub notes: Vec<Cow<'static, str>>,
}

/// Why nothing is rendered: a sentence of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub Cow<'static, str>);

/// A form that some client or gateway reads.
pub trait Format: Sync {
    /// The name on the command line and in anchors.
    fn id(&self) -> &'static str;
    /// The name for people.
    fn label(&self) -> &'static str;
    /// What it does with a denied tool.
    fn effect(&self) -> Effect;
    /// The file's name, without its folder.
    fn filename(&self) -> &'static str;
    /// Where it goes: a sentence.
    fn place(&self) -> &'static str;
    /// What it cannot express, and what it does instead: sentences, empty where there is nothing.
    fn cannot(&self) -> &'static str;
    /// The document.
    ///
    /// # Errors
    /// Where the format cannot say it at all, for a name that it cannot hold, for example.
    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Refusal>;
}

/// Every format, the most used first.
pub fn all() -> &'static [&'static dyn Format] {
    &[
        &policy_json::PolicyJson,
        &claude_code::ClaudeCode,
        &codex::Codex,
        &gemini_settings::GeminiSettings,
        &gemini_policy::GeminiPolicy,
        &intercept::Intercept,
        &openai::OpenAi,
        &anthropic::Anthropic,
        &cedar_toolhive::ToolHive,
        &cedar_agentcore::AgentCore,
    ]
}

/// The format of that id.
pub fn find(id: &str) -> Option<&'static dyn Format> {
    all().iter().copied().find(|f| f.id() == id)
}

/// A value as indented JSON text that is safe to print.
fn json(value: &impl serde::Serialize) -> String {
    // Structs of texts, lists and flags always serialise.
    crate::neutral::json(value).unwrap_or_default()
}
