//! The same rules in the forms that clients and gateways read: one file a format, all behind
//! [`Format`].
//!
//! A format may be stricter than the document or ask a person; it is never looser. What it cannot
//! say it declares, and each rendering notes where that mattered.

mod agentgateway;
mod agt;
mod anthropic;
mod anthropic_managed;
mod cedar;
mod cedar_agentcore;
mod cedar_toolhive;
mod claude_code;
mod cline;
mod codex;
mod docker_profile;
mod envoy_mcproute;
mod gemini_policy;
mod gemini_settings;
mod intercept;
mod kiro;
mod kiro_mcp;
mod litellm;
mod opa_data;
mod openai;
mod opencode;
mod policy_json;
mod roo;
mod scope;
mod server_lists;
mod toml;
mod vscode_agent;
mod vscode_settings;
pub(super) mod yaml;
mod zed;

use std::borrow::Cow;

use strum::{EnumCount, IntoStaticStr, VariantArray};

use super::into::{EntryFor, FileSlot, FileSyntax, SlotKind};
use super::parts::{DocumentPart, PartList};
use super::settings::{
    ArgumentTest, ClientAnswer, ClientReading, EntryRule, EntryRules, EntrySays, RuleOrder, SettingsNode,
};
use crate::bytes::first_byte;
use crate::neutral::is_hidden;
use crate::sentence::{PageShare, Sentence};
use crate::variants::every;

pub use scope::{KeptArgument, Scope, ToolEffect, ToolPolicy};

const fn note(id: &'static str, text: &'static str, when: &'static str, share: PageShare) -> Sentence {
    Sentence { id, text, when, slots: &[], share }
}

const LIMITED: &str = "The document limits the tool's calls, which the format cannot.";
const BY_ARGUMENT: &str = "The document looks at an argument, which the format cannot.";
/// The format asks where the document limits.
pub(super) const ASKS: Sentence =
    note("format_asks", "It cannot limit calls: it asks before each one instead.", LIMITED, PageShare::Class);
/// The format denies a tool whose argument the document looks at.
pub(super) const DENIES: Sentence =
    note("format_denies", "It cannot look at arguments: it denies the whole tool.", BY_ARGUMENT, PageShare::Third);
/// The format does not offer such a tool.
pub(super) const OMITS: Sentence =
    note("format_omits", "It cannot look at arguments: it does not offer the tool.", BY_ARGUMENT, PageShare::Third);
/// The format asks for tools that the document denies and it does not list.
pub(super) const ASKS_UNLISTED: Sentence = note(
    "format_asks_unlisted",
    "Asks before each call of a tool that it does not list.",
    "The format lists no tool that is allowed, so it cannot leave the others out.",
    PageShare::Class,
);
/// The format denies a call that leaves out an argument whose values the document lists.
pub(super) const NEEDS_ARGUMENT: Sentence = note(
    "format_needs_argument",
    "Denies a call without the argument, which policy.json lets pass.",
    "The document lists values of an argument and allows a call without it, which the format cannot.",
    PageShare::Third,
);
/// The format denies a tool with conditions that it has no words for.
pub(super) const DENIES_OTHER: Sentence = note(
    "format_denies_other",
    "Denies a tool whose conditions it cannot say.",
    "The document has a condition that the format cannot hold.",
    PageShare::Third,
);
/// What a format always does with what it does not list.
pub(super) const ASKS_FOR_REST: Sentence = note(
    "format_asks_for_rest",
    "Asks for what it does not list.",
    "The format never denies what it does not list.",
    PageShare::Class,
);
const PROGRAM: (&str, &str) = ("program", "Word");
const ENFORCES: Sentence = Sentence {
    id: "format_enforces",
    text: "{program} enforces it.",
    when: "The program denies a call that the format denies.",
    slots: &[PROGRAM],
    share: PageShare::Heading,
};
const HIDES: Sentence = Sentence {
    id: "format_hides",
    text: "{program} does not offer a denied tool.",
    when: "The program leaves a tool that the format denies out of the agent's list.",
    slots: &[PROGRAM],
    share: PageShare::Heading,
};

