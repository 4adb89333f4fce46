//! Articles on what goes wrong in practice, and which of them apply to a tool.
//!
//! An article is Markdown with TOML between two lines of `+++` before it:
//!
//! ```text
//! title, slug, summary        texts; the slug is the file's name
//! general = "why"             it concerns every tool, and is on no card
//! [[applies]]                 or: alternatives; all keys of one must meet the tool
//! classes, facets, legs       one of them
//! arguments, findings         one of them: roles of arguments, ids of findings
//! [[sources]]                 title, url (https), date (YYYY-MM-DD), publisher; at least two
//! ```

use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};

use super::arguments::{Argument, Role};
use crate::catalog::day::Day;
use crate::classify::{FindingId, TrifectaLeg, Verdict};
use crate::diagnostic::nearest;
use crate::diagnostic::{Code, Diagnostic, Parsed, Position};
use crate::input;
use crate::risk::{Class, Facet};

/// The folder in a catalogue.
pub(crate) const FOLDER: &str = "_attacks";
/// Articles on a card, at most.
const MAX_SHOWN: usize = 4;
/// Files above this size are refused.
pub const MAX_BYTES: u64 = 256 * 1024;

/// The articles of the binary.
static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/catalog/_attacks");

/// Where something was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The title under which it was published; attack pages link it.
    pub title: String,
    /// Its address, https.
    pub url: String,
    /// The day of publication, `YYYY-MM-DD`.
    pub date: String,
    /// Who published it.
    pub publisher: String,
}

/// One alternative of what an article applies to: every key that is given must be met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Applies {
    /// One of these classes.
    pub classes: Vec<Class>,
    /// One of these facets.
    pub facets: Vec<Facet>,
    /// One of these legs of the lethal trifecta.
    pub legs: Vec<String>,
    /// An argument in one of these roles, e.g. `path`.
    pub arguments: Vec<String>,
    /// One of these findings, e.g. `model-directed-text`.
    pub findings: Vec<String>,
}

/// An article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The key in URLs.
    pub slug: String,
    /// The heading of its page, from the front matter; plain text.
    pub title: String,
    /// One or two sentences for a card.
    pub summary: String,
    /// Why it concerns every tool; such an article is on no card.
    pub general: Option<String>,
    /// What it applies to.
    pub applies: Vec<Applies>,
    /// Dated public sources.
    pub sources: Vec<Citation>,
    /// The text, Markdown of the catalogue's authors.
    pub body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    slug: String,
    summary: String,
    #[serde(default)]
    general: Option<String>,
    #[serde(default)]
    applies: Vec<Applies>,
    #[serde(default)]
    sources: Vec<Citation>,
}

/// What articles are chosen by.
#[derive(Debug, Clone, Copy)]
pub struct Traits<'a> {
    /// The verdict on the tool, for classes, facets, findings and parts of the trifecta.
    pub verdict: &'a Verdict,
    /// The tool's arguments, for the roles that an article asks for.
    pub arguments: &'a [Argument<'a>],
}

/// Roles that an article may name.
const ROLES: [(&str, Role); 10] = [
    ("id", Role::Id),
    ("ids", Role::Ids),
    ("path", Role::Path),
    ("url", Role::Url),
    ("program", Role::Program),
    ("force", Role::Force),
    ("recipient", Role::Recipient),
    ("amount", Role::Amount),
    ("text", Role::Text),
    ("safety", Role::Safety),
];
/// Legs that an article may name.
const LEGS: [(&str, TrifectaLeg); 3] = [
    ("private_data", TrifectaLeg::PrivateData),
    ("untrusted_content", TrifectaLeg::UntrustedContent),
    ("external_communication", TrifectaLeg::ExternalCommunication),
];

impl Applies {
    /// How specifically it applies, from 1; 0 where it does not.
    fn score(&self, traits: &Traits<'_>) -> u32 {
        let verdict = traits.verdict;
        let finding = |id: &String| verdict.findings.iter().any(|f| f.id.name() == id);
        let argument = |name: &String| {
            ROLES.iter().any(|(n, role)| n == name && traits.arguments.iter().any(|a| a.role == Some(*role)))
        };
        let leg = |name: &String| LEGS.iter().any(|(n, leg)| n == name && verdict.legs.contains(leg));
        let keys = [
            (self.findings.is_empty(), self.findings.iter().any(finding), 16),
            (self.facets.is_empty(), self.facets.iter().any(|f| verdict.facets.has(*f)), 8),
            (self.arguments.is_empty(), self.arguments.iter().any(argument), 4),
            (self.legs.is_empty(), self.legs.iter().any(leg), 2),
            (self.classes.is_empty(), self.classes.contains(&verdict.class), 1),
        ];
        if keys.iter().any(|(absent, met, _)| !absent && !met) {
            return 0;
        }
        keys.iter().filter(|(absent, ..)| !absent).map(|(.., weight)| weight).sum()
    }
}

