//! The map of the site for search engines: one file, or an index of files that are cut by servers,
//! so that a new tool changes one of them.

use std::collections::HashMap;

use serde::Serialize;

use crate::catalog::changes::Event;
use crate::classify::FindingId;
use crate::config::{Config, Granularity};
use crate::site::index::{ListRange, ServerRow, SiteIndex};
use crate::site::urls;

/// Addresses that one file may hold. Source: sitemaps.org protocol 0.9.
const MAX_URLS: usize = 50_000;

/// The view of `sitemap.xml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SitemapView {
    /// The pages of this file, at most [`MAX_URLS`].
    pub pages: Vec<SitemapPage>,
}

/// A page that search engines should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SitemapPage {
    /// The absolute address.
    pub address: String,
    /// The day of its last recorded change.
    pub date: Option<String>,
}

/// The view of `sitemap_index.xml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SitemapIndexView {
    /// The addresses of the files.
    pub parts: Vec<String>,
}

/// The view of `robots.txt`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RobotsView {
    /// The address of the sitemap; nothing without a base URL.
    pub sitemap: Option<String>,
}

/// One file of the map, or the list of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SitemapFile {
    /// Pages.
    Pages(SitemapView),
    /// The files.
    Index(SitemapIndexView),
}

/// One file of the map before it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SitemapPart {
    /// Its path below the output folder.
    pub path: String,
    /// The servers whose pages it has; nothing where it is not a part of one range.
    pub range: Option<ListRange>,
    /// The other files, where it leads to them.
    leads_to: Vec<String>,
    /// Whether it has the pages of no server.
    has_others: bool,
}

/// The files of the map; none without a base URL, because the protocol wants absolute addresses. `others` is how many pages
/// belong to no server.
pub(crate) fn parts(config: &Config, index: &SiteIndex, others: usize) -> Vec<SitemapPart> {
    if config.site.base_url.is_none() {
        return Vec::new();
    }
    let ranges = index.ranges_within(MAX_URLS, |server| weight(config, server));
    let total: usize = ranges.iter().map(|r| r.tools).sum();
    let part = |path, range, has_others| SitemapPart { path, range, leads_to: Vec::new(), has_others };
    if total + others <= MAX_URLS {
        let all = ListRange { prefix: String::new(), servers: 0..index.servers.len(), tools: total };
        return vec![part(urls::SITEMAP.to_owned(), Some(all), true)];
    }
    let mut parts = vec![part(urls::sitemap_part("!"), None, true)];
    parts.extend(ranges.into_iter().map(|range| part(urls::sitemap_part(&range.prefix), Some(range), false)));
    let leads_to = parts.iter().map(|part| part.path.clone()).collect();
    parts.push(SitemapPart { path: urls::SITEMAP.to_owned(), range: None, leads_to, has_others: false });
    parts
}

/// One file of the map. `others` are paths of pages that belong to no server. A server's date is that of its last
/// recorded change, never that of a capture that changed nothing.
pub(crate) fn file(
    config: &Config,
    index: &SiteIndex,
    others: &[String],
    changes: &[Event],
    part: &SitemapPart,
) -> SitemapFile {
    let base = config.site.base_url.as_deref().unwrap_or_default();
    if !part.leads_to.is_empty() {
        let parts = part.leads_to.iter().map(|path| urls::absolute(base, path)).collect();
        return SitemapFile::Index(SitemapIndexView { parts });
    }
    let dates = dates(changes);
    let page = |path: &str, date: Option<&str>| SitemapPage {
        address: urls::absolute(base, path),
        date: date.map(str::to_owned),
    };
    let mut pages = Vec::new();
    if part.has_others {
        pages.extend(others.iter().map(|path| page(path, None)));
    }
    for server in part.range.iter().flat_map(|range| &index.servers[range.servers.clone()]) {
        let date = dates.get(server.slug.as_str()).copied();
        pages.push(page(&server.url(), date));
        pages.extend(listed(config, server).map(|at| page(&server.tool_url(at), date)));
    }
    SitemapFile::Pages(SitemapView { pages })
}

/// The tools whose pages search engines may keep: those with a description.
fn listed<'s>(config: &Config, server: &'s ServerRow) -> impl Iterator<Item = usize> + use<'s> {
    let all = if config.site.granularity == Granularity::Tool { server.tools.len() } else { 0 };
    (0..all).filter(|at| !server.tools[*at].has(FindingId::MissingDescription))
}

