//! The figures that are published are the figures that are measured, and anybody can measure them again.

use std::path::Path;
use std::sync::LazyLock;

use toolcard::classify::Classifier;
use toolcard::eval::accuracy::{PAGE, page};
use toolcard::eval::all::{Accuracy, measure};
use toolcard::eval::fit::{self, BARS};
use toolcard::lexicon::Lexicon;

use crate::support::Project;

/// Measured once: most of the time goes into verdicts.
static ACCURACY: LazyLock<Accuracy> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    measure(root, &Classifier::new(Lexicon::embedded())).expect("the repository can be measured")
});

#[test]
fn the_page_says_what_is_measured() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let written = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == page(&ACCURACY), "{PAGE} is stale: run `cargo run -- eval --write` and read what moved");
}

#[test]
fn the_stored_weights_are_what_the_fit_on_all_labels_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(fit::MODEL);
    let written = std::fs::read_to_string(path).expect(fit::MODEL).replace("\r\n", "\n");
    let model = fit::fit(&ACCURACY.labelled);
    let made = fit::file(&model, &ACCURACY.labelled);
    assert!(written == made, "{} is stale: run `cargo run -- eval --fit`, which makes\n{made}", fit::MODEL);
}

#[test]
fn confidence_tells_right_from_wrong_on_servers_that_it_was_not_fitted_on() {
    let all = ACCURACY.cross_validated.pools.last().expect("all");
    let found = &all.calibration;
    assert_eq!((all.id.as_str(), all.acceptable.of), ("all", ACCURACY.labelled.len()));
    assert!(found.auroc.expect("right and wrong") >= BARS.auroc, "{found:#?}");
    assert!(found.surer_four_fifths >= BARS.surer_four_fifths, "{found:#?}");
    assert!(found.calibration_error <= BARS.calibration_error, "{found:#?}");
}

#[test]
fn every_label_of_the_repository_has_its_tool() {
    assert_eq!(ACCURACY.missing().collect::<Vec<_>>(), Vec::<&str>::new());
    let labels: usize = ACCURACY.sets.iter().map(|set| set.report.tools).sum();
    assert_eq!(ACCURACY.pools.last().expect("all").report.tools, labels);
}

#[test]
fn no_tool_is_labelled_twice() {
    let mut seen = std::collections::BTreeMap::new();
    for set in ACCURACY.sets.iter().map(|set| &set.id) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/labels/{set}.jsonl"));
        for label in toolcard::eval::gold::read_gold_file(&path).expect("labels") {
            let tool = (label.server, label.tool);
            if let Some(other) = seen.insert(tool.clone(), set) {
                panic!("{tool:?} is in {other} and in {set}");
            }
        }
    }
}

#[test]
fn a_verdict_that_contradicts_an_authors_hint_says_so() {
    assert_eq!(ACCURACY.hints.untold, Vec::<String>::new());
    assert!(ACCURACY.hints.servers >= 20, "{} servers declare hints", ACCURACY.hints.servers);
}

#[test]
fn verdicts_are_better_than_the_first_verb_of_the_name() {
    for set in &ACCURACY.sets {
        let (ours, simple) = (set.report.acceptable, set.baseline.acceptable);
        assert!(ours > simple.share(), "{}: {ours} and {simple}", set.id);
    }
}

const GOLD: &str = r#"{"server": "clearml-mcp", "tool": "list_models", "label": "Read"}"#;
const WILD: &str = r#"{"server": "t-1", "tool": "wipe", "label": "Destructive"}"#;
const CRAWLED: &str = r#"{"server": {"slug": "t-1"}, "tools": [{"name": "wipe", "description": "Deletes all data."}, {"name": "list"}, {"name": "peek", "description": "Shows the first message."}]}"#;
const ROUND: &str = r#"{"server": "t-1", "tool": "peek", "label": "Read"}"#;
const ROUNDS: &str = r#"
[[round]]
id = "round-1"
date = "2026-11-28"
tools = 1
seed = "1"
agreement = 1.0
kappa = 1.0
[round.first]
acceptable = [0, 1]
destructive_found = [0, 0]
destructive_called_read = 0
read_called_destructive = [0, 1]
facets_f1 = 1.0
first_verb = [1, 1]
"#;

/// A checkout with one label a set.
fn checkout() -> Project {
    let project = Project::with_servers(&["clearml-mcp"]);
    project
        .file("tests/labels/gold.jsonl", GOLD)
        .file("tests/labels/wild.jsonl", WILD)
        .file("tests/labels/wild/definitions.jsonl", CRAWLED)
        .file("tests/labels/round-1.jsonl", ROUND)
        .file("tests/labels/rounds.toml", ROUNDS)
        .file("tests/labels/iam.tsv", "service\taction\tlevel\nec2\tDescribeHosts\tList\n")
        .file("docs/accuracy.md", "old");
    project
}

