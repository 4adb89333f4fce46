//! Where clients' configurations keep their servers.

use serde_json::{Map, Value};

/// The tables of servers that a configuration may have: name and entry of each.
pub fn server_tables(document: &Value) -> Vec<&Map<String, Value>> {
    const PLACES: [&str; 7] =
        ["/mcpServers", "/servers", "/mcp_servers", "/context_servers", "/mcp/servers", "/mcp/mcpServers", "/mcp"];
    let mut found: Vec<&Map<String, Value>> = Vec::new();
    for place in PLACES {
        if let Some(table) = document.pointer(place).and_then(Value::as_object) {
            // `mcp` of opencode lists servers; that of VS Code holds the list.
            let holds = place == "/mcp"
                && (table.contains_key("servers") || table.contains_key("mcpServers") || table.contains_key("inputs"));
            if !holds {
                found.push(table);
            }
        }
    }
    // Claude Code keeps those of each project beside its own.
    let projects = document.get("projects").and_then(Value::as_object);
    let of_projects = projects.into_iter().flat_map(Map::values);
    found.extend(of_projects.filter_map(|project| project.get("mcpServers")?.as_object()));
    found
}
