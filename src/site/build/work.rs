//! The second pass: one job → its files.

use std::sync::Mutex;

use serde::Serialize;

use super::held::HeldServers;
use super::plan::{Job, events_of};
use super::rows::{SeenServer, ServerBytes};
use crate::card::{CardContext, ServerCards};
use crate::catalog::changes::Event;
use crate::catalog::labelled::Labelled;
use crate::catalog::{Catalog, CatalogEntry};
use crate::classify::Classifier;
use crate::config::Granularity;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::Profile;
use crate::site::alternates::pictures::Picture;
use crate::site::alternates::{
    self,
    api::{self, CardText, ServerDocument},
    markdown, sitemap,
};
use crate::site::error::BuildError;
use crate::site::index::{ServerRow, SiteIndex};
use crate::site::pages::{PageKind, SiteContext};
use crate::site::render::Renderer;
use crate::site::urls::{self, ListPage};
use crate::site::views::{self, PageContext, tool_place};
use crate::write::{FileSink, WriteError};

/// Everything that jobs share. Jobs run on any thread, in any order.
pub(super) struct Work<'a> {
    pub catalog: &'a Catalog,
    pub classifier: Classifier<'a>,
    pub renderer: &'a Renderer,
    pub context: CardContext<'a>,
    pub index: &'a SiteIndex,
    /// What the first pass knows of each server of the index, in its order.
    pub seen: &'a [SeenServer],
    /// Servers that need not be read again.
    pub held: HeldServers,
    /// Pages of no server that search engines should know.
    pub others: &'a [String],
    /// Sorted by server.
    pub events: &'a [Event],
    /// As they happened, oldest first.
    pub history: &'a [Event],
    pub diagnostics: &'a Mutex<Vec<Diagnostic>>,
}

