//! Exit codes of every command: 0 clean, 1 found something, 2 could not look; and `--quiet`.

use crate::support::Project;

const SMALL: &str = r#"{"tools": [{"name": "get_thing", "description": "Get a thing."}]}"#;
/// One entry cannot be read, the other can.
const PART: &str = r#"{"tools": [{"title": "nameless"}, {"name": "get_thing", "description": "Get a thing."}]}"#;

fn project() -> Project {
    let project = Project::new();
    project.file("catalog/a/manifest.json", SMALL).file("part/a/manifest.json", PART);
    project.file("allow.json", &project.run(&["policy", "a"]).exits(0).stdout);
    project.file("broken/b/manifest.json", "{");
    project.file("wrong.json", r#"{"version": "1", "default": "perhaps"}"#);
    project.file("open.json", r#"{"version": "1", "default": "allow"}"#);
    project.file("gold.jsonl", "{\"server\":\"a\",\"tool\":\"get_thing\",\"label\":\"Read\"}\n");
    project.file("names.txt", "get_thing\n");
    project.file(
        "raised/a/manifest.json",
        r#"{"tools": [{"name": "get_thing", "description": "Deletes all things permanently."}]}"#,
    );
    project.run(&["lock"]).exits(0);
    project
}

/// What is clean, what finds something, and what cannot look.
const RUNS: &[(i32, &str)] = &[
    (0, "build"),
    (0, "build --print-config"),
    (1, "build --catalog part"),
    (2, "build --catalog nowhere"),
    (2, "build --config nowhere.toml"),
    (0, "classify catalog"),
    (0, "classify --names names.txt"),
    (1, "classify part"),
    (1, "classify catalog --fail-on finding,missing-hint"),
    (1, "classify wrong.json"),
    (2, "classify nowhere.json"),
    (2, "classify --names nowhere.txt"),
    (2, "classify"),
    (0, "eval gold.jsonl --manifests catalog"),
    (1, "eval wrong.json --manifests catalog"),
    (2, "eval nowhere.jsonl --manifests catalog"),
    (2, "eval gold.jsonl --manifests nowhere"),
    (2, "eval --unknown nowhere"),
    (1, "eval gold.jsonl --manifests wrong.json"),
    (0, "import catalog/a/manifest.json --slug b --catalog brought"),
    (1, "import part/a/manifest.json"),
    (1, "import wrong.json"),
    (2, "import nowhere.json"),
    (2, "import catalog/a/manifest.json --slug ../b"),
    (2, "import"),
    (2, "update"),
    (2, "update nothing"),
    (2, "update --catalog nowhere"),
    (0, "inspect catalog/a"),
    (1, "inspect part"),
    (1, "inspect wrong.json"),
    (2, "inspect nowhere.json"),
    (2, "inspect"),
    (1, "explain b/get_thing --catalog broken"),
    (0, "explain a/get_thing"),
    (1, "explain a/get_thing --catalog part"),
    (2, "explain a/nothing"),
    (2, "explain b/get_thing"),
    (2, "explain get_thing"),
    (2, "explain a/get_thing --catalog nowhere"),
    (2, "explain --sentences --catalog nowhere"),
    (0, "policy a"),
    (1, "policy a --catalog part"),
    (2, "policy b"),
    (2, "policy a/nothing"),
    (0, "policy check allow.json"),
    (1, "policy check wrong.json"),
    (2, "policy check nowhere.json"),
    (2, "policy decide nowhere.json --tool get_thing"),
    (2, "policy audit nowhere.json --server a"),
    (2, "policy audit nowhere.json --server a --policy-format claude-code"),
    (2, "policy merge allow.json nowhere.json"),
    (0, "policy decide allow.json --tool get_thing"),
    (0, "policy audit allow.json --server a"),
    (1, "policy audit open.json --server a"),
    (2, "policy audit allow.json --server b"),
    (0, "policy merge allow.json allow.json"),
    (0, "review --base catalog"),
    (1, "review --base catalog --head raised"),
    (2, "review --base nowhere"),
    (2, "review --base nowhere.lock"),
    (2, "review --base catalog --fail-on nothing"),
    (0, "build --shard 1/1 --out part-1"),
    (0, "merge part-1"),
    (2, "merge nowhere"),
    (2, "build --shard 2/1"),
    (0, "lock --check"),
    (1, "lock --check --catalog raised"),
    (1, "lock --catalog part"),
    (2, "lock --catalog nowhere"),
    (0, "override a/get_thing --class Read --reason r --by b"),
    (2, "override a/nothing --class Read --reason r --by b"),
    (0, "accept a/get_thing no-input-schema --reason r --by b"),
    (2, "accept a/get_thing hidden-text --reason r --by b"),
    (2, "accept a/nothing model-directed-text --reason r --by b"),
    (2, "override a/get_thing --class Safe --reason r --by b"),
    (2, "serve --catalog catalog --out catalog/site"),
    (2, "serve --port none"),
    (0, "new begun"),
    (2, "new begun"),
    (0, "theme eject tool.html"),
    (2, "theme eject tol.html"),
    (0, "completions bash"),
    (2, "completions csh"),
    (2, "explain hiden-text"),
    (0, "explain hidden-text"),
    (2, "biuld"),
];

#[test]
fn every_command_has_the_exit_codes_of_the_table() {
    let project = project();
    let mut commands = std::collections::BTreeSet::new();
    for (code, line) in RUNS {
        let args: Vec<&str> = line.split(' ').collect();
        let run = project.run(&args);
        assert_eq!(run.code, *code, "{line}\n{}{}", run.stdout, run.stderr);
        assert!(*code != 2 || (run.stdout.is_empty() && run.stderr.contains("error")), "{line}: {}", run.stdout);
        commands.insert(args[0].to_owned());
    }
    let help = project.run(&["--help"]).exits(0).stdout;
    for command in crate::text::commands(&help) {
        assert!(commands.contains(command), "{command} is not run here");
    }
}

#[test]
fn quiet_says_errors_and_nothing_else() {
    let project = project();
    // A slug of its own is a warning.
    project.file("catalog/a/manifest.json", r#"{"server": {"slug": "other"}, "tools": [{"name": "get_thing"}]}"#);
    assert!(project.run(&["build"]).exits(0).stderr.contains("warning"));
    project.run(&["lock"]).exits(0);
    for (code, line) in RUNS {
        // They write what may be there once.
        if line.starts_with("new") {
            std::fs::remove_dir_all(project.path().join("begun")).unwrap_or_default();
            if *code == 2 {
                project.run(&["new", "begun"]).exits(0);
            }
        }
        let mut args: Vec<&str> = line.split(' ').collect();
        args.push("--quiet");
        let run = project.run(&args);
        for said in run.stderr.lines().filter(|line| !line.starts_with(' ') && !line.is_empty()) {
            // clap's own errors end with how to use the command.
            let error = said.starts_with("error")
                || (*code == 2 && (said.starts_with("Usage:") || said.starts_with("For more")));
            assert!(error, "{line}: {said}");
        }
        assert!(*code > 0 || run.stderr.is_empty(), "{line}: {}", run.stderr);
    }
    for silent in ["build", "lock", "override a/get_thing --class Read --reason r --by b", "lock --check"] {
        let args: Vec<&str> = silent.split(' ').chain(["-q"]).collect();
        let run = project.run(&args);
        assert_eq!(run.stdout, "", "{silent}");
    }
}
