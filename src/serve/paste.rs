//! A page of the preview where a manifest is pasted: it shows what its tools can do, and imports it when asked.
//!
//! It writes into the catalogue, so it answers to this machine alone, to forms of its own page alone (the origin that a
//! browser says, and a token that only the page has), and works without a script.

use std::fmt::Debug;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;

use super::http::{Request, Response};
use crate::inspect::STYLE;
use crate::manifest::MAX_BYTES;
use crate::site::html::Html;

/// Where the page is.
pub const PASTE: &str = "/.toolcard/paste";
/// What a form sends besides the manifest.
const MAX_FIELDS_BYTES: u64 = 4096;
const HTML: &str = "text/html; charset=utf-8";

/// Nothing but the page's own style and its own form, in no frame.
const CSP: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What becomes of pasted manifests.
pub trait Desk: Send + Sync + Debug {
    /// What the tools can do.
    fn inspect(&self, text: &str) -> Pasted;
    /// Writes the server into the catalogue; what was done as plain text, or why it was not.
    ///
    /// # Errors
    /// Where it is not written.
    fn import(&self, text: &str, slug: &str) -> Result<String, String>;
}

/// What is shown of a pasted manifest.
#[derive(Debug)]
pub struct Pasted {
    /// The report, or what is wrong.
    pub html: Html,
    /// What its folder would be called; `None` where it cannot be imported.
    pub slug: Option<String>,
}

/// What only the page of this process knows: the keys that the system gives a hasher.
pub(super) fn token() -> String {
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part())
}

/// Answers the page and its forms.
pub(super) fn respond(
    request: &Request,
    input: &mut impl io::Read,
    desk: &dyn Desk,
    token: &str,
) -> io::Result<Response> {
    if request.reads() {
        let empty = page(token, "", None, &Html::new());
        return Ok(Response::new(200, HTML, empty.into_bytes()).under(CSP).for_method(request));
    }
    if !request.posts() {
        return Ok(Response::text(405, "The page is read, and sends its form."));
    }
    if !request.is_from_own_page() {
        return Ok(Response::text(403, "Only the page of the preview itself may send a manifest."));
    }
    let Some(body) = request.body(input, MAX_BYTES + MAX_FIELDS_BYTES)? else {
        return Ok(Response::text(413, "The manifest is larger than 64 MiB."));
    };
    let body = String::from_utf8_lossy(&body);
    let Some(form) = PastedForm::read(&body).filter(|form| form.token == token) else {
        return Ok(Response::text(403, "The form is of an older preview: load the page again."));
    };
    let shown = if form.action == "import" {
        let mut said = Html::markup("<p class=\"box ");
        match desk.import(form.manifest, form.slug) {
            Ok(done) => said.push_markup("read\">").push_text(&done),
            Err(why) => said.push_markup("destructive\">").push_text(&why),
        };
        said.push_markup("</p>\n");
        page(token, form.manifest, Some(form.slug), &said)
    } else {
        let Pasted { html, slug } = desk.inspect(form.manifest);
        page(token, form.manifest, slug.as_deref(), &html)
    };
    Ok(Response::new(200, HTML, shown.into_bytes()).under(CSP))
}

/// The page with its forms; `slug` where what was pasted can be imported.
fn page(token: &str, text: &str, slug: Option<&str>, said: &Html) -> String {
    let mut html = Html::markup(concat!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Paste a manifest</title>\n<style>\n"
    ));
    html.push_markup(STYLE).push_markup("</style>\n</head>\n<body>\n<main>\n<h1>Paste a manifest</h1>\n").push(said);
    html.push_markup("<form method=\"post\" enctype=\"text/plain\" action=\"");
    html.push_markup(PASTE).push_markup("\">\n<input type=\"hidden\" name=\"token\" value=\"").push_attribute(token);
    html.push_markup("\">\n");
    if let Some(slug) = slug {
        html.push_markup("<input type=\"hidden\" name=\"action\" value=\"import\">\n");
        html.push_markup("<p><label>Folder in the catalogue <input name=\"slug\" value=\"").push_attribute(slug);
        html.push_markup(
            "\" required></label> <button>Import</button></p>\n<details>\n<summary>The manifest</summary>\n",
        );
        html.push_markup("<textarea name=\"manifest\" rows=\"12\" readonly aria-label=\"The manifest\">\n")
            .push_text(text);
        html.push_markup("</textarea>\n</details>\n</form>\n<p><a href=\"").push_markup(PASTE);
        html.push_markup("\">Paste another</a></p>\n");
    } else {
        html.push_markup("<input type=\"hidden\" name=\"action\" value=\"inspect\">\n");
        html.push_markup("<input type=\"hidden\" name=\"slug\" value=\"\">\n<p><label>What a server answers to <code>");
        html.push_markup("tools/list</code>, in any known shape</label></p>\n<textarea name=\"manifest\" rows=\"16\" ");
        html.push_markup("spellcheck=\"false\" required aria-label=\"The manifest\">\n").push_text(text);
        html.push_markup("</textarea>\n<p><button>Show its cards</button></p>\n</form>\n");
    }
    html.push_markup("</main>\n</body>\n</html>\n");
    html.as_str().to_owned()
}

/// A form as browsers send `text/plain`: a field a line, the manifest last.
struct PastedForm<'a> {
    token: &'a str,
    action: &'a str,
    slug: &'a str,
    manifest: &'a str,
}

impl<'a> PastedForm<'a> {
    fn read(body: &'a str) -> Option<Self> {
        let rest = body.strip_prefix("token=")?;
        let (token, rest) = rest.split_once("\r\n")?;
        let (action, rest) = rest.strip_prefix("action=")?.split_once("\r\n")?;
        let (slug, rest) = rest.strip_prefix("slug=")?.split_once("\r\n")?;
        let manifest = rest.strip_prefix("manifest=")?;
        Some(Self { token, action, slug, manifest: manifest.strip_suffix("\r\n").unwrap_or(manifest) })
    }
}
