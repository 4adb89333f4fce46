//! Cards side by side: which ones, the address says, and a script shows them from their JSON.

use serde::Serialize;

use super::page::PageView;
use crate::config::{Config, Granularity};
use crate::risk::Facet;
use crate::site::html::Html;
use crate::site::index::{IndexedTool, SiteIndex};
use crate::site::urls;

/// How many examples the page has.
const MAX_EXAMPLES: usize = 5;

/// The view of `compare.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompareView {
    /// Head and frame.
    pub page: PageView,
    /// All servers.
    pub servers_href: String,
    /// All lists.
    pub lists_href: String,
    /// Ids of all facets in the order of cards, with spaces between: what the page's script draws.
    pub facets: String,
    /// Cards of this catalogue that are worth comparing.
    pub examples: Vec<Comparison>,
}

/// Cards side by side, as a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The page with these cards.
    pub href: String,
    /// The cards.
    pub tools: Vec<ComparedTool>,
}

/// A card of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparedTool {
    /// The tool's name.
    pub name_html: Html,
    /// The name of its server.
    pub server_html: Html,
}

/// Whether cards can be compared: the page reads the JSON of tools.
pub(crate) fn is_written(config: &Config) -> bool {
    config.output.json_tools && config.site.granularity == Granularity::Tool
}

/// The compare page.
pub fn compare(config: &Config, index: &SiteIndex) -> CompareView {
    let path = urls::COMPARE;
    let mut page = PageView::new(config, path, "Compare tools", "Two to five cards of this catalogue side by side.");
    // What it shows is on the pages of the tools.
    page.noindex = true;
    CompareView {
        page,
        servers_href: urls::relative(path, urls::SERVERS, ""),
        lists_href: urls::relative(path, urls::LISTS, ""),
        facets: Facet::ALL.map(Facet::name).join(" "),
        examples: index.alike_tools(MAX_EXAMPLES).into_iter().map(|tools| comparison(path, &tools)).collect(),
    }
}

fn comparison(path: &str, tools: &[IndexedTool<'_>]) -> Comparison {
    let named = tools.iter().map(|found| (found.server.file.as_str(), found.server.tool_file(found.at)));
    let card = |found: &IndexedTool<'_>| ComparedTool {
        name_html: Html::name(found.name()),
        server_html: Html::name(&found.server.title),
    };
    Comparison { href: urls::compare(path, named), tools: tools.iter().map(card).collect() }
}
