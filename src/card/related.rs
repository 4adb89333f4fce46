//! Other tools of the same server: those that require the same id, and those whose names share their words.

use std::collections::HashMap;

use serde::Serialize;

use super::names::Named;
use super::slot::CodeText;
use super::view::{ToolReading, View};
use super::{Prose, Role, sentences};

/// Related tools on a card, at most.
const MAX_SHOWN: usize = 6;
/// Tools that are compared with each other, at most: the nearest in the listing.
const MAX_COMPARED: usize = 48;

/// Why another tool is on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Requires an id of the same name.
    SameId,
    /// Its name has the same words but for the verb.
    SameThing,
    /// Its name ends in the same word.
    Akin,
}

/// Another tool of the same server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Its place in the manifest.
    pub index: usize,
    /// Why it is here.
    pub relation: Relation,
    /// What speaks for calling it instead, in words; nothing where nothing does.
    pub reason: Prose,
}

/// Who is about what, by the last word of the name and by required ids.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    last: HashMap<String, Vec<usize>>,
    ids: HashMap<String, Vec<usize>>,
}

impl Relations {
    pub(crate) fn of(readings: &[ToolReading<'_>]) -> Self {
        let mut out = Self::default();
        for (i, reading) in readings.iter().enumerate() {
            if let Some(last) = reading.named.things.last() {
                out.last.entry(last.clone()).or_default().push(i);
            }
            for argument in reading.arguments.iter().filter(|a| a.required && a.role == Some(Role::Id)) {
                out.ids.entry(argument.name.to_owned()).or_default().push(i);
            }
        }
        // An id that most tools take relates nobody.
        let common = (readings.len() * 2 / 5).max(8);
        out.ids.retain(|_, tools| tools.len() <= common);
        out
    }

    /// Related tools, the nearest first.
    pub(crate) fn related(&self, view: &View<'_>) -> Vec<Related> {
        let named = |i: usize| -> &Named { &view.readings[i].named };
        let own = named(view.index);
        let mut found: Vec<(Relation, usize, Option<&str>)> = Vec::new();
        let mut add = |relation, j: usize, id| {
            if j != view.index && !found.iter().any(|(_, seen, _)| *seen == j) {
                found.push((relation, j, id));
            }
        };
        for argument in view.arguments().iter().filter(|a| a.required && a.role == Some(Role::Id)) {
            for j in near(self.ids.get(argument.name), view.index) {
                add(Relation::SameId, *j, Some(argument.name));
            }
        }
        for j in near(own.things.last().and_then(|last| self.last.get(last)), view.index) {
            let same = named(*j).things == own.things;
            add(if same { Relation::SameThing } else { Relation::Akin }, *j, None);
        }
        found.sort_by_key(|(relation, j, _)| (*relation, j.abs_diff(view.index), *j));
        found.truncate(MAX_SHOWN);
        let reason = |index: usize, id: Option<&str>| {
            let class = view.verdicts.get(index).map(|v| v.class).filter(|class| *class < view.class());
            id.zip(class).map(|(id, class)| sentences::milder(CodeText(id), class.into())).unwrap_or_default()
        };
        found.into_iter().map(|(relation, i, id)| Related { index: i, relation, reason: reason(i, id) }).collect()
    }
}

/// Of a sorted list, the part around `i` that is compared.
fn near(tools: Option<&Vec<usize>>, i: usize) -> &[usize] {
    let tools = tools.map_or(&[][..], Vec::as_slice);
    if tools.len() <= MAX_COMPARED {
        return tools;
    }
    let at = tools.partition_point(|j| *j < i);
    let start = at.saturating_sub(MAX_COMPARED / 2).min(tools.len() - MAX_COMPARED);
    &tools[start..start + MAX_COMPARED]
}
