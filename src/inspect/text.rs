//! For a person at a terminal: at most 80 columns wide, worst first.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::exfiltration::{LegTools, RiskTogether};
use super::paste::clients;
use super::report::{Inspection, Unread};
use super::server::{InspectedFinding, InspectedServer, InspectedTool};
use crate::classify::FindingLevel;
use crate::neutral;
use crate::risk::{Class, Facet, Severity};

/// How wide a line may be.
const WIDTH: usize = 80;
/// Tools that a leg names.
const MAX_LEG_TOOLS: usize = 3;
/// Lines of what to paste that are shown; of a longer one, the command that prints it.
const MAX_PASTE_LINES: usize = 16;
/// The client whose rules are shown.
pub const SHOWN: &str = "claude-code";

const BOLD: Style = Style::new().bold();

/// The report. `all` shows the reasons of harmless tools too.
pub fn text(inspection: &Inspection, styled: bool, all: bool) -> String {
    let mut out = TextReport { text: String::new(), styled };
    out.line(BOLD, &inspection.summary());
    out.text.push('\n');
    exfiltration(inspection, &mut out);
    for server in &inspection.servers {
        out.text.push('\n');
        out.server(server, all);
    }
    for Unread { from, message } in &inspection.unread {
        out.text.push('\n');
        out.wrapped(&format!("not read: {from}: {message}"), "", "  ");
    }
    paste(inspection, &mut out);
    out.text
}

/// One server alone, as the report has it.
pub fn server_block(server: &InspectedServer, styled: bool) -> String {
    let mut out = TextReport { text: String::new(), styled };
    out.server(server, false);
    out.text
}

struct TextReport {
    text: String,
    styled: bool,
}

fn exfiltration(inspection: &Inspection, out: &mut TextReport) {
    let found = &inspection.exfiltration;
    let (style, word) = match found.risk {
        RiskTogether::OneServer | RiskTogether::Together => (AnsiColor::Red.on_default().bold(), "Exfiltration"),
        RiskTogether::TwoLegs => (AnsiColor::Yellow.on_default().bold(), "Exfiltration"),
        RiskTogether::Apart => (AnsiColor::Green.on_default().bold(), "Exfiltration"),
    };
    out.titled(style, word, &found.message);
    let several = inspection.servers.len() > 1;
    if found.risk != RiskTogether::Apart {
        for LegTools { leg, tools } in &found.legs {
            let name = leg.name();
            let named: Vec<String> = tools
                .iter()
                .take(MAX_LEG_TOOLS)
                .map(|of| {
                    let tool = neutral::visible(&of.tool);
                    if several { format!("{}/{tool}", neutral::visible(&of.server)) } else { tool }
                })
                .collect();
            let more = tools.len().saturating_sub(MAX_LEG_TOOLS);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let tools = if named.is_empty() { "-".to_owned() } else { format!("{}{more}", named.join(", ")) };
            out.wrapped(&tools, &format!("  {name:<24}"), &" ".repeat(26));
        }
    }
    out.titled(AnsiColor::Green.on_default().bold(), "Safer", &inspection.safer);
}

fn paste(inspection: &Inspection, out: &mut TextReport) {
    let of_client: Vec<_> = inspection.paste.iter().filter(|paste| paste.format == SHOWN).collect();
    let Some(first) = of_client.first() else { return };
    out.text.push('\n');
    let lines: usize = of_client.iter().map(|paste| paste.text.lines().count()).sum();
    if let [only] = of_client.as_slice()
        && (1..=MAX_PASTE_LINES).contains(&lines)
    {
        out.wrapped(&format!("{}: {}", only.client, plain(only.place)), "Paste into ", "  ");
        for line in only.text.lines() {
            let _ = writeln!(out.text, "  {}", neutral::terminal(line));
        }
    } else {
        let what = format!("{}: `--paste {SHOWN}` prints the rules. {}", first.client, plain(first.place));
        out.wrapped(&what, "Paste into ", "  ");
    }
    let others: Vec<&str> = clients().iter().map(|format| format.id()).filter(|id| *id != SHOWN).collect();
    out.wrapped(&format!("{}.", others.join(", ")), "Other clients: --paste ", "  ");
}

impl TextReport {
    fn style(&self, style: Style) -> Style {
        if self.styled { style } else { Style::new() }
    }

    fn line(&mut self, style: Style, line: &str) {
        let style = self.style(style);
        let _ = writeln!(self.text, "{style}{}{style:#}", neutral::terminal(line));
    }

    /// `Word: sentences`, the word in a style.
    fn titled(&mut self, style: Style, word: &str, sentences: &str) {
        let style = self.style(style);
        let mut first = true;
        for line in wrap(&plain(sentences), WIDTH - word.len() - 2, WIDTH - 2) {
            if first {
                let _ = writeln!(self.text, "{style}{word}{style:#}: {line}");
            } else {
                let _ = writeln!(self.text, "  {line}");
            }
            first = false;
        }
    }

