//! `toolcard.toml`: read strictly, with places and the nearest key.

pub mod keys;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use crate::diagnostic::nearest;
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::input;
use crate::policy::RateLimits;
use keys::{KEYS, ValueKind};

/// The file's name beside a catalogue folder.
pub const FILE: &str = "toolcard.toml";

/// What a publisher changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Config {
    /// `[site]`: title, address and what pages show.
    pub site: Site,
    /// `[gateway]`: what enforces the policies, named in the steps of a server's page.
    pub gateway: Gateway,
    /// `[limits]`: calls a minute.
    pub limits: RateLimits,
    /// `[output]`: which files are written beside the pages.
    pub output: OutputKinds,
    /// `[aliases]`: old `server` or `server/tool` → new.
    pub aliases: BTreeMap<String, String>,
}

/// `[site]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Site {
    /// The site's name.
    pub title: String,
    /// Absolute, ends with `/`.
    pub base_url: Option<String>,
    /// Who publishes the site.
    pub owner: Option<String>,
    /// Where the owner's name leads.
    pub owner_url: Option<String>,
    /// Where a wrong label is reported.
    pub report_url: Option<String>,
    /// The theme folder; made relative to the working directory by [`Config::load`].
    pub theme: Option<PathBuf>,
    /// A page a tool, or a page a server.
    pub granularity: Granularity,
}

/// What gets a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Granularity {
    /// Every tool.
    #[default]
    Tool,
    /// Every server; its tools are sections of the page.
    Server,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            title: "toolcard".to_owned(),
            base_url: None,
            owner: None,
            owner_url: None,
            report_url: None,
            theme: None,
            granularity: Granularity::Tool,
        }
    }
}

/// `[gateway]`: the program that enforces `policy.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Gateway {
    /// What readers call it.
    pub name: String,
    /// Where its documentation is.
    pub url: Option<String>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self { name: "your gateway".to_owned(), url: None }
    }
}

/// `[output]`: what else is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct OutputKinds {
    /// The Markdown of each tool that has a page.
    pub markdown_tools: bool,
    /// The JSON of each tool that has a page.
    pub json_tools: bool,
    /// An SVG badge for each tool; the server's is written in any case.
    pub badge_tools: bool,
    /// A picture a server for previews of its pages; only where the site has a base URL.
    pub pictures: bool,
    /// `FAQPage` JSON-LD.
    pub faq_jsonld: bool,
    /// The search index.
    pub search: bool,
}

impl Default for OutputKinds {
    fn default() -> Self {
        Self {
            markdown_tools: true,
            json_tools: true,
            badge_tools: false,
            pictures: true,
            faq_jsonld: false,
            search: true,
        }
    }
}

impl Config {
    /// The configuration of a catalogue: that of its [file](Self::file), else the defaults.
    ///
    /// # Errors
    /// Everything that is wrong with the file, at once.
    pub fn find(catalog: &Path, file: Option<&Path>) -> Result<Self, Vec<Diagnostic>> {
        Self::file(catalog, file).map_or_else(|| Ok(Self::default()), |file| Self::load(&file))
    }

    /// The file that configures a catalogue: the given one, else `toolcard.toml` beside the catalogue folder, else the nearest
    /// above it within the same git repository.
    pub fn file(catalog: &Path, given: Option<&Path>) -> Option<PathBuf> {
        if let Some(file) = given {
            return Some(file.to_path_buf());
        }
        let beside = Self::beside(catalog);
        if beside.exists() {
            return Some(beside);
        }
        let folder = catalog.canonicalize().ok()?;
        let root = folder.ancestors().position(|above| above.join(".git").exists())?;
        let file =
            folder.ancestors().take(root + 1).skip(1).map(|above| above.join(FILE)).find(|file| file.exists())?;
        // People read it: shorter where it lies below the working directory.
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
        let near = here.and_then(|here| file.strip_prefix(here).map(Path::to_path_buf).ok());
        Some(near.unwrap_or(file))
    }

    /// Every key with its value, as TOML.
    ///
    /// # Errors
    /// When a path is not Unicode.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }

