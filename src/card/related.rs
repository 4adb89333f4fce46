//! Other tools of the same server, each with a reason, and what makes tools of other servers alike.

use std::collections::HashMap;

use serde::Serialize;

use super::server::{Reading, View};
use super::{Prose, Role, Subject, grammar, lead};
use crate::classify::{Class, Facet, Verdict};

/// Related tools on a card, at most.
const SHOWN: usize = 6;
/// Tools of one kind of thing that are compared with each other, at most: the nearest in the listing.
const COMPARED: usize = 48;

/// Deeds that the second takes back and the first does not: creating anew brings nothing back.
const UNDONE_BY: &[(&str, &str)] = &[
    ("add", "delete"),
    ("create", "delete"),
    ("create", "drop"),
    ("create", "remove"),
    ("deploy", "undeploy"),
    ("insert", "delete"),
    ("install", "uninstall"),
    ("put", "delete"),
    ("save", "delete"),
    ("upload", "delete"),
];
/// Deeds that take each other back.
const INVERSE: &[(&str, &str)] = &[
    ("add", "remove"),
    ("archive", "restore"),
    ("archive", "unarchive"),
    ("assign", "unassign"),
    ("attach", "detach"),
    ("ban", "unban"),
    ("block", "unblock"),
    ("close", "reopen"),
    ("close", "open"),
    ("complete", "reopen"),
    ("complete", "uncomplete"),
    ("connect", "disconnect"),
    ("disable", "enable"),
    ("follow", "unfollow"),
    ("grant", "revoke"),
    ("hide", "show"),
    ("join", "leave"),
    ("link", "unlink"),
    ("lock", "unlock"),
    ("mount", "unmount"),
    ("mute", "unmute"),
    ("pause", "resume"),
    ("pin", "unpin"),
    ("publish", "unpublish"),
    ("register", "deregister"),
    ("register", "unregister"),
    ("star", "unstar"),
    ("start", "stop"),
    ("subscribe", "unsubscribe"),
    ("suspend", "resume"),
    ("tag", "untag"),
];
/// Deeds that bring back what is gone; never the other way round.
const RESTORES: &[&str] = &["restore", "recover", "undelete", "undo", "rollback", "revert", "untrash"];
/// Deeds that such a tool takes back.
const RESTORABLE: &[&str] =
    &["delete", "remove", "archive", "trash", "update", "drop", "destroy", "purge", "deploy", "upgrade"];
/// Deeds that find ids.
const FINDS: &[&str] = &["list", "search", "find", "query", "browse", "lookup"];

/// Why another tool stands on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Takes back what this one does.
    Undoes,
    /// Finds an id that this one needs.
    Supplies,
    /// The same deed on one thing, or on many.
    Twin,
    /// Shows what this one would change.
    ShowsFirst,
    /// Another deed on the same thing.
    SameThing,
    /// Takes the same id.
    SameId,
    /// About the same kind of thing.
    Akin,
}

/// Another tool of the same server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Its place in the manifest.
    pub index: usize,
    /// Why it stands here.
    pub relation: Relation,
    /// Why, in words.
    pub reason: Prose,
}

/// Who is about what, by nouns and by required ids.
#[derive(Debug, Default)]
pub struct Relations {
    heads: HashMap<String, Vec<usize>>,
    ids: HashMap<String, Vec<usize>>,
}