    /// Words behind `first`, further lines behind `rest`.
    fn wrapped(&mut self, words: &str, first: &str, rest: &str) {
        let safe = neutral::terminal(words);
        for (i, line) in wrap(&safe, WIDTH - first.chars().count(), WIDTH - rest.len()).iter().enumerate() {
            let _ = writeln!(self.text, "{}{line}", if i == 0 { first } else { rest });
        }
    }

    fn server(&mut self, server: &InspectedServer, all: bool) {
        let bold = self.style(BOLD);
        let name = neutral::visible(&server.slug);
        let _ = writeln!(self.text, "{bold}{name}{bold:#}  {}", server.summary());
        let package = server.package_words();
        let from = format!("from {}", server.from);
        let about: Vec<&str> = [server.name.as_str(), package.as_str(), from.as_str()]
            .into_iter()
            .filter(|words| !words.is_empty() && **words != server.slug)
            .collect();
        self.wrapped(&about.join(", "), "  ", "  ");
        self.findings(&server.findings, "  ");
        let (short, long): (Vec<_>, Vec<_>) = server.tools.iter().partition(|tool| !all && is_harmless(tool));
        for tool in long {
            self.tool(tool);
        }
        if !short.is_empty() {
            let names: Vec<String> = short.iter().map(|tool| neutral::visible(&tool.name)).collect();
            let noted = short.iter().filter(|tool| !tool.findings.is_empty()).count();
            let noted = if noted > 0 { format!("; notes on {noted} (--verbose)") } else { String::new() };
            let style = self.style(severity(Severity::Low));
            let _ = writeln!(self.text, "  {style}{:<8}{style:#}  {} Read{noted}", Severity::Low, short.len());
            self.wrapped(&names.join(", "), "            ", "            ");
        }
    }

    fn tool(&mut self, tool: &InspectedTool) {
        let style = self.style(severity(tool.severity));
        let bold = self.style(BOLD);
        let name = neutral::visible(&tool.name);
        let facets: Vec<&str> = tool.facets.iter().map(Facet::name).collect();
        let facets = if facets.is_empty() { String::new() } else { format!(" ({})", facets.join(", ")) };
        let _ = writeln!(self.text, "  {style}{:<8}{style:#}  {bold}{name}{bold:#}", tool.severity);
        let unsure = if tool.confidence.band() == "low" { ", not sure" } else { "" };
        let what =
            format!("{}{unsure}{facets}. {} Recommended: {}.", tool.class, plain(&tool.why), plain(&tool.recommended));
        self.wrapped(&what, "            ", "            ");
        self.findings(&tool.findings, "            ");
    }

    fn findings(&mut self, findings: &[InspectedFinding], indent: &str) {
        for InspectedFinding { level, message, id } in findings {
            let style = self.style(match level {
                FindingLevel::Error => AnsiColor::Red.on_default().bold(),
                FindingLevel::Warning => AnsiColor::Yellow.on_default().bold(),
                FindingLevel::Note => AnsiColor::Cyan.on_default(),
            });
            let safe = neutral::terminal(message).into_owned();
            let first = WIDTH - indent.len() - level.name().len() - 2;
            for (i, line) in wrap(&format!("{safe} [{id}]"), first, WIDTH - indent.len() - 2).iter().enumerate() {
                if i == 0 {
                    let _ = writeln!(self.text, "{indent}{style}{}{style:#}: {line}", level.name());
                } else {
                    let _ = writeln!(self.text, "{indent}  {line}");
                }
            }
        }
    }
}

fn severity(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Yellow.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Green.on_default(),
    }
}

/// Whether a name says enough of a tool.
fn is_harmless(tool: &InspectedTool) -> bool {
    tool.class == Class::Read
        && tool.severity == Severity::Low
        && tool.confidence.band() != "low"
        && tool.findings.iter().all(|finding| finding.level == FindingLevel::Note)
}

/// A sentence of ours for a terminal: what is hostile in it is spelled.
fn plain(sentence: &str) -> String {
    neutral::terminal(sentence).into_owned()
}

/// Words in lines of at most `first` characters, then `rest`. A longer word has a line of its own.
fn wrap(words: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut length = 0;
    for word in words.split_whitespace() {
        let width = word.chars().count();
        let room = if lines.len() == 1 { first } else { rest };
        if length > 0 && length + 1 + width > room {
            lines.push(String::new());
            length = 0;
        }
        if let Some(line) = lines.last_mut() {
            if length > 0 {
                line.push(' ');
                length += 1;
                line.push_str(word);
            } else {
                // What is harmless inside of a line may be a workflow command where one begins.
                line.push_str(&neutral::terminal(word));
            }
            length += width;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_none_is_lost() {
        assert_eq!(wrap("a bb ccc dddd", 4, 6), ["a bb", "ccc", "dddd"]);
        assert_eq!(wrap("aaaaaaaaaa b", 4, 4), ["aaaaaaaaaa", "b"]);
        assert_eq!(wrap("", 4, 4), [""]);
        assert_eq!(wrap("a ::error::b c", 4, 9), ["a", "\\u{3a}:error::b", "c"]);
    }
}
