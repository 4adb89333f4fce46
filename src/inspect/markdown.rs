//! For a comment or a step summary.

use std::fmt::Write as _;

use super::report::{Inspection, Unread};
use super::server::InspectedFinding;
use crate::neutral::{cell, quoted, visible};
use crate::risk::Facet;

/// Tools that a leg names.
const MAX_LEG_TOOLS: usize = 5;

/// The report as Markdown: headings, tables, and what to paste behind a fold.
pub fn markdown(inspection: &Inspection) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", inspection.summary());
    let found = &inspection.exfiltration;
    let _ = writeln!(out, "**Exfiltration:** {}\n", found.message);
    for leg in &found.legs {
        let name = leg.leg.name();
        let named = leg.tools.iter().take(MAX_LEG_TOOLS).map(|of| quoted(&format!("{}/{}", of.server, of.tool)));
        let named: Vec<String> = named.collect();
        let more = leg.tools.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let tools = if named.is_empty() { "none seen".to_owned() } else { format!("{}{more}", named.join(", ")) };
        let _ = writeln!(out, "- {name}: {tools}");
    }
    let _ = writeln!(out, "\n**Safer:** {}", inspection.safer);
    for server in &inspection.servers {
        let _ = writeln!(out, "\n## {}\n", quoted(&server.slug));
        let package = server.package_words();
        let package = if package.is_empty() { String::new() } else { format!(", {}", quoted(&package)) };
        let _ = writeln!(out, "{}{package}, from {}\n", server.summary(), quoted(&server.from));
        for InspectedFinding { level, message, .. } in &server.findings {
            let _ = writeln!(out, "- **{}:** {message}", level.name());
        }
        if !server.findings.is_empty() {
            out.push('\n');
        }
        if server.tools.is_empty() {
            continue;
        }
        out.push_str("| severity | class | tool | why | recommended |\n|---|---|---|---|---|\n");
        for tool in &server.tools {
            let facets: Vec<&str> = tool.facets.iter().map(Facet::name).collect();
            let facets = if facets.is_empty() { String::new() } else { format!(" ({})", facets.join(", ")) };
            let mut why = tool.why.clone();
            for InspectedFinding { level, message, .. } in &tool.findings {
                let _ = write!(why, " **{}:** {message}", level.name());
            }
            let _ = writeln!(
                out,
                "| {} | {}{facets} | {} | {} | {} |",
                tool.severity,
                tool.class,
                cell(&quoted(&tool.name)),
                cell(why.trim()),
                cell(&tool.recommended)
            );
        }
    }
    for Unread { from, message } in &inspection.unread {
        let _ = writeln!(out, "\n**Not read:** {}: {}", quoted(from), quoted(message));
    }
    for paste in inspection.paste.iter().filter(|paste| !paste.text.is_empty()) {
        let _ = writeln!(
            out,
            "\n<details><summary>Paste into {} for {}</summary>\n\n{}\n",
            paste.client,
            html(&visible(&paste.server)),
            paste.place
        );
        // A fence longer than any in the text.
        let longest = paste.text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let _ = writeln!(out, "{fence}\n{}{fence}\n\n</details>", paste.text);
    }
    out
}

/// Text in a line of HTML within Markdown.
fn html(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/') => c.to_string(),
            c => format!("&#{};", u32::from(c)),
        })
        .collect()
}