fn weight(config: &Config, server: &ServerRow) -> usize {
    1 + listed(config, server).count()
}

/// The last recorded day of each server.
fn dates(changes: &[Event]) -> HashMap<&str, &str> {
    let mut dates: HashMap<&str, &str> = HashMap::new();
    for event in changes {
        if let Some(date) = event.date.as_deref() {
            let last = dates.entry(&event.server).or_insert(date);
            *last = (*last).max(date);
        }
    }
    dates
}

/// What `robots.txt` says: where the map is.
pub(crate) fn robots(config: &Config) -> RobotsView {
    RobotsView { sitemap: config.site.base_url.as_deref().map(|base| urls::absolute(base, urls::SITEMAP)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::render::rendered;

    fn index(servers: &[(&str, usize)]) -> SiteIndex {
        SiteIndex::new(servers.iter().map(|(slug, tools)| {
            let mut row = ServerRow::default();
            (*slug).clone_into(&mut row.slug);
            (*slug).clone_into(&mut row.file);
            for i in 0..*tools {
                let name = format!("t{i}");
                row.add(&crate::site::index::NewTool {
                    name: &name,
                    file: &name,
                    verdict: &crate::policy::fixture::verdict(crate::risk::Class::Read, &[]),
                    likeness: "",
                    stale_override: false,
                });
            }
            row
        }))
    }

    fn config() -> Config {
        let mut config = Config::default();
        config.site.base_url = Some("https://x.org/s/".to_owned());
        config
    }

    fn all(config: &Config, index: &SiteIndex, others: &[String], changes: &[Event]) -> Vec<(String, SitemapFile)> {
        let file = |part: SitemapPart| (part.path.clone(), super::file(config, index, others, changes, &part));
        parts(config, index, others.len()).into_iter().map(file).collect()
    }

    fn text(file: &SitemapFile) -> String {
        match file {
            SitemapFile::Pages(view) => rendered(&config(), "sitemap.xml", view),
            SitemapFile::Index(view) => rendered(&config(), "sitemap_index.xml", view),
        }
    }

    #[test]
    fn without_a_base_url_there_is_no_map() {
        assert!(all(&Config::default(), &index(&[("a", 1)]), &[], &[]).is_empty());
        let robots_of = |config: &Config| rendered(config, "robots.txt", &robots(config));
        assert_eq!(robots_of(&Config::default()), "User-agent: *\nAllow: /\n");
        assert_eq!(robots_of(&config()), "User-agent: *\nAllow: /\n\nSitemap: https://x.org/s/sitemap.xml\n");
    }

    #[test]
    fn a_small_site_is_one_file() {
        let files = all(&config(), &index(&[("a", 1)]), &[urls::HOME.to_owned()], &[]);
        assert_eq!(files.len(), 1);
        insta::assert_snapshot!(text(&files[0].1), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <url><loc>https://x.org/s/</loc></url>
        <url><loc>https://x.org/s/tools/a/</loc></url>
        <url><loc>https://x.org/s/tools/a/t0.html</loc></url>
        </urlset>
        "#);
    }

    #[test]
    fn a_large_site_is_cut_between_servers() {
        let files = all(&config(), &index(&[("alpha", 30_000), ("beta", 30_000)]), &[], &[]);
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths[1..], ["sitemaps/in-a.xml", "sitemaps/in-b.xml", "sitemap.xml"]);
        assert!(files.iter().all(|(_, file)| text(file).matches("<loc>").count() <= MAX_URLS));
        assert!(text(&files[3].1).contains("\n<sitemap><loc>https://x.org/s/sitemaps/in-a.xml</loc></sitemap>\n"));
    }

    #[test]
    fn a_server_is_as_new_as_its_last_recorded_change() {
        use crate::catalog::changes::EventId;
        let mut event = Event::of_server(EventId::ServerAdded, "a", 1, None);
        event.date = Some("2026-11-02".to_owned());
        let files = all(&config(), &index(&[("a", 0)]), &[], &[event]);
        assert!(text(&files[0].1).contains("<loc>https://x.org/s/tools/a/</loc><lastmod>2026-11-02</lastmod>"));
    }
}
