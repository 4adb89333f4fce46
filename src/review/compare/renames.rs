//! Tools with another name, and which rules that name the old one stop matching.

use super::{State, StateTool, between, moved_text, of_server};
use crate::catalog::lock::pair::{self, Pair};
use crate::neutral;
use crate::policy::Outcome;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;
use crate::risk::Class;

/// How many names one sentence lists.
const MAX_LISTED: usize = 3;
/// How many names the evidence lists.
const MAX_SHOWN: usize = 50;

/// What a rename does to rules that name tools: said once a server.
const EVERY_RULE: &str = "every rule that names an old name stops matching: a rule that denies it fails open where the \
                          policy allows what it does not name, a rule that allows it fails closed where the policy \
                          denies that";

/// Reports the renamed tools: those behind another prefix in one line, others one by one; and what that does to rules.
pub(super) fn compare(slug: &str, base: &State, head: &State, pairs: &[Pair], changes: &mut Vec<Change>) {
    let seen = |p: &Pair| p.before.and_then(|i| base.seen(i)).zip(p.after.and_then(|j| head.seen(j)));
    let renamed: Vec<(StateTool<'_>, StateTool<'_>)> =
        pairs.iter().filter_map(seen).filter(|(before, after)| before.row.tool != after.row.tool).collect();
    if renamed.is_empty() {
        return;
    }
    let mut reported = Vec::new();
    let swap = pair::swap(&base.rows, &head.rows);
    let (swapped, single): (Vec<_>, Vec<_>) = renamed.iter().copied().partition(|(before, after)| {
        swap.as_ref().and_then(|s| s.apply(&before.row.tool)).is_some_and(|name| name == after.row.tool)
    });
    if let Some(swap) = swap.filter(|_| !swapped.is_empty()) {
        let message = format!(
            "{} of {} tools have another prefix: {}",
            swapped.len(),
            base.rows.len(),
            match (swap.from.as_str(), swap.to.as_str()) {
                ("", to) => format!("{} now comes before their names", neutral::quoted(to)),
                (from, "") => format!("{} is gone", neutral::quoted(from)),
                (from, to) => format!("{} is now {}", neutral::quoted(from), neutral::quoted(to)),
            }
        );
        let mut change = of_server(slug, Kind::PrefixRenamed, message, &head.file);
        change.evidence = names(&swapped);
        reported.push(change);
    }
    for (before, after) in single {
        let message = format!("renamed from {}, the schema is the same", neutral::quoted(&before.row.tool));
        reported.push(between(slug, Kind::ToolRenamed, before, after, message));
    }
    if let Some(first) = reported.first_mut() {
        first.evidence.push(Proof::Said { text: EVERY_RULE.into() });
    }
    changes.append(&mut reported);
    let of = |which: fn(Outcome) -> bool| -> Vec<(StateTool<'_>, StateTool<'_>)> {
        renamed.iter().copied().filter(|(before, _)| which(recommended(*before))).collect()
    };
    let denied = of(|outcome| matches!(outcome, Outcome::Narrowed | Outcome::Denied | Outcome::Hidden));
    let allowed = of(|outcome| matches!(outcome, Outcome::Allowed | Outcome::Limited | Outcome::Narrowed));
    let limited = of(|outcome| matches!(outcome, Outcome::Limited));
    if !denied.is_empty() {
        let message = format!(
            "rules that deny {} do not match the new {}: a policy that allows what it does not name lets calls through",
            listed(&denied),
            noun(denied.len())
        );
        let closed = "the documents that toolcard writes deny what they do not name, do not offer it or ask first: \
                      under these the new name is not open";
        changes.push(unmatched(slug, head, Kind::DenyUnmatched, message, &denied, closed));
    }
    if !allowed.is_empty() {
        let message = format!(
            "rules that allow {} do not match the new {}: a policy that denies what it does not name denies calls",
            listed(&allowed),
            noun(allowed.len())
        );
        let limits = match limited.len() {
            0 => "",
            _ => "a limit of calls is not kept for the new name by a policy that allows what it does not name",
        };
        changes.push(unmatched(slug, head, Kind::AllowUnmatched, message, &allowed, limits));
    }
}

fn unmatched(
    slug: &str,
    head: &State,
    kind: Kind,
    message: String,
    tools: &[(StateTool<'_>, StateTool<'_>)],
    note: &'static str,
) -> Change {
    let mut change = of_server(slug, kind, message, &head.file);
    change.evidence = names(tools);
    if !note.is_empty() {
        change.evidence.push(Proof::Said { text: note.into() });
    }
    change
}

/// What the policy that is recommended for the base does with a tool. A lock has no definitions: there it is what a
/// class has by default.
fn recommended(seen: StateTool<'_>) -> Outcome {
    seen.outcome().unwrap_or(match seen.row.label.class {
        Class::Read => Outcome::Allowed,
        Class::Write => Outcome::Limited,
        Class::Destructive => Outcome::Hidden,
    })
}

fn noun(n: usize) -> &'static str {
    if n == 1 { "name" } else { "names" }
}

/// The old names.
fn listed(tools: &[(StateTool<'_>, StateTool<'_>)]) -> String {
    let named: Vec<String> =
        tools.iter().take(MAX_LISTED).map(|(before, _)| neutral::quoted(&before.row.tool)).collect();
    let more = tools.len() - named.len();
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}

/// Each name before and after.
fn names(tools: &[(StateTool<'_>, StateTool<'_>)]) -> Vec<Proof> {
    let mut proofs: Vec<Proof> = (tools.iter().take(MAX_SHOWN))
        .map(|(before, after)| moved_text("name", Some(&before.row.tool), Some(&after.row.tool)))
        .collect();
    if tools.len() > MAX_SHOWN {
        proofs.push(Proof::Said { text: format!("and {} more", tools.len() - MAX_SHOWN).into() });
    }
    proofs
}
