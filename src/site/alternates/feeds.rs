//! The Atom feed of label changes (RFC 4287), made from the catalogue's recorded history alone.

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::catalog::changes::{Event, EventId, HistoryLabel};
use crate::catalog::day::Day;
use crate::config::Config;
use crate::neutral::visible;
use crate::site::index::SiteIndex;
use crate::site::urls;

/// Entries of the feed.
const MAX_ENTRIES: usize = 100;

/// The view of `feed.xml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FeedView {
    /// The address of the feed, which is its identifier too.
    pub address: String,
    /// The address of the front page.
    pub home: String,
    /// Who publishes the site, or its title.
    pub author: String,
    /// The instant of the newest entry.
    pub updated: String,
    /// The changes, newest first.
    pub entries: Vec<FeedEntry>,
}

/// A change of a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FeedEntry {
    /// What changed.
    pub title: String,
    /// What no other entry has.
    pub id: String,
    /// When: midnight of its day.
    pub updated: String,
    /// The page of what changed.
    pub address: String,
    /// The label before and after.
    pub summary: String,
}

/// The last hundred events, newest first; nothing without a base URL, because every
/// entry needs an absolute address. `changes` are oldest first, as in the history; an event without a day
/// has that of the one before it, and none at all is left out.
pub(crate) fn feed(config: &Config, index: &SiteIndex, changes: &[Event]) -> Option<FeedView> {
    let base = config.site.base_url.as_deref()?;
    let mut day = None;
    let dated: Vec<(usize, &Event, &str)> = changes
        .iter()
        .enumerate()
        .filter_map(|(at, event)| {
            day = event.date.as_deref().or(day);
            Some((at, event, day?))
        })
        .collect();
    let last: Vec<_> = dated.into_iter().rev().take(MAX_ENTRIES).collect();
    // Atom wants an instant even where nothing ever happened.
    let updated = last.iter().map(|(.., day)| *day).max().unwrap_or_default();
    let address = urls::absolute(base, urls::FEED);
    let entry = |(at, event, day): (usize, &Event, &str)| {
        let title = sentence(index, event);
        FeedEntry {
            // The place alone would give a history that was rewritten the ids of the old one.
            id: format!("{address}#{at}-{:016x}", xxh3_64(title.as_bytes())),
            title,
            updated: instant(day),
            address: urls::absolute(base, &page(config, index, event)),
            summary: labels(index, event),
        }
    };
    Some(FeedView {
        home: urls::absolute(base, urls::HOME),
        author: config.site.owner.as_ref().unwrap_or(&config.site.title).clone(),
        updated: instant(updated),
        entries: last.into_iter().map(entry).collect(),
        address,
    })
}

/// Midnight of a day as RFC 3339 wants it; something else than a day is the first of 1970.
fn instant(day: &str) -> String {
    format!("{}T00:00:00Z", if Day::parse(day).is_some() { day } else { "1970-01-01" })
}

/// The page of what changed; the list of servers where it is gone.
fn page(config: &Config, index: &SiteIndex, event: &Event) -> String {
    let Some(server) = index.server(&event.server).map(|at| &index.servers[at]) else {
        return urls::SERVERS.to_owned();
    };
    let tool = event.tool.as_deref().and_then(|name| (0..server.tools.len()).find(|at| server.name(*at) == name));
    match tool {
        Some(at) if config.site.granularity == crate::config::Granularity::Tool => server.tool_url(at),
        _ => server.url(),
    }
}

