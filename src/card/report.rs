//! The address under which a reader reports a wrong label, filled in.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::view::View;
use crate::neutral;

/// Everything but RFC 3986's unreserved characters.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Characters of a tool's name in the address.
const MAX_NAME_CHARS: usize = 100;
/// Characters of the package's version.
const MAX_VERSION_CHARS: usize = 40;

/// `report_url` with `title` and `body` in its query, for trackers that take an issue, and `server`, `tool` and `label`, which are the
/// fields of this repository's form for a wrong label.
pub(crate) fn report_url(base: &str, view: &View<'_>) -> String {
    let server = &view.manifest.server;
    let verdict = view.verdict;
    let tool: String = neutral::visible(&view.tool.name).chars().take(MAX_NAME_CHARS).collect();
    let mut from = server.slug.clone();
    if let Some(version) = &server.package_version {
        from.push(' ');
        from.extend(neutral::visible(version).chars().take(MAX_VERSION_CHARS));
    }
    let mut label = format!("{}, {}", verdict.class, verdict.severity);
    for facet in verdict.facets.iter() {
        let _ = write!(label, ", {facet}");
    }
    let title = format!("{tool} of {from}: {label}");
    let fields =
        [("title", title.as_str()), ("body", "Because: "), ("server", &from), ("tool", &tool), ("label", &label)];
    let fields: Vec<String> =
        fields.into_iter().map(|(key, value)| format!("{key}={}", utf8_percent_encode(value, QUERY))).collect();
    let (address, fragment) = base.split_once('#').map_or((base, None), |(a, f)| (a, Some(f)));
    let joint = match address.find('?') {
        None => "?",
        Some(at) if at + 1 == address.len() || address.ends_with('&') => "",
        Some(_) => "&",
    };
    let mut url = format!("{address}{joint}{}", fields.join("&"));
    if let Some(fragment) = fragment {
        url.push('#');
        url.push_str(fragment);
    }
    url
}
