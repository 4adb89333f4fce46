//! Names that no file, no address and no folder should have: each tool and each server still has a page of its own, inside
//! the output, on every file system.

use std::collections::HashSet;

use serde_json::json;

use crate::support::Project;

/// Names that break something somewhere.
fn broken() -> Vec<String> {
    let mut names: Vec<String> = [
        "../x",
        "..",
        ".",
        "/",
        "/etc/passwd",
        "a/../../b",
        "..\\x",
        "C:\\x",
        "CON",
        "con",
        "nul.txt",
        "COM1",
        "lpt9.html",
        "aux.",
        ".hidden",
        "x.",
        "x..",
        "x ",
        " x",
        "index",
        "INDEX",
        "badge",
        "policy",
        "policy.json",
        "llms.txt",
        "composer",
        "_attacks",
        "-rf",
        "~",
        "%2e%2e",
        "a?b",
        "a#b",
        "a:b",
        "a*b",
        "a|b",
        "<b>",
        "\"",
        "'",
        "a\u{202e}b",
        "\u{200f}a",
        "\u{2066}a",
        "a\u{0}b",
        "a\nb",
        "a\tb",
        "caf\u{e9}",
        "cafe\u{301}",
        "ﬁle",
        "file",
        "File",
        "FILE",
        "İ",
        "i\u{307}",
        "ß",
        "SS",
        "删除",
        "\u{feff}",
        "🙂",
        "constructor",
        "__proto__",
        "x-00000000",
    ]
    .map(str::to_owned)
    .into();
    names.extend([100, 101, 255, 300].map(|n| "a".repeat(n)));
    names.push("删".repeat(300));
    names
}

/// Whether a path is one that every file system takes and no two of which are one file on any.
#[track_caller]
fn is_safe(path: &str) {
    assert!(path.len() < 240, "{path}");
    for step in path.split('/') {
        let stem = step.split('.').next().unwrap();
        assert!(!step.is_empty() && step.is_ascii() && !step.ends_with('.') && !step.starts_with('-'), "{path}");
        assert!(step.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b)), "{path}");
        assert!(!["con", "prn", "aux", "nul", "com1", "lpt9"].contains(&stem), "{path}");
    }
}

/// The files of a site but for the writer's own.
fn files(project: &Project) -> Vec<String> {
    let all = project.tree("dist").into_iter().map(|(path, _)| path);
    all.filter(|path| !path.starts_with(".toolcard/") && path != "_headers").collect()
}

#[test]
fn every_tool_of_a_broken_name_has_files_of_its_own_inside_the_output() {
    let names = broken();
    let tools: Vec<_> =
        names.iter().map(|name| json!({"name": name, "description": format!("Gets {name}.")})).collect();
    let project = Project::new();
    project
        .file("catalog/s/manifest.json", &json!({"tools": tools}).to_string())
        .file("toolcard.toml", "[output]\nbadge_tools = true\n");
    project.run(&["build"]).exits(0);
    let files = files(&project);
    for path in &files {
        is_safe(path);
    }
    for extension in [".html", ".md", ".card.json", ".svg"] {
        let of_tools = files.iter().filter(|p| p.starts_with("tools/s/") && p.ends_with(extension));
        let of_server = usize::from(extension != ".card.json");
        assert_eq!(of_tools.count(), names.len() + of_server, "{extension}");
    }
    // Nothing beside the output.
    let mut beside: Vec<_> = std::fs::read_dir(project.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    beside.sort();
    assert_eq!(beside, ["catalog", "dist", "toolcard.toml"]);
}

#[test]
fn names_that_no_tool_can_have_are_reported_and_cost_that_tool() {
    let project = Project::new();
    project.file(
        "catalog/s/manifest.json",
        &json!([{"name": ""}, {"name": " \t"}, {"name": null}, {}, {"name": "a"}]).to_string(),
    );
    let run = project.run(&["build"]).exits(1);
    assert_eq!(run.stderr.matches("tool-without-name").count(), 4, "{}", run.stderr);
    assert!(project.exists("dist/tools/s/a.html"));
}

#[cfg(unix)]
#[test]
fn every_server_of_a_broken_name_has_a_folder_of_its_own_or_is_reported() {
    let project = Project::new();
    let mut made: HashSet<String> = HashSet::new();
    for name in broken() {
        // What no folder of a catalogue can be called.
        let possible = !name.contains(['/', '\0']) && ![".", ".."].contains(&name.as_str()) && name.len() <= 255;
        if possible && !name.starts_with(['.', '_']) && made.insert(name.clone()) {
            project.file(&format!("catalog/{name}/manifest.json"), r#"{"tools": [{"name": "get_x"}]}"#);
        }
    }
    let run = project.run(&["build"]).exits(1);
    let refused = run.stderr.matches("same-url").count();
    assert!(refused >= 5, "{}", run.stderr);
    let files = files(&project);
    for path in &files {
        is_safe(path);
    }
    let folders = files.iter().filter(|p| p.starts_with("tools/") && p.ends_with("/get_x.html")).count();
    assert_eq!(folders, made.len() - refused);
}

#[test]
fn an_output_in_or_around_what_is_read_is_refused_and_nothing_is_written() {
    let project = Project::new();
    project
        .file("catalog/a/manifest.json", r#"{"tools": [{"name": "get_x"}]}"#)
        .file("theme/static/x.css", "")
        .file("themed.toml", "[site]\ntheme = \"theme\"\n");
    let before = project.tree(".");
    for out in
        ["catalog", "catalog/dist", "catalog/new/deep", "catalog/../catalog/x", "catalog/a", ".", "none/../catalog/x"]
    {
        for command in ["build", "serve"] {
            let run = project.run(&[command, "--out", out]).exits(2);
            assert!(run.stderr.contains("output-overlaps-input"), "{command} {out}: {}", run.stderr);
        }
    }
    let run = project.run(&["build", "--config", "themed.toml", "--out", "theme/dist"]).exits(2);
    assert!(run.stderr.contains("into the theme"), "{}", run.stderr);
    assert!(before == project.tree("."), "something was written");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("catalog", project.path().join("link")).unwrap();
        project.run(&["build", "--out", "link/dist"]).exits(2);
        project.run(&["build", "--catalog", "link", "--out", "catalog/dist"]).exits(2);
    }
    project.run(&["build", "--out", "catalog-dist"]).exits(0);
    project.run(&["build", "--out", "new/deep/dist"]).exits(0);
}

#[test]
fn a_tool_called_badge_has_a_badge_and_so_has_the_server() {
    let project = Project::new();
    project
        .file("catalog/s/manifest.json", r#"{"tools": [{"name": "badge"}, {"name": "delete_x"}]}"#)
        .file("toolcard.toml", "[output]\nbadge_tools = true\n");
    project.run(&["build"]).exits(0);
    let badges: Vec<_> = project.tree("dist/tools/s").into_iter().filter(|(p, _)| p.ends_with(".svg")).collect();
    assert_eq!(badges.len(), 3);
    assert!(
        String::from_utf8_lossy(&badges.iter().find(|(p, _)| p == "badge.svg").unwrap().1).contains("1 Destructive")
    );
}
