//! The page at a former address.

use serde::Serialize;

use super::page::PageView;
use crate::config::Config;
use crate::site::html::Html;
use crate::site::moved::Moved;
use crate::site::urls;

/// The view of `moved.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MovedView {
    /// Head and frame.
    pub page: PageView,
    /// The new address.
    pub href: String,
    /// What is there.
    pub name_html: Html,
}

/// The page at a former address.
pub fn moved(config: &Config, moved: &Moved) -> MovedView {
    let mut page = PageView::new(config, &moved.from, &format!("{} has moved", moved.name), "This page has moved.");
    page.canonical = config.site.base_url.as_deref().map(|base| urls::absolute(base, &moved.to));
    page.noindex = true;
    MovedView {
        page,
        href: urls::relative(&moved.from, &moved.to, &moved.fragment),
        name_html: Html::name(&moved.name),
    }
}
