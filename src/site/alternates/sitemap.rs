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

/// Hands every file of the map with its path to `put`, one after the other; none without a base URL, because the protocol
/// wants absolute addresses. `others` are paths of pages that belong to no server. A server's date is that of its last
/// recorded change, never that of a capture that changed nothing.
///
/// # Errors
/// What `put` returns, at once.
pub(crate) fn files<E>(
    config: &Config,
    index: &SiteIndex,
    others: &[String],
    changes: &[Event],
    mut put: impl FnMut(String, SitemapFile) -> Result<(), E>,
) -> Result<(), E> {
    let Some(base) = config.site.base_url.as_deref() else { return Ok(()) };
    let map = Map { base, tools: config.site.granularity == Granularity::Tool, dates: dates(changes) };
    let ranges = index.ranges_within(MAX_URLS, |server| map.weight(server));
    let total: usize = ranges.iter().map(|r| r.tools).sum();
    if total + others.len() <= MAX_URLS {
        let all = ListRange { prefix: String::new(), servers: 0..index.servers.len(), tools: total };
        return put(urls::SITEMAP.to_owned(), map.part(index, &all, others));
    }
    let rest = urls::sitemap_part("!");
    let mut parts = vec![urls::absolute(base, &rest)];
    put(rest, map.part(index, &ListRange::default(), others))?;
    for range in &ranges {
        let path = urls::sitemap_part(&range.prefix);
        parts.push(urls::absolute(base, &path));
        put(path, map.part(index, range, &[]))?;
    }
    put(urls::SITEMAP.to_owned(), SitemapFile::Index(SitemapIndexView { parts }))
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

struct Map<'a> {
    base: &'a str,
    tools: bool,
    dates: HashMap<&'a str, &'a str>,
}

impl Map<'_> {
    /// The tools whose pages search engines may keep: those with a description.
    fn listed<'s>(&self, server: &'s ServerRow) -> impl Iterator<Item = usize> + 's {
        let all = if self.tools { server.tools.len() } else { 0 };
        (0..all).filter(|at| !server.tools[*at].has(FindingId::MissingDescription))
    }

    fn weight(&self, server: &ServerRow) -> usize {
        1 + self.listed(server).count()
    }

    fn part(&self, index: &SiteIndex, range: &ListRange, others: &[String]) -> SitemapFile {
        let mut pages: Vec<SitemapPage> = others.iter().map(|path| self.page(path, None)).collect();
        for server in &index.servers[range.servers.clone()] {
            let date = self.dates.get(server.slug.as_str()).copied();
            pages.push(self.page(&server.url(), date));
            pages.extend(self.listed(server).map(|at| self.page(&server.tool_url(at), date)));
        }
        SitemapFile::Pages(SitemapView { pages })
    }

    fn page(&self, path: &str, date: Option<&str>) -> SitemapPage {
        SitemapPage { address: urls::absolute(self.base, path), date: date.map(str::to_owned) }
    }
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
        let mut files = Vec::new();
        super::files(config, index, others, changes, |path, file| {
            files.push((path, file));
            Ok::<(), ()>(())
        })
        .unwrap();
        files
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
