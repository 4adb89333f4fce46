//! Sources that run: a command, an address, a client's configuration.

#[cfg(feature = "connect")]
mod asking;

use std::time::Duration;

use toolcard::capture::Captured;
use toolcard::catalog::CatalogEntry;

use super::sources::SourceArgs;
use super::term::Terminal;
use super::update;

/// A number of seconds on the command line.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: Option<f64> = text.parse().ok().filter(|seconds| (0.01..=86_400.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "write a number of seconds, at most 86400".to_owned())
}

/// Asks the servers that the arguments name.
#[cfg(feature = "connect")]
pub(super) fn captures(args: &SourceArgs, term: Terminal) -> Captured {
    asking::captures(args, term)
}

/// Asks the servers of a catalogue that say where they came from.
#[cfg(feature = "connect")]
pub(super) fn again(args: &update::Args, servers: &[CatalogEntry], term: Terminal) -> Captured {
    asking::again(args, servers, term)
}

/// This build asks none.
#[cfg(not(feature = "connect"))]
pub(super) fn captures(_args: &SourceArgs, _term: Terminal) -> Captured {
    none()
}

/// This build asks none.
#[cfg(not(feature = "connect"))]
pub(super) fn again(_args: &update::Args, _servers: &[CatalogEntry], _term: Terminal) -> Captured {
    none()
}

#[cfg(not(feature = "connect"))]
fn none() -> Captured {
    use toolcard::capture::CaptureError;
    let help = "save the answer to tools/list into a file, or install toolcard with its feature `connect`";
    let error = CaptureError::new("toolcard", "this build of toolcard asks no running servers", help);
    Captured { errors: vec![error], ..Captured::default() }
}
