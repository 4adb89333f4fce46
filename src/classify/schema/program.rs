//! Arguments that are programs, files that are written, tools that are called.

use super::{ArgumentText, SchemaReading, Scratch, SeenArgument, switch};
use crate::classify::text::Text;
use crate::lexicon::{ArgumentEffect, Form, Function, GroupRole, Lexicon, Noun, PhraseRole, VerbRole};
use crate::manifest::schema::{Keys, Node, SchemaType};
use crate::risk::Facet;

pub(super) fn read(
    lexicon: &Lexicon,
    node: &Node<'_, '_>,
    said: ArgumentText<'_>,
    scratch: &Scratch,
    rule: Option<u16>,
    out: &mut SchemaReading,
) {
    let signals = lexicon.signals();
    let (keys, text, reduced) = (node.keys, said.text, scratch.reduced.as_str());
    // `raw_sql_to_execute`, `evalJs`: the name says that it is a program, and that it is run.
    let index = lexicon.index();
    let named = {
        let name = &scratch.name;
        let code = index.role(GroupRole::Code) | index.role(GroupRole::Sql) | index.role(GroupRole::Interpreter);
        let of = |i: usize| name.entry(i).groups & code != 0;
        let runs = |i: usize| {
            let evals = name.verb(lexicon, i).is_some_and(|(_, _, row)| row.facets.contains(&Facet::RunsCode));
            (!of(i) || (evals && (0..name.len()).any(|k| k != i && of(k))))
                && name.entry(i).groups & index.role(GroupRole::Query) == 0
                && name.verb(lexicon, i).is_some_and(|(_, form, row)| {
                    form == Form::Base && row.noun != Noun::Mostly && row.roles.contains(VerbRole::Runs)
                })
        };
        // The verb stands first or last: `executeCode`, `code_to_run`, and not `script_run_id`.
        name.len() > 1 && (0..name.len()).any(of) && (runs(0) || runs(name.len() - 1))
    };
    let mut rule = rule.filter(|r| signals.argument[*r as usize].effect != ArgumentEffect::Action);
    let strings = || keys.items.and_then(|i| i.get("type")).is_none_or(|t| t == "string");
    let textual = (!keys.has_type(SchemaType::Object) || keys.has_type(SchemaType::String))
        && (!keys.has_type(SchemaType::Array) || strings())
        && ![SchemaType::Object, SchemaType::Boolean, SchemaType::Number, SchemaType::Integer]
            .iter()
            .any(|t| keys.is_type(*t));
    // `stages`: a program in parts that nothing describes, and not a list of records.
    let free = |i: &serde_json::Value| {
        i.get("type").is_some_and(|t| t == "object")
            && i.get("properties").is_none_or(|p| p.as_object().is_some_and(serde_json::Map::is_empty))
    };
    let in_parts = keys.is_type(SchemaType::Array) && keys.items.is_some_and(free);
    let (mut runs, mut program, mut changes) = (false, None, false);
    let filters = || {
        let mut words = text.split_whitespace().take(3);
        words.any(|w| lexicon.index().word(&w.to_ascii_lowercase()).is(Function::Filters))
    };
    let reads = || {
        let bit = lexicon.index().role(GroupRole::ReadLanguage);
        text.split_whitespace().any(|w| {
            let word = w.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
            lexicon.index().word(&word).groups & bit != 0
        })
    };
    if (textual || in_parts) && !text.is_empty() {
        let mut settled = None;
        for &(row, start, _) in &scratch.matches.phrases {
            let speaks = signals.phrase[row as usize].role;
            if !matches!(speaks, Some(PhraseRole::Runs | PhraseRole::Program | PhraseRole::Changes)) {
                continue;
            }
            // Most descriptions hold no such phrase: only where one does are its other words looked at.
            if *settled.get_or_insert_with(|| filters() || reads()) {
                break;
            }
            let quoted = text[..start].ends_with(['"', '`', '\'']);
            match speaks {
                Some(PhraseRole::Runs) => runs = true,
                Some(said @ (PhraseRole::Program | PhraseRole::Changes)) if !quoted => {
                    program = Some(row);
                    changes |= said == PhraseRole::Changes;
                }
                _ => {}
            }
        }
        if runs && program.is_none() {
            // `Ruby source code to run`: a program by its noun, run by its description.
            let code = lexicon.index().role(GroupRole::Code) | lexicon.index().role(GroupRole::ProgramNoun);
            let is_code = |w: &str| lexicon.index().word(&w.to_ascii_lowercase()).groups & code != 0;
            if text.split(|c: char| !c.is_alphanumeric()).any(is_code) {
                program = Some(0);
            }
        }
    }
    if named && textual && program.is_none() {
        program = Some(u16::MAX);
        runs = true;
    }
    // What an argument is called matters less than that its description calls it a program to run.
    if rule.is_none_or(|r| !is_program(signals.argument[r as usize].effect)) && program.is_some() {
        rule = lexicon.index().argument(DESCRIBED).or(rule);
    }
    if rule.is_none() {
        // `post_command`, `bashScript`: the last word tells.
        rule = ["command", "cmd", "bash", "shell", "script", "powershell"]
            .iter()
            .find(|w| reduced.len() > w.len() && reduced.ends_with(**w))
            .and_then(|w| lexicon.index().argument(w));
    }
    if rule.is_none() {
        rule = written(reduced).then(|| lexicon.index().argument("outputpath")).flatten();
    }
    let Some(rule) = rule else { return };
    let doubtful_name = signals.argument[rule as usize].unless_described.iter().any(|n| reduced == n.as_str());
    let row = &signals.argument[rule as usize];
    let fits = match row.effect {
        ArgumentEffect::Overwrite | ArgumentEffect::Permanent => switch::is_one(keys, text),
        ArgumentEffect::Confirm | ArgumentEffect::Force | ArgumentEffect::Dispatch | ArgumentEffect::Permits => true,
        // What an object declares is not free.
        ArgumentEffect::Passed => {
            let typed = |items: &serde_json::Value| items.get("type").is_some();
            !(keys.has_type(SchemaType::Array) && keys.items.is_some_and(typed))
                && node.schema.get("properties").is_none_or(|p| p.as_object().is_some_and(serde_json::Map::is_empty))
        }
        ArgumentEffect::FileOut => is_written(keys, reduced, text),
        ArgumentEffect::Query | ArgumentEffect::Code | ArgumentEffect::Shell => {
            let doubtful = row.unless_described.iter().any(|n| reduced.ends_with(n.as_str()));
            let named = || {
                let low = text.to_ascii_lowercase();
                row.described.iter().any(|w| low.contains(w.as_str()))
            };
            let silent = text.is_empty() && row.effect != ArgumentEffect::Query;
            // `Command to execute (list, status or help)`: its values are listed.
            let listed = doubtful && text.split_once('(').is_some_and(|(_, rest)| rest.matches(',').count() > 1);
            let described = program.is_some() || named();
            (textual && (!doubtful || silent || (!listed && described))) || (in_parts && program.is_some())
        }
        ArgumentEffect::Action => false,
    };
    if fits {
        out.seen.push(SeenArgument {
            rule,
            effect: row.effect,
            pointer: node.pointer.to_owned(),
            name: node.name.to_owned(),
            runs,
            changes,
            doubtful: doubtful_name && text.is_empty(),
            switch: is_of_switch(row.effect)
                .then(|| switch::argument(lexicon, node, said, &mut Text::default()))
                .flatten(),
            clear: program.is_some_and(|p| p != 0) || (!doubtful_name && rule_named(lexicon, reduced)),
        });
    }
}

