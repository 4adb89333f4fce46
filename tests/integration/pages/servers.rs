//! Pages of servers: the table of tools, and what authors can declare.

use std::collections::BTreeMap;

use serde_json::Value;
use toolcard::risk::Class;
use toolcard::site::views;

use super::Bundle;

#[test]
fn annotations_to_declare_are_json_and_never_milder_than_the_label() {
    let bundle = Bundle::load(&[]);
    let mut proposed = 0;
    for place in 0..bundle.servers.len() {
        let (manifest, verdicts) = &bundle.servers[place];
        let server = bundle.server(place);
        let view = views::server::view(&server, &server.formats(), &bundle.context(place));
        for html in [&view.author.code_html, &view.author.more_html] {
            if html.is_empty() {
                continue;
            }
            let text =
                html.as_str().replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&");
            let tools: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
            for (name, tool) in tools {
                let at = manifest.tools.iter().position(|t| t.name == name).expect("a tool of the server");
                let (declared, class) = (&manifest.tools[at].annotations, verdicts[at].class);
                let hint = |key: &str| tool["annotations"][key].as_bool().expect("a flag");
                assert!(!hint("readOnlyHint") || class == Class::Read, "{name}");
                assert!(hint("destructiveHint") || class != Class::Destructive, "{name}");
                assert!(
                    !hint("readOnlyHint") || declared.read_only != Some(false),
                    "{name} is declared to change something"
                );
                assert!(hint("destructiveHint") || declared.destructive != Some(true), "{name} is declared to destroy");
                assert!(hint("openWorldHint") || declared.open_world == Some(false), "{name}");
                proposed += 1;
            }
        }
    }
    assert!(proposed > 500, "{proposed}");
}

#[test]
fn what_is_the_same_for_every_tool_has_no_column() {
    let bundle = Bundle::load(&[]);
    let mut constant = 0;
    for place in 0..bundle.servers.len() {
        let server = bundle.server(place);
        let view = views::server::view(&server, &server.formats(), &bundle.context(place));
        let rows: Vec<_> = view.matrix.groups.iter().flat_map(|group| &group.rows).collect();
        if rows.len() < 2 {
            continue;
        }
        let same = |of: &dyn Fn(usize) -> String| (1..rows.len()).all(|i| of(i) == of(0));
        assert_eq!(
            view.matrix.severity,
            !same(&|i| serde_json::to_value(rows[i].label).expect("serialises")["severity"].to_string())
        );
        assert_eq!(view.matrix.declared, !same(&|i| rows[i].declared.to_owned()));
        assert_eq!(view.matrix.against, !same(&|i| rows[i].against.to_owned()));
        for at in 0..view.matrix.facets.len() {
            assert!(!same(&|i| rows[i].facets[at].to_owned()), "{}", view.matrix.facets[at]);
        }
        assert_eq!(
            view.matrix.facets.len() == 7,
            !view.matrix.same_html.as_str().contains("facet") && !view.matrix.same_html.as_str().contains("No tool")
        );
        constant += usize::from(!view.matrix.same_html.is_empty());
    }
    assert!(constant > 20, "{constant}");
}
