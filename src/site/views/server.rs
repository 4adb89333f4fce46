//! A server: its tools by class, what they lack, the whole policy.

use serde::Serialize;

use super::label::{FacetView, Fact, Label, Share, Tab};
use super::page::Page;
use crate::site::text::Html;

/// The view of `server.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServerView {
    /// Head and frame.
    pub page: Page,
    /// The slug.
    pub slug: String,
    /// The display name.
    pub name_html: Html,
    /// The facts in the margin.
    pub facts: Vec<Fact>,
    /// How many tools do what, as a sentence.
    pub lead: String,
    /// What it calls itself, what it speaks, where it comes from.
    pub by_html: Html,
    /// The text that it asks clients to show to the model, where there is one.
    pub instructions: Option<super::tool::Said>,
    /// Its tools by class.
    pub share: Share,
    /// What a reader must know and no label says.
    pub findings: Vec<ServerFinding>,
    /// What stands below the findings where some are left out, or nothing.
    pub findings_more: String,
    /// The three legs of an exfiltration.
    pub legs: Vec<LegView>,
    /// Whether all three are there.
    pub legs_complete: bool,
    /// What each profile does with each class.
    pub profiles: Vec<ProfileRow>,
    /// The documents of the profiles.
    pub policies: Vec<Tab>,
    /// The guarded policy as a file.
    pub policy_href: String,
    /// Other formats of the guarded policy.
    pub formats: Vec<Tab>,
    /// How to start it, where its registry says how.
    pub start: Option<super::tool::Start>,
    /// The matrix, most dangerous class first.
    pub groups: Vec<Group>,
    /// The names of the facets, in the order of the holes.
    pub facet_names: [&'static str; 7],
    /// Which directories the server is ready for, as a sentence.
    pub directories: String,
    /// The card's foot.
    pub provenance: Vec<Fact>,
}

/// A finding of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerFinding {
    /// Two or three words.
    pub stamp: &'static str,
    /// The tool.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// The sentence.
    pub text_html: Html,
}

/// One leg of an exfiltration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegView {
    /// `private data in`, …
    pub name: &'static str,
    /// The tools that provide it: the first few.
    pub tools: Vec<ServerLink>,
    /// How many more.
    pub more: usize,
}

/// A tool of this server by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerLink {
    /// The tool.
    pub name_html: Html,
    /// Its page.
    pub href: String,
}

/// What a profile does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileRow {
    /// The profile's words.
    pub name: &'static str,
    /// Whether it is the recommended one.
    pub recommended: bool,
    /// Read, Write, Destructive: what becomes of them.
    pub outcomes: [String; 3],
}

/// The tools of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The class.
    pub label: Label,
    /// `5 tools`
    pub count: String,
    /// The tools: by severity, then by name.
    pub rows: Vec<MatrixRow>,
}

/// One tool of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// The name.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// Its label.
    pub label: Label,
    /// The seven holes.
    pub facets: [FacetView; 7],
    /// Names of the facets that apply, with spaces between.
    pub facet_words: String,
    /// What the hints declare: `read-only`, `additive`, `destructive`, `writes`, or `nothing`.
    pub declared: &'static str,
    /// `agrees`, `claims less`, `claims more`, or nothing.
    pub against: &'static str,
    /// Ids of the findings, with spaces between.
    pub findings: String,
    /// What directories lack.
    pub lacks: Vec<Lack>,
}

/// A hint or title that a directory asks for and the tool does not declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// `title`, `destructive`, …
    pub key: &'static str,
    /// `A`, `O` or `A O`.
    pub who: &'static str,
}
