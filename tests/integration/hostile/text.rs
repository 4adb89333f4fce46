//! Whatever a server says, nothing that a terminal, a log, a Markdown viewer or a browser obeys reaches an output raw.

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};
use toolcard::neutral::{is_hidden, shell_word};
use toolcard::policy::formats;

use crate::support::{Project, Run};

/// Each is put into every place of a definition that holds a text.
const ATTACKS: &[&str] = &[
    "::stop-commands::x",
    "  ::error file=a,line=1::x",
    "a\n::add-mask::x",
    "##[error]x ##vso[task.setvariable variable=a]b ###[group]",
    "\u{1b}]0;title\u{7}\u{1b}[31mred",
    "\u{9b}31m\u{85}\u{7f}",
    "\u{202e}gnp.exe\u{2066}x\u{2069} zero\u{200b}width",
    "\u{e0041}\u{e0042}tags\u{feff}",
    "<evil-element onload=x> <img src=x onerror=alert(1)> <!-- x -->",
    "[x](javascript:alert(1)) ![x](data:text/html,x) <javascript:alert(1)>",
    "`x` ``y`` ```\n# out\n```\n~~~",
    "a | b\n|---|\n| c |",
    "\"'\\ ]]> {{ x }} {% x %} </script>",
    "",
];

fn tool(name: &str, text: &str) -> Value {
    let verb = format!("delete_{text}");
    json!({
        "name": name, "title": text, "description": format!("Deletes {text}. {text}\n\n{text}"),
        "annotations": {"title": text, "readOnlyHint": true, "destructiveHint": false, text: text},
        "inputSchema": {"type": "object", "required": [text], "title": text, "description": text, text: text, "properties": {
            text: {"type": "string", "description": text, "default": text, "title": text},
            "action": {"enum": [text, verb, "list_things"], "default": verb, "description": text},
            "mode": {"oneOf": [{"const": text}, {"const": "purge"}]},
            "inner": {"type": "object", "properties": {text: {"enum": ["\u{200b}", text]}, "path": {"description": text}}},
            "sql": {"type": "string", "description": text},
        }},
        "outputSchema": {"properties": {text: {"description": text}}},
        "_meta": {text: text}, text: text,
    })
}

/// A catalogue that is hostile wherever it can be.
fn attacked() -> Project {
    let project = Project::new();
    for (i, text) in ATTACKS.iter().enumerate() {
        let server = json!({
            "title": text, "name": text, "version": text, "package": text, "registry": text, "package_version": text,
            "license": text, "repository": text
        });
        // A harmless name beside a hostile one: each is a page of its own.
        let tools = [tool(text, text), tool("run_it", text), json!({"name": format!("get_{text}")})];
        let manifest = json!({"server": server, "instructions": text, "protocolVersion": text, "captured_at": text, "tools": tools});
        project.file(&format!("catalog/s{i}/manifest.json"), &manifest.to_string());
        let decision = format!(
            "[[override]]\ntool = {0}\nclass = \"Write\"\nreason = {0}\nby = {0}\ndate = \"2026-01-02\"\nfingerprint = \"{1}\"\n",
            toolcard::catalog::override_file::quoted(text),
            "0".repeat(32)
        );
        project.file(&format!("catalog/s{i}/overrides.toml"), &decision);
    }
    if cfg!(unix) {
        for folder in ["::stop-commands::x", "##[error]\u{202e}x", "a\u{1b}[31m\u{200b}"] {
            project.file(
                &format!("catalog/{folder}/manifest.json"),
                &json!({"tools": [tool(folder, folder)]}).to_string(),
            );
        }
    }
    project
}

/// Names that can be given on a command line.
fn names() -> impl Iterator<Item = (usize, &'static str)> {
    ATTACKS.iter().copied().enumerate().filter(|(_, name)| !name.trim().is_empty())
}

#[track_caller]
fn is_safe_to_print(what: &str, text: &str) {
    for line in text.split('\n') {
        let hidden = line.chars().find(|c| is_hidden(*c));
        assert!(hidden.is_none(), "{what} prints {hidden:?}: {line:?}");
        assert!(!line.contains("##[") && !line.contains("##vso["), "{what}: {line:?}");
        assert!(!line.trim_start().starts_with("::"), "{what}: {line:?}");
    }
}

#[track_caller]
fn printed(args: &[&str], run: Run) -> String {
    assert!((0..=2).contains(&run.code), "{args:?}: {}\n{}", run.code, run.stderr);
    is_safe_to_print(&format!("{args:?} on standard output"), &run.stdout);
    is_safe_to_print(&format!("{args:?} on standard error"), &run.stderr);
    run.stdout
}

