//! Outputs and documentation agree with the schemas and with the table of kinds.

use std::path::Path;

use toolcard::classify::FindingLevel;
use toolcard::review::{FailOn, KINDS};

use super::made::{change, rendered, review};

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

fn of_every_kind() -> toolcard::review::Review {
    let mut review = review(KINDS.iter().map(|row| change(row.kind, row.level, "x")).collect());
    review.changes[0].tool = None;
    review.changes[0].before = None;
    review.changes[0].location = None;
    review.unavailable.push("policies were not compared");
    review
}

#[test]
fn sarif_is_valid_against_the_official_schema_and_has_what_github_needs() {
    let mut schema = json(&file("tests/review/sarif-schema-2.1.0.json"));
    // The one pattern of the official file that is not a valid ECMA expression; we write no language.
    for of in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{of}/properties/language")).expect("in the schema");
        language.as_object_mut().expect("an object").remove("pattern").expect("there");
    }
    let sarif = json(&rendered(&of_every_kind(), "sarif", FailOn::NONE));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&sarif).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert_eq!(errors, [""; 0]);
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64() > Some(0));
        assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string());
    }
    assert!(rules.iter().all(|r| r["properties"]["security-severity"].is_string()));
}

#[test]
fn json_is_valid_against_the_published_schema() {
    let schema = json(&file("schemas/review.schema.json"));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for review in [of_every_kind(), review(vec![])] {
        let document = json(&rendered(&review, "json", FailOn::RAISED));
        let errors: Vec<String> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    }
    let ids: Vec<&str> = KINDS.iter().map(|row| row.id).collect();
    assert_eq!(schema["$defs"]["id"]["enum"], serde_json::json!(ids));
}

#[test]
fn the_documentation_lists_the_kinds_as_they_are() {
    let level = |level: FindingLevel| level.name();
    let told = |r: &toolcard::review::KindRow| [r.what, r.levels].join(" ").trim_end().to_owned();
    let rows: Vec<String> =
        KINDS.iter().map(|r| format!("| `{}` | {} | {} |\n", r.id, level(r.level), told(r))).collect();
    let rows = rows.concat();
    let docs = file("docs/review.md");
    assert!(docs.contains(&rows), "the table of docs/review.md should be:\n{rows}");
    for (_, name) in FailOn::ALL {
        assert!(docs.contains(&format!("| `{name}`")), "{name}");
    }
}
