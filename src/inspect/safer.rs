//! One line on what it would take to be safer: the smallest step that takes the greatest risk away.

use super::exfiltration::{Exfiltration, LegTools, RiskTogether, ToolOfServer};
use super::server::InspectedServer;
use crate::english::{count, list};
use crate::neutral::quoted;

/// Tools that are named; of more, their number.
const MAX_NAMED: usize = 3;

/// The line: a sentence, names between backticks.
pub fn safer(servers: &[InspectedServer], exfiltration: &Exfiltration) -> String {
    if exfiltration.risk >= RiskTogether::Together
        && let Some(line) = without_a_leg(servers, exfiltration)
    {
        return line;
    }
    let tools = || servers.iter().flat_map(|server| &server.tools);
    let destructive = tools().filter(|tool| tool.class == crate::risk::Class::Destructive).count();
    let denied = tools().filter(|tool| tool.denied).count();
    let writes = tools().filter(|tool| tool.class == crate::risk::Class::Write).count();
    if destructive > 0 && denied > 0 {
        let them = if denied == 1 { "it" } else { "them" };
        let denied = count(denied, "tool");
        return format!("Paste the recommended policy: it denies {denied} until somebody reviews {them}.");
    }
    let changing = destructive + writes;
    if changing > 0 {
        let reads = tools().count() - changing;
        return if reads == 0 {
            "Every tool changes something: allow those that the task needs, and no other.".to_owned()
        } else {
            let (reads, changing) = (count(reads, "Read tool"), count(changing, "tool"));
            format!("Where an agent need only read, allow the {reads} and deny {changing}.")
        };
    }
    if servers.iter().any(|server| !server.complete) {
        return "Get the whole listing: of the tools that are not listed nothing is known.".to_owned();
    }
    "Keep it so: `toolcard import` and `toolcard review` show when a tool changes.".to_owned()
}

/// Without the leg that the fewest tools have, nothing can leave. What the recommended policy denies is gone already.
fn without_a_leg(servers: &[InspectedServer], exfiltration: &Exfiltration) -> Option<String> {
    let passes = |of: &ToolOfServer| {
        let server = servers.iter().find(|server| server.slug == of.server);
        server.is_none_or(|server| server.tools.iter().any(|tool| tool.name == of.tool && !tool.denied))
    };
    let left = |leg: &LegTools| leg.tools.iter().filter(|of| passes(of)).cloned().collect::<Vec<ToolOfServer>>();
    // Of several with as few, the one that costs an agent least: that something leaves.
    let (leg, left) = exfiltration.legs.iter().rev().map(|leg| (leg, left(leg))).min_by_key(|(_, left)| left.len())?;
    let name = leg.leg.name();
    let n = left.len();
    if n == 0 {
        return Some(format!("Paste the recommended policy: it denies every tool that brings {name}."));
    }
    let first = if n < leg.tools.len() { "Paste the recommended policy, and deny" } else { "Deny" };
    let several = servers.len() > 1;
    if n <= MAX_NAMED {
        let named: Vec<String> = left
            .iter()
            .map(|of| if several { quoted(&format!("{}/{}", of.server, of.tool)) } else { quoted(&of.tool) })
            .collect();
        let others = match (n, n < leg.tools.len()) {
            (1, false) => "no other tool brings",
            (1, true) => "no other tool that the policy allows brings",
            (_, false) => "no others bring",
            (_, true) => "no others that the policy allows bring",
        };
        return Some(format!("{first} {}: {others} {name}.", list(&named, "and")));
    }
    let mut of: Vec<&str> = left.iter().map(|of| of.server.as_str()).collect();
    of.sort_unstable();
    of.dedup();
    if let [only] = of.as_slice()
        && several
    {
        return Some(format!(
            "Give {} to another agent than the rest: no other server brings {name}, which {} of it do.",
            quoted(only),
            count(n, "tool")
        ));
    }
    Some(format!(
        "Let one agent read what strangers write and another what is private: the smallest leg, {name}, has {}.",
        count(n, "tool")
    ))
}
