//! Servers of a catalogue, asked again.

use super::{heartbeat, import, names, server, written};
use crate::support::Project;

#[test]
fn a_catalogue_that_says_where_its_servers_came_from_is_updated_with_one_review() {
    let project = Project::with_catalog();
    import(&project, "many=2", &["--keep-source"]).exits(0);
    let source = project.read("catalog/s/source.toml");
    assert!(source.starts_with("# How `toolcard update` asks this server again."), "{source}");
    assert!(source.contains("mode:many=2") && !project.read("catalog/s/manifest.json").contains("mode:"), "{source}");
    // A second server, and one that says nothing of where it came from.
    project.file("catalog/t/manifest.json", &project.read("catalog/s/manifest.json").replace("\"s\"", "\"t\""));
    project.file("catalog/t/source.toml", &source.replace("mode:many=2", "mode:many=1"));
    project.file("catalog/u/manifest.json", r#"[{"name": "get_u"}]"#);
    project.file("catalog/s/source.toml", &source.replace("mode:many=2", "mode:many=3"));

    let run = project.run(&["update", "--yes", "--dry-run"]).exits(0);
    assert!(run.stdout.contains("s/get_note_2") && run.stdout.contains("t/get_note_1"), "{}", run.stdout);
    assert_eq!(names(&written(&project)).len(), 2, "--dry-run writes nothing");
    let run = project.run(&["update", "--yes"]).exits(0);
    assert_eq!(run.stdout.matches("this import against the catalogue").count(), 1, "{}", run.stdout);
    assert_eq!(names(&written(&project)).len(), 3);
    let run = project.run(&["update", "--yes", "s"]).exits(0);
    assert!(run.stderr.contains("s: nothing changed"), "{}", run.stderr);
}

#[test]
fn an_update_starts_nothing_before_somebody_said_so_and_reports_what_cannot_be_asked() {
    let project = Project::with_catalog();
    import(&project, "many=2", &["--keep-source"]).exits(0);
    let file = heartbeat(&project);
    let source = project.read("catalog/s/source.toml");
    project.file(
        "catalog/s/source.toml",
        &source.replace("mode:many=2", &format!("mode:many=2+grandchild={}", file.display())),
    );
    let run = project.run(&["update"]).exits(2);
    assert!(run.stderr.contains("This starts a program that somebody else wrote") && !file.exists(), "{}", run.stderr);

    project.file("catalog/t/manifest.json", r#"[{"name": "get_t"}]"#);
    project.file("catalog/t/source.toml", "stdio = [\"x\"]\nenv = [\"NO_SUCH_VARIABLE\"]\n");
    project.file("catalog/v/manifest.json", r#"[{"name": "get_v"}]"#);
    project.file("catalog/v/source.toml", "stdoi = [\"x\"]\n");
    let run = project.run(&["update", "--yes"]).exits(1);
    assert!(run.stderr.contains("the variable `NO_SUCH_VARIABLE`, which it is given, is not set"), "{}", run.stderr);
    assert!(run.stderr.contains("source.toml cannot be read: unknown field `stdoi`"), "{}", run.stderr);
    let run = project.run(&["update", "--yes", "w"]).exits(2);
    assert!(run.stderr.contains("the catalogue has no such server"), "{}", run.stderr);
    let empty = Project::with_catalog();
    empty.file("catalog/t/manifest.json", r#"[{"name": "get_t"}]"#);
    let run = empty.run(&["update"]).exits(2);
    assert!(run.stderr.contains("no server of the catalogue says where it came from"), "{}", run.stderr);
}

#[test]
fn a_source_that_cannot_be_kept_without_a_secret_is_not_kept() {
    for secret in [
        "api_key=planted-secret",
        "Authorization: Bearer planted-secret",
        "X-Api-Key:planted-secret",
        "https://example.org/mcp?token=planted-secret",
    ] {
        let project = Project::with_catalog();
        let mut words = server("many=2");
        words.push(secret.to_owned());
        let mut all = vec!["import", "--slug", "s", "--yes", "--keep-source", "--stdio", "--"];
        all.extend(words.iter().map(String::as_str));
        let run = project.run(&all).exits(1);
        assert!(run.stderr.contains("looks like a secret") && !run.stderr.contains("planted"), "{}", run.stderr);
        assert!(project.exists("catalog/s/manifest.json") && !project.exists("catalog/s/source.toml"));
    }
    let project = Project::with_catalog();
    project.file("tools.json", "[]");
    let run = project.run(&["import", "--keep-source", "tools.json"]).exits(2);
    assert!(run.stderr.contains("for servers that run"), "{}", run.stderr);
}
