//! `toolcard explain ID`: what a rule, a finding, a change or a diagnostic is.

use std::io::{self, Write as _};

use serde::Serialize;

use toolcard::classify::rules;
use toolcard::diagnostic::{Code, nearest};
use toolcard::lexicon::Lexicon;
use toolcard::neutral;
use toolcard::review::KINDS;
use toolcard::review::report::described;

use super::term::Terminal;
use super::{Exit, OutputFormat, Versioned};

/// What an id stands for.
#[derive(Debug, Serialize)]
struct ExplainedId {
    id: String,
    /// `rule`, `finding`, `change` or `diagnostic`.
    kind: &'static str,
    /// What it says or when it is reported.
    text: String,
    /// Its levels, the class and facets that a rule speaks for, or nothing.
    says: String,
    /// What to do about it, or nothing.
    help: String,
    /// Where rules have it from.
    sources: Vec<String>,
    /// The chapter that has more.
    chapter: String,
}

#[derive(Serialize)]
struct ExplainedIds {
    ids: Vec<ExplainedId>,
}

/// Prints what the id stands for; several where it is that of several things.
pub(super) fn run(id: &str, lexicon: &Lexicon, format: OutputFormat, term: Terminal) -> io::Result<Exit> {
    let all = all(lexicon);
    let (ids, others): (Vec<ExplainedId>, Vec<ExplainedId>) = all.into_iter().partition(|known| known.id == id);
    if ids.is_empty() {
        let near = nearest(id, others.iter().map(|known| known.id.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`? A tool is written as SERVER/TOOL"),
            None => "write a tool as SERVER/TOOL, or give an id that a report prints".to_owned(),
        };
        term.error(&format!("`{id}` names no tool, and no rule, finding, change or diagnostic"), Some(&help));
        return Ok(Exit::Usage);
    }
    let mut out = term.out();
    match format {
        OutputFormat::Json => neutral::write_json(&mut out, &Versioned::new(ExplainedIds { ids }))?,
        OutputFormat::Text => {
            for (i, ExplainedId { id, kind, text, says, help, sources, chapter }) in ids.iter().enumerate() {
                let gap = if i > 0 { "\n" } else { "" };
                writeln!(
                    out,
                    "{gap}{}: {kind}{}",
                    neutral::terminal(id),
                    if says.is_empty() { "" } else { ", " }.to_owned() + says
                )?;
                writeln!(out, "  {}", neutral::terminal(text))?;
                if !help.is_empty() {
                    writeln!(out, "  What to do: {}", neutral::terminal(help))?;
                }
                if !sources.is_empty() {
                    writeln!(out, "  Sources: {}", neutral::terminal(&sources.join("; ")))?;
                }
                writeln!(out, "  More: {}/blob/main/docs/{chapter}", env!("CARGO_PKG_REPOSITORY"))?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn all(lexicon: &Lexicon) -> Vec<ExplainedId> {
    let mut all: Vec<ExplainedId> = Vec::new();
    for row in described() {
        all.push(ExplainedId {
            id: row.id.to_owned(),
            kind: "finding",
            text: row.what.to_owned(),
            says: row.levels.to_owned(),
            help: row.todo,
            sources: Vec::new(),
            chapter: format!("findings.md#{}", row.id),
        });
    }
    for row in &KINDS {
        all.push(ExplainedId {
            id: row.id.to_owned(),
            kind: "change",
            text: format!("{} {}", row.what, row.levels).trim_end().to_owned(),
            says: row.level.name().to_owned(),
            help: row.help.to_owned(),
            sources: Vec::new(),
            chapter: "review.md#what-is-reported".to_owned(),
        });
    }
    for code in Code::ALL {
        all.push(ExplainedId {
            id: code.name().to_owned(),
            kind: "diagnostic",
            text: code.meaning().to_owned(),
            says: String::new(),
            help: String::new(),
            sources: Vec::new(),
            chapter: "diagnostics.md".to_owned(),
        });
    }
    let title = |key: &String| lexicon.signals().sources.get(key).map(|source| source.title.clone());
    for row in &lexicon.signals().model_directed {
        all.push(ExplainedId {
            id: row.id.clone(),
            kind: "rule",
            text: format!("A text {}.", row.why),
            says: "model-directed-text".to_owned(),
            help: String::new(),
            sources: row.sources.iter().filter_map(&title).collect(),
            chapter: "findings.md#model-directed-text".to_owned(),
        });
    }
    for rule in rules(lexicon) {
        let class = rule.class.map(|class| class.to_string());
        let says: Vec<String> = class.into_iter().chain(rule.facets.iter().map(ToString::to_string)).collect();
        all.push(ExplainedId {
            text: format!("{}: {}", rule.title, rule.reason),
            says: if says.is_empty() { String::new() } else { format!("speaks for {}", says.join(", ")) },
            sources: rule.sources.iter().filter_map(&title).collect(),
            id: rule.id,
            kind: "rule",
            help: String::new(),
            chapter: "lexicon.md".to_owned(),
        });
    }
    all
}
