//! The first mistakes of somebody new: each is said, with what to do about it, and none ends well.

use crate::support::{Project, Run, clean};

const SMALL: &str = r#"{"tools": [{"name": "get_thing", "description": "Get a thing."}]}"#;

/// What a run said, and that it neither did what was asked nor said something else.
fn refused(project: &Project, args: &[&str], code: &str, what_to_do: &str) {
    let Run { stdout, stderr, .. } = project.run(args).exits(2);
    assert!(stdout.is_empty(), "{args:?}: {stdout}");
    assert!(stderr.contains(code) && stderr.contains(what_to_do), "{args:?}: {stderr}");
    assert_eq!(stderr.lines().filter(|line| line.starts_with("error")).count(), 1, "{args:?}: {stderr}");
}

/// Every command that takes a catalogue and does something with all of it, and those with one tool of it.
fn commands(catalog: &str) -> Vec<Vec<&str>> {
    let mut all = vec![
        vec!["build", "--catalog", catalog],
        vec!["lock", "--catalog", catalog],
        vec!["lock", "--check", "--catalog", catalog],
        vec!["policy", "a", "--catalog", catalog],
    ];
    all.push(vec!["override", "a/get_thing", "--class", "Read", "--reason", "r", "--by", "b", "--catalog", catalog]);
    all
}

#[test]
fn manifests_directly_in_the_catalogue_are_servers_for_every_command() {
    let project = Project::new();
    project.file("catalog/a.json", SMALL).file("catalog/b.json", SMALL);
    let run = project.run(&["build"]).exits(0);
    assert!(run.stdout.contains("2 servers, 2 tools; "), "{}", run.stdout);
    assert_eq!(run.stderr.matches("warning[no-folder]").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("move it to `catalog/a/manifest.json`"), "{}", run.stderr);
    assert!(project.exists("dist/tools/a/get_thing.html") && project.exists("dist/tools/b/get_thing.html"));
    let run = project.run(&["lock"]).exits(0);
    assert!(run.stderr.contains("2 servers, 2 tools") && run.stderr.contains("no-folder"), "{}", run.stderr);
    project.run(&["lock", "--check"]).exits(0);
    assert!(project.run(&["policy", "a"]).exits(0).stdout.contains("get_thing"));
    assert!(project.run(&["explain", "b/get_thing"]).exits(0).stdout.contains("b/get_thing"));
    let run = project.run(&["classify", "catalog"]).exits(0);
    assert!(run.stdout.starts_with("a\n") && run.stdout.contains("\nb\n") && run.stderr.is_empty(), "{}", run.stderr);
    assert_eq!(project.review(&["--base", "catalog/risk.lock", "--fail-on", "any"]).0, 0);
    let decide = ["override", "a/get_thing", "--class", "Read", "--reason", "r", "--by", "b"];
    refused(&project, &decide, "no folder", "move `catalog/a.json` to `catalog/a/manifest.json`");
}

#[test]
fn a_catalogue_one_level_too_deep_or_too_high_is_refused_with_the_right_one() {
    let project = Project::new();
    project.file("catalog/redis/manifest.json", SMALL);
    for args in commands("catalog/redis") {
        refused(&project, &args, "no-catalogue", ": `catalog`");
    }
    for args in commands(".") {
        refused(&project, &args, "no-catalogue", ": `catalog`");
    }
    refused(&project, &["classify", "."], "no-catalogue", ": `catalog`");
    assert!(!project.exists("dist") && !project.exists("catalog/redis/risk.lock") && !project.exists("risk.lock"));
}

