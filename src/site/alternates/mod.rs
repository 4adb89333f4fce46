//! The alternate formats: what programs read of the site, each as a path and a text.
//!
//! | file | format |
//! |---|---|
//! | [`api`] | JSON documents of the catalogue, servers and tools |
//! | [`markdown`] | Markdown of servers and tools, `llms.txt` |
//! | `feeds` | the Atom feed of label changes |
//! | `sitemap` | the sitemap of search engines, `robots.txt` |
//! | [`badge`] | SVG badges |
//! | [`host`] | response headers, OpenSearch |
//! | `pictures` | pictures of servers for previews of links |

pub mod api;
pub mod badge;
pub(crate) mod feeds;
pub mod host;
pub mod markdown;
pub(crate) mod pictures;
pub(crate) mod sitemap;

use api::{CardText, ServerDocument};
use sitemap::SitemapFile;

use crate::card::{Card, ServerCards};
use crate::catalog::changes::Event;
use crate::catalog::overrides::AppliedOverride;
use crate::config::{Config, Granularity};
use crate::site::error::BuildError;
use crate::site::index::{ServerRow, SiteIndex};
use crate::site::render::Renderer;
use crate::site::urls;
use crate::site::views::tool_place;

/// Paths below the output folder, and what is written there.
pub type WrittenTexts = Vec<(String, String)>;

/// Whether tools have pages, and so files of other formats beside them.
fn tools_have_pages(config: &Config) -> bool {
    config.site.granularity == Granularity::Tool
}

/// The alternate formats of one tool; `text` is its card as JSON, `decision` a person's on its class. Without a page of its
/// own it has none but a badge: those of its server have the card.
///
/// # Errors
/// When a document cannot be serialised, or a theme's template cannot be rendered.
pub fn tool(
    renderer: &Renderer,
    config: &Config,
    server: &ServerCards<'_>,
    row: &ServerRow,
    (card, text): (&Card<'_>, &CardText),
    decision: Option<&AppliedOverride>,
) -> Result<WrittenTexts, BuildError> {
    let (page, fragment) = tool_place(config, row, card.index);
    let path = |extension| urls::tool_alternate(&row.file, row.tool_file(card.index), extension);
    let mut files = Vec::new();
    if tools_have_pages(config) && config.output.json_tools {
        let path = path(urls::CARD);
        let text = api::tool(server, text, &urls::relative(&path, &page, &fragment))?;
        files.push((path, text));
    }
    if tools_have_pages(config) && config.output.markdown_tools {
        let path = path("md");
        let text = markdown::tool(server, card, &path, (&page, &fragment), decision);
        files.push((path, text));
    }
    if config.output.badge_tools {
        files.push((path("svg"), renderer.file("badge.svg", &badge::tool(&row.tools[card.index]))?));
    }
    Ok(files)
}

/// The alternate formats of one server; `document` is its own in the API, `said` what lists of its tools say of each.
///
/// # Errors
/// When a theme's template cannot be rendered.
pub fn server(
    renderer: &Renderer,
    config: &Config,
    server: &ServerCards<'_>,
    row: &ServerRow,
    document: ServerDocument,
    said: &[String],
) -> Result<WrittenTexts, BuildError> {
    let pages: Vec<(String, String)> = (0..row.tools.len()).map(|tool| tool_place(config, row, tool)).collect();
    let of_tools = config.output.markdown_tools && tools_have_pages(config);
    let tools = markdown::tools(server, row, said, &pages, of_tools);
    let beside = |name| urls::beside(&row.file, name);
    Ok(vec![
        document.finish(),
        (beside(urls::BADGE), renderer.file("badge.svg", &badge::server(row))?),
        (beside(urls::MARKDOWN), markdown::server(server, row, &tools)),
        (beside(urls::LLMS), markdown::llms_server(row, &tools)),
    ])
}

/// The files that there is one of, but for the sitemap; `history` are the changes of labels, oldest first.
///
/// # Errors
/// When a document cannot be serialised, or a theme's template cannot be rendered.
pub fn site(
    renderer: &Renderer,
    config: &Config,
    index: &SiteIndex,
    history: &[Event],
) -> Result<WrittenTexts, BuildError> {
    let mut files = vec![
        (urls::API, api::catalogue(config, index)?),
        (urls::API_SCHEMA, api::SCHEMA.to_owned()),
        (urls::ROBOTS, renderer.file("robots.txt", &sitemap::robots(config))?),
        (urls::LLMS, markdown::llms(config, index)),
        (urls::HEADERS, host::headers()),
    ];
    if let Some(view) = host::opensearch(config) {
        files.push((urls::OPENSEARCH, renderer.file("opensearch.xml", &view)?));
    }
    if let Some(view) = feeds::feed(config, index, history) {
        files.push((urls::FEED, renderer.file("feed.xml", &view)?));
    }
    Ok(files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect())
}

/// One file of the sitemap as text.
///
/// # Errors
/// When a theme's template cannot be rendered.
pub(crate) fn sitemap_text(renderer: &Renderer, file: &SitemapFile) -> Result<String, BuildError> {
    Ok(match file {
        SitemapFile::Pages(view) => renderer.file("sitemap.xml", view),
        SitemapFile::Index(view) => renderer.file("sitemap_index.xml", view),
    }?)
}
