//! The map of the site for search engines: one file, or an index of files that are cut by servers,
//! so that a new tool changes one of them.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::catalog::changes::Event;
use crate::classify::FindingId;
use crate::config::{Config, Granularity};
use crate::site::index::{Index, ListRange, ServerRow};
use crate::site::urls;

/// Addresses that one file may hold. Source: sitemaps.org protocol 0.9.
const LIMIT: usize = 50_000;

/// Every file of the map as path and content; none without a base URL, because the protocol wants
/// absolute addresses. `others` are paths of pages that belong to no server. A server's date is that of
/// its last recorded change, never that of a capture that changed nothing.
pub fn files(config: &Config, index: &Index, others: &[String], changes: &[Event]) -> Vec<(String, String)> {
    let Some(base) = config.site.base_url.as_deref() else { return Vec::new() };
    let map = Map { base, tools: config.site.granularity == Granularity::Tool, dates: dates(changes) };
    let ranges = index.ranges_within(LIMIT, |server| map.weight(server));
    let total: usize = ranges.iter().map(|r| r.tools).sum();
    if total + others.len() <= LIMIT {
        let all = ListRange { prefix: String::new(), servers: 0..index.servers.len(), tools: total };
        return vec![(urls::SITEMAP.to_owned(), map.part(index, &all, others))];
    }
    let mut list = format!("{HEAD}<sitemapindex xmlns=\"{SPACE}\">\n");
    let mut files = Vec::with_capacity(ranges.len() + 2);
    let mut parts = vec![(urls::sitemap_part("!"), map.part(index, &ListRange::default(), others))];
    parts.extend(ranges.iter().map(|range| (urls::sitemap_part(&range.prefix), map.part(index, range, &[]))));
    for (path, part) in parts {
        let _ = writeln!(list, "<sitemap><loc>{}</loc></sitemap>", escape(&urls::absolute(base, &path)));
        files.push((path, part));
    }
    list.push_str("</sitemapindex>\n");
    files.push((urls::SITEMAP.to_owned(), list));
    files
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

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

    fn part(&self, index: &Index, range: &ListRange, others: &[String]) -> String {
        let mut out = format!("{HEAD}<urlset xmlns=\"{SPACE}\">\n");
        for path in others {
            self.entry(&mut out, path, None);
        }
        for server in &index.servers[range.servers.clone()] {
            let date = self.dates.get(server.slug.as_str()).copied();
            self.entry(&mut out, &server.url(), date);
            for at in self.listed(server) {
                self.entry(&mut out, &server.tool_url(at), date);
            }
        }
        out.push_str("</urlset>\n");
        out
    }

    fn entry(&self, out: &mut String, path: &str, date: Option<&str>) {
        let _ = write!(out, "<url><loc>{}</loc>", escape(&urls::absolute(self.base, path)));
        if let Some(date) = date {
            let _ = write!(out, "<lastmod>{}</lastmod>", escape(date));
        }
        out.push_str("</url>\n");
    }
}

/// `robots.txt`: everything may be read; where the map is.
pub fn robots(config: &Config) -> String {
    let map =
        config.site.base_url.as_deref().map(|base| format!("\nSitemap: {}\n", urls::absolute(base, urls::SITEMAP)));
    format!("User-agent: *\nAllow: /\n{}", map.unwrap_or_default())
}

fn escape(text: &str) -> String {
    crate::neutral::xml(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(servers: &[(&str, usize)]) -> Index {
        Index::new(servers.iter().map(|(slug, tools)| {
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

    #[test]
    fn without_a_base_url_there_is_no_map() {
        assert!(files(&Config::default(), &index(&[("a", 1)]), &[], &[]).is_empty());
        assert_eq!(robots(&Config::default()), "User-agent: *\nAllow: /\n");
    }

    #[test]
    fn a_small_site_is_one_file() {
        let files = files(&config(), &index(&[("a", 1)]), &[urls::HOME.to_owned()], &[]);
        assert_eq!(files.len(), 1);
        insta::assert_snapshot!(files[0].1, @r#"
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
        let files = files(&config(), &index(&[("alpha", 30_000), ("beta", 30_000)]), &[], &[]);
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths[1..], ["sitemaps/in-a.xml", "sitemaps/in-b.xml", "sitemap.xml"]);
        assert!(files.iter().all(|(_, text)| text.matches("<loc>").count() <= LIMIT));
    }

    #[test]
    fn a_server_is_as_new_as_its_last_recorded_change() {
        use crate::catalog::changes::EventId;
        let mut event = Event::of_server(EventId::ServerAdded, "a", 1, None);
        event.date = Some("2026-11-02".to_owned());
        let files = files(&config(), &index(&[("a", 0)]), &[], &[event]);
        assert!(files[0].1.contains("<loc>https://x.org/s/tools/a/</loc><lastmod>2026-11-02</lastmod>"));
    }
}