#[test]
fn the_right_folder_is_named_wherever_one_is_looked_for() {
    let project = Project::new();
    project.init();
    project.file("catalog/redis/manifest.json", SMALL).file("docs/readme.md", "").file("x.json", SMALL);
    project.run(&["lock"]).exits(0);
    project.commit("2026-11-20");
    for catalog in ["catalog/redis", "."] {
        for args in [&["review", "--base", "HEAD"][..], &["serve", "--port", "0"], &["import", "x.json"]] {
            refused(&project, &[args, &["--catalog", catalog]].concat(), "no-catalogue", ": `catalog`");
        }
    }
    for file in ["catalog/redis/manifest.json", "catalog/risk.lock"] {
        refused(&project, &["build", "--catalog", file], "no-catalogue", "`--catalog catalog`");
    }
    refused(&project, &["build", "--catalog", "catalogue"], "no-catalogue", "`--catalog catalog`");
    for (folder, right) in [("catalog", "."), ("catalog/redis", ".."), ("docs", "../catalog")] {
        for args in [&["build"][..], &["lock"], &["serve", "--port", "0"], &["review", "--base", "HEAD"]] {
            let output =
                clean(env!("CARGO_BIN_EXE_toolcard"), &project.path().join(folder)).args(args).output().expect("runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{folder} {args:?}: {said}");
            assert!(said.contains(&format!("`--catalog {right}`")), "{folder} {args:?}: {said}");
        }
    }
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_preview_of_no_catalogue_ends_with_what_to_do() {
    let project = Project::new();
    refused(&project, &["serve", "--port", "0"], "no-catalogue", "`toolcard new DIR` or `toolcard import`");
    assert_eq!(project.tree(".").len(), 0);
}

/// The one error of a command, and the command that it says to type.
fn meant(project: &Project, args: &[&str]) -> String {
    let run = project.run(args).exits(2);
    assert!(run.stdout.is_empty(), "{args:?}: {}", run.stdout);
    assert_eq!(run.stderr.lines().filter(|line| line.starts_with("error")).count(), 1, "{args:?}: {}", run.stderr);
    let typed: Vec<&str> = run.stderr.split('`').collect();
    let mut typed = typed.windows(2).filter(|pair| pair[0].ends_with("type ")).map(|pair| pair[1]);
    let command = typed.next().unwrap_or_else(|| panic!("{args:?}: {}", run.stderr)).to_owned();
    assert_eq!(typed.next(), None, "{args:?}: {}", run.stderr);
    command
}

#[test]
fn a_nearly_right_command_is_answered_with_the_one_to_type() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", SMALL).file("crm.py", "print(1)");
    for (args, typed) in [
        (&["review", "main"][..], "toolcard review --base main"),
        (&["review", "main", "--format", "markdown"], "toolcard review --base main --format markdown"),
        (&["review", "v1", "v2"], "toolcard review --base v1 --head v2"),
        (&["review", "--base", "v1", "v2"], "toolcard review --base v1 --head v2"),
        (&["build", "catalog"], "toolcard build --catalog catalog"),
        (&["--quiet", "build", "my catalog", "site"], "toolcard --quiet build --catalog \"my catalog\" --out site"),
        (&["build", "catalog/a"], "toolcard build --catalog catalog"),
        (&["lock", "--check", "catalog"], "toolcard lock --check --catalog catalog"),
        (&["serve", "catalog"], "toolcard serve --catalog catalog"),
        (&["override", "a/get_thing", "Read", "why"], "toolcard override a/get_thing --class Read --reason why"),
        (&["accept", "a/get_thing", "odd-name", "why"], "toolcard accept a/get_thing odd-name --reason why"),
        (&["import", "npx", "-y", "@scope/server"], "toolcard import --stdio -- npx -y @scope/server"),
        (
            &["inspect", "npx", "-y", "server", "--root", "/tmp"],
            "toolcard inspect --stdio -- npx -y server --root /tmp",
        ),
        (&["import", "--slug", "s", "--", "uvx", "server"], "toolcard import --slug s --stdio -- uvx server"),
        (&["inspect", "--stdio", "npx", "-y", "server"], "toolcard inspect --stdio -- npx -y server"),
        (&["import", "--stdio", "python3 crm.py", "--yes"], "toolcard import --yes --stdio -- python3 crm.py"),
        (&["import", "--stdio", "npx server; rm x"], "toolcard import --stdio -- npx \"server;\" rm x"),
        (&["import", "crm.py"], "toolcard import --stdio -- python3 crm.py"),
        (&["inspect", "--stdio", "crm.js", "x"], "toolcard inspect --stdio -- node crm.js x"),
        (&["inspect", "https://example.org/mcp"], "toolcard inspect --url https://example.org/mcp"),
        (
            &["policy", "decide", "a"],
            "toolcard policy a > policy.json && toolcard policy decide policy.json --tool TOOL",
        ),
        (
            &["policy", "decide", "a/get_thing"],
            "toolcard policy a > policy.json && toolcard policy decide policy.json --tool get_thing",
        ),
        (
            &["policy", "decide", "a", "--tool", "get_thing"],
            "toolcard policy a > policy.json && toolcard policy decide policy.json --tool get_thing",
        ),
        (&["policy", "check", "a"], "toolcard policy a > policy.json && toolcard policy check policy.json"),
        (&["policy", "audit", "a"], "toolcard policy a > policy.json && toolcard policy audit policy.json --server a"),
    ] {
        assert_eq!(meant(&project, args), typed, "{args:?}");
    }
    // What nobody can guess is left to the help.
    for args in [&["review", "a", "b", "c"][..], &["policy", "decide", "nowhere.json"], &["build", "--cataloge", "c"]] {
        let said = project.run(args).exits(2).stderr;
        assert!(!said.contains("type `"), "{args:?}: {said}");
    }
    assert!(!project.exists("dist") && !project.exists("catalog/risk.lock"));
}

