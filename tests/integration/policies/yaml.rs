//! YAML that people keep: hostile names in it, what an audit says of it, and what it decides.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use toolcard::policy::formats::{self, Format, Scope};
use toolcard::policy::{
    ClientAnswer, ClientSettings, Entry, FileSyntax, FilledFile, Filling, IntoRefusal, Policy, document_value,
};

use super::fates::SERVER;
use super::hostile::names;
use super::into::begun;

fn format(id: &str) -> &'static dyn Format {
    formats::find(id).expect("a format")
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
    let rendered = format(id).render(&scope).unwrap_or_else(|e| panic!("{id}: {e:?}")).text;
    let document = document_value(&rendered, format(id).syntax()).expect("is read back");
    let tools: BTreeSet<&str> = tools.into_iter().collect();
    let slots = format(id).slots(SERVER);
    Filling { slots: &slots, document: &document, tools: &tools, prune, begin: false }.fill(text, format(id).syntax())
}

#[test]
fn hostile_names_are_put_in_read_back_and_taken_away_again() {
    let names = names();
    // What hides every tool leaves nothing to offer.
    let all: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != "*").collect();
    let mut read = 0;
    for format in formats::all() {
        let id = format.id();
        if !matches!(format.syntax(), FileSyntax::Yaml | FileSyntax::FrontMatter) {
            continue;
        }
        let text = begun(id).expect("is put into a file");
        let policy = document(&all, &[]);
        let filled = fill(id, &text, &policy, false).unwrap_or_else(|e| panic!("{id}: {e:?}")).text;
        assert_eq!(fill(id, &filled, &policy, false).expect("filled").text, filled, "{id}");
        let scope = Scope::server(SERVER, &policy, all.iter().copied());
        let whole = format.render(&scope).expect("renders").text;
        let reading = || format.reading(SERVER).expect("is read");
        let of = |text: &str| {
            ClientSettings::read(text, format.syntax(), reading()).unwrap_or_else(|e| panic!("{id}: {e:?}"))
        };
        let (one, other) = (of(&filled), of(&whole));
        for name in &all {
            let answer = |settings: &ClientSettings| settings.decide(name, &json!({}), 1).0;
            assert_eq!(answer(&one), answer(&other), "{id} {name:?}: {filled}");
            read += usize::from(answer(&one) == ClientAnswer::Allow);
        }
        let denied = document(&["kept"], &all);
        let tight = fill(id, &filled, &denied, true).unwrap_or_else(|e| panic!("{id}: {e:?}")).text;
        for name in all.iter().filter(|name| !name.contains('*')) {
            assert_ne!(of(&tight).decide(name, &json!({}), 1).0, ClientAnswer::Allow, "{id} {name:?}: {tight}");
        }
    }
    assert!(read > 100, "{read}");
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

fn toolcard(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolcard")).args(args).env_clear().stdin(Stdio::null()).output().expect("runs")
}

