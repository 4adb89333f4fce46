//! The server of the catalogue that a document is for.

use toolcard::catalog::Catalog;
use toolcard::catalog::labelled::{Labelled, read_server};
use toolcard::classify::{Classifier, Verdict};
use toolcard::config::Config;
use toolcard::diagnostic::Parsed;
use toolcard::manifest::{Manifest, Tool};
use toolcard::policy::RateLimits;

use super::CatalogArgs;
use crate::cli::input::lexicon;
use crate::cli::term::Terminal;
use crate::cli::{Exit, target};

/// A server of the catalogue with its verdicts.
pub(super) struct PolicySubject {
    pub(super) manifest: Manifest,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) numbers: RateLimits,
    /// Whether a part of the server, or a decision about it, could not be read.
    pub(super) partial: bool,
}

impl PolicySubject {
    pub(super) fn load(source: &CatalogArgs, slug: &str, term: Terminal) -> Result<Self, Exit> {
        let config = Config::find(&source.catalog, source.config.as_deref()).map_err(|faults| {
            term.diagnostics(&faults);
            Exit::Usage
        })?;
        let catalog = Catalog::open(&source.catalog).map_err(|fault| {
            term.diagnostics([&*fault]);
            Exit::Usage
        })?;
        let entry = target::server(&catalog, slug, term).ok_or(Exit::Usage)?;
        let mut own = None;
        let lexicon = lexicon(None, Some(&source.catalog), &mut own, term).ok_or(Exit::Usage)?;
        let Parsed { value: labelled, diagnostics: faults } = read_server(entry, Classifier::new(lexicon));
        let partial = term.diagnostics(&faults);
        let Labelled { manifest, verdicts, .. } = labelled.ok_or(Exit::Failed)?;
        Ok(Self { manifest, verdicts, numbers: config.limits, partial })
    }

    /// What a command that did its work exits with: a document about a part is told to be one.
    pub(super) fn exit(&self) -> Exit {
        if self.partial { Exit::Failed } else { Exit::Done }
    }

    pub(super) fn tools(&self) -> impl Iterator<Item = (&Tool, &Verdict)> {
        self.manifest.tools.iter().zip(&self.verdicts)
    }
}
