//! Static files: embedded, replaced one by one by a theme's `static/` folder, published under a
//! name that holds their content's hash, asked for by their own name. A style sheet, and a script of several
//! subjects, is joined from files of one subject each and served without what is there for its readers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::minify;
use crate::diagnostic::Diagnostic;
use crate::input;

/// What the names of embedded files end with that are published; the licence of the font is not.
const PUBLISHED: [&str; 5] = ["css", "js", "png", "svg", "woff2"];

/// The folder of the embedded files.
static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// The embedded files: name and content. A script's name has no folder.
pub(super) fn embedded() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let folders = ["css", "js", "js/search"].into_iter().filter_map(|folder| EMBEDDED.get_dir(folder));
    let files = folders.chain([&EMBEDDED]).flat_map(Dir::files);
    files
        .filter_map(|file| {
            let name = file.path().to_str()?;
            Some((name.strip_prefix("js/").unwrap_or(name), file.contents()))
        })
        .filter(|(name, _)| PUBLISHED.contains(&kind(name)))
}

/// The names of all files that a theme can replace.
pub(super) fn names() -> Vec<&'static str> {
    let whole = JOINED.iter().map(|(whole, _)| *whole);
    embedded().map(|(name, _)| name).chain(whole).collect()
}

/// The style sheets and scripts that are joined, and the files that each is joined from, in order: later rules win, and a
/// part of a script uses what those before it declare.
const JOINED: &[(&str, &[&str])] = &[
    ("compare.css", &["css/compare.css"]),
    ("search.js", &["search/words.js", "search/index.js", "search/answers.js"]),
    ("tables.css", &["css/tables.css"]),
    (
        "toolcard.css",
        &[
            "css/variables.css",
            "css/fonts.css",
            "css/base.css",
            "css/frame.css",
            "css/card.css",
            "css/tool.css",
            "css/tabs.css",
            "css/page.css",
            "css/home.css",
            "css/script.css",
            "css/narrow.css",
            "css/forced-colors.css",
            "css/print.css",
        ],
    ),
];

/// The scripts that `toolcard.js` loads when a reader searches: the first, and the second or on the search page the third.
const LATER: [&str; 3] = ["search.js", "suggest.js", "results.js"];

/// One published static file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path below the output folder, e.g. `static/toolcard.1b9f0c2d.css`.
    pub path: String,
    /// The content.
    pub bytes: Cow<'static, [u8]>,
}

/// All static files by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets(BTreeMap<String, Asset>);

impl Assets {
    /// The embedded files, with those of `<theme>/static/` in their place or beside them.
    ///
    /// # Errors
    /// A theme file that cannot be read or is too large.
    pub fn load(theme: Option<&Path>) -> Result<Self, Vec<Diagnostic>> {
        let mut files: BTreeMap<String, Cow<'static, [u8]>> =
            embedded().map(|(name, bytes)| (name.to_owned(), served(name, bytes))).collect();
        let mut diagnostics = Vec::new();
        for (name, path) in theme.map(|t| super::theme::files(&t.join("static"))).unwrap_or_default() {
            match input::bytes(&path, input::MAX_WRITTEN_BYTES) {
                Ok(bytes) => {
                    files.insert(name, Cow::Owned(bytes));
                }
                Err(refused) => diagnostics.push(refused.diagnostic(&path)),
            }
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        for (whole, parts) in JOINED {
            let mut text = String::new();
            for part in parts.iter().filter_map(|part| files.remove(*part)) {
                text.push_str(&String::from_utf8_lossy(&part));
            }
            let joined = || match kind(whole) {
                // What a part declares is seen by the others and by no other script.
                "js" => minify::script(&format!("(() => {{\n'use strict';\n{text}}})();\n")),
                _ => minify::css(&text),
            };
            // A theme's whole file stays as its author wrote it.
            files.entry((*whole).to_owned()).or_insert_with(|| Cow::Owned(joined().into_bytes()));
        }
        // A style sheet names a file beside it by its own name, `toolcard.js` the scripts that it loads later; both are
        // published with the names that those files are published under.
        let beside: Vec<(String, String)> =
            files.iter().filter(|(name, _)| is_named_by_styles(name)).map(|(name, bytes)| named(name, bytes)).collect();
        for (name, bytes) in &mut files {
            if let (true, Ok(text)) = (kind(name) == "css", std::str::from_utf8(bytes)) {
                let named = beside.iter().fold(text.to_owned(), |text, (own, path)| text.replace(own, path));
                *bytes = Cow::Owned(named.into_bytes());
            }
        }
        let later: Vec<(String, String)> = LATER
            .iter()
            .filter_map(|name| Some((format!("static/{name}"), published(name, files.get(*name)?))))
            .collect();
        if let Some(bytes) = files.get_mut("toolcard.js")
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            let named = later.iter().fold(text.to_owned(), |text, (own, path)| text.replace(own, path));
            *bytes = Cow::Owned(named.into_bytes());
        }
        let asset = |(name, bytes): (String, Cow<'static, [u8]>)| {
            let path = published(&name, &bytes);
            (name, Asset { path, bytes })
        };
        Ok(Self(files.into_iter().map(asset).collect()))
    }