    /// Where the configuration of a catalogue is looked for.
    pub fn beside(catalog: &Path) -> PathBuf {
        match catalog.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.join(FILE),
            _ if catalog.as_os_str() == "." || catalog.ends_with("..") => catalog.join("..").join(FILE),
            _ => PathBuf::from(FILE),
        }
    }

    /// Reads one file. A relative `site.theme` is taken from the file's folder.
    ///
    /// # Errors
    /// Everything that is wrong with the file, at once.
    pub fn load(file: &Path) -> Result<Self, Vec<Diagnostic>> {
        let text = input::bytes(file, input::MAX_WRITTEN_BYTES).and_then(input::text).map_err(|refused| {
            vec![Diagnostic::error(
                Code::NoConfiguration,
                file,
                format!("the configuration cannot be read: {refused}"),
                "give a readable UTF-8 file with `--config FILE`",
            )]
        })?;
        let mut config = Self::parse(&text, file)?;
        if let Some(theme) = &mut config.site.theme {
            *theme = file.parent().unwrap_or(Path::new("")).join(&*theme);
        }
        Ok(config)
    }

    /// Parses the text of a file; `file` is only named in diagnostics.
    ///
    /// # Errors
    /// Everything that is wrong with the text, at once.
    pub fn parse(text: &str, file: &Path) -> Result<Self, Vec<Diagnostic>> {
        let syntax = |e: &toml::de::Error| {
            let mut d = Diagnostic::error(Code::BadConfiguration, file, e.message(), "see docs/configuration.md");
            if let Some(span) = e.span() {
                d = d.at(Position::of(text, span.start));
            }
            vec![d]
        };
        let table = DeTable::parse(text).map_err(|e| syntax(&e))?;
        let mut checker = Checker { text, file, diagnostics: Vec::new() };
        checker.table(table.get_ref(), "");
        if !checker.diagnostics.is_empty() {
            checker.diagnostics.sort_by_key(|d| d.position);
            return Err(checker.diagnostics);
        }
        let mut config: Self = toml::from_str(text).map_err(|e| syntax(&e))?;
        if let Some(base) = &config.site.base_url {
            config.site.base_url =
                Some(base_url(base).map_err(|message| {
                    vec![Diagnostic::error(Code::BadConfiguration, file, message, BASE_URL_HELP)]
                })?);
        }
        Ok(config)
    }
}

/// How to write a base URL.
pub const BASE_URL_HELP: &str = "write it like `https://example.org/tools/`";

/// A base URL with its slash at the end.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn base_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|r| r.split('/').next()).unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '?' | '#' | '\\');
    if host.is_empty() || text.contains(odd) {
        return Err(format!("`{text}` is not an http or https address without query"));
    }
    Ok(format!("{}/", text.trim_end_matches('/')))
}

/// Whether a page may link to the address: no scheme that runs or holds something.
fn is_link(text: &str) -> bool {
    let rest = ["https://", "http://", "mailto:"].into_iter().find_map(|scheme| text.strip_prefix(scheme));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '\\');
    rest.is_some_and(|rest| !rest.is_empty()) && !text.contains(odd)
}

