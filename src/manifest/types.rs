//! Manifest, server and tool, exactly as declared.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::diagnostic::Position;

/// What a server says of itself: its identity and its `tools/list`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    /// Identity and provenance.
    pub server: Server,
    /// The day of the capture, as written (`YYYY-MM-DD` in our captures).
    pub captured_at: Option<String>,
    /// The MCP revision that the server answered with.
    pub protocol_version: Option<String>,
    /// The text that the server asks clients to show to the model.
    pub instructions: Option<String>,
    /// The tools, in the order of the listing.
    pub tools: Vec<Tool>,
}

/// The server's identity and provenance. Everything but `slug` is a claim of the capture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Server {
    /// The server's key in URLs and the API.
    pub slug: String,
    /// `serverInfo.name`, often the framework's.
    pub name: Option<String>,
    /// The display name that a catalogue's maintainer gave it.
    pub title: Option<String>,
    /// `serverInfo.version`, often the SDK's.
    pub version: Option<String>,
    /// The package's name in its registry.
    pub package: Option<String>,
    /// `npm`, `pypi`, …
    pub registry: Option<String>,
    /// The package's version: the one that pages show.
    pub package_version: Option<String>,
    /// SPDX expression.
    pub license: Option<String>,
    /// Address of the source repository.
    pub repository: Option<String>,
}

impl Server {
    /// The name that people read: title, else name, else slug.
    pub fn display_name(&self) -> &str {
        [&self.title, &self.name].into_iter().flatten().map(|s| s.trim()).find(|s| !s.is_empty()).unwrap_or(&self.slug)
    }
}

/// One entry of a manifest, exactly as declared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tool {
    /// The name that an agent calls.
    pub name: String,
    /// The declared title.
    pub title: Option<String>,
    /// The declared description.
    pub description: Option<String>,
    /// The declared input schema; `Null` where there is none.
    pub input_schema: Value,
    /// The declared output schema.
    pub output_schema: Option<Value>,
    /// The declared annotations.
    pub annotations: Annotations,
    /// Every other key of the entry (`_meta`, `icons`, `execution`, …), kept as it was.
    pub extra: Map<String, Value>,
    /// Where the entry begins in its file.
    pub position: Option<Position>,
}

impl Tool {
    /// Display name: title, then the annotations' title, then the name.
    pub fn display_name(&self) -> &str {
        [&self.title, &self.annotations.title]
            .into_iter()
            .flatten()
            .map(|s| s.trim())
            .find(|s| !s.is_empty())
            .unwrap_or(&self.name)
    }

    /// The description without surrounding white space, empty where there is none.
    pub fn description(&self) -> &str {
        self.description.as_deref().unwrap_or_default().trim()
    }
}

/// One of the four behaviour hints of the MCP specification (revision 2026-07-28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hint {
    /// `readOnlyHint`
    ReadOnly,
    /// `destructiveHint`
    Destructive,
    /// `idempotentHint`
    Idempotent,
    /// `openWorldHint`
    OpenWorld,
}

impl Hint {
    /// All four, in the order of the specification.
    pub const ALL: [Self; 4] = [Self::ReadOnly, Self::Destructive, Self::Idempotent, Self::OpenWorld];

    /// The key in `annotations`.
    pub fn key(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnlyHint",
            Self::Destructive => "destructiveHint",
            Self::Idempotent => "idempotentHint",
            Self::OpenWorld => "openWorldHint",
        }
    }

    /// What a client has to assume where the hint is absent.
    pub fn default(self) -> bool {
        matches!(self, Self::Destructive | Self::OpenWorld)
    }
}

/// Declared annotations. `None` is absent, which is neither declared nor the default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotations {
    /// Whether an `annotations` object was there at all, even an empty one.
    pub present: bool,
    /// `annotations.title`
    pub title: Option<String>,
    /// `readOnlyHint`
    pub read_only: Option<bool>,
    /// `destructiveHint`
    pub destructive: Option<bool>,
    /// `idempotentHint`
    pub idempotent: Option<bool>,
    /// `openWorldHint`
    pub open_world: Option<bool>,
    /// Keys that the specification does not define.
    pub extra: Map<String, Value>,
}

impl Annotations {
    /// What was declared for `hint`.
    pub fn declared(&self, hint: Hint) -> Option<bool> {
        match hint {
            Hint::ReadOnly => self.read_only,
            Hint::Destructive => self.destructive,
            Hint::Idempotent => self.idempotent,
            Hint::OpenWorld => self.open_world,
        }
    }

    /// Whether any of the four hints was declared.
    pub fn any_hint(&self) -> bool {
        Hint::ALL.into_iter().any(|h| self.declared(h).is_some())
    }
}