/// What the formats on a tool's page note, and why a name is refused.
pub const SENTENCES: &[Sentence] = &[
    ASKS,
    DENIES,
    OMITS,
    ASKS_UNLISTED,
    ASKS_FOR_REST,
    NEEDS_ARGUMENT,
    DENIES_OTHER,
    ENFORCES,
    HIDES,
    Sentence {
        id: "format_refuses_name",
        text: "{tool} {reason}.",
        when: "The tool's name is none that the format can hold.",
        slots: &[("tool", "Code"), ("reason", "Word")],
        share: PageShare::Third,
    },
    note(
        "format_refuses_server",
        "The server's name must be letters, digits, - and single _ inside; give it such a name in the client.",
        "The server's name is none that Claude Code can hold.",
        PageShare::Third,
    ),
];

/// What a format does with a tool that the document denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Effect {
    /// A call is denied, whoever makes it.
    Enforces,
    /// The tool is not offered to the agent.
    Hides,
    /// A person is asked before each call.
    Asks,
}

impl Effect {
    /// `enforces`, `hides` or `asks`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What reads a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumCount, VariantArray)]
pub enum FormatGroup {
    /// Programs that people work in.
    Agents,
    /// Programs between an agent and its servers.
    Gateways,
    /// Services that run the agent.
    Cloud,
    /// Engines that other programs ask.
    Engines,
}

impl FormatGroup {
    /// All groups, in the order of menus.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Agents => "Agents and editors",
            Self::Gateways => "Gateways",
            Self::Cloud => "Cloud",
            Self::Engines => "Policy engines",
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
    /// For each note the places of the tools that it is about; none where it is about the document.
    pub places: Vec<Vec<usize>>,
}

/// A document in one format, in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text, with a newline at its end.
    pub document: PartList,
    /// Where it says less than the document, each as far as its tools remain.
    pub notes: Vec<PartList>,
    /// Why there is no document where nothing remains.
    pub otherwise: &'static str,
}

impl Written {
    fn new(document: PartList, notes: Vec<PartList>) -> Self {
        Self { document, notes, otherwise: "" }
    }

    /// What remains of it where the rows of these places are kept.
    pub(super) fn kept(&self, kept: &dyn Fn(usize) -> bool) -> Result<Rendered, Unsupported> {
        let text = self.document.kept(kept);
        if text.is_empty() {
            return Err(Unsupported(self.otherwise.into()));
        }
        let (mut notes, mut places) = (Vec::new(), Vec::new());
        for note in &self.notes {
            let words = note.kept(kept);
            if !words.is_empty() {
                notes.push(Cow::Owned(words));
                places.push(note.places().into_iter().filter(|place| kept(*place)).collect());
            }
        }
        Ok(Rendered { text, notes, places })
    }
}

/// Why nothing is rendered: a sentence of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported(pub Cow<'static, str>);

/// How a program is told of a server and of its policy.
#[derive(Debug, Clone, Copy)]
pub struct Guide {
    /// The program that acts on the file.
    pub program: &'static str,
    /// The file, as people name it.
    pub file: &'static str,
    /// The documentation of the file.
    pub file_url: &'static str,
    /// The documentation of how a server is added.
    pub start_url: &'static str,
    /// The command that adds a server: its name there, the program that starts it, and that program's arguments.
    pub start: fn(&str, &str, &str) -> String,
}

