//! What is the same on every page.

use serde::Serialize;

use super::html::Html;
use super::views::page::NavItem;
use super::{pages, urls};
use crate::config::Config;

/// The Content-Security-Policy of every page: no inline script, no inline style, nothing from elsewhere, no string becomes
/// script. `frame-ancestors` works only as a header, so hosts send it.
pub(crate) const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'";

/// What is the same on every page (`site` in every template).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteView {
    /// The site's name.
    pub title: String,
    /// Where toolcard itself is.
    pub program: &'static str,
    /// Who publishes it.
    pub owner: Option<String>,
    /// Where the owner's name leads.
    pub owner_url: Option<String>,
    /// The Content-Security-Policy of every page.
    pub csp_html: Html,
    /// The page of the brand.
    pub home: &'static str,
    /// The search page; nothing where there is no search.
    pub search: Option<&'static str>,
    /// The folder of the search index.
    pub search_index: &'static str,
    /// Where the site is published, with a slash at the end; nothing where nobody said.
    pub base: Option<String>,
    /// The feed of label changes; nothing without a base URL.
    pub feed: Option<&'static str>,
    /// What a browser needs to search here; nothing without search or a base URL.
    pub opensearch: Option<&'static str>,
    /// The links in the head bar.
    pub nav: Vec<NavItem>,
    /// The links in the foot.
    pub foot: Vec<NavItem>,
}

impl SiteView {
    /// The site's own data.
    pub fn new(config: &Config) -> Self {
        let site = &config.site;
        Self {
            title: site.title.clone(),
            program: env!("CARGO_PKG_REPOSITORY"),
            owner: site.owner.clone(),
            owner_url: site.owner_url.clone(),
            csp_html: Html::markup(CSP),
            home: urls::HOME,
            search: config.output.search.then_some(urls::SEARCH),
            search_index: urls::SEARCH_INDEX,
            base: site.base_url.clone(),
            feed: site.base_url.as_ref().map(|_| urls::FEED),
            opensearch: site.base_url.as_ref().filter(|_| config.output.search).map(|_| urls::OPENSEARCH),
            nav: pages::head(),
            foot: pages::foot(),
        }
    }
}
