//! What `toolcard serve` does with a manifest that is pasted into its page.

use std::path::PathBuf;

use toolcard::capture::{Captured, files, is_slug, slug};
use toolcard::config::Config;
use toolcard::diagnostic::Diagnostic;
use toolcard::inspect::{Unread, clients, fragment, inspect};
use toolcard::serve::{Desk, Pasted};
use toolcard::site::html::Html;

use super::Exit;
use super::import::{ImportJob, bring};
use super::input::lexicon;
use super::inspect::labelled;
use super::term::Terminal;

/// The catalogue that the preview shows.
#[derive(Debug)]
pub(super) struct CatalogDesk {
    /// Its folder.
    pub(super) catalog: PathBuf,
    /// Where the review of what is imported is printed.
    pub(super) term: Terminal,
}

impl Desk for CatalogDesk {
    fn inspect(&self, text: &str) -> Pasted {
        let Captured { captures, diagnostics, .. } = files::pasted(text.as_bytes());
        let lone = if let [capture] = captures.as_slice() {
            Some(slug(&capture.manifest, None, &capture.name).unwrap_or_default())
        } else {
            None
        };
        let wrong = diagnostics.iter().chain(captures.iter().flat_map(|capture| &capture.diagnostics));
        let unread = wrong.filter(|d| d.is_error()).map(|Diagnostic { file, message, help, .. }| Unread {
            from: file.to_string_lossy().into_owned(),
            message: format!("{message}; {help}"),
        });
        let unread: Vec<Unread> = unread.collect();
        let mut own = None;
        let folder = self.catalog.is_dir().then_some(self.catalog.as_path());
        let Some(lexicon) = lexicon(None, folder, &mut own, self.term) else {
            let html = Html::text("The lexicon of the catalogue has faults: the terminal shows them.");
            return Pasted { html, slug: None };
        };
        let servers = labelled(captures, lexicon, |_| {});
        let inspection = inspect(&servers, unread, &clients(), lexicon, &Config::default());
        Pasted { html: fragment(&inspection), slug: lone }
    }

    fn import(&self, text: &str, slug: &str) -> Result<String, String> {
        if !is_slug(slug) {
            let rule = "small letters, digits, `-`, `_` and `.`, a letter or digit first";
            return Err(format!("The name of a folder has {rule}."));
        }
        let job = ImportJob {
            catalog: &self.catalog,
            slug: Some(slug),
            again: false,
            dry_run: false,
            keep_source: false,
            said: Vec::new(),
        };
        match bring(&job, self.term, |_| files::pasted(text.as_bytes())) {
            Ok(Exit::Done) => Ok(format!("{slug} is imported. The terminal shows what that changed.")),
            Ok(_) => Err("It was not imported: the terminal says why.".to_owned()),
            Err(e) => Err(format!("It was not imported: {e}.")),
        }
    }
}