#[test]
fn a_review_before_the_first_commit_says_that_there_is_none() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", SMALL);
    project.git(&["init", "-q", "-b", "main"]);
    refused(&project, &["review", "--base", "HEAD"], "unknown-revision", "commit the catalogue first");
}

#[test]
fn a_broken_configuration_is_told_before_a_rule_that_depends_on_it() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", SMALL).file("toolcard.toml", "[limits]\nwrite = 3 = 4\n");
    let run = project.run(&["explain", "a/get_thing"]).exits(2);
    assert!(run.stderr.contains("toolcard.toml:2:") && !run.stdout.contains("recommended rule:"), "{}", run.stderr);
}

#[test]
fn an_empty_folder_and_one_that_is_not_there_are_refused() {
    let project = Project::with_catalog();
    for args in commands("catalog") {
        refused(&project, &args, "no-catalogue", "catalog/SERVER/manifest.json");
    }
    refused(&project, &["classify", "catalog"], "no-catalogue", "catalog/SERVER/manifest.json");
    for args in commands("nowhere") {
        refused(&project, &args, "no-catalogue", "--catalog DIR");
    }
    refused(&project, &["explain", "a/b", "--catalog", "nowhere"], "unreadable-file", "nowhere");
}

#[test]
fn a_theme_that_is_not_there_is_refused_and_a_file_that_replaces_nothing_is_named() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", SMALL).file("toolcard.toml", "[site]\ntheme = 'theme'\n");
    refused(&project, &["build"], "no-theme", "site.theme");
    project
        .file("theme/templates/not-found.html", "x")
        .file("theme/templates/parts/mine.html", "mine")
        .file("theme/templates/not_found.html", "{% include \"parts/mine.html\" %}")
        .file("theme/toolcard.css", "body{}")
        .file("theme/README.md", "A theme.");
    let run = project.run(&["build"]).exits(0);
    assert_eq!(run.stderr.matches("warning[unknown-theme-file]").count(), 2, "{}", run.stderr);
    for said in ["did you mean `not_found.html`?", "move it to `theme/static/toolcard.css`"] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
}

#[test]
fn a_site_is_not_written_into_what_it_is_made_from_nor_around_it() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", SMALL);
    for out in ["catalog", "catalog/site", ".", "catalog/a"] {
        refused(&project, &["build", "--out", out], "output-overlaps-input", "--out DIR");
    }
    assert_eq!(project.tree("catalog").len(), 1);
}

#[test]
fn every_build_ends_with_one_line_that_says_what_it_did_and_what_it_kept() {
    let project = Project::new();
    for server in ["a", "b", "c"] {
        project.file(&format!("catalog/{server}/manifest.json"), SMALL);
    }
    let line = |run: Run| {
        assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
        assert!(run.stdout.starts_with("dist/index.html: ") || cfg!(windows), "{}", run.stdout);
        run.stdout
    };
    let first = line(project.run(&["build"]).exits(0));
    assert!(first.contains("3 servers, 3 tools; ") && first.contains(" files written in ") && first.ends_with(" s\n"));
    assert!(line(project.run(&["build"]).exits(0)).contains("; 0 files written in "));
    project.file("catalog/a/manifest.json", "{");
    let kept = line(project.run(&["build"]).exits(1));
    assert!(kept.contains("2 servers, 2 tools; "), "{kept}");
    assert!(kept.contains("; the old pages of `a` were kept, because the manifest cannot be read"), "{kept}");
    project.file("catalog/b/manifest.json", "{");
    let kept = line(project.run(&["build"]).exits(1));
    assert!(kept.contains("the old pages of `a` and of 1 more server were kept"), "{kept}");
}
