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

/// `report_url` filled in: a form that its `template` names with `server`, `tool` and `label`, which are fields of this repository's
/// form for a wrong label; any other tracker with `title` and `body`.
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
    let (address, fragment) = base.split_once('#').map_or((base, None), |(a, f)| (a, Some(f)));
    let is_form =
        address.split_once('?').is_some_and(|(_, query)| query.split('&').any(|p| p.starts_with("template=")));
    let title = format!("{tool} of {from}: {label}");
    let fields: &[(&str, &str)] = if is_form {
        &[("server", &from), ("tool", &tool), ("label", &label)]
    } else {
        &[("title", &title), ("body", "Because: ")]
    };
    let fields: Vec<String> =
        fields.iter().map(|(key, value)| format!("{key}={}", utf8_percent_encode(value, QUERY))).collect();
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