fn audit(dir: &Path, id: &str, text: &str) -> Vec<(String, String, u64)> {
    let path = dir.join("file");
    std::fs::write(&path, text).expect("writes");
    let path = path.to_str().expect("UTF-8");
    let args =
        ["policy", "audit", path, "--server", "server-filesystem", "--server-name", SERVER, "--policy-format", id];
    let output = toolcard(&[&args[..], &["--format", "json", "--fail-on", "none"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    let row = |row: &Value| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        (text("finding"), text("tool"), row["line"].as_u64().unwrap_or_default())
    };
    document["findings"].as_array().expect("findings").iter().map(row).collect()
}

#[test]
fn an_audit_names_the_lines_of_yaml() {
    let dir = tempfile::tempdir().expect("a folder");
    let has = |id: &str, text: &str, wanted: &[(&str, &str, u64)]| {
        let found = audit(dir.path(), id, text);
        for (finding, entry, line) in wanted {
            let row = ((*finding).to_owned(), (*entry).to_owned(), *line);
            assert!(found.contains(&row), "{id} {row:?}: {found:?}");
        }
    };
    has(
        "litellm",
        "mcp_servers:\n  files:\n    allowed_tools:\n      - read_file\n      - read_fil\n    disallowed_tools: [old_tool]\n",
        &[("unknown-tool", "read_fil", 5), ("unmatched-rule", "old_tool", 6), ("unnamed-tool", "write_file", 0)],
    );
    has("vscode-agent", "---\ntools: [read, 'files/*']\n---\n", &[("wildcard", "files/*", 2)]);
    has(
        "agt",
        "version: \"1.0\"\nmode: shadow\nrules:\n  - tool: write_fil\n    action: deny\n  - tool: \"*\"\n    action: allow\n",
        &[("not-enforced", "mode", 0), ("unmatched-rule", "write_fil", 4), ("wildcard", "*", 6)],
    );
    has(
        "intercept",
        "version: \"1\"\ndefault: deny\nhide: [write_fil]\ntools:\n  read_fil:\n    rules: []\n",
        &[("unmatched-rule", "write_fil", 3), ("unknown-tool", "read_fil", 5), ("unnamed-tool", "read_file", 0)],
    );
    has(
        "agentgateway",
        "mcp:\n  targets:\n  - name: files\n  policies:\n    mcpAuthorization:\n      rules:\n      - mcp.tool.name.startsWith(\"read\")\n      - 'mcp.tool.name == \"read_fil\"'\n      - 'mcp.tool.target == \"files\" && mcp.tool.name == \"read_fil\"'\n",
        &[("wildcard", "mcp.tool.name.startsWith(\"read\")", 7), ("unknown-tool", "read_fil", 9)],
    );
    has(
        "envoy-mcproute",
        "spec:\n  backendRefs:\n  - name: files\n    toolSelector:\n      includeRegex:\n      - ^read_\n      - ^(?:read_file|read_fil)$\n",
        &[("wildcard", "^read_", 6), ("unknown-tool", "read_fil", 7)],
    );
}

#[test]
fn decide_looks_at_the_arguments_and_at_the_number_of_the_call() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("policy.yaml");
    let decide = |id: &str, text: &str, more: &[&str]| -> String {
        std::fs::write(&path, text).expect("writes");
        let path = path.to_str().expect("UTF-8");
        let output = toolcard(&[&["policy", "decide", path, "--format", id][..], more].concat());
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"));
        format!("{} {}", answer["decision"].as_str().unwrap_or_default(), answer["at"]["line"])
    };
    let agt = "version: \"1.0\"\nmode: enforce\nrules:\n  - tool: query\n    action: allow\n    conditions:\n      - argument_not_matches: {q: \"(?i)drop\"}\n    rate_limit: {requests: 2, per: minute}\n  - {tool: \"*\", action: deny}\n";
    assert_eq!(decide("agt", agt, &["--tool", "query", "--args", "{\"q\": \"select\"}"]), "allow 4");
    assert_eq!(decide("agt", agt, &["--tool", "query", "--args", "{\"q\": \"DROP\"}"]), "deny 9");
    assert_eq!(decide("agt", agt, &["--tool", "query", "--calls", "3"]), "deny 4");
    let intercept = "version: \"1\"\ndefault: deny\ntools:\n  query:\n    rules:\n      - name: few\n        conditions:\n          - {path: args.n, op: lte, value: 10}\n";
    assert_eq!(decide("intercept", intercept, &["--tool", "query", "--args", "{\"n\": 10}"]), "allow 4");
    assert_eq!(decide("intercept", intercept, &["--tool", "query", "--args", "{\"n\": 11}"]), "deny 4");
    assert_eq!(decide("intercept", intercept, &["--tool", "other"]), "deny null");
    let unread = "version: \"1.0\"\nrules:\n  - tool: a\n    action: deny\n    conditions: [{path_starts_with: /x}]\n  - tool: b\n    action: allow\n    conditions: [{path_starts_with: /x}]\n";
    assert_eq!(decide("agt", unread, &["--tool", "b"]), "allow 6", "what is not understood holds where it allows");
    assert_eq!(decide("agt", unread, &["--tool", "a"]), "deny null", "and does not where it denies");
}
