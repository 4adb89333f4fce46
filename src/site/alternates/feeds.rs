//! The Atom feed of label changes (RFC 4287), made from the catalogue's recorded history alone.

use std::fmt::Write as _;

use xxhash_rust::xxh3::xxh3_64;

use crate::catalog::changes::{Event, EventId, Mark};
use crate::config::Config;
use crate::neutral::{visible, xml};
use crate::site::index::Index;
use crate::site::urls;

/// Entries of the feed.
const ENTRIES: usize = 100;

/// The feed of the last hundred events, newest first; nothing without a base URL, because every
/// entry needs an absolute address. `changes` are oldest first, as in the history; an event without a day
/// has that of the one before it, and none at all is left out.
pub fn feed(config: &Config, index: &Index, changes: &[Event]) -> Option<String> {
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
    let last: Vec<_> = dated.into_iter().rev().take(ENTRIES).collect();
    // Atom wants an instant even where nothing ever happened.
    let updated = last.iter().map(|(.., day)| *day).max().unwrap_or_default();
    let address = xml(&urls::absolute(base, urls::FEED));
    let mut out = String::with_capacity(512 + last.len() * 400);
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n\
         <title>{title}: label changes</title>\n<id>{address}</id>\n<updated>{}</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{address}\"/>\n<link href=\"{}\"/>\n\
         <author><name>{}</name></author>\n",
        instant(updated),
        xml(&urls::absolute(base, urls::HOME)),
        xml(config.site.owner.as_deref().unwrap_or(&config.site.title)),
        title = xml(&config.site.title),
    );
    for (at, event, day) in last {
        let title = sentence(index, event);
        let _ = write!(
            out,
            "<entry>\n<title>{}</title>\n<id>{address}#{at}-{:016x}</id>\n<updated>{}</updated>\n<link href=\"{}\"/>\n\
             <summary>{}</summary>\n</entry>\n",
            xml(&title),
            // The place alone would give a history that was rewritten the ids of the old one.
            xxh3_64(title.as_bytes()),
            instant(day),
            xml(&urls::absolute(base, &page(config, index, event))),
            xml(&labels(event)),
        );
    }
    out.push_str("</feed>\n");
    Some(out)
}

/// Midnight of a day as RFC 3339 wants it; something else than a day is the first of 1970.
fn instant(day: &str) -> String {
    let digits = |range: std::ops::Range<usize>| day.get(range).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()));
    let valid =
        day.len() == 10 && digits(0..4) && digits(5..7) && digits(8..10) && &day[4..5] == "-" && &day[7..8] == "-";
    format!("{}T00:00:00Z", if valid { day } else { "1970-01-01" })
}

/// The page of what changed; the list of servers where it is gone.
fn page(config: &Config, index: &Index, event: &Event) -> String {
    let Some(server) = index.server(&event.server).map(|at| &index.servers[at]) else {
        return urls::SERVERS.to_owned();
    };
    let tool = event.tool.as_deref().and_then(|name| (0..server.tools.len()).find(|at| server.name(*at) == name));
    match tool {
        Some(at) if config.site.granularity == crate::config::Granularity::Tool => server.tool_url(at),
        _ => server.url(),
    }
}

fn sentence(index: &Index, event: &Event) -> String {
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

fn labels(event: &Event) -> String {
    let label = |mark: &Mark| {
        let facets = if mark.facets.is_empty() { String::new() } else { format!(", {}", mark.facets.join(", ")) };
        format!("{} ({}{facets})", mark.class, mark.severity)
    };
    match (&event.before, &event.after, event.tools) {
        (Some(before), Some(after), _) => format!("From {} to {}.", label(before), label(after)),
        (None, Some(after), _) => format!("Labelled {}.", label(after)),
        (Some(before), None, _) => format!("It was labelled {}.", label(before)),
        (None, None, Some(1)) => "1 tool.".to_owned(),
        (None, None, Some(tools)) => format!("{tools} tools."),
        (None, None, None) => "The label is the same.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let mut config = Config::default();
        config.site.base_url = Some("https://x.org/".to_owned());
        config
    }

    fn raised(tool: &str, date: Option<&str>) -> Event {
        let mark = |class: &str| Mark {
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
        let feed = feed(&config(), &Index::default(), &events).unwrap();
        assert_eq!(feed.matches("<entry>").count(), 100);
        assert!(feed.find("t129 of a").unwrap() < feed.find("t30 of a").unwrap());
        assert!(!feed.contains("t29 of a"));
    }

    #[test]
    fn what_a_server_says_is_text() {
        let events = [raised("<b>&\u{202e}x", Some("2026-11-02"))];
        let feed = feed(&config(), &Index::default(), &events).unwrap();
        assert!(feed.contains("&lt;b&gt;&amp;") && !feed.contains('\u{202e}'), "{feed}");
        assert!(feed.contains("From Read (High, bulk) to Write (High, bulk)."));
    }

    #[test]
    fn without_a_day_there_is_no_entry_and_without_an_address_no_feed() {
        let feed_of = |events: &[Event]| feed(&config(), &Index::default(), events).unwrap();
        assert!(!feed_of(&[raised("t", None)]).contains("<entry>"));
        assert!(feed_of(&[]).contains("<updated>1970-01-01T00:00:00Z</updated>"));
        assert_eq!(feed(&Config::default(), &Index::default(), &[raised("t", Some("2026-11-02"))]), None);
        assert_eq!(instant("yesterday"), "1970-01-01T00:00:00Z");
    }
}
