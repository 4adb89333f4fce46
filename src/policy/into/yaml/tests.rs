//! What becomes of a text in YAML.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{lines, read};
use crate::policy::formats::{Format, Scope, find};
use crate::policy::{Entry, FilledFile, Filling, IntoRefusal, Policy, document_value};

const SERVER: &str = "files";

fn format(id: &str) -> &'static dyn Format {
    find(id).expect("a format")
}

/// A document that lets the first tools pass and denies the others.
fn document(allowed: &[&str], denied: &[&str]) -> Policy {
    let mut policy = Policy::deny_all();
    policy.tools = allowed.iter().map(|name| ((*name).to_owned(), Entry::default())).collect();
    policy.hide = denied.iter().map(|name| (*name).to_owned()).collect();
    policy
}

/// Puts a document into a text, without taking anything away that is gone.
fn fill(id: &str, text: &str, policy: &Policy, prune: bool) -> Result<FilledFile, IntoRefusal> {
    let tools: Vec<&str> = policy.tools.keys().chain(&policy.hide).map(String::as_str).collect();
    let scope = Scope::server(SERVER, policy, tools.iter().copied());
    let rendered = format(id).render(&scope).expect("renders").text;
    let document = document_value(&rendered, format(id).syntax()).expect("is read back");
    let tools: BTreeSet<&str> = tools.into_iter().collect();
    let slots = format(id).slots(SERVER);
    Filling { slots: &slots, document: &document, tools: &tools, prune, begin: false }.fill(text, format(id).syntax())
}

#[track_caller]
fn becomes(id: &str, before: &str, after: &str) {
    let policy = document(&["a", "b"], &["c"]);
    let filled = fill(id, before, &policy, false).expect("is filled");
    assert_eq!(filled.text, after, "{id}");
    assert_eq!(fill(id, after, &policy, false).expect("is filled").text, after, "{id}: a second run");
}

#[test]
fn a_list_keeps_its_comments_its_order_and_what_is_of_others() {
    becomes(
        "litellm",
        "# proxy\nmodel_list: [] # none\nmcp_servers:\n  files: # the disk\n    url: x\n    allowed_tools:\n      # what we agreed on\n      - b # first\n      - c # too much\n\n  # the rest\n  other: {url: y}\n",
        "# proxy\nmodel_list: [] # none\nmcp_servers:\n  files: # the disk\n    url: x\n    allowed_tools:\n      # what we agreed on\n      - b # first\n      - a\n\n  # the rest\n  other: {url: y}\n",
    );
    becomes(
        "litellm",
        "mcp_servers:\n  files:\n    url: x # here\n  other:\n    url: y",
        "mcp_servers:\n  files:\n    url: x # here\n    allowed_tools:\n      - a\n      - b\n  other:\n    url: y",
    );
    becomes(
        "litellm",
        "mcp_servers:\r\n  files:\r\n",
        "mcp_servers:\r\n  files:\r\n    allowed_tools:\r\n      - a\r\n      - b\r\n",
    );
    becomes(
        "litellm",
        "mcp_servers:\n  files:\n    allowed_tools: [] # soon\n",
        "mcp_servers:\n  files:\n    allowed_tools: # soon\n      - a\n      - b\n",
    );
    becomes(
        "litellm",
        "mcp_servers:\n  files: {url: é, allowed_tools: [c, \"b\", old]}\n",
        "mcp_servers:\n  files: {url: é, allowed_tools: [\"b\", old, a]}\n",
    );
}

#[test]
fn an_agents_front_matter_is_changed_and_its_text_stays() {
    becomes(
        "vscode-agent",
        "---\ndescription: Plans # shortly\ntools: ['read', 'files/c', 'other/c']\n---\n\n# Plan\n\n---\ntools: no\n",
        "---\ndescription: Plans # shortly\ntools: ['read', 'other/c', \"files/a\", \"files/b\"]\n---\n\n# Plan\n\n---\ntools: no\n",
    );
    becomes(
        "vscode-agent",
        "---\ntools:\n- read # mine\n- files/c\n---\nText\n",
        "---\ntools:\n- read # mine\n- \"files/a\"\n- \"files/b\"\n---\nText\n",
    );
    becomes("vscode-agent", "Text\n", "---\ntools:\n  - \"files/a\"\n  - \"files/b\"\n---\nText\n");
    let denied = document(&[], &["a"]);
    let filled =
        fill("vscode-agent", "---\ntools: # none\n  - files/a\nname: x\n---\n", &denied, false).expect("filled");
    assert!(filled.text.contains("tools: []") && filled.text.contains("name: x"), "{}", filled.text);
}

