//! What every page depends on beside its own rows, and why a unit has to be rendered.

use std::io::Read as _;
use std::path::Path;

use xxhash_rust::xxh3::Xxh3Default;

use super::options::Shard;
use super::rows::{Hash, hash_of, hex};
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
    parts: [String; PARTS.len()],
}

/// The place of the part of a site among the words.
const PART: usize = PARTS.len() - 1;
/// A site that is built as a whole.
const WHOLE: &str = "whole";

/// Which part of a site it is that says this of itself, and what is the same for all parts; nothing for a whole site.
pub(super) fn part_of(about: &str) -> Option<(Shard, String)> {
    let shard = about.split(' ').nth(PART)?.parse().ok()?;
    Some((shard, with_part(about, "")))
}

/// What the whole site says of itself.
pub(super) fn whole_of(about: &str) -> String {
    with_part(about, WHOLE)
}

fn with_part(about: &str, part: &str) -> String {
    let words = about.split(' ').enumerate().map(|(at, word)| if at == PART { part } else { word });
    words.collect::<Vec<_>>().join(" ")
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
        let of = |text: &str| hex(&hash_of([text.as_bytes()]));
        let mut theme: Vec<Vec<u8>> =
            renderer.assets().iter().map(|(name, asset)| format!("{name} {}", asset.path).into_bytes()).collect();
        for (name, path) in config.site.theme.as_deref().map(theme::files).unwrap_or_default() {
            theme.push(name.into_bytes());
            theme.push(input::bytes(&path, input::MAX_WRITTEN_BYTES).unwrap_or_default());
        }
        Self {
            parts: [
                hex(&program()),
                of(&format!("{config:?}")),
                hex(&hash_of(lexicon.iter().map(String::as_bytes))),
                hex(&hash_of(theme.iter().map(Vec::as_slice))),
                of(&format!("{articles:?}")),
                shard.map_or_else(|| WHOLE.to_owned(), |shard| shard.to_string()),
            ],
        }
    }

    /// What rows depend on beside the files of their servers: the program, the configuration, the lexicon, and the place of the
    /// catalogue, because what was wrong with a server names its file.
    pub(super) fn key_of_rows(&self, catalog: &Path) -> Hash {
        let rows = hash_of(self.parts[..3].iter().map(String::as_bytes));
        hash_of([&rows[..], catalog.as_os_str().as_encoded_bytes()])
    }

    /// As the ledger has it.
    pub(super) fn about(&self) -> String {
        self.parts.join(" ")
    }

    /// Why a unit has to be rendered; nothing where its inputs are as they were.
    pub(super) fn why(&self, output: &Output, unit: &str, inputs: &str) -> Option<String> {
        if output.interrupted() {
            return Some("the build before was cut off".to_owned());
        }
        let mut before = output.about().split(' ');
        let changed = self.parts.iter().zip(PARTS).find(|(part, _)| before.next() != Some(part));
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
    let hash = || {
        let mut file = input::open(&std::env::current_exe().ok()?, u64::MAX).ok()?;
        let (mut hash, mut part) = (Xxh3Default::new(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut part).ok()? {
                0 => return Some(hash.digest128()),
                read => hash.update(&part[..read]),
            }
        }
    };
    hash().unwrap_or_else(input::now).to_be_bytes()
}
