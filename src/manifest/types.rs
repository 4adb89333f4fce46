//! Manifest, server and tool, exactly as declared.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strum::{EnumCount, VariantArray};

use super::text::ServerText;
use crate::diagnostic::Position;
use crate::variants::every;

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
    pub instructions: Option<ServerText>,
    /// What is known of the listing as a whole.
    pub listing: Listing,
    /// The tools, in the order of the listing.
    pub tools: Vec<Tool>,
}

impl Manifest {
    /// Whether the server may offer more tools than these.
    pub fn is_partial(&self) -> bool {
        !self.listing.gaps.is_empty()
    }
}

/// What a listing says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Why there may be more tools than were read; empty where the listing is whole.
    pub gaps: Vec<Gap>,
    /// `cacheScope: "private"`: the listing depends on who asked.
    pub private: bool,
    /// The listing is of a kind that has names and descriptions and no schemas.
    pub without_schemas: bool,
}

/// Why a listing is a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, EnumCount, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// A `nextCursor` is left: there is another page.
    NextCursor,
    /// Two pages have the same `nextCursor`: the pages may be one, saved twice.
    RepeatedCursor,
    /// `tools_generated: true`: the server makes more tools when it runs.
    Generated,
    /// `"dynamic"` stands where tools are listed.
    Dynamic,
    /// An entry of the listing could not be read.
    Unread,
}

impl Gap {
    /// Every gap.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// A sentence without its full stop.
    pub fn text(self) -> &'static str {
        match self {
            Self::NextCursor => "`nextCursor` is left, so another page of tools was not saved",
            Self::RepeatedCursor => "two pages have the same `nextCursor`, so pages may be missing",
            Self::Generated => "`tools_generated` is true: the server makes more tools when it runs",
            Self::Dynamic => "the listing says `dynamic`: the server decides when it runs which tools it offers",
            Self::Unread => "an entry of the listing could not be read",
        }
    }
}

/// The server's identity and provenance. Everything but `slug` is a claim of the capture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Server {
    /// The server's key in URLs and the API.
    pub slug: String,
    /// `serverInfo.name`, often the framework's.
    pub name: Option<ServerText>,
    /// The display name that a catalogue's maintainer gave it.
    pub title: Option<ServerText>,
    /// `serverInfo.version`, often the SDK's.
    pub version: Option<ServerText>,
    /// The package's name in its registry.
    pub package: Option<ServerText>,
    /// `npm`, `pypi`, …
    pub registry: Option<ServerText>,
    /// The package's version: the one that pages show.
    pub package_version: Option<ServerText>,
    /// SPDX expression.
    pub license: Option<ServerText>,
    /// Address of the source repository.
    pub repository: Option<ServerText>,
    /// Who made it, by the package's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<ServerText>,
    /// The addresses at which it is offered.
    #[serde(skip)]
    pub remotes: Vec<ServerText>,
}

impl Server {
    /// The name that people read: title, else name, else slug. A server's words: escape it.
    pub fn display_name(&self) -> &str {
        [&self.title, &self.name].into_iter().flatten().map(|s| s.trim()).find(|s| !s.is_empty()).unwrap_or(&self.slug)
    }
}

/// One entry of a manifest, exactly as declared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tool {
    /// The name that an agent calls.
    pub name: ServerText,
    /// The declared title.
    pub title: Option<ServerText>,
    /// The declared description.
    pub description: Option<ServerText>,
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
    /// Further definitions of the same name: a client may use any one.
    pub others: Vec<Tool>,
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

    /// The further definition of this name that a pointer leads into (`/definitions/2/description`), and the rest of the
    /// pointer.
    pub fn further<'p>(&self, pointer: &'p str) -> Option<(&Self, &'p str)> {
        let rest = pointer.strip_prefix("/definitions/")?;
        let at = rest.find('/')?;
        let number: usize = rest[..at].parse().ok()?;
        Some((self.others.get(number.checked_sub(2)?)?, &rest[at..]))
    }

    /// The description without surrounding white space, empty where there is none.
    pub fn description(&self) -> &str {
        self.description.as_deref().unwrap_or_default().trim()
    }
}

/// One of the four behaviour hints of the MCP specification (revision 2026-07-28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumCount, VariantArray)]
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
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

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
    pub title: Option<ServerText>,
    /// `readOnlyHint`
    pub read_only: Option<bool>,
    /// `destructiveHint`
    pub destructive: Option<bool>,
    /// `idempotentHint`
    pub idempotent: Option<bool>,
    /// `openWorldHint`
    pub open_world: Option<bool>,
    /// Keys that the specification does not define, and its own with values of a wrong type.
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