/// A form that some client or gateway reads.
pub trait Format: Sync {
    /// The name on the command line and in anchors.
    fn id(&self) -> &'static str;
    /// The name for people.
    fn label(&self) -> &'static str;
    /// What reads it.
    fn group(&self) -> FormatGroup;
    /// What it does with a denied tool.
    fn effect(&self) -> Effect;
    /// The file's name, without its folder.
    fn filename(&self) -> &'static str;
    /// How the file is written, where it is one that holds others' entries too.
    fn syntax(&self) -> FileSyntax {
        match self.filename().rsplit('.').next() {
            Some("toml") => FileSyntax::Toml,
            Some("yaml") => FileSyntax::Yaml,
            Some("md") => FileSyntax::FrontMatter,
            Some("cedar") => FileSyntax::Cedar,
            Some("sh") => FileSyntax::Commands,
            _ => FileSyntax::Json,
        }
    }
    /// Where it goes: a sentence.
    fn place(&self) -> &'static str;
    /// What it cannot express, and what it does instead: sentences, empty where there is nothing.
    fn cannot(&self) -> &'static str;
    /// Whether the server's name in the client stands in the document.
    fn names_server(&self) -> bool {
        true
    }
    /// Where its entries stand in a settings file that holds others too; none where the document is a whole file.
    fn slots(&self, _server: &str) -> Vec<FileSlot> {
        Vec::new()
    }
    /// How its client reads such a file.
    fn reading(&self, _server: &str) -> Option<ClientReading> {
        None
    }
    /// What goes with the document, the same for everybody: the language, and the text.
    fn companion(&self) -> Option<(&'static str, &'static str)> {
        None
    }
    /// How its program is set up, where that is the same for everybody.
    fn guide(&self) -> Option<Guide> {
        None
    }
    /// Which program acts on it and how: a sentence.
    fn acts(&self) -> Option<String> {
        let row = match self.effect() {
            Effect::Enforces => ENFORCES,
            Effect::Hides => HIDES,
            Effect::Asks => return None,
        };
        self.guide().map(|guide| row.fill(|_| guide.program.to_owned()))
    }
    /// The document in parts, with a row for each place of `scope.tools`.
    ///
    /// # Errors
    /// Where the format cannot say it at all, for a name that it cannot hold, for example.
    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported>;
    /// The document.
    ///
    /// # Errors
    /// As [`Format::write`], and where nothing remains that the format could say.
    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Unsupported> {
        self.write(scope)?.kept(&|_| true)
    }
}

/// Every format: the document itself, then group by group, the most used first.
pub fn all() -> &'static [&'static dyn Format] {
    &[
        &policy_json::PolicyJson,
        &claude_code::ClaudeCode,
        &codex::Codex,
        &gemini_settings::GeminiSettings,
        &gemini_policy::GeminiPolicy,
        &vscode_settings::VsCodeSettings,
        &vscode_agent::VsCodeAgent,
        &opencode::OpenCode,
        &kiro::Kiro,
        &kiro_mcp::KiroMcp,
        &zed::Zed,
        &cline::Cline,
        &roo::Roo,
        &intercept::Intercept,
        &agt::Agt,
        &litellm::LiteLlm,
        &docker_profile::DockerProfile,
        &agentgateway::AgentGateway,
        &envoy_mcproute::EnvoyMcpRoute,
        &cedar_toolhive::ToolHive,
        &openai::OpenAi,
        &anthropic::Anthropic,
        &anthropic_managed::AnthropicManaged,
        &cedar_agentcore::AgentCore,
        &opa_data::OpaData,
    ]
}

/// The format of that id.
pub fn find(id: &str) -> Option<&'static dyn Format> {
    all().iter().copied().find(|f| f.id() == id)
}