fn sentence(index: &SiteIndex, event: &Event) -> String {
    // A server that is gone is known by its folder alone.
    let title = index.server(&event.server).map(|at| index.servers[at].title.as_str());
    let server = visible(title.unwrap_or(&event.server));
    let tool = visible(event.tool.as_deref().unwrap_or_default());
    let from = visible(event.from.as_deref().unwrap_or_default());
    match event.id {
        EventId::ServerAdded => format!("New server: {server}"),
        EventId::ServerRemoved => format!("Server removed: {server}"),
        EventId::ServerRenamed => format!("Server renamed: {from} is now {server}"),
        EventId::ToolAdded => format!("New tool: {tool} of {server}"),
        EventId::ToolRemoved => format!("Tool removed: {tool} of {server}"),
        EventId::ToolRenamed => format!("Tool renamed: {from} of {server} is now {tool}"),
        EventId::LabelRaised => format!("Label raised: {tool} of {server}"),
        EventId::LabelLowered => format!("Label lowered: {tool} of {server}"),
        EventId::FacetsChanged => format!("Facets changed: {tool} of {server}"),
    }
}

fn labels(index: &SiteIndex, event: &Event) -> String {
    let partial = index.server(&event.server).is_some_and(|at| index.servers[at].partial);
    let label = |mark: &HistoryLabel| {
        let facets = if mark.facets.is_empty() { String::new() } else { format!(", {}", mark.facets.join(", ")) };
        format!("{} ({}{facets})", mark.class, mark.severity)
    };
    match (&event.before, &event.after, event.tools) {
        (Some(before), Some(after), _) => format!("From {} to {}.", label(before), label(after)),
        (None, Some(after), _) => format!("Labelled {}.", label(after)),
        (Some(before), None, _) => format!("It was labelled {}.", label(before)),
        (None, None, Some(1)) if partial => "At least 1 tool.".to_owned(),
        (None, None, Some(tools)) if partial => format!("At least {tools} tools."),
        (None, None, Some(1)) => "1 tool.".to_owned(),
        (None, None, Some(tools)) => format!("{tools} tools."),
        (None, None, None) => "The label is the same.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::render::rendered;

    fn config() -> Config {
        let mut config = Config::default();
        config.site.base_url = Some("https://x.org/".to_owned());
        config
    }

    fn raised(tool: &str, date: Option<&str>) -> Event {
        let mark = |class: &str| HistoryLabel {
            class: class.to_owned(),
            severity: "High".to_owned(),
            facets: vec!["bulk".to_owned()],
        };
        Event {
            date: date.map(str::to_owned),
            id: EventId::LabelRaised,
            server: "a".to_owned(),
            tool: Some(tool.to_owned()),
            from: None,
            tools: None,
            before: Some(mark("Read")),
            after: Some(mark("Write")),
        }
    }

    #[test]
    fn a_feed_holds_the_last_hundred_newest_first() {
        let events: Vec<Event> = (0..130).map(|i| raised(&format!("t{i}"), Some("2026-11-02"))).collect();
        let entries = feed(&config(), &SiteIndex::default(), &events).unwrap().entries;
        assert_eq!(entries.len(), 100);
        assert!(entries[0].title.ends_with("t129 of a") && entries[99].title.ends_with("t30 of a"));
    }

    #[test]
    fn what_a_server_says_is_text() {
        let events = [raised("<b>&\u{202e}x", Some("2026-11-02"))];
        let view = feed(&config(), &SiteIndex::default(), &events);
        let feed = rendered(&config(), "feed.xml", &view.unwrap());
        assert!(feed.contains("&lt;b&gt;&amp;") && !feed.contains('\u{202e}'), "{feed}");
        assert!(feed.contains("From Read (High, bulk) to Write (High, bulk)."));
    }

    #[test]
    fn without_a_day_there_is_no_entry_and_without_an_address_no_feed() {
        let feed_of = |events: &[Event]| feed(&config(), &SiteIndex::default(), events).unwrap();
        assert_eq!(feed_of(&[raised("t", None)]).entries, []);
        assert_eq!(feed_of(&[]).updated, "1970-01-01T00:00:00Z");
        assert_eq!(feed(&Config::default(), &SiteIndex::default(), &[raised("t", Some("2026-11-02"))]), None);
        assert_eq!(instant("yesterday"), "1970-01-01T00:00:00Z");
    }
}
