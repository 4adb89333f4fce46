//! The catalogue as static JSON under `api/v1/`. The JSON Schema in `schemas/api.schema.json` is published
//! beside it. Addresses are relative to the document that holds them.

use serde::Serialize;

use crate::card::{ActionRow, Card, HintRow, Readiness, ServerCards};
use crate::catalog::overrides::AppliedOverride;
use crate::classify::{Evidence, Finding, RunnerUp, ServerFinding, TrifectaLeg, server_findings};
use crate::config::Config;
use crate::manifest::Gap;
use crate::neutral;
use crate::policy::Policy;
use crate::risk::{Class, Facets, Severity};
use crate::site::index::{ListRange, ServerRow, SiteIndex};
use crate::site::urls::{self, ListPage};

/// The version of every document's shape.
pub const SCHEMA_VERSION: u32 = 1;
/// The JSON Schema of every document.
pub const SCHEMA: &str = include_str!("../../../schemas/api.schema.json");

/// How many tools have each class.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Counts {
    read: usize,
    write: usize,
    destructive: usize,
}

impl From<[usize; 3]> for Counts {
    fn from([read, write, destructive]: [usize; 3]) -> Self {
        Self { read, write, destructive }
    }
}

#[derive(Serialize)]
struct ListPart<'a> {
    href: String,
    /// What the slugs of the servers on it begin with.
    prefix: &'a str,
    entries: usize,
}

#[derive(Serialize)]
struct Catalogue<'a> {
    schema_version: u32,
    kind: &'static str,
    schema: String,
    title: &'a str,
    page: String,
    servers: usize,
    tools: usize,
    classes: Counts,
    lists: Lists<'a>,
}

#[derive(Serialize)]
struct Lists<'a> {
    servers: Vec<ListPart<'a>>,
    destructive: Vec<ListPart<'a>>,
    write: Vec<ListPart<'a>>,
    read: Vec<ListPart<'a>>,
}

/// A list of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiList {
    /// All servers.
    Servers,
    /// All tools of a class.
    Class(Class),
}

impl ApiList {
    /// Every list.
    pub const ALL: [Self; 4] =
        [Self::Servers, Self::Class(Class::Read), Self::Class(Class::Write), Self::Class(Class::Destructive)];

    /// The name in paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::Servers => "servers",
            Self::Class(class) => class.slug(),
        }
    }

    /// The list of the site that is cut in the same way.
    pub fn list(self) -> ListPage {
        match self {
            Self::Servers => ListPage::Servers,
            Self::Class(class) => ListPage::Class(class),
        }
    }
}

/// `api/v1/index.json`: what there is and where.
///
/// # Errors
/// None that input can cause.
pub fn catalogue(config: &Config, index: &SiteIndex) -> serde_json::Result<String> {
    let ranges = ApiList::ALL.map(|list| index.ranges(&list.list()));
    let parts = |at: usize| {
        let name = ApiList::ALL[at].name();
        let part = |range| part(name, range);
        ranges[at].iter().map(part).collect()
    };
    neutral::json(&Catalogue {
        schema_version: SCHEMA_VERSION,
        kind: "catalogue",
        schema: urls::relative(urls::API, urls::API_SCHEMA, ""),
        title: &config.site.title,
        page: urls::relative(urls::API, urls::HOME, ""),
        servers: index.servers.len(),
        tools: index.tools(),
        classes: index.counts().into(),
        lists: Lists { servers: parts(0), read: parts(1), write: parts(2), destructive: parts(3) },
    })
}

fn part<'a>(name: &str, range: &'a ListRange) -> ListPart<'a> {
    let href = urls::relative(urls::API, &urls::api_list(name, &range.prefix), "");
    ListPart { href, prefix: &range.prefix, entries: range.tools }
}

#[derive(Serialize)]
struct ListJson<'a, T> {
    schema_version: u32,
    kind: &'static str,
    list: &'static str,
    prefix: &'a str,
    entries: Vec<T>,
}

#[derive(Serialize)]
struct ServerEntry<'a> {
    slug: &'a str,
    title: &'a str,
    package: &'a str,
    tools: usize,
    /// Whether there are no more tools than these.
    complete: bool,
    classes: Counts,
    href: String,
    page: String,
}

#[derive(Serialize)]
struct ToolEntry<'a> {
    server: &'a str,
    tool: &'a str,
    class: Class,
    severity: Severity,
    facets: Facets,
    verb: Option<&'a str>,
    confidence: u8,
    server_href: String,
    page: String,
}

