//! One page that needs nothing else: no script, no picture, no other file.

use super::exfiltration::{RiskTogether, ToolOfServer};
use super::paste::Paste;
use super::report::{Inspection, Unread};
use super::server::{InspectedFinding, InspectedServer, InspectedTool};
use crate::risk::Facet;
use crate::site::html::Html;

/// The style of a page that stands alone: it asks for no other file.
pub(crate) const STYLE: &str = concat!(include_str!("../../static/css/variables.css"), include_str!("page.css"));
/// Tools that a leg names.
const MAX_LEG_TOOLS: usize = 8;

/// The report as a page.
pub fn html(inspection: &Inspection) -> String {
    let mut page = Html::markup(concat!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; ",
        "base-uri 'none'; form-action 'none'\">\n",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>"
    ));
    page.push_text(&inspection.summary()).push_markup("</title>\n<style>\n").push_markup(STYLE);
    page.push_markup("</style>\n</head>\n<body>\n<main>\n<h1>").push_text(&inspection.summary()).push_markup("</h1>\n");
    page.push(&fragment(inspection)).push_markup("</main>\n</body>\n</html>\n");
    page.as_str().to_owned()
}

/// The report within another page.
pub fn fragment(inspection: &Inspection) -> Html {
    let mut page = Html::new();
    together(inspection, &mut page);
    for server in &inspection.servers {
        section(server, inspection, &mut page);
    }
    for Unread { from, message } in &inspection.unread {
        page.push_markup("<p class=\"box write\"><strong>Not read:</strong> ").push_code(from).push_markup(": ");
        page.push_text(message).push_markup("</p>\n");
    }
    page
}

fn together(inspection: &Inspection, page: &mut Html) {
    let found = &inspection.exfiltration;
    page.push_markup(match found.risk {
        RiskTogether::OneServer | RiskTogether::Together => "<div class=\"box destructive\">\n",
        RiskTogether::TwoLegs => "<div class=\"box write\">\n",
        RiskTogether::Apart => "<div class=\"box read\">\n",
    });
    page.push_markup("<p><strong>Exfiltration:</strong> ").push_sentence(&found.message).push_markup("</p>\n<dl>\n");
    for leg in &found.legs {
        let name = leg.leg.name();
        page.push_markup("<dt>").push_text(name).push_markup("</dt><dd>");
        if leg.tools.is_empty() {
            page.push_markup("none seen");
        }
        for (i, ToolOfServer { server, tool }) in leg.tools.iter().take(MAX_LEG_TOOLS).enumerate() {
            page.push_markup(if i == 0 { "" } else { ", " }).push_code(&format!("{server}/{tool}"));
        }
        if leg.tools.len() > MAX_LEG_TOOLS {
            page.push_markup(" and ").push_number(leg.tools.len() - MAX_LEG_TOOLS).push_markup(" more");
        }
        page.push_markup("</dd>\n");
    }
    page.push_markup("</dl>\n</div>\n<p class=\"box read\"><strong>Safer:</strong> ");
    page.push_sentence(&inspection.safer).push_markup("</p>\n");
}

fn section(server: &InspectedServer, inspection: &Inspection, page: &mut Html) {
    page.push_markup("<section>\n<h2>").push_name(&server.name).push_markup("</h2>\n<p>").push_text(&server.summary());
    page.push_markup("</p>\n<p class=\"quiet\">").push_text(&server.package_words()).push_markup(" from ");
    page.push_code(&server.from).push_markup("</p>\n");
    findings(&server.findings, page);
    page.push_markup("<ol>\n");
    for tool in &server.tools {
        row(tool, page);
    }
    page.push_markup("</ol>\n<details>\n<summary>Paste into a client</summary>\n");
    for paste in inspection.paste.iter().filter(|paste| paste.server == server.slug) {
        let Paste { client, place, text, notes, .. } = paste;
        page.push_markup("<details>\n<summary>").push_text(client).push_markup("</summary>\n");
        if !text.is_empty() {
            page.push_markup("<p>").push_sentence(place).push_markup("</p>\n");
        }
        for note in notes {
            page.push_markup("<p>").push_sentence(note).push_markup("</p>\n");
        }
        if !text.is_empty() {
            page.push_markup("<pre tabindex=\"0\">").push_text(text).push_markup("</pre>\n");
        }
        page.push_markup("</details>\n");
    }
    page.push_markup("</details>\n</section>\n");
}

fn row(tool: &InspectedTool, page: &mut Html) {
    page.push_markup("<li>\n<h3>").push_name(&tool.name).push_markup("</h3>\n<p><span class=\"label ");
    page.push_markup(tool.class.slug()).push_markup("\">").push_text(tool.class.name()).push_markup("</span> ");
    page.push_text(tool.severity.name());
    if tool.confidence.band() == "low" {
        page.push_markup(", not sure");
    }
    for facet in tool.facets.iter().map(Facet::name) {
        page.push_markup(" · ").push_code(facet);
    }
    page.push_markup("</p>\n<p>").push_sentence(&tool.why).push_markup("</p>\n<p><strong>Recommended:</strong> ");
    page.push_sentence(&tool.recommended).push_markup("</p>\n");
    findings(&tool.findings, page);
    page.push_markup("</li>\n");
}

fn findings(findings: &[InspectedFinding], page: &mut Html) {
    for InspectedFinding { id, level, message } in findings {
        page.push_markup("<p><strong>").push_text(level.name()).push_markup(":</strong> ").push_sentence(message);
        page.push_markup(" <span class=\"quiet\">").push_text(id).push_markup("</span></p>\n");
    }
}
