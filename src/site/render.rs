//! View → bytes. The environment is made once; rendering is pure and runs on any thread.
//!
//! Templates are embedded and replaced file by file by a theme's `templates/` folder. What is the
//! same on every page is in the engine's global context. Line breaks and indentation of templates are for their readers:
//! `minify::template` takes them out, once.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tera::{Context, ErrorKind, Tera};

use super::assets::Assets;
use super::glossary::TermLink;
use super::html::escape::spelled;
use super::minify;
use super::pages::{PAGES, PageKind};
use super::theme;
use crate::bytes::first_byte;
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::input;
use crate::neutral::xml;

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $name)))),*]
    };
}

/// The embedded templates that pages share: name and source.
const PARTS: &[(&str, &str)] = templates!["base.html", "parts/components.html"];

/// The embedded templates of what is not a page: name and source.
pub const FILES: &[(&str, &str)] =
    templates!["badge.svg", "feed.xml", "opensearch.xml", "robots.txt", "sitemap.xml", "sitemap_index.xml"];

/// Every embedded template: name and source.
pub fn templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    PARTS.iter().chain(FILES).copied().chain(PAGES.iter().map(|row| (row.template, row.source)))
}

/// What a template's name ends with, without the dot.
fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// A template without what is there for its readers; XML and text are printed as they are written.
fn served(name: &str, source: &str) -> String {
    match extension(name) {
        "html" => minify::template(source),
        "svg" => minify::template(source) + "\n",
        _ => source.to_owned(),
    }
}

/// Templates and static files, ready to render.
#[derive(Debug)]
pub struct Renderer {
    /// The pages.
    tera: Tera,
    /// What is not a page: it is escaped as XML.
    files: Tera,
    assets: Assets,
    /// Theme files by template name, to name them in diagnostics.
    theme: BTreeMap<String, PathBuf>,
}

impl Renderer {
    /// The environment with the site's own data (`site` in every template) and, where given, a
    /// theme folder.
    ///
    /// # Errors
    /// Every theme file that cannot be read, and the first template that does not parse, with its
    /// line.
    pub fn new(site: &impl Serialize, theme: Option<&Path>) -> Result<Self, Vec<Diagnostic>> {
        let assets = Assets::load(theme)?;
        let mut sources: BTreeMap<String, String> =
            templates().map(|(name, source)| (name.to_owned(), source.to_owned())).collect();
        let mut files = BTreeMap::new();
        let mut diagnostics = Vec::new();
        for (name, path) in theme.map(|t| theme::files(&t.join("templates"))).unwrap_or_default() {
            match input::bytes(&path, input::MAX_WRITTEN_BYTES).and_then(input::text) {
                Ok(source) => {
                    sources.insert(name.clone(), source);
                    files.insert(name, path);
                }
                Err(refused) => diagnostics.push(refused.diagnostic(&path)),
            }
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let mut tera = Tera::new();
        tera.autoescape_on(vec![".html"]);
        tera.register_function("term", TermLink::default());
        tera.set_escape_fn(escape);
        let mut others = Tera::new();
        others.autoescape_on(vec![".svg", ".xml"]);
        others.set_escape_fn(escape_xml);
        let mut renderer = Self { tera, files: others, assets, theme: files };
        let (pages, others): (Vec<_>, Vec<_>) = sources
            .iter()
            .map(|(name, source)| (name.as_str(), served(name, source)))
            .partition(|(name, _)| extension(name) == "html");
        let added = renderer.tera.add_raw_templates(pages).and_then(|()| renderer.files.add_raw_templates(others));
        if let Err(e) = added {
            return Err(vec![renderer.diagnostic(&e, "")]);
        }
        let paths: BTreeMap<&str, &str> =
            renderer.assets.iter().map(|(name, asset)| (name, asset.path.as_str())).collect();
        for engine in [&mut renderer.tera, &mut renderer.files] {
            let global = engine.global_context();
            global.insert("site", site);
            global.insert("assets", &paths);
        }
        Ok(renderer)
    }

    /// The static files to publish.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// Whether a theme replaces any template.
    pub fn is_themed(&self) -> bool {
        !self.theme.is_empty()
    }

    /// Renders one page into `out`, which is emptied first.
    ///
    /// # Errors
    /// What the template asks for and the view does not have, with file and line.
    pub fn render(&self, kind: PageKind, view: &impl Serialize, out: &mut Vec<u8>) -> Result<(), Diagnostic> {
        out.clear();
        let context = Context::from_serialize(view).map_err(|e| self.diagnostic(&e, kind.template()))?;
        self.tera.render_to(kind.template(), &context, &mut *out).map_err(|e| self.diagnostic(&e, kind.template()))
    }

    /// Renders one file that is not a page, by its template in [`FILES`].
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub fn file(&self, template: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        let context = Context::from_serialize(view).map_err(|e| self.diagnostic(&e, template))?;
        self.files.render(template, &context).map_err(|e| self.diagnostic(&e, template))
    }

    fn diagnostic(&self, error: &tera::Error, template: &str) -> Diagnostic {
        let (name, position, message) = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let span = report.span();
                let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                let position = Position { line: at(span.start_line), column: at(span.start_col + 1) };
                (report.filename().to_owned(), Some(position), report.message().to_owned())
            }
            ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
                (tpl.clone(), None, error.to_string())
            }
            ErrorKind::MissingParent { current, .. } => (current.clone(), None, error.to_string()),
            _ => (template.to_owned(), None, error.to_string()),
        };
        let file = self.theme.get(&name).cloned().unwrap_or_else(|| Path::new("templates").join(&name));
        let mut diagnostic = Diagnostic::error(
            Code::BrokenTemplate,
            &file,
            message,
            "docs/theming.md lists what each template is given; delete the theme's file to get the embedded one",
        );
        diagnostic.position = position;
        diagnostic
    }
}

/// What a template of a page prints: markup is escaped, and characters that nobody sees are spelled as everywhere on a page.
fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    // Most of what a page prints has nothing to escape or to spell.
    let odd = |b: u8| !matches!(b, b' '..=b'~' | b'\n') || matches!(b, b'&' | b'<' | b'>' | b'"' | b'\'');
    if first_byte(text.as_bytes(), odd).is_none() {
        return out.write_all(text.as_bytes());
    }
    tera::escape_html(&spelled(text), out)
}

fn escape_xml(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(xml(text).as_bytes())
}

/// What a file says, by its embedded template.
#[cfg(test)]
pub(super) fn rendered(config: &crate::config::Config, template: &str, view: &impl Serialize) -> String {
    let site = super::site_view::SiteView::new(config);
    Renderer::new(&site, None).expect("the templates").file(template, view).expect("renders")
}