#[test]
fn without_arguments_everything_that_a_checkout_holds_is_measured() {
    let run = checkout().run(&["eval"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for title in ["Label sets", "Verdicts against labels", "Blind rounds", "By facet", "Reliability", "readOnlyHint"] {
        assert!(run.stdout.contains(title), "{title}: {}", run.stdout);
    }
    let line = |start: &str| run.stdout.lines().find(|line| line.starts_with(start)).expect(start).to_owned();
    assert!(line("round-1, first").contains("0.0 %"), "the first look stays as it was typed in");
    assert!(line("round-1, now").contains("100.0 %"));
    assert!(!run.stdout.contains("labelled"), "misses are not asked for");
}

#[test]
fn the_page_is_written_only_when_it_changed() {
    let project = checkout();
    let first = project.run(&["eval", "--write"]);
    assert_eq!((first.code, first.stdout.as_str()), (0, ""), "{}", first.stderr);
    assert!(first.stderr.contains("docs/accuracy.md is written"), "{}", first.stderr);
    assert!(project.read("docs/accuracy.md").starts_with("<!-- Generated by `toolcard eval --write`"));
    assert!(project.run(&["eval", "--write"]).stderr.contains("unchanged"));
}

#[test]
fn weights_are_fitted_written_and_measured_apart() {
    let project = checkout();
    project.file("src/classify/confidence.toml", "old");
    let first = project.run(&["eval", "--fit"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(first.stderr.contains("src/classify/confidence.toml is written"), "{}", first.stderr);
    assert!(first.stdout.contains("all, as built in") && first.stdout.contains("bar of all"), "{}", first.stdout);
    let written = project.read("src/classify/confidence.toml");
    toolcard::classify::Model::read(&written).expect("a model");
    assert!(written.contains("3 labelled tools of 2 servers") && written.contains("gold, wild, round-1"), "{written}");
    assert!(project.run(&["eval", "--fit"]).stderr.contains("unchanged"));
    let json: serde_json::Value = serde_json::from_str(&project.run(&["eval", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["cross_validated"]["pools"][3]["acceptable"]["of"], 3, "{json}");
}

#[test]
fn misses_are_listed_with_what_decided_and_json_holds_all_of_it() {
    let project = checkout();
    project.file("tests/labels/wild.jsonl", &WILD.replace("Destructive", "Read"));
    let run = project.run(&["eval", "--misses"]);
    assert!(run.stdout.contains("unacceptable: t-1/wipe: Destructive is labelled Read"), "{}", run.stdout);
    let json: serde_json::Value = serde_json::from_str(&project.run(&["eval", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["sets"][1]["read_called_destructive"]["part"], 1);
    assert_eq!(json["sets"][1]["misses"][0]["tool"], "wipe");
    assert_eq!(json["rounds"][0]["first"]["acceptable"]["share"], 0.0);
}

#[test]
fn a_label_without_its_tool_fails() {
    let project = checkout();
    project.file("tests/labels/gold.jsonl", &GOLD.replace("list_models", "no_such_tool"));
    let run = project.run(&["eval"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("no tool for the label clearml-mcp/no_such_tool"), "{}", run.stdout);
}

#[test]
fn elsewhere_it_says_what_to_do() {
    let run = Project::new().run(&["eval"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("root of a checkout") && run.stderr.contains("--manifests DIR"), "{}", run.stderr);
}

#[test]
fn labels_of_ones_own_are_measured_by_the_same_figures() {
    let project = checkout();
    project.file("mine.jsonl", GOLD);
    let run = project.run(&["eval", "mine.jsonl", "--manifests", "catalog"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("1 tools of 1 servers") && run.stdout.contains("first verb"), "{}", run.stdout);
    let json = project.run(&["eval", "mine.jsonl", "--manifests", "catalog", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["id"], &json["acceptable"]["of"]), (&"mine".into(), &1.into()));
    assert!(json["auroc"].is_null() && json["calibration_error"].is_number(), "{json}");
    project.file("mine.jsonl", "{\"server\": 1}");
    assert!(project.run(&["eval", "mine.jsonl", "--manifests", "catalog"]).stderr.contains("bad-label"));
}

#[test]
fn unknown_words_are_listed_by_frequency_and_cannot_steer_the_terminal() {
    let project = Project::new();
    let tools = r#"[{"name": "zorple_blivet"}, {"name": "zorple_x\u001b[31m"}, {"name": "quux_blivet"}]"#;
    project.file("crawled/s.json", &format!("{{\"tools\": {tools}}}"));
    let run = project.run(&["eval", "--unknown", "crawled"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let (verbs, objects) = run.stdout.split_once("in the place of an object").expect("two lists");
    let (two, one) = (verbs.find("     2  zorple").expect("twice"), verbs.find("     1  quux").expect("once"));
    assert!(two < one, "{verbs}");
    assert!(objects.contains("     2  blivet"), "{objects}");
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
}
