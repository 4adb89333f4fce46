//! One server before and after → changes. Pure: states in, changes out.

mod findings;
mod hints;
mod labels;
mod overrides;
mod policies;
mod renames;
mod says;
mod schema;
mod words;

use std::cmp::Ordering;

use super::change::{Change, Location, Proof};
use super::kind::Kind;
use super::state::{State, StateTool};
use crate::catalog::day::Day;
use crate::catalog::lock::pair;
use crate::classify::FindingLevel;
use crate::english::plain_count;
use crate::manifest::{DefinitionPart, Fingerprint, Tool, fingerprint};
use crate::policy::Outcome;
use crate::risk::Class;
pub(super) use labels::told;
use says::Names;
pub use says::instructs;

/// Compares a known server, tool by tool.
pub(super) fn server(slug: &str, base: &State, head: &State, today: Day) -> Vec<Change> {
    let mut changes = Vec::new();
    let pairs = pair::tools(&base.rows, &head.rows);
    let name = |state: &'_ State, i: Option<usize>| i.and_then(|i| state.rows.get(i)).map(|row| row.tool.clone());
    let renamed: Vec<(String, String)> =
        pairs.iter().filter_map(|p| name(base, p.before).zip(name(head, p.after))).filter(|(a, b)| a != b).collect();
    let names = Names::of(base, head, &renamed);
    for pair in &pairs {
        let before = pair.before.and_then(|i| base.seen(i));
        let after = pair.after.and_then(|j| head.seen(j));
        match (before, after) {
            (Some(before), Some(after)) => both(slug, before, after, &names, &mut changes),
            (None, Some(after)) => added(slug, after, &mut changes),
            (Some(before), None) => {
                let mut change = about(slug, Kind::ToolRemoved, before, "the tool is gone".to_owned());
                // What is gone has no line in the head: the file stands for it.
                change.location = Some(Location::new(&head.file, None));
                change.before = change.after.take();
                changes.push(change);
            }
            (None, None) => {}
        }
    }
    renames::compare(slug, base, head, &pairs, &mut changes);
    overrides::compare(slug, Some(base), head, today, &mut changes);
    changes
}

/// A server that is the same on both sides: what reminders there are.
pub(super) fn same(slug: &str, state: &State, today: Day) -> Vec<Change> {
    let mut changes = Vec::new();
    overrides::compare(slug, Some(state), state, today, &mut changes);
    changes
}

/// Every tool of a new server.
pub(super) fn new_server(slug: &str, head: &State, today: Day) -> Vec<Change> {
    let message = format!("the server is new, with {}", plain_count(head.rows.len(), "tool"));
    let mut changes = vec![of_server(slug, Kind::ServerAdded, message, &head.file)];
    for after in (0..head.rows.len()).filter_map(|i| head.seen(i)) {
        added(slug, after, &mut changes);
    }
    overrides::compare(slug, None, head, today, &mut changes);
    changes
}

/// A server that is gone.
pub(super) fn gone_server(slug: &str, base: &State) -> Change {
    of_server(
        slug,
        Kind::ServerRemoved,
        format!("the server is gone, with {}", plain_count(base.rows.len(), "tool")),
        &base.file,
    )
}

/// A change of a whole server.
pub(super) fn of_server(slug: &str, kind: Kind, message: String, file: &str) -> Change {
    Change {
        id: kind,
        level: kind.row().level,
        server: slug.to_owned(),
        tool: None,
        message,
        before: None,
        after: None,
        evidence: Vec::new(),
        location: (!file.is_empty()).then(|| Location::new(file, None)),
        accepted: None,
    }
}

/// A change of a tool that is there after, with its label as `after`.
pub(super) fn about(slug: &str, kind: Kind, seen: StateTool<'_>, message: String) -> Change {
    Change {
        id: kind,
        level: kind.row().level,
        server: slug.to_owned(),
        tool: Some(seen.row.tool.clone()),
        message,
        before: None,
        after: Some(seen.row.label.clone()),
        evidence: Vec::new(),
        location: Some(seen.location()),
        accepted: None,
    }
}

/// A change of a tool that is there before and after.
fn between(slug: &str, kind: Kind, before: StateTool<'_>, after: StateTool<'_>, message: String) -> Change {
    Change { before: Some(before.row.label.clone()), ..about(slug, kind, after, message) }
}

fn added(slug: &str, after: StateTool<'_>, changes: &mut Vec<Change>) {
    let label = &after.row.label;
    let message = match after.outcome() {
        Some(outcome) => format!("new, {}; the recommended policy {}", labels::in_words(label), does(outcome)),
        None => format!("new, {}", labels::in_words(label)),
    };
    let mut change = about(slug, Kind::ToolAdded, after, message);
    change.level = match label.class {
        Class::Read => FindingLevel::Note,
        Class::Write => FindingLevel::Warning,
        Class::Destructive => FindingLevel::Error,
    };
    change.evidence = labels::reasons(after, None);
    changes.push(change);
    says::instructions(slug, after, changes);
    findings::added(slug, None, after, &[], changes);
}

