//! The lock: what it follows, as a base of a review, and the history that grows with it.

use serde_json::{Value, json};

use crate::support::Project;

const READER: (&str, &str) = ("get_report", "Returns the report of a project.");
const LISTER: (&str, &str) = ("list_files", "Lists the files of a folder.");

#[test]
fn a_lock_is_a_base_that_knows_labels_and_fingerprints() {
    let place = Project::with_catalog();
    place.server("a", &[("do_it", "Returns the name of a project."), LISTER]);
    assert_eq!(place.run(&["lock"]).code, 0);
    assert_eq!(place.review(&["--base", "catalog/risk.lock", "--fail-on", "any"]).0, 0);
    place.server("a", &[("do_it", "Permanently deletes a project."), LISTER]);
    let (code, changes, document) = place.review(&["--base", "catalog/risk.lock"]);
    assert_eq!(code, 1);
    assert_eq!(changes, ["error label-raised a/do_it", "error claim-added a/do_it"]);
    assert!(document["summary"]["unavailable"][0].as_str().expect("said").contains("alone"));
}

#[test]
fn a_lexicon_that_is_broken_stops_the_lock_and_not_the_review() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[READER]);
    place.file("catalog/verbs.toml", "verbs = [");
    place.commit("2026-11-01");
    let locked = place.run(&["lock"]);
    assert_eq!(locked.code, 2);
    assert!(locked.stderr.contains("verbs.toml"), "{}", locked.stderr);
    std::fs::remove_file(place.path().join("catalog/verbs.toml")).expect("removes");
    let (code, changes, _) = place.review(&["--base", "HEAD"]);
    assert_eq!((code, changes), (0, vec!["note lexicon-changed /".to_owned()]));
}

#[test]
fn the_lock_follows_meaning_and_not_formatting() {
    let place = Project::with_catalog();
    place.server("a", &[READER, LISTER]);
    let missing = place.run(&["lock", "--check"]);
    assert_eq!(missing.code, 1);
    assert!(missing.stderr.contains("toolcard lock"), "{}", missing.stderr);
    assert_eq!(place.run(&["lock"]).code, 0);
    let lock = place.read("catalog/risk.lock");
    // Other order of tools and keys, other white space.
    let manifest: Value = serde_json::from_str(&place.read("catalog/a/manifest.json")).expect("JSON");
    let tools: Vec<&Value> = manifest["tools"].as_array().expect("array").iter().rev().collect();
    place.file("catalog/a/manifest.json", &json!({"tools": tools}).to_string());
    assert_eq!(place.run(&["lock", "--check"]).code, 0);
    place.server("a", &[READER, ("list_files", "Lists the files of a folder and more.")]);
    let stale = place.run(&["lock", "--check"]);
    assert_eq!(stale.code, 1);
    assert!(
        stale.stderr.contains("description of `a/list_files` moved") && stale.stderr.contains("toolcard lock"),
        "{}",
        stale.stderr
    );
    assert_eq!(place.read("catalog/risk.lock"), lock);
    // A conflict is not a lock.
    place.file("catalog/risk.lock", &lock.replace("tool get_report", "<<<<<<< ours\ntool get_report"));
    let conflict = place.run(&["lock"]);
    assert_eq!(conflict.code, 2);
    assert!(
        conflict.stderr.contains("merge conflict") && conflict.stderr.contains("risk.lock:6:1"),
        "{}",
        conflict.stderr
    );
}

#[test]
fn a_lost_manifest_keeps_its_labels_in_the_lock() {
    let place = Project::with_catalog();
    place.server("a", &[READER]);
    place.server("b", &[LISTER]);
    assert_eq!(place.run(&["lock"]).code, 0);
    let lock = place.read("catalog/risk.lock");
    place.file("catalog/a/manifest.json", "{");
    assert_eq!(place.run(&["lock"]).code, 1);
    assert_eq!(place.read("catalog/risk.lock"), lock);
}

#[test]
fn the_history_grows_with_the_lock() {
    let place = Project::with_catalog();
    place.server("a", &[("do_it", "Returns the name of a project."), LISTER]);
    place.run(&["lock"]);
    place.run(&["lock"]);
    place.server("a", &[("do_it", "Permanently deletes a project."), READER]);
    place.run(&["lock", "--date", "2026-12-01"]);
    std::fs::rename(place.path().join("catalog/a"), place.path().join("catalog/z")).expect("renames");
    place.run(&["lock"]);
    let history: Value = serde_json::from_str(&place.read("catalog/_changes.json")).expect("JSON");
    let told: Vec<String> = history["changes"]
        .as_array()
        .expect("array")
        .iter()
        .map(|e| format!("{} {} {} {}", e["date"], e["id"], e["server"], e["tool"]).replace('"', ""))
        .collect();
    assert_eq!(
        told,
        [
            "2026-11-20 server-added a null",
            "2026-12-01 label-raised a do_it",
            "2026-12-01 tool-added a get_report",
            "2026-12-01 tool-removed a list_files",
            "2026-11-20 server-renamed z null",
        ]
    );
}

