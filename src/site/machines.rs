//! What programs read, in its places: a server's twins beside its pages, the site's at its root.

use super::api::{self, ApiList, ServerDocument};
use super::build::BuildError;
use super::index::{ListRange, ServerRow};
use super::plan;
use super::urls::{self, ListPage};
use super::views::{lists, tool_place};
use super::work::Work;
use super::{badge, feeds, host, markdown_twin, sitemap};
use crate::card::{Card, ServerCards};
use crate::catalog::labelled::AppliedOverride;
use crate::config::Granularity;

impl Work<'_> {
    /// The twins of one tool; `document` is its server's in the API, `decision` a person's on its class.
    pub fn tool_twins(
        &self,
        server: &ServerCards<'_>,
        row: &ServerRow,
        card: &Card<'_>,
        decision: Option<&AppliedOverride>,
        document: &mut ServerDocument,
    ) -> Result<(), BuildError> {
        let (page, fragment) = tool_place(self.setting.config, row, card.index);
        document.card(server, card, &page, &fragment, decision).map_err(never)?;
        let output = &self.setting.config.output;
        let file = row.tool_file(card.index);
        // What has no page has no twin: the server's has the card.
        let has_page = self.setting.config.site.granularity == Granularity::Tool;
        if has_page && output.json_tools {
            let path = urls::tool_twin(&row.file, file, urls::CARD);
            let twin = api::twin(server, card, &urls::relative(&path, &page, &fragment), decision).map_err(never)?;
            self.put(&path, twin.as_bytes())?;
        }
        if has_page && output.markdown_tools {
            let path = urls::tool_twin(&row.file, file, "md");
            let twin = markdown_twin::tool(server, card, &path, (&page, &fragment), decision);
            self.put(&path, twin.as_bytes())?;
        }
        if output.badge_tools {
            let badge = badge::tool(&row.tools[card.index]);
            self.put(&urls::tool_twin(&row.file, file, "svg"), badge.as_bytes())?;
        }
        Ok(())
    }

    /// The twins of one server.
    pub fn server_twins(
        &self,
        server: &ServerCards<'_>,
        row: &ServerRow,
        document: ServerDocument,
    ) -> Result<(), BuildError> {
        let (path, text) = document.finish();
        self.put(&path, text.as_bytes())?;
        let pages: Vec<(String, String)> =
            (0..row.tools.len()).map(|tool| tool_place(self.setting.config, row, tool)).collect();
        let config = self.setting.config;
        let twins = config.output.markdown_tools && config.site.granularity == Granularity::Tool;
        let twins = [
            (urls::BADGE, badge::server(row)),
            (urls::MARKDOWN, markdown_twin::server(server, row, &pages, twins)),
            (urls::LLMS, markdown_twin::llms_server(server, row, &pages, twins)),
        ];
        for (name, text) in twins {
            self.put(&urls::beside(&row.file, name), text.as_bytes())?;
        }
        Ok(())
    }

    /// One part of a list of the API.
    pub fn api_list(&self, list: ApiList, range: &ListRange) -> Result<(), BuildError> {
        let place = |row: &ServerRow, tool: usize| tool_place(self.setting.config, row, tool);
        let text = api::list(self.index, list, range, place).map_err(never)?;
        Ok(self.put(&urls::api_list(list.name(), &range.prefix), text.as_bytes())?)
    }

    /// The files that there is one of.
    pub fn site_twins(&self) -> Result<(), BuildError> {
        let (config, index) = (self.setting.config, self.index);
        let catalogue = api::catalogue(config, index).map_err(never)?;
        let files = [
            (urls::API, Some(catalogue)),
            (urls::API_SCHEMA, Some(api::SCHEMA.to_owned())),
            (urls::ROBOTS, Some(sitemap::robots(config))),
            (urls::LLMS, Some(markdown_twin::llms(config, index))),
            (urls::HEADERS, Some(host::headers())),
            (urls::OPENSEARCH, host::opensearch(config)),
            (urls::FEED, feeds::feed(config, index, self.history)),
        ];
        for (path, text) in files {
            if let Some(text) = text {
                self.put(path, text.as_bytes())?;
            }
        }
        for (path, text) in sitemap::files(config, index, &self.pages(), self.history) {
            self.put(&path, text.as_bytes())?;
        }
        Ok(())
    }

    /// Pages of no server that search engines should know: the front page, articles, and the lists that lead on.
    fn pages(&self) -> Vec<String> {
        let mut pages: Vec<String> =
            [urls::HOME, urls::LISTS, urls::ATTACKS, urls::METHOD, urls::LEXICON, urls::GLOSSARY]
                .map(str::to_owned)
                .into();
        let kept = |list: &ListPage| {
            *list == ListPage::Servers || self.index.counts_of(list).iter().sum::<usize>() >= lists::MIN_TOOLS
        };
        pages.extend(plan::lists(self.index).filter(kept).map(|list| urls::list(&list, "")));
        pages.extend(self.setting.articles.iter().map(|article| urls::attack(&article.slug)));
        pages
    }
}

/// Values of ours always serialise; if one day one does not, the build says so instead of writing half a file.
pub(super) fn never(error: serde_json::Error) -> BuildError {
    crate::write::WriteError::Io { path: urls::API.into(), source: error.into() }.into()
}
