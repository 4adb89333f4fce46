//! What a site is made from beside its servers: the lexicon, the theme, the attack patterns, the history of labels.

use std::path::Path;

use crate::card::attacks::{self, Article};
use crate::catalog::changes::{self, Event};
use crate::catalog::source::Source;
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::lexicon::Lexicon;
use crate::site::error::BuildError;
use crate::site::render::Renderer;
use crate::site::site_view::SiteView;
use crate::site::theme;
use crate::site::theme_check;

/// What a site is made from beside its servers.
pub(super) struct SiteSources {
    /// The lexicon, where the catalogue has rows of its own.
    pub own_lexicon: Option<Lexicon>,
    /// The texts of those rows.
    pub lexicon_texts: [String; 2],
    pub renderer: Renderer,
    pub articles: Vec<Article>,
    /// The changes of labels as they happened, oldest first.
    pub history: Vec<Event>,
    /// What is wrong with these, and costs no page.
    pub diagnostics: Vec<Diagnostic>,
}

impl SiteSources {
    /// Reads everything but the servers.
    pub(super) fn read(dir: &Path, config: &Config) -> Result<Self, BuildError> {
        let own = Source::Folder(dir.to_path_buf()).lexicon(dir);
        let own_lexicon = own.lexicon.map_err(BuildError::Input)?;
        let theme = config.site.theme.as_deref();
        if let Some(theme) = theme.filter(|theme| !theme.is_dir()) {
            let help = "create it, or correct `site.theme` in the configuration; a relative path begins at that file";
            return Err(Diagnostic::error(Code::NoTheme, theme, "the folder of the theme is not there", help).into());
        }
        let renderer = Renderer::new(&SiteView::new(config), theme).map_err(BuildError::Input)?;
        let mut diagnostics = theme.map(theme::unknown).unwrap_or_default();
        // A theme that cannot render is reported before the first page is written.
        if renderer.is_themed() {
            theme_check::try_all(&renderer).map_err(|d| BuildError::Input(vec![*d]))?;
        }
        let articles = attacks::load(dir);
        diagnostics.extend(articles.diagnostics);
        let history = changes::read(dir).unwrap_or_else(|diagnostic| {
            diagnostics.push(*diagnostic);
            Vec::new()
        });
        Ok(Self { own_lexicon, lexicon_texts: own.texts, renderer, articles: articles.value, history, diagnostics })
    }
}

/// The changes of labels, sorted by server.
pub(super) fn by_server(history: &[Event]) -> Vec<Event> {
    let mut events = history.to_vec();
    events.sort_by(|a, b| a.server.cmp(&b.server));
    events
}
