//! Cards side by side: which ones, the address says, and a script shows them from their twins.

use serde::Serialize;

use super::page::Page;
use crate::config::{Config, Granularity};
use crate::site::urls;

/// The view of `compare.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompareView {
    /// Head and frame.
    pub page: Page,
    /// All servers.
    pub servers_href: String,
    /// All lists.
    pub lists_href: String,
}

/// Whether cards can be compared: the page reads the JSON twins of tools.
pub fn is_written(config: &Config) -> bool {
    config.output.json_tools && config.site.granularity == Granularity::Tool
}

/// The compare page.
pub fn compare(config: &Config) -> CompareView {
    let path = urls::COMPARE;
    let mut page = Page::new(config, path, "Compare tools", "Two to five cards of this catalogue side by side.");
    // What it shows is on the pages of the tools.
    page.noindex = true;
    CompareView {
        page,
        servers_href: urls::relative(path, urls::SERVERS, ""),
        lists_href: urls::relative(path, urls::LISTS, ""),
    }
}