impl Relations {
    pub fn of(readings: &[Reading<'_>], verdicts: &[Verdict]) -> Self {
        let mut out = Self::default();
        for (i, reading) in readings.iter().enumerate() {
            if !reading.subject.head.is_empty() {
                out.heads.entry(reading.subject.head.clone()).or_default().push(i);
            }
            for argument in reading.arguments.iter().filter(|a| a.required && a.role == Some(Role::Id)) {
                out.ids.entry(argument.name.to_owned()).or_default().push(i);
            }
        }
        // An id that most tools take relates nobody.
        let common = (verdicts.len() * 2 / 5).max(8);
        out.ids.retain(|_, tools| tools.len() <= common);
        out
    }

    /// The tools about a kind of thing, in the manifest's order.
    pub fn about(&self, head: &str) -> &[usize] {
        self.heads.get(head).map_or(&[], Vec::as_slice)
    }

    /// A tool that takes back what the tool at `i` does.
    pub fn undo(&self, readings: &[Reading<'_>], i: usize) -> Option<usize> {
        let own = &readings[i].subject;
        let verb = own.verb.as_deref()?;
        let takes_back = |j: &usize| {
            let other = &readings[*j].subject;
            let same = other.things == own.things
                || (other.head == own.head && RESTORES.contains(&other.verb.as_deref().unwrap_or("")));
            *j != i && same && other.verb.as_deref().is_some_and(|v| inverse(verb, v))
        };
        near(self.about(&own.head), i).iter().copied().find(takes_back)
    }

    /// A required id of the tool, and a Read tool that finds it.
    pub fn supplier<'s>(&self, view: &View<'s>) -> Option<(&'s str, usize)> {
        let readings = &view.server.readings;
        let verdicts = view.server.verdicts;
        let own = view.subject();
        let ids = view.arguments().iter().filter(|a| matches!(a.role, Some(Role::Id | Role::Ids)));
        ids.filter(|a| a.required || a.role == Some(Role::Ids)).find_map(|argument| {
            let thing = argument.thing.rsplit(' ').next().filter(|t| !t.is_empty()).unwrap_or(&own.head);
            let thing = grammar::singular(thing);
            let finds = |j: &usize| {
                *j != view.index
                    && verdicts[*j].class == Class::Read
                    && readings[*j].subject.verb.as_deref().is_some_and(|v| FINDS.contains(&v))
                    && !readings[*j].arguments.iter().any(|a| a.required && a.name == argument.name)
            };
            self.about(&thing)
                .iter()
                .copied()
                .filter(finds)
                .min_by_key(|j| readings[*j].subject.things.len())
                .map(|j| (argument.name, j))
        })
    }

    /// Related tools, the nearest first.
    pub fn related(&self, view: &View<'_>) -> Vec<Related> {
        let readings = &view.server.readings;
        let own = view.subject();
        let mut found: Vec<(Relation, usize, Option<&str>)> = Vec::new();
        let mut add = |relation, j: usize, id| {
            if j != view.index && !found.iter().any(|(_, seen, _)| *seen == j) {
                found.push((relation, j, id));
            }
        };
        if let Some((j, _)) = view.undo() {
            add(Relation::Undoes, j, None);
        }
        if let Some((id, j)) = self.supplier(view) {
            add(Relation::Supplies, j, Some(id));
        }
        let same_head = near(self.about(&own.head), view.index);
        let bulk = |i: usize| view.server.verdicts[i].facets.has(Facet::Bulk);
        for relation in [Relation::Twin, Relation::ShowsFirst, Relation::SameThing, Relation::Akin] {
            if relation == Relation::Akin {
                for argument in view.arguments().iter().filter(|a| a.required && a.role == Some(Role::Id)) {
                    let tools = self.ids.get(argument.name).map_or(&[][..], Vec::as_slice);
                    for j in nearest(tools, view.index, SHOWN) {
                        add(Relation::SameId, j, Some(argument.name));
                    }
                }
            }
            for &j in same_head {
                let other = &readings[j].subject;
                let same = other.things == own.things;
                let fits = match relation {
                    Relation::Twin => same && other.verb == own.verb && bulk(j) != bulk(view.index),
                    Relation::ShowsFirst => {
                        same && view.class() > Class::Read && view.server.verdicts[j].class == Class::Read
                    }
                    Relation::SameThing => same,
                    _ => true,
                };
                if fits {
                    add(relation, j, None);
                }
            }
        }
        found.sort_by_key(|(relation, j, _)| (*relation, j.abs_diff(view.index), *j));
        found.truncate(SHOWN);
        found
            .into_iter()
            .map(|(relation, index, id)| Related { index, relation, reason: reason(view, relation, index, id) })
            .collect()
    }
}

fn reason(view: &View<'_>, relation: Relation, j: usize, id: Option<&str>) -> Prose {
    let own = view.subject();
    let mut prose = Prose::new();
    match (relation, id) {
        (Relation::Undoes, _) => prose.say("Takes back what this tool does."),
        (Relation::Supplies, Some(id)) => prose.say("Finds the ").code(id).say(" that this tool needs."),
        (Relation::Twin, _) if view.verdict.facets.has(Facet::Bulk) => {
            prose.say(format!("The same deed on one {} at a time: prefer it where one is enough.", own.head))
        }
        (Relation::Twin, _) => prose.say(format!("The same deed on many {} at once.", grammar::plural(&own.head))),
        (Relation::ShowsFirst, _) => prose.say("Shows what this tool would change: worth a call first."),
        (Relation::SameId, Some(id)) => {
            let other = view.server.view(j);
            let deed = other.map(|o| lead::deed(&o)).unwrap_or_default();
            prose.join(deed).say(" Takes the same ").code(id).say(".")
        }
        _ => prose.join(view.server.view(j).map(|o| lead::deed(&o)).unwrap_or_default()),
    };
    prose
}

fn inverse(verb: &str, other: &str) -> bool {
    INVERSE.iter().any(|(a, b)| (*a == verb && *b == other) || (*b == verb && *a == other))
        || UNDONE_BY.contains(&(verb, other))
        || (RESTORES.contains(&other) && RESTORABLE.contains(&verb))
}

/// Of a sorted list, the part around `i` that is compared.
fn near(tools: &[usize], i: usize) -> &[usize] {
    if tools.len() <= COMPARED {
        return tools;
    }
    let at = tools.partition_point(|j| *j < i);
    let start = at.saturating_sub(COMPARED / 2).min(tools.len() - COMPARED);
    &tools[start..start + COMPARED]
}

/// The `count` entries of a sorted list that are nearest to `i`, nearest first.
fn nearest(tools: &[usize], i: usize, count: usize) -> Vec<usize> {
    let mut out: Vec<usize> = near(tools, i).iter().copied().filter(|j| *j != i).collect();
    out.sort_by_key(|j| (j.abs_diff(i), *j));
    out.truncate(count);
    out
}

/// The deed and the things it is done to: `get run metric`.
pub fn likeness(subject: &Subject) -> String {
    let Some(verb) = &subject.verb else { return String::new() };
    let mut key = verb.clone();
    for thing in &subject.things {
        key.push(' ');
        key.push_str(thing);
    }
    key
}
