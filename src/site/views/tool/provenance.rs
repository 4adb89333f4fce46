//! The card's printed foot: who was read, in which version, when.

use crate::catalog::changes;
use crate::english;
use crate::manifest::{Manifest, Server};
use crate::site::html::Html;
use crate::site::urls;
use crate::site::views::label::Fact;

/// Package, capture, protocol and licence of a server.
pub(crate) fn facts(manifest: &Manifest) -> Vec<Fact> {
    let server = &manifest.server;
    let mut facts = Vec::with_capacity(6);
    let mut fact = |term, value_html: Html| {
        if !value_html.is_empty() {
            facts.push(Fact { term, value_html });
        }
    };
    fact("Package", package(server));
    fact("Source", source(server));
    if let Some(date) = &manifest.captured_at {
        fact("Captured", day(date));
    }
    if let Some(version) = &manifest.protocol_version {
        fact("Protocol", Html::text(version));
    }
    facts
}

/// The same for the card of one tool: where it is from and when it was read; the server's page says the rest.
pub(crate) fn facts_of_tool(manifest: &Manifest) -> Vec<Fact> {
    let mut facts = facts(manifest);
    let packaged = facts.iter().any(|fact| fact.term == "Package");
    facts.retain(|fact| match fact.term {
        "Source" => !packaged,
        term => term != "Protocol",
    });
    facts
}

/// Name and version as a link to the registry, then registry and licence.
pub(crate) fn package(server: &Server) -> Html {
    let mut html = Html::new();
    let registry = server.registry.as_deref().unwrap_or_default();
    if let Some(package) = &server.package {
        let page = urls::package_page(registry, package);
        if let Some(page) = &page {
            html.push_markup("<a href=\"").push_attribute(page).push_markup("\">");
        }
        html.push(&Html::name_in_line(package));
        if let Some(version) = &server.package_version {
            html.push_markup(" ").push_text(version);
        }
        if page.is_some() {
            html.push_markup("</a>");
        }
    }
    let about: Vec<&str> = [registry_name(registry), server.license.as_deref().unwrap_or_default()]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect();
    if !about.is_empty() {
        html.push_markup(if html.is_empty() { "" } else { " (" }).push_text(&about.join(", "));
        html.push_markup(if server.package.is_some() { ")" } else { "" });
    }
    html
}

/// The repository: a link where it is an address of the web, else text.
pub(crate) fn source(server: &Server) -> Html {
    let mut html = Html::new();
    if let Some(repository) = &server.repository {
        let words = urls::repository_words(repository);
        match urls::web(repository) {
            Some(href) => {
                html.push_markup("<a href=\"").push_attribute(href).push_markup("\">").push_name(words);
                html.push_markup("</a>");
            }
            None => {
                html.push_name(repository);
            }
        }
    }
    html
}

/// How a registry is written.
pub(crate) fn registry_name(registry: &str) -> &str {
    match registry {
        "pypi" => "PyPI",
        "oci" => "OCI",
        "crates" | "crates.io" => "crates.io",
        other => other,
    }
}

/// `2026-11-20…` → 20 November 2026 as a `time` element; anything else as text.
pub(crate) fn day(date: &str) -> Html {
    let mut html = Html::new();
    match changes::day(date) {
        Some(day) => {
            html.push_markup("<time datetime=\"").push_attribute(day).push_markup("\">");
            html.push_text(&english::date(day)).push_markup("</time>");
        }
        None => {
            html.push_text(date);
        }
    }
    html
}

/// 32 digits → the first twelve in groups of four.
pub(crate) fn short_fingerprint(digits: &str) -> Html {
    let mut html = Html::markup("<code>");
    for (i, group) in digits.as_bytes().chunks(4).take(3).enumerate() {
        html.push_markup(if i > 0 { " " } else { "" });
        html.push_text(std::str::from_utf8(group).unwrap_or_default());
    }
    html.push_markup("</code>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_names_version_registry_and_licence() {
        let mut server = Server {
            package: Some("clearml-mcp".into()),
            package_version: Some("0.3.0".into()),
            registry: Some("pypi".into()),
            license: Some("MIT".into()),
            ..Server::default()
        };
        assert_eq!(
            package(&server).as_str(),
            "<a href=\"https://pypi.org/project/clearml-mcp/\">clearml-mcp 0.3.0</a> (PyPI, MIT)"
        );
        server.registry = None;
        assert_eq!(package(&server).as_str(), "clearml-mcp 0.3.0 (MIT)");
        assert_eq!(package(&Server::default()).as_str(), "");
    }

    #[test]
    fn a_repository_that_is_not_a_web_address_is_text() {
        let source = |r: &str| source(&Server { repository: Some(r.into()), ..Server::default() }).as_str().to_owned();
        assert_eq!(source("https://github.com/a/b"), "<a href=\"https://github.com/a/b\">a/b</a>");
        assert_eq!(source("javascript:alert(1)"), "javascript:<wbr>alert(1)");
        assert_eq!(source("https://x/\"><b>"), "https://<wbr>x/\"&gt;&lt;b&gt;");
    }

    #[test]
    fn days_are_written_out_and_nonsense_stays() {
        assert_eq!(day("2026-11-20T10:00:00Z").as_str(), "<time datetime=\"2026-11-20\">20 November 2026</time>");
        assert_eq!(day("yesterday").as_str(), "yesterday");
        assert_eq!(short_fingerprint("a41f77305be900001111222233334444").as_str(), "<code>a41f 7730 5be9</code>");
    }
}
