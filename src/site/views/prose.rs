//! The door for sentences: pieces of a card's prose → HTML.

use super::Around;
use crate::card::{Inline, Prose};
use crate::site::code;
use crate::site::text::Html;
use crate::site::urls;

/// Prose on the page at `path` of one server's pages.
pub fn html(prose: &Prose, around: &Around<'_>, path: &str) -> Html {
    let mut html = Html::with_capacity(240);
    for piece in prose.pieces() {
        match piece {
            Inline::Text { text } => html.push_text(text),
            Inline::Code { text } => html.push_markup("<code>").push_name(text).push_markup("</code>"),
            Inline::ServerText { text } => html.push_markup("<bdi>").push_text(text).push_markup("</bdi>"),
            Inline::Tool { index, text } => html
                .push_markup("<a href=\"")
                .push_attribute(&around.tool_href(path, *index))
                .push_markup("\"><code>")
                .push_name(text)
                .push_markup("</code></a>"),
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

/// A document in a code box.
pub fn document(html: &mut Html, json: &str) {
    html.push_markup("<pre class=\"box\" tabindex=\"0\" data-copy><code>").push(&code::json(&code::dense(json), &[]));
    html.push_markup("</code></pre>");
}