fn both(slug: &str, before: StateTool<'_>, after: StateTool<'_>, names: &Names<'_>, changes: &mut Vec<Change>) {
    let renamed = before.row.tool != after.row.tool;
    // The name is `tool-renamed` or `prefix-renamed`; what `extra` holds does not describe the tool.
    let mut moved = before.row.fingerprint.moved(&after.row.fingerprint);
    // It says who may call and what the author publishes of the risk, though; a lock does not hold that.
    let extra = moved.contains(&DefinitionPart::Extra) && before.definition.is_some() && after.definition.is_some();
    moved.retain(|part| !matches!(part, DefinitionPart::Name | DefinitionPart::Extra));
    labels::compare(slug, before, after, &moved, changes);
    if renamed || extra || !moved.is_empty() {
        let from = changes.len();
        let said = says::compare(slug, before, after, &moved, names, changes);
        let mut reported = Vec::new();
        reported.extend(words::compare(slug, before, after, &moved, said.words, changes));
        reported.extend(hints::compare(slug, before, after, &moved, changes));
        reported.extend(schema::compare(slug, before, after, &moved, changes));
        let kinds: Vec<(Kind, FindingLevel)> = changes[from..].iter().map(|c| (c.id, c.level)).collect();
        findings::added(slug, Some((before, &moved)), after, &kinds, changes);
        findings::author(slug, before, after, changes);
        moved.retain(|part| !reported.contains(part));
        rest(slug, before, after, &moved, said.schema, changes);
    }
    policies::compare(slug, before, after, changes);
}

/// The parts that nothing more exact has reported. `quoted` is a change that quotes a text of the input schema.
fn rest(
    slug: &str,
    before: StateTool<'_>,
    after: StateTool<'_>,
    moved: &[DefinitionPart],
    quoted: Option<usize>,
    changes: &mut Vec<Change>,
) {
    let tools = before.definition.zip(after.definition).map(|(old, new)| (&old.tool, &new.tool));
    let others = tools.and_then(|(old, new)| further(old, new));
    let schemas = tools
        .map(|(old, new)| (&old.input_schema, &new.input_schema))
        .filter(|_| moved.contains(&DefinitionPart::InputSchema));
    let (said, proofs) = schemas.map(|(old, new)| schema::moved::reported(old, new)).unwrap_or_default();
    let mut parts: Vec<&DefinitionPart> = moved.iter().collect();
    // Where only words moved and a line quotes them, that line shows the difference.
    if let Some((old, new)) = schemas
        && schema::moved::wordless(old) == schema::moved::wordless(new)
        && let Some(line) = quoted.and_then(|at| changes.get_mut(at))
    {
        line.evidence.extend(proofs.iter().cloned());
        parts.retain(|part| **part != DefinitionPart::InputSchema);
    }
    // Further definitions count as a part of the schema: where its own arguments are, they alone moved it.
    if others.is_some() && proofs.is_empty() {
        parts.retain(|part| **part != DefinitionPart::InputSchema);
    }
    if parts.is_empty() && others.is_none() {
        return;
    }
    let keys: Vec<&str> = parts.iter().map(|p| p.key()).collect();
    let mut message = format!("the definition changed in {}", keys.join(", "));
    let tells = parts.contains(&&DefinitionPart::InputSchema);
    if tells && !said.is_empty() {
        message = format!("{message}: {}", said.join(", "));
    }
    if let Some(others) = others {
        message = if parts.is_empty() { others.to_owned() } else { format!("{message}; {others}") };
    }
    let mut change = between(slug, Kind::DefinitionChanged, before, after, message);
    if tells {
        change.evidence = proofs;
    }
    changes.push(change);
}

/// What a policy does with the calls of a tool, after its name.
fn does(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allows it",
        Outcome::Limited => "limits its calls",
        Outcome::Narrowed => "allows some values of an argument",
        Outcome::Denied => "denies it",
        Outcome::Hidden => "hides it",
    }
}

/// What became of the further definitions of a tool's name.
fn further(old: &Tool, new: &Tool) -> Option<&'static str> {
    let prints = |tool: &Tool| -> Vec<Fingerprint> { tool.others.iter().map(fingerprint).collect() };
    match new.others.len().cmp(&old.others.len()) {
        Ordering::Greater if old.others.is_empty() => Some("a second definition of that name came"),
        Ordering::Greater => Some("a further definition of that name came"),
        Ordering::Less => Some("a further definition of that name is gone"),
        Ordering::Equal if prints(old) != prints(new) => Some("a further definition of that name changed"),
        Ordering::Equal => None,
    }
}

/// A part of a definition before and after, for evidence.
fn moved_text(place: &str, before: Option<&str>, after: Option<&str>) -> Proof {
    Proof::Moved { place: place.to_owned(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
}
