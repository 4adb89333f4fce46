//! What HTML of a text may be: elements, attributes and addresses. Everything else is taken out by ammonia.

use std::sync::LazyLock;

/// Where links of a description may lead.
pub(super) const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// What any text may become.
pub(super) const TAGS: [&str; 19] = [
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
];

/// A sanitiser that lets [`TAGS`] and `others` through.
fn sanitiser(others: &[&'static str], rel: &'static str) -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(TAGS.iter().chain(others).copied().collect())
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into()), ("li", ["value"].into())].into())
        .url_schemes(SCHEMES.into())
        .link_rel(Some(rel));
    builder
}

/// A server's text, with our marks.
pub(super) static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = sanitiser(&["mark", "span"], "nofollow noopener noreferrer ugc");
    builder
        .allowed_classes(
            [("mark", ["read", "write", "destructive", "facet"].into()), ("span", ["hidden-character"].into())].into(),
        )
        // A relative link of a description leads nowhere here.
        .url_relative(ammonia::UrlRelative::Deny);
    builder
});

/// An article of a catalogue's maintainer.
pub(super) static ARTICLE: LazyLock<ammonia::Builder<'static>> =
    LazyLock::new(|| sanitiser(&["h2", "h3"], "noopener noreferrer"));
