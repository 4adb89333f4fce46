//! The second pass: one job → its files.

use std::sync::Mutex;

use serde::Serialize;

use super::plan::{self, Job};
use crate::card::{CardContext, ServerCards};
use crate::catalog::Catalog;
use crate::catalog::changes::Event;
use crate::catalog::labelled::{Labelled, read_server};
use crate::classify::Classifier;
use crate::config::Granularity;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::Profile;
use crate::site::alternates::pictures::Picture;
use crate::site::alternates::{
    self,
    api::{self, ServerDocument},
    sitemap,
};
use crate::site::error::BuildError;
use crate::site::index::{ServerRow, SiteIndex};
use crate::site::pages::{PAGES, PageKind, SiteContext};
use crate::site::render::Renderer;
use crate::site::urls::{self, ListPage};
use crate::site::views::{self, PageContext, lists, tool_place};
use crate::write::{Output, WriteError};

/// Everything that jobs share. Jobs run on any thread, in any order.
pub(super) struct Work<'a> {
    pub catalog: &'a Catalog,
    pub classifier: Classifier<'a>,
    pub renderer: &'a Renderer,
    pub context: CardContext<'a>,
    pub index: &'a SiteIndex,
    /// Sorted by server.
    pub events: &'a [Event],
    /// As they happened, oldest first.
    pub history: &'a [Event],
    pub output: &'a Output,
    pub diagnostics: Mutex<Vec<Diagnostic>>,
}

