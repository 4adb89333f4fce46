//! View → bytes. The environment is made once; rendering is pure and runs on any thread.
//!
//! Templates are embedded and replaced file by file by a theme's `templates/` folder. What is the
//! same on every page lies in the engine's global context. Line breaks and indentation of templates are for their readers:
//! [`minify::template`] takes them out, once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tera::{Context, ErrorKind, Tera};

use super::assets::Assets;
use super::glossary::TermLink;
use super::html::escape::spelled;
use super::minify;
use super::pages::{PAGES, PageKind};
use super::theme;
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::input;

/// The embedded templates that are no page by themselves: name and source.
const PARTS: [(&str, &str); 2] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("parts/components.html", include_str!("../../templates/parts/components.html")),
];

/// Every embedded template: name and source.
pub fn templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    PARTS.into_iter().chain(PAGES.iter().map(|row| (row.template, row.source)))
}

/// Templates and static files, ready to render.
#[derive(Debug)]
pub struct Renderer {
    tera: Tera,
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
            match input::bytes(&path, input::WRITTEN_BYTES).and_then(input::text) {
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
        tera.autoescape_on(vec![".html", ".svg", ".xml"]);
        tera.register_function("term", TermLink::default());
        tera.set_escape_fn(escape);
        let mut renderer = Self { tera, assets, theme: files };
        if let Err(e) = renderer
            .tera
            .add_raw_templates(sources.iter().map(|(name, source)| (name.as_str(), minify::template(source))))
        {
            return Err(vec![renderer.diagnostic(&e, "")]);
        }
        let paths: BTreeMap<&str, &str> =
            renderer.assets.iter().map(|(name, asset)| (name, asset.path.as_str())).collect();
        let global = renderer.tera.global_context();
        global.insert("site", site);
        global.insert("assets", &paths);
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

/// What a template prints: markup is escaped, and characters that nobody sees are spelled as everywhere on a page.
fn escape(text: &str, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    tera::escape_html(&spelled(text), out)
}