struct Checker<'a> {
    text: &'a str,
    file: &'a Path,
    diagnostics: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn table(&mut self, table: &DeTable<'_>, prefix: &str) {
        for (key, value) in table {
            let path =
                if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
            if let Some(known) = KEYS.iter().find(|k| k.path == path) {
                self.value(known, value.get_ref(), value.span().start);
            } else if KEYS.iter().any(|k| k.path.strip_prefix(&path).is_some_and(|r| r.starts_with('.'))) {
                match value.get_ref() {
                    DeValue::Table(inner) => self.table(inner, &path),
                    _ => self.wrong(key.span().start, &path, "a table"),
                }
            } else {
                let last = |p: &'static str| p.rsplit('.').next().unwrap_or(p);
                let section = |p: &'static str| p.split('.').next().unwrap_or(p);
                let paths = || KEYS.iter().map(|k| k.path);
                let owner = |name: &str| paths().find(|p| last(p) == name);
                let suggestion = if value.get_ref().is_table() {
                    nearest(&path, paths().map(section))
                } else {
                    owner(key.get_ref())
                        .or_else(|| nearest(&path, paths()))
                        .or_else(|| nearest(key.get_ref(), paths().map(last)).and_then(owner))
                };
                let help = match suggestion {
                    Some(near) => format!("did you mean `{near}`? docs/configuration.md lists every key"),
                    None => "docs/configuration.md lists every key".to_owned(),
                };
                self.push(key.span().start, format!("unknown key `{path}`"), help);
            }
        }
    }

    fn value(&mut self, key: &keys::ConfigKey, value: &DeValue<'_>, at: usize) {
        match key.kind {
            ValueKind::Text if !value.is_str() => self.wrong(at, key.path, "a string"),
            ValueKind::Link if !value.as_str().is_some_and(is_link) => {
                self.wrong(at, key.path, "an address that begins with `https://`, `http://` or `mailto:`");
            }
            ValueKind::Flag if !value.is_bool() => self.wrong(at, key.path, "true or false"),
            ValueKind::Count if !value.as_integer().is_some_and(|i| i.as_str().parse::<u64>().is_ok_and(|n| n > 0)) => {
                self.wrong(at, key.path, "a whole number from 1");
            }
            ValueKind::OneOf(words) if !value.as_str().is_some_and(|s| words.contains(&s)) => {
                self.wrong(at, key.path, &format!("one of `{}`", words.join("`, `")));
            }
            ValueKind::Map => match value {
                DeValue::Table(inner) => {
                    for (name, value) in inner {
                        if !value.get_ref().is_str() {
                            self.wrong(value.span().start, &format!("{}.{}", key.path, name.get_ref()), "a string");
                        }
                    }
                }
                _ => self.wrong(at, key.path, "a table of strings"),
            },
            _ => {}
        }
    }

    fn wrong(&mut self, at: usize, path: &str, wanted: &str) {
        self.push(at, format!("`{path}` must be {wanted}"), "docs/configuration.md describes every key".to_owned());
    }

    fn push(&mut self, at: usize, message: String, help: String) {
        let position = Position::of(self.text, at);
        self.diagnostics.push(Diagnostic::error(Code::BadConfiguration, self.file, message, help).at(position));
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn problems(text: &str) -> Vec<String> {
        match Config::parse(text, Path::new(FILE)) {
            Ok(_) => Vec::new(),
            Err(d) => d
                .iter()
                .map(|d| format!("{} {} ({})", d.position.map_or(String::new(), |p| p.to_string()), d.message, d.help))
                .collect(),
        }
    }

    #[test]
    fn unknown_keys_name_the_nearest_and_are_reported_all_at_once() {
        let got = problems("[site]\ntitel = 1\ntitle = 2\n[limts]\nwrite = 3\n");
        assert_eq!(got.len(), 3, "{got:#?}");
        assert!(got[0].starts_with("2:1 ") && got[0].contains("`site.title`"), "{}", got[0]);
        assert!(got[1].starts_with("3:9 "), "{}", got[1]);
        assert!(got[2].starts_with("4:2 ") && got[2].contains("`limits`"), "{}", got[2]);
        assert!(problems("title = 'x'")[0].contains("`site.title`"));
    }

    #[test]
    fn values_are_checked_by_kind() {
        assert!(problems("[limits]\nwrite = 0")[0].contains("a whole number from 1"));
        assert!(problems("[site]\ngranularity = 'page'")[0].contains("one of `tool`, `server`"));
        assert!(problems("[site]\nbase_url = 'example.org'")[0].contains("not an http or https address"));
        for key in ["site.report_url", "site.owner_url", "gateway.url"] {
            for wrong in ["javascript:alert(1)", "data:text/html,x", "example.org", "https://", "https://a b", "//a.b"]
            {
                let got = problems(&format!("{key} = '{wrong}'"));
                assert!(got.len() == 1 && got[0].contains("`mailto:`") && got[0].starts_with("1:"), "{wrong}: {got:?}");
            }
            for right in ["https://a.b/c?d=e#f", "http://a.b", "mailto:a@b.example?subject=x"] {
                assert_eq!(problems(&format!("{key} = '{right}'")), [""; 0]);
            }
        }
        assert!(problems("[site\n")[0].starts_with("1:"));
        assert!(problems("[aliases]\na = 1")[0].contains("a string"));
    }

    #[test]
    fn the_table_and_the_types_know_the_same_keys() {
        let mut text = String::new();
        for key in KEYS.iter().filter(|k| !k.default.starts_with('(')) {
            writeln!(text, "{} = {}", key.path, key.default).unwrap();
        }
        assert_eq!(Config::parse(&text, Path::new(FILE)), Ok(Config::default()));
        for key in KEYS.iter().filter(|k| k.default.starts_with('(')) {
            let value = "https://example.org/x";
            let config = Config::parse(&format!("{} = \"{value}\"", key.path), Path::new(FILE)).expect("parses");
            assert_ne!(config, Config::default(), "{}", key.path);
        }
    }

    #[test]
    fn a_base_url_ends_with_a_slash() {
        assert_eq!(base_url("https://a.b/c").as_deref(), Ok("https://a.b/c/"));
        assert!(base_url("https://").is_err());
        assert!(base_url("https://a/\"><x").is_err());
    }

    #[test]
    fn the_published_schema_has_every_key() {
        use serde_json::{Value, json};
        let value = |key: &keys::ConfigKey| {
            let mut value = match key.kind {
                ValueKind::Text => json!({"type": "string"}),
                ValueKind::Link => json!({"type": "string", "pattern": "^(https?://|mailto:)."}),
                ValueKind::Flag => json!({"type": "boolean"}),
                ValueKind::Count => json!({"type": "integer", "minimum": 1}),
                ValueKind::OneOf(words) => json!({"enum": words}),
                ValueKind::Map => json!({"type": "object", "additionalProperties": {"type": "string"}}),
            };
            value["description"] = key.doc.into();
            let default = toml::from_str::<Value>(&format!("x = {}", key.default)).ok();
            if let Some(default) = default.and_then(|table| table.get("x").cloned()) {
                value["default"] = default;
            }
            value
        };
        let mut properties = json!({});
        for key in KEYS {
            match key.path.split_once('.') {
                Some((table, name)) => {
                    properties[table]["type"] = "object".into();
                    properties[table]["additionalProperties"] = false.into();
                    properties[table]["properties"][name] = value(key);
                }
                None => properties[key.path] = value(key),
            }
        }
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/schemas/toolcard.schema.json"),
            "title": "toolcard.toml",
            "type": "object",
            "additionalProperties": false,
            "properties": properties,
        });
        let text = serde_json::to_string_pretty(&schema).expect("serialises") + "\n";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/toolcard.schema.json");
        if std::env::var_os("TOOLCARD_BLESS").is_some() {
            std::fs::write(path, &text).expect("writes");
        }
        assert!(
            std::fs::read_to_string(path).unwrap_or_default() == text,
            "schemas/toolcard.schema.json is stale: run TOOLCARD_BLESS=1 cargo test the_published_schema_has_every_key"
        );
    }

    /// What a test of the command line holds to the options.
    const VARIABLES: &str = "