impl Article {
    /// How specifically the article applies to a tool; 0 where it does not.
    pub(crate) fn score(&self, traits: &Traits<'_>) -> u32 {
        self.applies.iter().map(|a| a.score(traits)).max().unwrap_or(0)
    }
}

/// The articles that apply to a tool, the most specific first, at most four.
pub(super) fn applying<'a>(articles: &'a [Article], traits: &Traits<'_>) -> Vec<&'a Article> {
    let mut scored: Vec<(u32, &Article)> =
        articles.iter().map(|a| (a.score(traits), a)).filter(|(score, _)| *score > 0).collect();
    scored.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.slug.cmp(&y.slug)));
    scored.truncate(MAX_SHOWN);
    scored.into_iter().map(|(_, article)| article).collect()
}

/// The articles embedded in the binary, sorted by slug.
pub fn embedded() -> Vec<Article> {
    files().into_iter().filter_map(|(name, text)| parse(name, text).ok()).collect()
}

/// The files of the embedded articles, sorted by name.
fn files() -> Vec<(&'static Path, &'static str)> {
    let files = EMBEDDED.files().filter(|file| is_article(file.path()));
    let mut files: Vec<_> = files.filter_map(|file| Some((file.path(), file.contents_utf8()?))).collect();
    files.sort_unstable();
    files
}

fn is_article(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "md")
}

/// The articles of a catalogue: those of its `_attacks` folder, sorted by file name, or the
/// embedded ones where there is no such folder. A bad article costs that article.
pub fn load(catalog: &Path) -> Parsed<Vec<Article>> {
    let folder = catalog.join(FOLDER);
    let Ok(entries) = std::fs::read_dir(&folder) else { return Parsed { value: embedded(), diagnostics: Vec::new() } };
    let mut files: Vec<_> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| is_article(path)).collect();
    files.sort_unstable();
    let mut articles: Vec<Article> = Vec::new();
    let mut diagnostics = Vec::new();
    for file in files {
        match input::of_catalogue(catalog, &file, MAX_BYTES).and_then(input::text) {
            Ok(text) => match parse(&file, &text) {
                Ok(article) => articles.push(article),
                Err(wrong) => diagnostics.extend(wrong),
            },
            Err(refused) => diagnostics.push(refused.diagnostic(&file)),
        }
    }
    Parsed { value: articles, diagnostics }
}