#[test]
fn of_rules_ours_stand_before_those_for_several_tools() {
    let end =
        "  - tool: c\n    action: deny\n  - tool: \"*\"\n    action: deny\n    reason: \"It is not in the policy.\"\n";
    becomes(
        "agt",
        "version: \"1.0\"\nmode: enforce\nrules: # in this order\n  - tool: b # kept\n    action: allow\n  - tool: get_*\n    action: allow\n  - tool: a\n    action: allow\nrate_limits: {global: {requests: 60, per: minute}}\n",
        "version: \"1.0\"\nmode: enforce\nrules: # in this order\n  - tool: b # kept\n    action: allow\n  - tool: a\n    action: allow\n  - tool: c\n    action: deny\n  - tool: get_*\n    action: allow\n  - tool: \"*\"\n    action: deny\n    reason: \"It is not in the policy.\"\nrate_limits: {global: {requests: 60, per: minute}}\n",
    );
    becomes(
        "agt",
        "rules:\n  # careful\n  - tool: c\n    action: allow\n",
        &format!(
            "rules:\n  # careful\n  - tool: c\n    action: deny\n  - tool: a\n    action: allow\n  - tool: b\n    action: allow\n{}version: \"1.0\"\nmode: enforce\n",
            end.trim_start_matches("  - tool: c\n    action: deny\n")
        ),
    );
    let told = fill(
        "agt",
        "version: 1.0\nmode: shadow\nrules:\n  - tool: get_*\n    action: allow\n  - tool: old\n    action: deny\n",
        &document(&["a"], &[]),
        true,
    );
    let told = told.expect("is filled");
    assert!(told.text.contains("mode: shadow") && !told.text.contains("old"), "{}", told.text);
    assert!(told.looser.iter().any(|line| line.contains("mode is shadow")), "{:?}", told.looser);
    assert!(told.looser.iter().any(|line| line.contains("`get_*`")) && told.gone == ["old"], "{told:?}");
}

#[test]
fn the_rules_of_a_gateway_are_put_where_its_target_is() {
    let rule = |tool: &str| format!("- 'mcp.tool.target == \"files\" && mcp.tool.name == \"{tool}\"'\n");
    let before = "mcp:\n  policies:\n    cors: {} # open\n    mcpAuthorization:\n      rules:\n      # Allow anyone\n      - 'mcp.tool.name == \"z\"'\n      - 'mcp.tool.target == \"files\" && mcp.tool.name == \"c\"'\n  targets:\n  - name: files\n";
    let after = format!(
        "mcp:\n  policies:\n    cors: {{}} # open\n    mcpAuthorization:\n      rules:\n      # Allow anyone\n      - 'mcp.tool.name == \"z\"'\n      {}      {}  targets:\n  - name: files\n",
        rule("a"),
        rule("b")
    );
    becomes("agentgateway", before, &after);
    let before = "binds:\n- port: 1\n  listeners:\n  - routes:\n    - backends:\n      - mcp: {targets: [{name: other}]}\n    - backends:\n      - mcp:\n          targets:\n          - name: files\n";
    let after = format!(
        "{before}      policies:\n        mcpAuthorization:\n          rules:\n            {}            {}",
        rule("a"),
        rule("b")
    );
    becomes("agentgateway", before, &after);
    let shared = "mcp:\n  policies:\n    mcpAuthorization:\n      rules:\n      - 'mcp.tool.name == \"c\"'\n  targets:\n  - name: files\n";
    let told = fill("agentgateway", shared, &document(&["a"], &["c"]), false).expect("is filled");
    assert!(told.text.contains("- 'mcp.tool.name == \"c\"'") && told.looser.len() == 1, "{told:?}");
}

#[test]
fn of_a_route_only_the_selector_of_the_backend_is_changed() {
    becomes(
        "envoy-mcproute",
        "kind: MCPRoute\nmetadata: {name: files}\nspec:\n  backendRefs:\n    - name: other\n      toolSelector:\n        include: [c]\n    - name: files # ours\n      path: /mcp\n      toolSelector:\n        include:\n          - c\n---\nkind: Service\nmetadata: {name: files}\n",
        "kind: MCPRoute\nmetadata: {name: files}\nspec:\n  backendRefs:\n    - name: other\n      toolSelector:\n        include: [c]\n    - name: files # ours\n      path: /mcp\n      toolSelector:\n        includeRegex:\n          - \"^(?:a|b)$\"\n---\nkind: Service\nmetadata: {name: files}\n",
    );
    let Err(IntoRefusal::NoServer(named)) = fill(
        "envoy-mcproute",
        "metadata: {name: files}\nspec:\n  backendRefs:\n    - name: file\n",
        &document(&["a"], &[]),
        false,
    ) else {
        panic!("it has no such backend");
    };
    assert_eq!(named, ["file"]);
}