## Variables of the environment

Options that are the same in every call can be given by the environment; the command line wins.

| variable | option |
|---|---|
| `TOOLCARD_CATALOG` | `--catalog` |
| `TOOLCARD_CONFIG` | `--config` of `build`, `serve`, `policy` and `review` |
| `TOOLCARD_OUT` | `--out` of `build` |
| `TOOLCARD_BASE_URL` | `--base-url` |
| `TOOLCARD_COLOR` | `--color`; `NO_COLOR` turns colour off as well |
";

    #[test]
    fn the_book_lists_every_key() {
        let mut page = String::from(concat!(
            "# Configuration\n\n",
            "`toolcard.toml` is beside the catalogue folder, or wherever `--config FILE` or `TOOLCARD_CONFIG` says; where neither is, the\n",
            "nearest above it within the same git repository. Every key is optional; an unknown key is an error that names the nearest\n",
            "one. `toolcard build --print-config` prints what holds.\n"
        ));
        let mut section = "";
        for key in KEYS {
            let (table, name) = key.path.split_once('.').unwrap_or((key.path, ""));
            if table != section {
                section = table;
                writeln!(page, "\n## `[{table}]`\n").unwrap();
                if !name.is_empty() {
                    page.push_str("| key | default | what it does |\n|---|---|---|\n");
                }
            }
            let default = key.default.trim_matches(['(', ')']);
            if name.is_empty() {
                writeln!(page, "{}", key.doc).unwrap();
            } else if key.default.starts_with('(') {
                writeln!(page, "| `{name}` | {default} | {} |", key.doc).unwrap();
            } else {
                writeln!(page, "| `{name}` | `{default}` | {} |", key.doc).unwrap();
            }
        }
        page.push_str(VARIABLES);
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
        if std::env::var_os("TOOLCARD_BLESS").is_some() {
            std::fs::write(path, &page).expect("writes");
        }
        let book = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            book == page,
            "docs/configuration.md is stale: run TOOLCARD_BLESS=1 cargo test the_book_lists_every_key"
        );
    }
}
