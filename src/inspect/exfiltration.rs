//! The lethal trifecta over all servers of an agent: private data here, untrusted content there, a way out elsewhere. The
//! danger is in the combination, which no server shows alone.

use serde::Serialize;

use super::server::InspectedServer;
use crate::classify::TrifectaLeg;
use crate::neutral::quoted;

/// How much of the lethal trifecta the tools make together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskTogether {
    /// One leg or none.
    Apart,
    /// Two legs: a third completes it.
    TwoLegs,
    /// All three, and no server alone has them.
    Together,
    /// All three, on one server at least.
    OneServer,
}

/// The risk that private data leaves, over all servers.
#[derive(Debug, Serialize)]
pub struct Exfiltration {
    /// How much of the trifecta is there.
    pub risk: RiskTogether,
    /// What that means: sentences, names between backticks.
    pub message: String,
    /// Which tools provide each leg, worst first.
    pub legs: Vec<LegTools>,
}

/// The tools of one leg.
#[derive(Debug, Serialize)]
pub struct LegTools {
    /// Which.
    pub leg: TrifectaLeg,
    /// The tools, worst first.
    pub tools: Vec<ToolOfServer>,
}

/// A tool of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolOfServer {
    /// The server's slug.
    pub server: String,
    /// The tool's name.
    pub tool: String,
}

impl Exfiltration {
    /// Of all servers.
    pub fn of(servers: &[InspectedServer]) -> Self {
        let legs: Vec<LegTools> = TrifectaLeg::ALL
            .into_iter()
            .map(|leg| {
                let mut tools: Vec<_> = servers
                    .iter()
                    .flat_map(|server| server.tools.iter().map(move |tool| (server, tool)))
                    .filter(|(_, tool)| tool.legs.contains(&leg))
                    .collect();
                tools.sort_by_key(|tool| std::cmp::Reverse(tool.1.severity));
                let named = |(server, tool): (&InspectedServer, &super::server::InspectedTool)| ToolOfServer {
                    server: server.slug.clone(),
                    tool: tool.name.clone(),
                };
                LegTools { leg, tools: tools.into_iter().map(named).collect() }
            })
            .collect();
        let has = |server: &InspectedServer, leg| server.tools.iter().any(|tool| tool.legs.contains(&leg));
        let alone: Vec<&str> = servers
            .iter()
            .filter(|server| TrifectaLeg::ALL.into_iter().all(|leg| has(server, leg)))
            .map(|server| server.slug.as_str())
            .collect();
        let there = legs.iter().filter(|leg| !leg.tools.is_empty()).count();
        let risk = match (there, alone.is_empty()) {
            (3, false) => RiskTogether::OneServer,
            (3, true) => RiskTogether::Together,
            (2, _) => RiskTogether::TwoLegs,
            _ => RiskTogether::Apart,
        };
        let complete = servers.iter().all(|server| server.complete);
        Self { risk, message: message(risk, &legs, &alone, servers.len(), complete), legs }
    }
}

const LEAKS: &str = "Private data can leave: a text that a stranger wrote can make the agent read it and send it out.";

fn message(risk: RiskTogether, legs: &[LegTools], alone: &[&str], servers: usize, complete: bool) -> String {
    let seen = if complete { "" } else { " among the tools that are listed" };
    match risk {
        RiskTogether::OneServer => {
            let all = if servers == 1 { "The server's own tools are enough.".to_owned() } else { which(alone) };
            format!("{LEAKS} {all}")
        }
        RiskTogether::Together => format!("{LEAKS} No server alone can do that; together they can."),
        RiskTogether::TwoLegs => {
            let missing = legs.iter().find(|row| row.tools.is_empty()).map_or("the third", |row| row.leg.name());
            format!(
                "Two of three: no tool that brings {missing} was seen{seen}. One that does lets private data leave."
            )
        }
        RiskTogether::Apart => {
            format!("No combination of tools that lets private data leave was seen{seen}.")
        }
    }
}

fn which(alone: &[&str]) -> String {
    let named: Vec<String> = alone.iter().take(3).map(|slug| quoted(slug)).collect();
    let more = alone.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let does = if alone.len() == 1 { "is enough alone" } else { "are enough, each alone" };
    format!("{}{more} {does}.", crate::english::list(&named, if more.is_empty() { "and" } else { "," }))
}