/// One part of a list; its path is `urls::api_list(list.name(), &range.prefix)`. `page` gives a tool's page
/// and fragment.
///
/// # Errors
/// None that input can cause.
pub fn list(
    index: &SiteIndex,
    list: ApiList,
    range: &ListRange,
    page: impl Fn(&ServerRow, usize) -> (String, String),
) -> serde_json::Result<String> {
    let here = urls::api_list(list.name(), &range.prefix);
    let href = |server: &ServerRow| urls::relative(&here, &urls::api_server(&server.file), "");
    if list == ApiList::Servers {
        let entries = index.servers[range.servers.clone()].iter().map(|server| ServerEntry {
            slug: &server.slug,
            title: &server.title,
            package: &server.package,
            tools: server.tools.len(),
            complete: !server.partial,
            classes: server.counts().into(),
            href: href(server),
            page: urls::relative(&here, &server.url(), ""),
        });
        return lines(list, range, entries.collect());
    }
    let site_list = list.list();
    let entries = index.listed(&site_list, range.servers.clone()).map(|found| {
        let (path, fragment) = page(found.server, found.at);
        let tool = found.tool();
        ToolEntry {
            server: &found.server.slug,
            tool: found.name(),
            class: tool.class,
            severity: tool.severity,
            facets: tool.facets,
            verb: index.verb(tool),
            confidence: tool.confidence,
            server_href: href(found.server),
            page: urls::relative(&here, &path, &fragment),
        }
    });
    lines(list, range, entries.collect())
}

fn lines<T: Serialize>(list: ApiList, range: &ListRange, entries: Vec<T>) -> serde_json::Result<String> {
    let page =
        ListJson { schema_version: SCHEMA_VERSION, kind: "list", list: list.name(), prefix: &range.prefix, entries };
    neutral::json_line(&page).map(|text| text + "\n")
}

#[derive(Serialize)]
struct ServerJson<'a> {
    schema_version: u32,
    kind: &'static str,
    server: &'a crate::manifest::Server,
    captured_at: Option<&'a str>,
    protocol_version: Option<&'a str>,
    instructions: Option<&'a str>,
    page: String,
    policy: String,
    /// Whether there are no more tools than these.
    complete: bool,
    /// Why there may be.
    gaps: &'a [Gap],
    /// Whether the listing is that of one account.
    private: bool,
    findings: Vec<ServerFinding>,
    classes: Counts,
}

/// What a card says before the address of its page.
#[derive(Serialize)]
struct CardHead<'a> {
    name: &'a str,
    title: Option<&'a str>,
    description: Option<&'a str>,
    class: Class,
    heuristic_class: Class,
    #[serde(rename = "override")]
    decision: Option<DecisionJson<'a>>,
    severity: Severity,
    facets: Facets,
    confidence: f32,
    confidence_band: &'static str,
    verb: Option<&'a str>,
    lead: String,
    recommendation: String,
}

/// What it says behind it.
#[derive(Serialize)]
struct CardRest<'a> {
    policy: &'a Policy,
    evidence: &'a [Evidence],
    runner_up: Option<&'a RunnerUp>,
    findings: &'a [Finding],
    actions: &'a [ActionRow],
    hints: &'a [HintRow],
    directories: &'a Readiness,
    legs: &'a [TrifectaLeg],
    related: Vec<RelatedJson<'a>>,
    input_schema: &'a serde_json::Value,
    output_schema: Option<&'a serde_json::Value>,
    /// What else the entry declares: `_meta`, `icons`, `execution`, …
    extra: &'a serde_json::Map<String, serde_json::Value>,
    /// Further definitions of the name.
    others: Vec<OtherJson<'a>>,
    fingerprint: &'a str,
}

/// A further definition of a name.
#[derive(Serialize)]
struct OtherJson<'a> {
    line: Option<u32>,
    title: Option<&'a str>,
    description: Option<&'a str>,
    input_schema: &'a serde_json::Value,
}

/// What a card takes in the document of its server, mostly.
const CARD_BYTES: usize = 4_096;

/// What a person decided.
#[derive(Serialize)]
struct DecisionJson<'a> {
    class: Class,
    reason: &'a str,
    by: &'a str,
    date: &'a str,
    /// Whether the definition changed since: then the worse of both classes holds.
    stale: bool,
}

#[derive(Serialize)]
struct RelatedJson<'a> {
    tool: &'a str,
    relation: crate::card::Relation,
}

/// `api/v1/servers/<server>.json`, written card by card: its first line is the server, each other
/// line a card.
#[derive(Debug)]
pub struct ServerDocument {
    path: String,
    text: String,
    cards: usize,
}

impl ServerDocument {
    /// Begins the document of a server whose files lie in the folder `file`.
    ///
    /// # Errors
    /// None that input can cause.
    pub fn new(server: &ServerCards<'_>, file: &str) -> serde_json::Result<Self> {
        let path = urls::api_server(file);
        let manifest = server.manifest;
        let head = neutral::json_line(&ServerJson {
            schema_version: SCHEMA_VERSION,
            kind: "server",
            server: &manifest.server,
            captured_at: manifest.captured_at.as_deref(),
            protocol_version: manifest.protocol_version.as_deref(),
            instructions: manifest.instructions.as_deref(),
            page: urls::relative(&path, &urls::server(file), ""),
            policy: urls::relative(&path, &urls::beside(file, "policy.json"), ""),
            complete: !manifest.is_partial(),
            gaps: &manifest.listing.gaps,
            private: manifest.listing.private,
            findings: server_findings(manifest, server.verdicts),
            classes: server.counts.into(),
        })?;
        let mut text = String::with_capacity(head.len() + manifest.tools.len() * CARD_BYTES);
        text.push_str(head.strip_suffix('}').unwrap_or(&head));
        text.push_str(",\"cards\":[");
        Ok(Self { path, text, cards: 0 })
    }

