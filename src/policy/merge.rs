//! Documents of one server → one: the union of `tools` and `hide`.

use std::collections::BTreeMap;
use std::collections::btree_map;

use super::{Clause, DefaultAction, Entry, Policy};
use crate::manifest::schema::escape;

/// The union of documents, and where they differed.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The union.
    pub policy: Policy,
    /// JSON Pointer to each part that two documents have and say differently: what both say holds.
    pub differ: Vec<String>,
}

/// The union of documents: what any of them hides is hidden, what any of them lists is listed. Where
/// two have an entry for one tool, every clause and limit of both holds; where one denies by
/// default, the union does. Nothing is allowed that a document which names the tool denies.
pub fn merge(policies: &[Policy]) -> Merged {
    let mut merged = policies.first().cloned().unwrap_or_else(Policy::deny_all);
    let mut differ = Vec::new();
    for policy in policies.iter().skip(1) {
        if policy.default != merged.default {
            merged.default = DefaultAction::Deny;
            differ.push("/default".to_owned());
        }
        add(&mut merged.hide, &policy.hide);
        add(&mut merged.all_tools, &policy.all_tools);
        entries(&mut merged.tools, &policy.tools, &mut differ);
    }
    merged.hide.sort_unstable();
    merged.hide.dedup();
    differ.sort_unstable();
    differ.dedup();
    Merged { policy: merged, differ }
}

fn entries(into: &mut BTreeMap<String, Entry>, from: &BTreeMap<String, Entry>, differ: &mut Vec<String>) {
    for (name, entry) in from {
        match into.entry(name.clone()) {
            btree_map::Entry::Vacant(slot) => {
                slot.insert(entry.clone());
            }
            btree_map::Entry::Occupied(mut slot) if slot.get() != entry => {
                differ.push(format!("/tools/{}", escape(name)));
                let both: &mut Entry = slot.get_mut();
                add::<Clause>(&mut both.require, &entry.require);
                add(&mut both.deny_if, &entry.deny_if);
                add(&mut both.limits, &entry.limits);
            }
            btree_map::Entry::Occupied(_) => {}
        }
    }
}

/// Appends what is not there yet.
fn add<T: Clone + PartialEq>(into: &mut Vec<T>, from: &[T]) {
    for item in from {
        if !into.contains(item) {
            into.push(item.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{tool, verdict};
    use super::super::{Profile, RateLimits, recommend, server_document, tool_document};
    use super::*;
    use crate::risk::{Class, Facet};

    #[test]
    fn the_documents_of_all_tools_merge_into_the_document_of_the_server() {
        let tools = [
            (tool("read"), verdict(Class::Read, &[])),
            (tool("write"), verdict(Class::Write, &[])),
            (tool("wipe"), verdict(Class::Destructive, &[])),
            (tool("pay"), verdict(Class::Destructive, &[Facet::MovesMoney])),
        ];
        let rate_limits = RateLimits::default();
        let parts: Vec<Policy> =
            tools.iter().map(|(t, v)| tool_document(&t.name, &recommend(t, v, &rate_limits))).collect();
        let whole = server_document(tools.iter().map(|(t, v)| (t, v)), Profile::Guarded, &rate_limits);
        assert_eq!(merge(&parts), Merged { policy: whole.clone(), differ: Vec::new() });
        assert_eq!(merge(&[whole.clone(), whole.clone()]).policy, whole);
        assert_eq!(merge(&[]).policy, Policy::deny_all());
    }

    #[test]
    fn where_documents_differ_both_hold_and_it_is_named() {
        let rate_limits = RateLimits::default();
        let rule = |class| tool_document("a/b", &recommend(&tool("a/b"), &verdict(class, &[]), &rate_limits));
        let other = Policy { default: DefaultAction::Allow, ..Policy::deny_all() };
        let merged = merge(&[other, rule(Class::Read), rule(Class::Write)]);
        assert_eq!(merged.differ, ["/default", "/tools/a~1b"]);
        assert_eq!(merged.policy, rule(Class::Write));
    }
}
