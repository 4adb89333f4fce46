//! What each template is given: one file a page kind, typed, documented in docs/theming.md.
//!
//! A view is made from a card and the index and holds finished pieces; it decides no label and
//! writes no sentence about one.

pub mod attacks;
pub mod compare;
pub mod glossary;
pub mod home;
pub mod label;
pub mod lexicon;
pub mod lists;
pub mod method;
pub mod moved;
pub mod page;
mod prose;
pub(crate) mod queue;
pub mod server;
pub mod tool;

use serde::{Serialize, Serializer};

use crate::catalog::changes::Event;
use crate::catalog::overrides::AppliedOverride;
use crate::config::{Config, Granularity};
use crate::site::index::{ServerRow, SiteIndex};
use crate::site::urls;

/// A part of a view that is on many pages, made into a value of the template engine once.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared(tera::Value);

impl Shared {
    /// Makes the value. What does not serialise is nothing; no view is such.
    pub fn of(part: &impl Serialize) -> Self {
        Self(tera::Value::try_from_serializable(part).unwrap_or_else(|_| tera::Value::none()))
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What the pages of one server need to know besides its cards.
#[derive(Debug, Clone, Copy)]
pub struct PageContext<'a> {
    /// The site.
    pub config: &'a Config,
    /// The catalogue.
    pub index: &'a SiteIndex,
    /// The server's place in the index; its tools are those of the manifest, in order.
    pub place: usize,
    /// What became of this server's labels, oldest first.
    pub events: &'a [Event],
    /// What people decided about this server's tools.
    pub decisions: &'a [AppliedOverride],
    /// The path of the picture that previews of its pages show; nothing where there is none of this server.
    pub picture: Option<&'a str>,
}

impl<'a> PageContext<'a> {
    /// The server's row.
    pub fn row(&self) -> &'a ServerRow {
        &self.index.servers[self.place]
    }

    /// What a person decided about a tool of this server.
    pub fn decision(&self, tool: usize) -> Option<&'a AppliedOverride> {
        self.decisions.iter().find(|d| d.tool == Some(tool))
    }

    /// The link from the page at `path` to a tool of this server.
    pub(crate) fn tool_href(&self, path: &str, tool: usize) -> String {
        tool_href(self.config, path, self.row(), tool)
    }
}

/// The page of a tool, and its fragment where it is a section of the server's page.
pub(crate) fn tool_place(config: &Config, server: &ServerRow, tool: usize) -> (String, String) {
    match config.site.granularity {
        Granularity::Tool => (server.tool_url(tool), String::new()),
        Granularity::Server => (server.url(), urls::tool_anchor(server.tool_file(tool))),
    }
}

/// The link from the page at `path` to a tool.
pub(crate) fn tool_href(config: &Config, path: &str, server: &ServerRow, tool: usize) -> String {
    let (page, fragment) = tool_place(config, server, tool);
    urls::relative(path, &page, &fragment)
}
