//! The files of one server as the next build will write them, for a preview: everything else is as the build before left it,
//! so an edit shows before the site is built.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::FirstLook;
use super::held::{HeldRoom, HeldServers};
use super::inputs::SiteInputs;
use super::rows::{Rows, ServerBytes};
use super::sources::{SiteSources, by_server};
use super::work::Work;
use crate::card::CardContext;
use crate::catalog::Catalog;
use crate::catalog::changes::Event;
use crate::classify::Classifier;
use crate::config::Config;
use crate::diagnostic::Parsed;
use crate::lexicon::Lexicon;
use crate::site::index::SiteIndex;
use crate::site::urls;
use crate::write::{FileSink, PRIVATE, WriteError};

/// A site as its last build left it, in memory.
pub struct LiveSite {
    config: Config,
    catalog: Catalog,
    sources: SiteSources,
    /// Sorted by server.
    events: Vec<Event>,
    index: SiteIndex,
}

impl std::fmt::Debug for LiveSite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveSite").field("catalog", &self.catalog.dir).finish_non_exhaustive()
    }
}

/// The files of one server.
#[derive(Debug, Default)]
pub struct ServerFiles {
    /// What the paths of its own files begin with: `tools/github/`.
    pub folder: String,
    /// Its files by their paths relative to the site, with `/`.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl FileSink for ServerFiles {
    fn folder(&self) -> Result<(), WriteError> {
        Ok(())
    }

    fn file(&mut self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn has(&mut self, _path: &str) -> bool {
        false
    }
}

impl LiveSite {
    /// The site of the catalogue in `dir` that was built into `out`; nothing where a build would report an error that costs
    /// every page, or where there was none under this configuration.
    pub fn open(dir: &Path, out: &Path, config: &Config) -> Option<Self> {
        let catalog = Catalog::open(dir).ok()?;
        let sources = SiteSources::read(dir, config).ok()?;
        let site = SiteInputs::new(config, &sources.lexicon_texts, &sources.articles, &sources.renderer, None);
        let rows = Rows::read(&out.join(PRIVATE), &site.key_of_rows(dir));
        let index = SiteIndex::new((0..rows.len()).filter_map(|number| rows.row(number)));
        if index.servers.is_empty() {
            return None;
        }
        let events = by_server(&sources.history);
        Some(Self { config: config.clone(), catalog, sources, events, index })
    }

    /// The server whose folder a path of the catalogue lies in; nothing for what is of no server that has pages.
    pub fn server_of(&self, path: &Path) -> Option<&str> {
        let dir = &self.catalog.dir;
        // The system names files from its root, by the links that it was asked with or without any.
        let names = [Some(dir.clone()), std::path::absolute(dir).ok(), dir.canonicalize().ok()];
        let below = names.iter().flatten().find_map(|dir| path.strip_prefix(dir).ok())?;
        let folder = below.components().next()?;
        let entry = self.catalog.find(folder.as_os_str().to_str()?)?;
        entry.own_folder().then_some(entry.slug.as_str()).filter(|slug| self.index.server(slug).is_some())
    }

    /// Reads one server again, and makes its files; nothing where it cannot be read, which the next build reports.
    pub fn server(&mut self, slug: &str) -> Option<ServerFiles> {
        let place = self.index.server(slug)?;
        let entry = self.catalog.find(slug)?;
        // Whether a link leads out of the catalogue is asked by the build.
        let plain = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|there| !there.is_symlink());
        if !plain(&entry.dir) || !plain(&entry.manifest) {
            return None;
        }
        let SiteSources { own_lexicon, renderer, articles, history, .. } = &self.sources;
        let lexicon = own_lexicon.as_ref().unwrap_or_else(|| Lexicon::embedded());
        let classifier = Classifier::new(lexicon);
        let context = CardContext { config: &self.config, rate_limits: self.config.limits, lexicon, articles };
        let Parsed { value, .. } = FirstLook { classifier, context }.made(entry, &ServerBytes::read(entry));
        let (row, _, labelled) = value?;
        self.index.lay_over(place, row);
        let mut held = HeldServers::default();
        held.add(Some(Box::new(labelled)), &HeldRoom::default());
        let told = Mutex::default();
        let work = Work {
            catalog: &self.catalog,
            classifier,
            renderer,
            context,
            index: &self.index,
            seen: &[],
            held,
            // Of pages that are of no server.
            others: &[],
            events: &self.events,
            history,
            diagnostics: &told,
        };
        let folder = urls::server_folder(&self.index.servers[place].file);
        let mut files = ServerFiles { folder, ..ServerFiles::default() };
        work.server(place, &mut files, &mut Vec::new()).ok()?.then_some(files)
    }
}