#[test]
fn what_cannot_be_placed_is_refused_with_its_place() {
    let policy = document(&["a"], &["c"]);
    for (id, text, said) in [
        ("litellm", "mcp_servers:\n  files:\n    allowed_tools: *x\n", "3:20"),
        (
            "litellm",
            "x: &x [b]\nmcp_servers:\n  files:\n    allowed_tools: *x\n",
            "4:20 mcp_servers.files.allowed_tools is an alias",
        ),
        ("litellm", "x: &x {allowed_tools: [b]}\nmcp_servers:\n  files:\n    <<: *x\n", "4:5"),
        ("litellm", "mcp_servers:\n  files:\n    allowed_tools: &x [b]\n", "3:20 it has an anchor or a tag"),
        ("litellm", "mcp_servers: {files: {url: x}}\n", "1:22 it stands in braces"),
        (
            "litellm",
            "mcp_servers:\n  files:\n    allowed_tools: all\n",
            "3:20 mcp_servers.files.allowed_tools is not a list",
        ),
        ("litellm", "mcp_servers:\n  files: 1\n", "2:10 mcp_servers.files is not a map"),
        ("litellm", "mcp_servers:\n  files: {}\n  files: {}\n", "3:3 `files` stands twice in mcp_servers"),
        ("litellm", "mcp_servers:\n  files:\n\t  url: x\n", "3:"),
        ("litellm", "mcp_servers: {}\n---\na: 1\n", "3:1 the file holds several documents"),
        ("litellm", "mcp_servers:\n  files:\n    allowed_tools: [b, # one\n      c]\n", "3:20 it stands in brackets"),
        ("vscode-agent", "---\nname: x\n", "1:1"),
        ("agt", "rules:\n  a: 1\n", "2:3 rules is not a list"),
        ("agt", "- a\n", "1:"),
        ("intercept", "tools:\n  - a\n", "2:3 tools is not a map"),
        ("envoy-mcproute", "spec:\n  backendRefs:\n    - name: files\n    - name: files\n", "named in several places"),
    ] {
        match fill(id, text, &policy, false) {
            Err(IntoRefusal::Broken(place, what)) => {
                let told = place.map_or(what.clone(), |(line, column)| format!("{line}:{column} {what}"));
                assert!(told.contains(said), "{id} {text}: {told}");
            }
            other => panic!("{id} {text}: {other:?}"),
        }
    }
}

proptest::proptest! {
    #[test]
    fn every_text_and_every_key_is_read_back(text in "(?s)([-\"'\n\t:#?a]|\\PC){0,20}") {
        let line = lines::entry_lines(&text, &Value::String(text.clone())).join("\n");
        let found = read(&line).ok().and_then(|found| found.first()?.value());
        let wanted = Value::Object([(text.clone(), Value::String(text))].into_iter().collect());
        proptest::prop_assert_eq!(found, Some(wanted), "{}", line);
    }

    #[test]
    fn odd_yaml_is_filled_without_loss_or_refused(lines in proptest::collection::vec(LINE, 0..12)) {
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        let policy = document(&["a", "b"], &["c"]);
        for id in ["litellm", "agt", "intercept", "agentgateway", "envoy-mcproute", "vscode-agent"] {
            let Ok(filled) = fill(id, &text, &policy, false) else { continue };
            let again = fill(id, &filled.text, &policy, false).map(|f| f.text);
            proptest::prop_assert_eq!(again.as_deref(), Ok(filled.text.as_str()), "{}", id);
            // A rule that is not reached goes with the comments in it.
            for line in lines.iter().filter(|line| id != "agt" && line.trim_start().starts_with('#')) {
                proptest::prop_assert!(filled.text.contains(line.trim()), "{}: {} in {}", id, line, filled.text);
            }
        }
    }
}

const LINE: &str = "( {0,6})(- )?(#.{0,4}|---|rules:|tools:|hide:|default: allow|mcp_servers:|files:|allowed_tools:|- a|- c # x|\
                    - tool: a|- tool: \"\\*\"|action: allow|name: files|spec:|backendRefs:|toolSelector:|mcp:|policies:|\
                    mcpAuthorization:|include: \\[c\\]|tools: \\[files/c, x\\]|x: \\{a: \\[b\\]\\}|x: \\||text|k: &a v|k: \\*a|)";