#[test]
fn the_history_is_filled_once_from_git() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[("do_it", "Returns the name of a project.")]);
    place.commit("2026-10-01");
    place.file("README.md", "x");
    place.commit("2026-10-02");
    place.server("a", &[("do_it", "Permanently deletes a project.")]);
    place.server("b", &[LISTER]);
    place.commit("2026-10-03");
    let ran = place.run(&["lock", "--from-git"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = place.read("catalog/_changes.json");
    let days: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("{\"date\":\"")?.get(..10)).collect();
    assert_eq!(days, ["2026-10-01", "2026-10-03", "2026-10-03"], "{text}");
    assert_eq!(place.run(&["lock", "--from-git"]).code, 2);
    // The first lock after it has nothing to add.
    place.run(&["lock"]);
}

#[test]
fn a_raised_label_is_accepted_by_committing_the_lock_and_the_report_says_how() {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[("do_it", "Returns the name of a project."), LISTER]);
    place.commit("2026-11-01");
    place.server("a", &[("do_it", "Permanently deletes a project."), LISTER]);
    let shown = |base: &str, format: &str| place.run(&["review", "--base", base, "--format", format]);
    // Whoever has no lock accepts nothing with one.
    place.run(&["lock"]).exits(0);
    assert!(shown("HEAD", "text").exits(1).stdout.contains("help: to accept 2 changes, the base needs a `risk.lock`"));
    std::fs::remove_file(place.path().join("catalog/risk.lock")).expect("removed");
    place.git(&["checkout", "-q", "."]);
    place.run(&["lock"]).exits(0);
    let base = place.commit("2026-11-02");
    place.server("a", &[("do_it", "Permanently deletes a project."), LISTER]);
    let text = shown(&base, "text").exits(1).stdout;
    assert!(text.contains("error[label-raised]") && text.contains("2 of the changes fail the review"), "{text}");
    assert!(text.contains("help: to accept 2 changes, run `toolcard lock` and commit `risk.lock`"), "{text}");
    assert!(
        text.contains(
            "all tools by class: before 2 (2 Read, 0 Write, 0 Destructive), after 2 (1 Read, 0 Write, 1 Destructive)"
        ),
        "{text}"
    );
    let markdown = shown(&base, "markdown").exits(1).stdout;
    let row = markdown.lines().find(|line| line.contains("`a/do_it`")).expect("a row");
    assert!(row.starts_with("| **fails** | `a/do_it` | Read (Low) → **Destructive** ("), "{row}");
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| ") && line.contains("`a/do_it`")).count(), 1);
    assert!(markdown.contains("How this becomes green:\n\n- To accept"), "{markdown}");
    assert!(shown(&base, "github").exits(1).stdout.contains("toolcard review: to accept 2 changes"));
    place.run(&["lock"]).exits(0);
    let (code, _, document) = place.review(&["--base", &base]);
    assert_eq!(code, 0);
    for change in document["changes"].as_array().expect("array").iter().filter(|c| c["level"] == "error") {
        assert_eq!((&change["accepted"], &change["fails"]), (&json!("lock"), &json!(false)));
    }
    let text = shown(&base, "text").exits(0).stdout;
    assert!(
        !text.contains("error") && text.contains("= accepted: `risk.lock`") && text.contains("; 3 of them accepted"),
        "{text}"
    );
    place.commit("2026-11-03");
    assert_eq!(place.review(&["--base", &base, "--head", "HEAD"]).0, 0);
    // The lock of another state accepts nothing.
    place.server("a", &[("do_it", "Permanently deletes a project and all backups."), LISTER]);
    assert_eq!(place.review(&["--base", &base]).0, 1);
}

#[test]
fn what_is_taken_back_on_its_day_leaves_the_history() {
    let place = Project::with_catalog();
    let label = |text: &str| place.server("a", &[("do_it", text), LISTER]);
    let history = || place.read("catalog/_changes.json");
    label("Returns a project.");
    place.run(&["lock"]).exits(0);
    let first = history();
    label("Permanently deletes a project.");
    let said = place.run(&["lock"]).exits(0).stderr;
    assert!(said.contains("_changes.json has 1 new event"), "{said}");
    let raised = history();
    label("Returns a project.");
    let said = place.run(&["lock"]).exits(0).stderr;
    assert!(said.contains("2 events that took each other back on one day are left out"), "{said}");
    assert!(!said.contains("new event"), "{said}");
    assert_eq!(history(), first);
    // Another day is another matter.
    place.file("catalog/_changes.json", &raised.replace("2026-11-20\",\"id\":\"label", "2026-11-19\",\"id\":\"label"));
    label("Permanently deletes a project.");
    place.run(&["lock", "--date", "2026-11-19"]).exits(0);
    label("Returns a project.");
    place.run(&["lock", "--date", "2026-11-22"]).exits(0);
    assert!(history().contains("label-raised") && history().contains("label-lowered"), "{}", history());
}