/// A text in double quotes: a quote or a backslash has a backslash before it, what is hidden is written by
/// `hidden` as the format escapes it.
fn quoted(text: &str, hidden: impl Fn(&mut String, u32)) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    // Nearly every name is of these alone.
    if first_byte(text.as_bytes(), |b| !matches!(b, b' '..=b'~') || matches!(b, b'"' | b'\\' | b'#')).is_none() {
        out.push_str(text);
        out.push('"');
        return out;
    }
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // `##[` and `##vso[` are commands in some logs.
            '#' if out.ends_with('#') => hidden(&mut out, u32::from(c)),
            // Two that are not characters: some readers refuse them raw.
            c if is_hidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => hidden(&mut out, u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text as JSON that is safe to print.
fn json(text: &str) -> String {
    // A text always serialises.
    crate::neutral::json_line(text).unwrap_or_default()
}

/// The words of clients that have the same three.
const WORDS: &[(&str, ClientAnswer)] = &[
    ("allow", ClientAnswer::Allow),
    ("ask", ClientAnswer::Ask),
    ("confirm", ClientAnswer::Ask),
    ("deny", ClientAnswer::Deny),
];

/// A name of letters, digits, `_` and `-`.
fn plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A name as a row of a JSON list.
fn json_row(place: usize, name: &str) -> DocumentPart {
    DocumentPart::Row(place, json(name))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::policy::{Policy, read_text};

    const SAMPLE: &str = r#"{
      "version": "1", "default": "deny", "hide": ["delete_event"],
      "tools": {
        "list_events": {},
        "create_event": {"limits": [{"counter": "create_event_rate", "window": "minute", "max": 30, "scope": "grant"}]},
        "manage_event": {
          "deny_if": [{
            "conditions": [{"path": "args.action", "op": "not_in", "value": ["list", "get"]}],
            "on_deny": "Only list and get."
          }]
        },
        "pay_invoice": {"deny_if": [{"conditions": [], "on_deny": "Ask a person to pay."}]}
      }
    }"#;

    fn book(policy: &Policy) -> String {
        let mut page = String::from(concat!(
            "# Formats\n\n",
            "The same rules in the forms that clients and gateways read. A format may be stricter than the document\n",
            "or ask a person; it is never looser. Below, one document of a calendar in every format: it lists a Read\n",
            "tool, limits a Write tool, narrows a tool that both reads and destroys, denies a tool that moves money and hides a\n",
            "Destructive one. A name that a format cannot hold is left out with a note, or refused with a reason.\n\n",
        ));
        for group in FormatGroup::ALL {
            let _ = write!(
                page,
                "## {}\n\n| `--format` | for | a denied tool | cannot |\n|---|---|---|---|\n",
                group.label()
            );
            for format in all().iter().filter(|f| f.group() == group) {
                let does = match format.effect() {
                    Effect::Enforces => "is denied",
                    Effect::Hides => "is not offered",
                    Effect::Asks => "is asked for",
                };
                let cannot = if format.cannot().is_empty() { "nothing" } else { format.cannot() };
                let _ = writeln!(page, "| `{}` | {} | {does} | {cannot} |", format.id(), format.label());
            }
            page.push('\n');
        }
        page.truncate(page.trim_end().len() + 1);
        let names = policy.tools.keys().chain(&policy.hide).map(String::as_str);
        let scope = Scope::server("calendar", policy, names);
        for format in all() {
            let language = format.filename().rsplit('.').next().unwrap_or_default();
            let rendered = format.render(&scope).expect("the sample can be said");
            let _ = writeln!(page, "\n## {}\n\n`{}`. {}\n", format.label(), format.filename(), format.place());
            let _ = write!(page, "```{language}\n{}```\n", rendered.text);
            for (i, note) in rendered.notes.iter().enumerate() {
                let _ = writeln!(page, "{}- {note}", if i == 0 { "\n" } else { "" });
            }
            if let Some((language, text)) = format.companion() {
                let _ = write!(page, "\n```{language}\n{text}```\n");
            }
        }
        page
    }

    #[test]
    fn the_book_shows_every_format_as_it_is() {
        let policy = read_text(SAMPLE, std::path::Path::new("policy.json")).value.expect("valid");
        let page = book(&policy);
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/formats.md");
        if std::env::var_os("TOOLCARD_BLESS").is_some() {
            std::fs::write(path, &page).expect("writes");
        }
        let book = std::fs::read_to_string(path).unwrap_or_default();
        assert!(book == page, "docs/formats.md is stale: run TOOLCARD_BLESS=1 cargo test the_book_shows_every_format");
    }
}