/// Reads one article.
///
/// # Errors
/// Everything that is wrong with it: no front matter, unknown keys, a slug that is not the file's
/// name, unknown classes, facets, legs, roles or findings, fewer than two sources, a source
/// without an https address or a date.
pub fn parse(file: &Path, text: &str) -> Result<Article, Vec<Diagnostic>> {
    let error = |message: String, help: String| Diagnostic::error(Code::BadArticle, file, message, help);
    let text = input::without_bom(text);
    let split = text.strip_prefix("+++").and_then(|rest| {
        let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
        let end = rest.find("\n+++")?;
        let body = rest[end + 4..].trim_start_matches('\r');
        Some((&rest[..=end], body.strip_prefix('\n').unwrap_or(body)))
    });
    let Some((front_text, body)) = split else {
        return Err(vec![
            error(
                "the article has no front matter".to_owned(),
                "begin it with a line `+++`, TOML with title, slug, summary, applies and sources, and a line `+++`"
                    .to_owned(),
            )
            .at(Position { line: 1, column: 1 }),
        ]);
    };
    let offset = front_text.as_ptr() as usize - text.as_ptr() as usize;
    let front: Front = toml::from_str(front_text).map_err(|e| {
        let at = Position::of(text, offset + e.span().map_or(0, |s| s.start));
        vec![
            error(format!("the front matter is wrong: {}", e.message()), "see the articles in `_attacks`".to_owned())
                .at(at),
        ]
    })?;
    let mut wrong = Vec::new();
    let mut say = |message: String, help: &str| wrong.push(error(message, help.to_owned()));
    if file.file_stem().and_then(|s| s.to_str()) != Some(front.slug.as_str()) {
        say(format!("the slug `{}` is not the file's name", front.slug), "name the file SLUG.md");
    }
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if front.slug.is_empty() || !front.slug.bytes().all(plain) {
        say("the slug holds more than lower-case letters, digits and `-`".to_owned(), "choose another slug");
    }
    if [&front.title, &front.summary].into_iter().any(|t| t.trim().is_empty()) || body.trim().is_empty() {
        say("title, summary or text is empty".to_owned(), "write it");
    }
    if front.applies.is_empty() == front.general.is_none() {
        say(
            "the article must either apply to something or be general".to_owned(),
            "give `[[applies]]` with classes, facets, legs, arguments or findings, or `general = \"why\"`",
        );
    }
    for applies in &front.applies {
        if *applies == Applies::default() {
            say("an empty `[[applies]]` meets every tool".to_owned(), "name what it applies to, or use `general`");
        }
        let legs: Vec<&str> = LEGS.iter().map(|(n, _)| *n).collect();
        let roles: Vec<&str> = ROLES.iter().map(|(n, _)| *n).collect();
        let findings: Vec<&str> = FindingId::ALL.iter().map(|f| f.name()).collect();
        for (given, known, what) in [
            (&applies.legs, legs, "leg"),
            (&applies.arguments, roles, "role"),
            (&applies.findings, findings, "finding"),
        ] {
            for name in given.iter().filter(|n| !known.contains(&n.as_str())) {
                let near = nearest(name, known.iter().copied()).unwrap_or(known[0]);
                say(format!("no {what} is called `{name}`"), &format!("the nearest is `{near}`"));
            }
        }
    }
    if front.sources.len() < 2 {
        say("fewer than two sources are given".to_owned(), "add `[[sources]]` with title, url, date and publisher");
    }
    for source in &front.sources {
        if !source.url.starts_with("https://") || source.url.contains(char::is_whitespace) {
            say(format!("`{}` is not an https address", source.url), "give the address with https://");
        }
        if Day::parse(&source.date).is_none() {
            say(format!("`{}` is not a date", source.date), "write it as YYYY-MM-DD");
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let Front { title, slug, summary, general, applies, sources } = front;
    Ok(Article { slug, title, summary, general, applies, sources, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const GOOD: &str = "+++\ntitle = \"T\"\nslug = \"t\"\nsummary = \"S.\"\n[[applies]]\nclasses = [\"Read\"]\n\
        [[sources]]\ntitle = \"A\"\nurl = \"https://a.example/\"\ndate = \"2025-01-02\"\npublisher = \"A\"\n\
        [[sources]]\ntitle = \"B\"\nurl = \"https://b.example/\"\ndate = \"2025-01-03\"\npublisher = \"B\"\n+++\n\nText.\n";

    fn wrong(text: &str) -> Vec<String> {
        parse(Path::new("t.md"), text).map_or_else(|d| d.into_iter().map(|d| d.message).collect(), |_| Vec::new())
    }

    #[test]
    fn every_article_of_the_bundled_catalogue_is_embedded_and_right() {
        let embedded: Vec<_> = files().into_iter().map(|(name, _)| name.to_owned()).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog").join(FOLDER);
        let mut on_disk: Vec<_> = folder
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into())
            .filter(|p: &PathBuf| is_article(p))
            .collect();
        on_disk.sort_unstable();
        assert_eq!(embedded, on_disk);
        for (name, text) in files() {
            assert_eq!(parse(name, text).err(), None, "{}", name.display());
        }
    }

    #[test]
    fn front_matter_is_read_strictly_and_every_mistake_has_its_place() {
        assert!(wrong(GOOD).is_empty());
        assert!(wrong(&GOOD.replace('\n', "\r\n")).is_empty());
        for (from, to, told) in [
            ("slug = \"t\"", "slug = \"u\"", "is not the file's name"),
            ("https://a", "http://a", "is not an https address"),
            ("2025-01-02", "2025-13-02", "is not a date"),
            ("classes = [\"Read\"]", "legs = [\"privat_data\"]", "no leg is called `privat_data`"),
            ("classes = [\"Read\"]", "arguments = [\"pth\"]", "no role is called `pth`"),
            ("classes = [\"Read\"]", "", "meets every tool"),
            ("[[applies]]\nclasses = [\"Read\"]\n", "", "either apply to something or be general"),
            ("\nText.", "", "is empty"),
        ] {
            let messages = wrong(&GOOD.replacen(from, to, 1));
            assert!(messages.iter().any(|m| m.contains(told)), "{told}: {messages:?}");
        }
        let unknown =
            parse(Path::new("t.md"), &GOOD.replace("title = \"T\"", "titel = \"T\"")).expect_err("unknown key");
        assert_eq!(unknown[0].position, Some(Position { line: 2, column: 1 }));
        assert_eq!(wrong("no front matter"), ["the article has no front matter"]);
        assert_eq!(wrong("+++\n+++\n").len(), 1);
    }
}