    /// Appends a card whose page is at `page` and `fragment`.
    ///
    /// # Errors
    /// None that input can cause.
    pub fn card(&mut self, card: &CardText, page: &str, fragment: &str) -> serde_json::Result<()> {
        self.text.push_str(if self.cards > 0 { ",\n" } else { "\n" });
        card.push(&mut self.text, &urls::relative(&self.path, page, fragment))?;
        self.cards += 1;
        Ok(())
    }

    /// The path and text of the whole document.
    pub fn finish(mut self) -> (String, String) {
        self.text.push_str("\n]}\n");
        (self.path, self.text)
    }
}

/// The JSON of a card, made once for all documents: they differ in the address of its page alone.
#[derive(Debug)]
pub struct CardText {
    head: String,
    rest: String,
}

impl CardText {
    /// Writes a card, with what a person decided of its class.
    ///
    /// # Errors
    /// None that input can cause.
    pub fn new(
        server: &ServerCards<'_>,
        card: &Card<'_>,
        decision: Option<&AppliedOverride>,
    ) -> serde_json::Result<Self> {
        Ok(Self { head: neutral::json_line(&head(card, decision))?, rest: neutral::json_line(&rest(server, card))? })
    }

    /// Appends it with the address of its page.
    fn push(&self, out: &mut String, page: &str) -> serde_json::Result<()> {
        out.push_str(self.head.strip_suffix('}').unwrap_or(&self.head));
        out.push_str(",\"page\":");
        out.push_str(&neutral::json_line(page)?);
        out.push(',');
        out.push_str(self.rest.strip_prefix('{').unwrap_or(&self.rest));
        Ok(())
    }
}

fn head<'a>(card: &'a Card<'_>, decision: Option<&'a AppliedOverride>) -> CardHead<'a> {
    let verdict = card.verdict;
    CardHead {
        name: &card.tool.name,
        title: card.tool.title.as_deref(),
        description: card.tool.description.as_deref(),
        class: verdict.class,
        heuristic_class: verdict.heuristic_class,
        decision: decision.map(|d| DecisionJson {
            class: d.made.class,
            reason: &d.made.reason,
            by: &d.made.by,
            date: &d.made.date,
            stale: d.stale,
        }),
        severity: verdict.severity,
        facets: verdict.facets,
        confidence: verdict.confidence.0,
        confidence_band: verdict.confidence.band(),
        verb: verdict.verb.as_deref(),
        lead: card.lead().plain(),
        recommendation: card.claims.line(),
    }
}

fn rest<'a>(server: &'a ServerCards<'_>, card: &'a Card<'_>) -> CardRest<'a> {
    let verdict = card.verdict;
    let related = card
        .related
        .iter()
        .filter_map(|r| Some(RelatedJson { tool: &server.manifest.tools.get(r.index)?.name, relation: r.relation }));
    CardRest {
        policy: &card.policy,
        evidence: &verdict.evidence,
        runner_up: verdict.runner_up.as_ref(),
        findings: &verdict.findings,
        actions: &card.actions,
        hints: &card.annotations.rows,
        directories: &card.annotations.readiness,
        legs: &verdict.legs,
        related: related.collect(),
        input_schema: &card.tool.input_schema,
        output_schema: card.tool.output_schema.as_ref(),
        extra: &card.tool.extra,
        others: card
            .tool
            .others
            .iter()
            .map(|other| OtherJson {
                line: other.position.map(|p| p.line),
                title: other.title.as_deref(),
                description: other.description.as_deref(),
                input_schema: &other.input_schema,
            })
            .collect(),
        fingerprint: card.fingerprint(),
    }
}

#[derive(Serialize)]
struct ToolDocument<'a> {
    schema_version: u32,
    kind: &'static str,
    server: &'a crate::manifest::Server,
}

/// `tools/<server>/<tool>.card.json`: one card; `page` is the address of its page from there.
///
/// # Errors
/// None that input can cause.
pub fn tool(server: &ServerCards<'_>, card: &CardText, page: &str) -> serde_json::Result<String> {
    let document = ToolDocument { schema_version: SCHEMA_VERSION, kind: "tool", server: &server.manifest.server };
    let head = neutral::json_line(&document)?;
    let mut text = String::with_capacity(head.len() + card.head.len() + card.rest.len() + 128);
    text.push_str(head.strip_suffix('}').unwrap_or(&head));
    text.push_str(",\"card\":");
    card.push(&mut text, page)?;
    text.push_str("}\n");
    Ok(text)
}