    /// Every file, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.0.iter().map(|(name, asset)| (name.as_str(), asset))
    }

    /// The published path of a file.
    pub fn path(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|a| a.path.as_str())
    }
}

/// An embedded file as it is served; parts are done when they are joined.
fn served(name: &str, bytes: &'static [u8]) -> Cow<'static, [u8]> {
    let is_part = JOINED.iter().any(|(_, parts)| parts.contains(&name));
    match std::str::from_utf8(bytes) {
        Ok(text) if kind(name) == "js" && !is_part => Cow::Owned(minify::script(text).into_bytes()),
        _ => Cow::Borrowed(bytes),
    }
}

/// Whether a style sheet may name the file: a font or a picture at the top of the folder.
fn is_named_by_styles(name: &str) -> bool {
    !name.contains('/') && ["woff2", "woff", "svg", "png", "jpg", "webp"].contains(&kind(name))
}

/// What a file's name ends with, without the dot.
fn kind(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, kind)| kind)
}

/// What is in a style sheet for the file, and what is published in its place.
fn named(name: &str, bytes: &[u8]) -> (String, String) {
    let path = published(name, bytes);
    (format!("url({name})"), format!("url({})", path.trim_start_matches("static/")))
}

/// `toolcard.css` → `static/toolcard.1b9f0c2d.css`.
fn published(name: &str, bytes: &[u8]) -> String {
    let hash = xxhash_rust::xxh3::xxh3_64(bytes) >> 32;
    let folder = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[folder..].rfind('.').filter(|dot| *dot > 0) {
        Some(dot) => format!("static/{}.{hash:08x}{}", &name[..folder + dot], &name[folder + dot..]),
        None => format!("static/{name}.{hash:08x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_the_hash_of_its_content() {
        let (a, b) = (published("toolcard.css", b"a"), published("toolcard.css", b"b"));
        assert_ne!(a, b);
        let hash = a.strip_prefix("static/toolcard.").and_then(|a| a.strip_suffix(".css"));
        assert_eq!(hash.map(str::len), Some(8), "{a}");
        assert!(published("x/LICENSE", b"").starts_with("static/x/LICENSE."));
    }

    #[test]
    fn a_theme_replaces_one_file_and_adds_others() {
        let theme = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(theme.path().join("static")).expect("a folder");
        std::fs::write(theme.path().join("static/toolcard.css"), "body{}").expect("written");
        std::fs::write(theme.path().join("static/logo.svg"), "<svg/>").expect("written");
        let (own, themed) = (Assets::load(None).expect("loads"), Assets::load(Some(theme.path())).expect("loads"));
        assert_ne!(own.path("toolcard.css"), themed.path("toolcard.css"));
        assert_eq!(own.path("toolcard.js"), themed.path("toolcard.js"));
        assert!(themed.path("logo.svg").is_some() && own.path("logo.svg").is_none());
    }

    #[test]
    fn the_stylesheet_names_the_font_as_it_is_published() {
        let assets = Assets::load(None).expect("loads");
        let font = assets.path("inter.woff2").and_then(|path| path.strip_prefix("static/")).expect("a font");
        let (_, sheet) = assets.iter().find(|(n, _)| *n == "toolcard.css").expect("a style sheet");
        let text = String::from_utf8_lossy(&sheet.bytes);
        assert!(text.contains(&format!("url({font})")) && !text.contains("url(inter.woff2)"), "{font}");
    }

    #[test]
    fn the_script_names_what_it_loads_later_as_it_is_published() {
        let assets = Assets::load(None).expect("loads");
        let (_, script) = assets.iter().find(|(n, _)| *n == "toolcard.js").expect("a script");
        let text = String::from_utf8_lossy(&script.bytes);
        for name in LATER {
            let path = assets.path(name).expect("a script");
            assert!(text.contains(&format!("'{path}'")) && !text.contains(&format!("static/{name}")), "{path}");
        }
    }

    #[test]
    fn a_theme_replaces_a_part_of_a_style_sheet_or_the_whole() {
        let theme = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(theme.path().join("static/css")).expect("a folder");
        std::fs::write(theme.path().join("static/css/variables.css"), ":root { --mine: 1 }").expect("written");
        std::fs::write(theme.path().join("static/tables.css"), "a { b: c }").expect("written");
        let assets = Assets::load(Some(theme.path())).expect("loads");
        let text = |name: &str| {
            let (_, asset) = assets.iter().find(|(known, _)| *known == name).expect("a style sheet");
            String::from_utf8_lossy(&asset.bytes).into_owned()
        };
        assert!(text("toolcard.css").starts_with(":root{--mine:1}") && text("toolcard.css").contains(".card{"));
        assert_eq!(text("tables.css"), "a { b: c }");
        assert!(assets.iter().all(|(name, _)| !name.contains('/')), "a part is published");
    }

    #[test]
    fn every_part_in_a_folder_is_joined_into_one_file_that_is_served() {
        let parts: Vec<&str> = JOINED.iter().flat_map(|(_, parts)| parts.iter().copied()).collect();
        let mut files = 0;
        for (folder, prefix) in [("static/css", "css"), ("static/js/search", "search")] {
            for (name, _) in crate::site::theme::files(Path::new(folder)) {
                assert!(parts.contains(&format!("{prefix}/{name}").as_str()), "{name}");
                files += 1;
            }
        }
        assert_eq!(files, parts.len());
    }

    /// Bytes of some files as a host sends them.
    fn packed(names: &[&str]) -> usize {
        let assets = Assets::load(None).expect("loads");
        let size = |name: &&str| {
            let (_, asset) = assets.iter().find(|(known, _)| known == name).expect("a file");
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            std::io::Write::write_all(&mut out, &asset.bytes).expect("packed");
            out.finish().expect("packed").len()
        };
        names.iter().map(size).sum()
    }

    #[test]
    fn style_sheets_and_scripts_keep_their_budgets() {
        let each = ["theme.js", "toolcard.js"];
        for (most, names) in [
            (7_000, &["toolcard.css"][..]),
            (1_500, &["tables.css"]),
            (1_000, &["compare.css"]),
            (8_000, &[each[0], each[1], "filter.js", "composer.js"]),
            (8_000, &[each[0], each[1], "compare.js"]),
            (8_000, &[each[0], each[1], "share-bar.js"]),
            (8_000, &[each[0], each[1], "tabs.js"]),
            (6_000, &[LATER[0], LATER[1]]),
            (6_000, &[LATER[0], LATER[2]]),
        ] {
            let size = packed(names);
            assert!(size <= most, "{names:?} have {size} bytes, packed");
        }
    }
}
