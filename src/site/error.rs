//! Why a build ended early.

use super::urls;
use crate::diagnostic::Diagnostic;
use crate::write::WriteError;

/// Why nothing or not everything was written.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Catalogue, configuration, lexicon or theme cannot be used.
    #[error("the site cannot be built")]
    Input(Vec<Diagnostic>),
    /// An I/O error.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Values of ours always serialise; if one day one does not, the build says so instead of writing half a file.
impl From<serde_json::Error> for BuildError {
    fn from(error: serde_json::Error) -> Self {
        WriteError::Io { path: urls::API.into(), source: error.into() }.into()
    }
}

impl From<Diagnostic> for BuildError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Input(vec![diagnostic])
    }
}