impl Work<'_> {
    /// Does one job; `buffer` is reused from page to page.
    pub(crate) fn job(&self, job: &Job, buffer: &mut Vec<u8>) -> Result<(), BuildError> {
        let (config, index) = (self.context.config, self.index);
        match job {
            Job::Server(place) => self.server(*place, buffer),
            Job::List { pages, range } => {
                let path = urls::list(&pages.list, &range.prefix);
                match pages.list {
                    ListPage::Servers => {
                        let view = views::lists::servers(config, index, pages, range);
                        self.page(PageKind::Servers, &path, &view, buffer)
                    }
                    ListPage::Queue => {
                        let view = views::queue::queue(config, index, pages, range);
                        self.page(PageKind::Queue, &path, &view, buffer)
                    }
                    _ => {
                        let view = views::lists::list(config, index, pages, range);
                        self.page(PageKind::List, &path, &view, buffer)
                    }
                }
            }
            Job::Attack(i) => {
                let Some(article) = self.context.articles.get(*i) else { return Ok(()) };
                let view = views::attacks::article(config, article);
                self.page(PageKind::Attack, &urls::attack(&article.slug), &view, buffer)
            }
            Job::Moved(moved) => {
                let view = views::moved::moved(config, moved);
                self.page(PageKind::Moved, &moved.from, &view, buffer)
            }
            Job::Page(kind, path, view) => {
                let CardContext { lexicon, articles, .. } = self.context;
                match view(SiteContext { config, index, lexicon, articles }) {
                    Some(view) => self.page(*kind, path, &view, buffer),
                    None => Ok(()),
                }
            }
            Job::Api(list, range) => {
                let place = |row: &ServerRow, tool: usize| tool_place(config, row, tool);
                let text = api::list(index, *list, range, place)?;
                Ok(self.put(&urls::api_list(list.name(), &range.prefix), text.as_bytes())?)
            }
            Job::Alternates => {
                self.put_all(&alternates::site(self.renderer, config, index, self.history)?)?;
                sitemap::files(config, index, &self.pages(), self.history, |path, file| {
                    let text = alternates::sitemap_text(self.renderer, &file)?;
                    Ok(self.put(&path, text.as_bytes())?)
                })
            }
        }
    }

    fn server(&self, place: usize, buffer: &mut Vec<u8>) -> Result<(), BuildError> {
        let row = &self.index.servers[place];
        let folder = urls::server_folder(&row.file);
        let labelled = self.catalog.find(&row.slug).and_then(|entry| read_server(entry, self.classifier).value);
        // The manifest was read a moment ago; if it changed since, this build does not know it.
        let Some(Labelled { manifest, verdicts, decisions, .. }) = labelled.filter(|l| same_tools(l, row)) else {
            self.output.keep(&folder);
            return Ok(());
        };
        let server = ServerCards::new(&manifest, &verdicts, self.context);
        let config = self.context.config;
        let events = events_of(self.events, &row.slug);
        let picture = self.picture(row)?;
        let picture = picture.as_deref();
        let context = PageContext { config, index: self.index, place, events, decisions: &decisions, picture };
        let frame = views::tool::view::ServerFrame::new(&server, &context);
        self.output.folder(&folder)?;
        let mut document = ServerDocument::new(&server, &row.file)?;
        for i in 0..manifest.tools.len() {
            let Some(card) = server.card(i) else { continue };
            let decision = context.decision(i);
            let (page, fragment) = tool_place(config, row, i);
            document.card(&server, &card, &page, &fragment, decision)?;
            self.put_all(&alternates::tool(self.renderer, config, &server, row, &card, decision)?)?;
            if config.site.granularity == Granularity::Tool {
                let mut view = views::tool::view::view(&server, &card, &context, &frame);
                let asked = card.questions.iter().map(|q| q.question.spoken());
                view.page.questions(asked.zip(view.faq.iter().map(|q| &q.answer_html)));
                self.page(PageKind::Tool, &row.tool_url(i), &view, buffer)?;
            }
        }
        let view = views::server::view(&server, &context);
        self.page(PageKind::Server, &row.url(), &view, buffer)?;
        self.put_all(&alternates::server(self.renderer, config, &server, row, document)?)?;
        if !manifest.tools.is_empty() {
            self.put(&urls::beside(&row.file, urls::COMPOSER), server.composer().json()?.as_bytes())?;
        }
        for profile in Profile::ALL {
            self.put(&urls::policy(&row.file, profile), server.document(profile).to_json().as_bytes())?;
        }
        Ok(())
    }

    /// Draws the picture of a server, unless an earlier build did, and returns its path; nothing where previews
    /// of the site show the same picture everywhere.
    fn picture(&self, row: &ServerRow) -> Result<Option<String>, BuildError> {
        let config = self.context.config;
        let wanted = config.output.pictures && config.site.base_url.is_some();
        let Some(picture) = wanted.then(|| Picture::of(row, &config.site.title)).flatten() else { return Ok(None) };
        let path = picture.path(row);
        if !self.output.has(&path) {
            let drawn = picture.png().map_err(|e| WriteError::Io { path: (&path).into(), source: e.into() })?;
            self.put(&path, &drawn)?;
        }
        Ok(Some(path))
    }

    /// The static files.
    pub(crate) fn assets(&self) -> Result<(), BuildError> {
        for (_, asset) in self.renderer.assets().iter() {
            self.put(&asset.path, &asset.bytes)?;
        }
        Ok(())
    }

    fn page(&self, kind: PageKind, path: &str, view: &impl Serialize, buffer: &mut Vec<u8>) -> Result<(), BuildError> {
        self.renderer.render(kind, view, buffer)?;
        Ok(self.put(path, buffer)?)
    }

    /// Pages of no server that search engines should know: the front page, articles, and the lists that lead on.
    fn pages(&self) -> Vec<String> {
        let whatever_it_holds = PAGES.iter().filter(|row| row.in_sitemap).filter_map(|row| row.path);
        let mut pages: Vec<String> = whatever_it_holds.map(str::to_owned).collect();
        let kept = |list: &ListPage| {
            *list == ListPage::Servers || self.index.counts_of(list).iter().sum::<usize>() >= lists::MIN_TOOLS
        };
        pages.extend(plan::lists(self.index).filter(kept).map(|list| urls::list(&list, "")));
        pages.extend(self.context.articles.iter().map(|article| urls::attack(&article.slug)));
        pages
    }

    fn put_all(&self, files: &[(String, String)]) -> Result<(), BuildError> {
        Ok(files.iter().try_for_each(|(path, text)| self.put(path, text.as_bytes()))?)
    }

    /// Writes one file. What toolcard did not write is kept and reported.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        match self.output.file(path, bytes) {
            Err(WriteError::Foreign(file)) => {
                let mut diagnostics = self.diagnostics.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                diagnostics.push(Diagnostic::error(
                    Code::ForeignFile,
                    &file,
                    "a file that toolcard did not write is where a page belongs",
                    "move it away, or choose another folder with `--out DIR`",
                ));
                Ok(())
            }
            result => result,
        }
    }
}

fn same_tools(labelled: &Labelled, row: &ServerRow) -> bool {
    let tools = &labelled.manifest.tools;
    tools.len() == row.tools.len() && tools.iter().enumerate().all(|(i, t)| t.name == row.name(i))
}

/// The events of one server, of events sorted by server.
fn events_of<'a>(events: &'a [Event], server: &str) -> &'a [Event] {
    let start = events.partition_point(|e| e.server.as_str() < server);
    let end = events.partition_point(|e| e.server.as_str() <= server);
    &events[start..end]
}
