//! The door for sentences: pieces of a card's prose → HTML.

use super::Around;
use crate::card::{Inline, Prose};
use crate::policy::Policy;
use crate::site::code;
use crate::site::text::Html;
use crate::site::urls;

/// Prose on the page at `path` of one server's pages.
pub fn html(prose: &Prose, around: &Around<'_>, path: &str) -> Html {
    let mut html = Html::with_capacity(240);
    for piece in prose.pieces() {
        match piece {
            Inline::Text { text } => html.push_text(text),
            Inline::Code { text } => html.push_code(text),
            Inline::ServerText { text } => html.push_markup("<bdi>").push_text(text).push_markup("</bdi>"),
            Inline::Tool { index, text } => html
                .push_markup("<a href=\"")
                .push_attribute(&around.tool_href(path, *index))
                .push_markup("\">")
                .push_code(text)
                .push_markup("</a>"),
            Inline::Link { text, url } => match urls::web(url) {
                Some(url) => html
                    .push_markup("<a href=\"")
                    .push_attribute(url)
                    .push_markup("\">")
                    .push_text(text)
                    .push_markup("</a>"),
                None => html.push_text(text),
            },
        };
    }
    html
}

/// A document in a code box, without colours: there are many on a page.
pub fn document(html: &mut Html, policy: &Policy) {
    // Maps with text keys, texts and numbers always serialise.
    let text = serde_json::to_value(policy).map(|value| code::dense_value(&value)).unwrap_or_default();
    html.push_markup("<pre class=\"box\"><code>").push_text(&text).push_markup("</code></pre>");
}
