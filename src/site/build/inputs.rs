//! What every page depends on beside its own rows, and why a unit has to be rendered.

use xxhash_rust::xxh3::xxh3_128;

use super::options::Shard;
use super::rows::{Hash, hash_of, hex, now};
use crate::card::attacks::Article;
use crate::config::Config;
use crate::input;
use crate::site::render::Renderer;
use crate::site::theme;
use crate::write::Output;

/// The parts of what every page depends on, as the reasons for rendering name them.
const PARTS: [&str; 6] = [
    "this is another toolcard",
    "the configuration changed",
    "the lexicon of the catalogue changed",
    "the theme changed",
    "an attack pattern changed",
    "the site was built whole or in other parts",
];

/// What every page depends on.
pub(super) struct SiteInputs {
    parts: [Hash; PARTS.len()],
}

impl SiteInputs {
    /// Of a site: `lexicon` are the texts of the catalogue's own rows.
    pub(super) fn new(
        config: &Config,
        lexicon: &[String],
        articles: &[Article],
        renderer: &Renderer,
        shard: Option<Shard>,
    ) -> Self {
        let of = |text: &str| hash_of([text.as_bytes()]);
        let mut theme: Vec<Vec<u8>> =
            renderer.assets().iter().map(|(name, asset)| format!("{name} {}", asset.path).into_bytes()).collect();
        for (name, path) in config.site.theme.as_deref().map(theme::files).unwrap_or_default() {
            theme.push(name.into_bytes());
            theme.push(input::bytes(&path, input::MAX_WRITTEN_BYTES).unwrap_or_default());
        }
        let shard = shard.map_or_else(String::new, |shard| shard.to_string());
        Self {
            parts: [
                program(),
                of(&format!("{config:?}")),
                hash_of(lexicon.iter().map(String::as_bytes)),
                hash_of(theme.iter().map(Vec::as_slice)),
                of(&format!("{articles:?}")),
                of(&shard),
            ],
        }
    }

    /// What rows depend on beside the files of the catalogue: the program, the configuration and the lexicon.
    pub(super) fn of_rows(&self) -> Hash {
        hash_of(self.parts[..3].iter().map(|part| &part[..]))
    }

    /// As the ledger has it.
    pub(super) fn about(&self) -> String {
        self.parts.map(|part| hex(&part)).join(" ")
    }

    /// Why a unit has to be rendered; nothing where its inputs are as they were.
    pub(super) fn why(&self, output: &Output, unit: &str, inputs: &str) -> Option<String> {
        if output.interrupted() {
            return Some("the build before was cut off".to_owned());
        }
        let mut before = output.about().split(' ');
        let changed = self.parts.iter().zip(PARTS).find(|(part, _)| before.next() != Some(&hex(part)));
        let known = output.inputs(unit);
        if let Some((_, why)) = changed {
            let first = output.about().is_empty();
            return Some(if first { "nothing was built before" } else { why }.to_owned());
        }
        let Some(known) = known else { return Some("it is new, or could not be written before".to_owned()) };
        if !inputs.is_empty() && known == inputs {
            return None;
        }
        let mut parts = known.split(':').zip(inputs.split(':'));
        let changed = parts.position(|(before, now)| before != now);
        Some(
            match (inputs.contains(':'), changed) {
                (true, Some(0)) => "its manifest or its overrides changed",
                (true, Some(1)) => "the history of its labels changed",
                (true, _) => "a tool of another server that its pages name changed",
                (false, _) => "what it lists changed",
            }
            .to_owned(),
        )
    }
}

/// The hash of the running program: any other may write other bytes. Where it cannot be read, nothing is kept.
fn program() -> Hash {
    let bytes = std::env::current_exe().and_then(std::fs::read);
    bytes.map_or_else(|_| now(), |bytes| xxh3_128(&bytes)).to_be_bytes()
}