/// The key of the row for arguments that only their description calls a program; no name reduces to it.
const DESCRIBED: &str = "*program";

/// Whether an effect is that of a switch, which a policy can keep off.
fn is_of_switch(effect: ArgumentEffect) -> bool {
    matches!(effect, ArgumentEffect::Force | ArgumentEffect::Overwrite | ArgumentEffect::Permanent)
}

fn is_program(effect: ArgumentEffect) -> bool {
    matches!(effect, ArgumentEffect::Query | ArgumentEffect::Code | ArgumentEffect::Shell)
}

/// Whether an argument's name alone says that it is a program.
fn rule_named(lexicon: &Lexicon, reduced: &str) -> bool {
    let whole = lexicon.index().argument(reduced);
    let of = |r: u16| {
        let row = &lexicon.signals().argument[r as usize];
        is_program(row.effect) && !row.unless_described.iter().any(|n| n == reduced)
    };
    whole.map_or_else(|| ["command", "bash", "shell", "powershell", "cmd"].iter().any(|w| reduced.ends_with(w)), of)
}

/// Whether a name says that something is saved.
fn written(reduced: &str) -> bool {
    let ends = ["path", "file", "filename", "dir", "directory", "folder"].iter().any(|e| reduced.ends_with(e));
    let begins = ["save", "output", "dest", "export", "download"].iter().any(|b| reduced.starts_with(b));
    (begins && ends) || (reduced.starts_with("save") && reduced.len() > 4)
}

fn is_written(keys: &Keys<'_>, reduced: &str, text: &str) -> bool {
    if keys.has_type(SchemaType::Object) || keys.has_type(SchemaType::Number) || keys.has_type(SchemaType::Integer) {
        return false;
    }
    let clear = reduced.starts_with("save")
        || ((reduced.contains("output") || reduced.contains("download")) && keys.has_type(SchemaType::String));
    let low = text.to_ascii_lowercase();
    clear || ["save", "write", "output", "download"].iter().any(|w| low.contains(w))
}