#[test]
fn no_command_prints_what_a_terminal_or_a_log_obeys() {
    let project = attacked();
    let run = |args: &[&str]| printed(args, project.run(args));
    let text = run(&["classify", "catalog"]);
    assert!(text.contains("\\u{3a}:stop-commands::x") && text.contains("\\u{1b}]0;title"), "{text}");
    run(&["lock"]);
    run(&["lock", "--check"]);
    run(&["build", "--verbose"]);
    run(&["eval", "--unknown", "catalog"]);
    run(&["explain", "--sentences"]);
    for (i, name) in names() {
        let target = format!("s{i}/{name}");
        let said = run(&["explain", &target]);
        assert!(said.contains("fingerprint"), "{target}");
        run(&["explain", &format!("s{i}/run_it")]);
        run(&["explain", &format!("s{i}/{name}x")]);
        run(&["policy", &target]);
        run(&["override", &target, "--class", "Write", "--reason", name, "--by", name]);
        run(&["accept", &target, "model-directed-text", "--reason", name, "--by", name]);
        project.file("captured.json", &json!({"server": {"name": name}, "tools": [tool(name, name)]}).to_string());
        run(&["import", "captured.json", "--package", name, "--dry-run"]);
        run(&["import", "captured.json", "--slug", &format!("s{i}")]);
        let settings = json!({"permissions": {"deny": [format!("mcp__s{i}__{name}"), name]}, "mcpServers": {name: {"args": [name]}}});
        project.file("settings.json", &settings.to_string());
        run(&["policy", &format!("s{i}"), "--format", "claude-code", "--into", "settings.json", "--yes"]);
    }
    for format in ["text", "markdown", "json"] {
        run(&["inspect", "catalog", "--format", format]);
    }
    for (i, name) in names() {
        project.file("names.txt", &ATTACKS.join("\n"));
        project
            .file("policy.json", &json!({"version": "1", "default": "allow", name: name, "hide": [name]}).to_string());
        run(&["policy", "check", "policy.json"]);
        run(&["policy", "audit", "policy.json", "--server", &format!("s{i}")]);
        run(&["policy", "decide", "policy.json", &format!("--tool={name}")]);
    }
    run(&["classify", "--names", "names.txt"]);
}

#[test]
fn json_of_classify_is_exact_and_safe_to_print() {
    let project = attacked();
    let args = ["classify", "--format", "json", "catalog"];
    let document: Value = serde_json::from_str(&printed(&args, project.run(&args))).expect("JSON");
    for (i, name) in names() {
        let server = document["servers"].as_array().unwrap().iter().find(|s| s["server"] == format!("s{i}")).unwrap();
        assert_eq!(server["tools"][0]["name"], name);
    }
}

#[test]
fn every_format_of_a_policy_is_safe_to_print() {
    let project = attacked();
    for (at, format) in formats::all().iter().enumerate() {
        for (i, name) in names() {
            // Each format of servers and of tools, each name in both.
            let target = if (at + i) % 2 == 0 { format!("s{i}") } else { format!("s{i}/{name}") };
            let args = ["policy", &target, "--format", format.id()];
            printed(&args, project.run(&args));
        }
    }
}

#[test]
fn what_explain_says_to_do_is_about_that_tool() {
    let project = attacked();
    for (i, name) in names() {
        let said = project.run(&["explain", &format!("s{i}/{name}")]).exits(0).stdout;
        let Some(begin) = said.find("[[override]]") else {
            let word = shell_word(&format!("s{i}/{name}")).expect("a word for a shell");
            assert!(said.contains(&format!("  toolcard override {word} --class CLASS --reason TEXT\n")), "{said}");
            continue;
        };
        let block = &said[begin..];
        let table: toml::Table = block.parse().unwrap_or_else(|e| panic!("{e}: {block}"));
        assert_eq!(table["override"][0]["tool"].as_str(), Some(name));
    }
}

#[test]
fn no_file_of_a_site_carries_what_a_viewer_obeys() {
    // On pages these shape honest text: joiners, soft hyphens, weak marks.
    const JOINERS: &str = "\u{200c}\u{200d}\u{ad}\u{200e}\u{200f}\u{61c}";
    let project = attacked();
    project.file("toolcard.toml", "[site]\nbase_url = \"https://example.org/\"\n[output]\nbadge_tools = true\n");
    project.run(&["build"]);
    let files = project.tree("dist");
    assert!(files.len() > 300, "{}", files.len());
    let (mut markdown, mut pages, mut documents) = (0, 0, 0);
    for (path, bytes) in &files {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let hidden = text.chars().find(|c| is_hidden(*c) && !JOINERS.contains(*c));
        assert!(hidden.is_none(), "{path} holds {hidden:?}");
        match path.rsplit('.').next().unwrap() {
            "md" => {
                is_inert_markdown(path, text);
                markdown += 1;
            }
            "txt" if path.ends_with("llms.txt") => is_inert_markdown(path, text),
            "json" => {
                serde_json::from_str::<Value>(text).unwrap_or_else(|e| panic!("{path}: {e}"));
                documents += 1;
            }
            "svg" | "xml" => assert!(!text.contains("<evil"), "{path}"),
            "html" => {
                assert!(!text.contains("<evil"), "{path}");
                assert!(!text.contains("<img src=x") && !text.contains("javascript:alert(1)\""), "{path}");
                pages += 1;
            }
            _ => {}
        }
    }
    assert!(markdown > 40 && pages > 60 && documents > 60, "{markdown} {pages} {documents}");
}

/// No HTML, no picture, no link but to a file of the site.
#[track_caller]
fn is_inert_markdown(path: &str, text: &str) {
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("{path}: {html}"),
            Event::Start(Tag::Image { dest_url, .. }) => panic!("{path}: a picture of {dest_url}"),
            Event::Start(Tag::Link { dest_url, .. }) => assert!(!dest_url.contains(':'), "{path}: {dest_url}"),
            _ => {}
        }
    }
}
