//! The escaper of sentences: pieces of a card's prose → HTML.

use crate::card::{Inline, Prose};
use crate::policy::Policy;
use crate::site::html::Html;
use crate::site::html::code;
use crate::site::urls;

/// Prose as HTML; a quotation is isolated and keeps its own direction.
pub(crate) fn html(prose: &Prose) -> Html {
    let mut html = Html::with_capacity(240);
    for piece in prose.pieces() {
        match piece {
            Inline::Text { text } => html.push_text(text),
            Inline::Code { text } => html.push_code(text),
            Inline::Quote { text } => html.push_markup("<q>").push_text(text).push_markup("</q>"),
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
pub(crate) fn document(html: &mut Html, policy: &Policy) {
    // Maps with text keys, texts and numbers always serialise.
    let text = serde_json::to_value(policy).map(|value| code::dense_value(&value)).unwrap_or_default();
    html.push_markup("<pre class=\"box\"><code>").push_text(&text).push_markup("</code></pre>");
}