impl Work<'_> {
    /// Does one job, whose files are the unit's; `buffer` is reused from page to page. `false` where the server cannot be
    /// read any more: its old pages stay.
    pub(super) fn job(&self, job: &Job, unit: &mut dyn FileSink, buffer: &mut Vec<u8>) -> Result<bool, BuildError> {
        if let Job::Server(place) = job {
            return self.server(*place, unit, buffer);
        }
        self.of_site(job, unit, buffer)?;
        Ok(true)
    }

    fn of_site(&self, job: &Job, unit: &mut dyn FileSink, buffer: &mut Vec<u8>) -> Result<(), BuildError> {
        let (config, index) = (self.context.config, self.index);
        match job {
            Job::Server(_) => Ok(()),
            Job::List { pages, range } => {
                let path = urls::list(&pages.list, &range.prefix);
                match pages.list {
                    ListPage::Servers => {
                        let view = views::lists::servers(config, index, pages, range);
                        self.page(PageKind::Servers, &path, &view, unit, buffer)
                    }
                    ListPage::Queue => {
                        let view = views::queue::queue(config, index, pages, range);
                        self.page(PageKind::Queue, &path, &view, unit, buffer)
                    }
                    _ => {
                        let view = views::lists::list(config, index, pages, range);
                        self.page(PageKind::List, &path, &view, unit, buffer)
                    }
                }
            }
            Job::Attack(i) => {
                let Some(article) = self.context.articles.get(*i) else { return Ok(()) };
                let view = views::attacks::article(config, article);
                self.page(PageKind::Attack, &urls::attack(&article.slug), &view, unit, buffer)
            }
            Job::Moved(moved) => {
                let view = views::moved::moved(config, moved);
                self.page(PageKind::Moved, &moved.from, &view, unit, buffer)
            }
            Job::Page(kind, path, view) => {
                let CardContext { lexicon, articles, .. } = self.context;
                match view(SiteContext { config, index, lexicon, articles }) {
                    Some(view) => self.page(*kind, path, &view, unit, buffer),
                    None => Ok(()),
                }
            }
            Job::Api(list, range) => {
                let place = |row: &ServerRow, tool: usize| tool_place(config, row, tool);
                let text = api::list(index, *list, range, place)?;
                Ok(self.put(unit, &urls::api_list(list.name(), &range.prefix), text.as_bytes())?)
            }
            Job::Alternates => self.put_all(unit, &alternates::site(self.renderer, config, index, self.history)?),
            Job::Sitemap(part) => {
                let file = sitemap::file(config, index, self.others, self.history, part);
                let text = alternates::sitemap_text(self.renderer, &file)?;
                Ok(self.put(unit, &part.path, text.as_bytes())?)
            }
        }
    }

    pub(super) fn server(
        &self,
        place: usize,
        unit: &mut dyn FileSink,
        buffer: &mut Vec<u8>,
    ) -> Result<bool, BuildError> {
        let row = &self.index.servers[place];
        let held = self.held.take(&row.slug);
        let labelled = held.or_else(|| self.catalog.find(&row.slug).and_then(|entry| self.read(entry, place)));
        let Some(Labelled { manifest, verdicts, decisions, .. }) = labelled else { return Ok(false) };
        let server = ServerCards::new(&manifest, &verdicts, self.context);
        let config = self.context.config;
        let events = events_of(self.events, &row.slug);
        let picture = self.picture(row, unit)?;
        let picture = picture.as_deref();
        let context = PageContext { config, index: self.index, place, events, decisions: &decisions, picture };
        let frame = views::tool::view::ServerFrame::new(&server, &context);
        unit.folder()?;
        let mut document = ServerDocument::new(&server, &row.file)?;
        let mut said = Vec::with_capacity(manifest.tools.len());
        for i in 0..manifest.tools.len() {
            let Some(card) = server.card(i) else { continue };
            let decision = context.decision(i);
            let (page, fragment) = tool_place(config, row, i);
            let text = CardText::new(&server, &card, decision)?;
            document.card(&text, &page, &fragment)?;
            said.push(markdown::said(&card));
            let files = alternates::tool(self.renderer, config, &server, row, (&card, &text), decision)?;
            self.put_all(unit, &files)?;
            if config.site.granularity == Granularity::Tool {
                let mut view = views::tool::view::view(&server, &card, &context, &frame);
                let asked = card.questions.iter().map(|q| q.question.spoken());
                view.page.questions(asked.zip(view.faq.iter().map(|q| &q.answer_html)));
                self.page(PageKind::Tool, &row.tool_url(i), &view, unit, buffer)?;
            }
        }
        let formats = server.formats();
        let view = views::server::view(&server, &formats, &context);
        self.page(PageKind::Server, &row.url(), &view, unit, buffer)?;
        self.put_all(unit, &alternates::server(self.renderer, config, &server, row, document, &said)?)?;
        if !manifest.tools.is_empty() {
            self.put(unit, &urls::beside(&row.file, urls::COMPOSER), formats.composer().json()?.as_bytes())?;
        }
        for profile in Profile::ALL {
            self.put(unit, &urls::policy(&row.file, profile), server.document(profile).to_json().as_bytes())?;
        }
        Ok(true)
    }

    /// Draws the picture of a server, unless an earlier build did, and returns its path; nothing where previews
    /// of the site show the same picture everywhere.
    fn picture(&self, row: &ServerRow, unit: &mut dyn FileSink) -> Result<Option<String>, BuildError> {
        let config = self.context.config;
        let wanted = config.output.pictures && config.site.base_url.is_some();
        let Some(picture) = wanted.then(|| Picture::of(row, &config.site.title)).flatten() else { return Ok(None) };
        let path = picture.path(row);
        if !unit.has(&path) {
            let drawn = picture.png().map_err(|e| WriteError::Io { path: (&path).into(), source: e.into() })?;
            self.put(unit, &path, &drawn)?;
        }
        Ok(Some(path))
    }

    /// The static files.
    pub(super) fn assets(&self, unit: &mut dyn FileSink) -> Result<(), BuildError> {
        for (_, asset) in self.renderer.assets().iter() {
            self.put(unit, &asset.path, &asset.bytes)?;
        }
        Ok(())
    }

    /// A server as the first pass saw it; nothing where it changed since, because this build does not know that.
    fn read(&self, entry: &CatalogEntry, place: usize) -> Option<Labelled> {
        let (seen, row) = (&self.seen[place], &self.index.servers[place]);
        let bytes = ServerBytes::read(entry);
        if seen.hash.is_some() && bytes.hash(entry) != seen.hash {
            return None;
        }
        bytes.labelled(entry, self.classifier).value.filter(|labelled| same_tools(labelled, row))
    }

    fn page(
        &self,
        kind: PageKind,
        path: &str,
        view: &impl Serialize,
        unit: &mut dyn FileSink,
        buffer: &mut Vec<u8>,
    ) -> Result<(), BuildError> {
        self.renderer.render(kind, view, buffer)?;
        Ok(self.put(unit, path, buffer)?)
    }

    fn put_all(&self, unit: &mut dyn FileSink, files: &[(String, String)]) -> Result<(), BuildError> {
        Ok(files.iter().try_for_each(|(path, text)| self.put(unit, path, text.as_bytes()))?)
    }

    fn put(&self, unit: &mut dyn FileSink, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        put(self.diagnostics, unit, path, bytes)
    }
}

/// Writes one file. What toolcard did not write is kept and reported.
pub(super) fn put(
    diagnostics: &Mutex<Vec<Diagnostic>>,
    unit: &mut dyn FileSink,
    path: &str,
    bytes: &[u8],
) -> Result<(), WriteError> {
    match unit.file(path, bytes) {
        Err(WriteError::Foreign(file)) => {
            let mut diagnostics = diagnostics.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
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

fn same_tools(labelled: &Labelled, row: &ServerRow) -> bool {
    let tools = &labelled.manifest.tools;
    tools.len() == row.tools.len() && tools.iter().enumerate().all(|(i, t)| t.name == row.name(i))
}
