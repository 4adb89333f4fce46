//! Every rule of [`CLAIMS`] decides where its text says so, and not where its text says that it does not.

use std::path::Path;

use toolcard::classify::{CLAIMS, Classifier, Evidence, RuleText, SpeaksFor, Verdict};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::Tool;
use toolcard::risk::Class;

/// One definition that a rule decides by `words`, or that is near those and must not be decided by them.
struct Row {
    rule: &'static RuleText,
    decides: bool,
    class: Class,
    words: String,
    tool: Tool,
}

impl Row {
    fn read(line: &str) -> Self {
        let mut columns = line.split('\t').map(|column| if column == "-" { "" } else { column });
        let mut next = || columns.next().unwrap_or_default().to_owned();
        let id = next();
        let rule = CLAIMS.iter().find(|rule| rule.id == id).unwrap_or_else(|| panic!("no rule `{id}`"));
        let decides = match next().as_str() {
            "decides" => true,
            "near" => false,
            other => panic!("`{other}` is neither `decides` nor `near`: {line}"),
        };
        let class = Class::parse(&next()).expect(line);
        let words = next();
        let name = next();
        let said = |text: String| (!text.is_empty()).then_some(text);
        let description = said(next());
        let properties = said(next()).map_or(serde_json::json!({}), |json| serde_json::from_str(&json).expect(line));
        let title = said(next());
        let input_schema = serde_json::json!({"type": "object", "properties": properties});
        assert!(line.matches(&words).count() > 1, "the definition does not hold `{words}`: {line}");
        Self {
            rule,
            decides,
            class,
            words,
            tool: Tool {
                name: name.into(),
                title: title.map(Into::into),
                description: description.map(Into::into),
                input_schema,
                ..Tool::default()
            },
        }
    }

    /// Whether `evidence` is what this row is about.
    fn is_by(&self, evidence: &Evidence) -> bool {
        evidence.by == self.rule.rule && evidence.restricts == self.rule.restricts && evidence.text == self.words
    }

    /// What is wrong with it, in one line.
    fn told(&self, verdict: &Verdict) -> String {
        let by: Vec<String> = deciding(verdict).map(|e| format!("{:?} `{}`", e.by, e.text)).collect();
        let Self { rule, class, words, tool, .. } = self;
        format!("{}: {} `{words}` {class}: {} by {}", rule.id, tool.name.as_str(), verdict.class, by.join(", "))
    }
}

/// The rows of `tests/labels/rules.tsv`; the README beside it has the columns.
fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/labels/rules.tsv");
    std::fs::read_to_string(path).expect("rules.tsv").lines().map(Row::read).collect()
}

/// The evidence that the class rests on.
fn deciding(verdict: &Verdict) -> impl Iterator<Item = &Evidence> {
    verdict.evidence.iter().filter(|e| e.decides && e.speaks_for == SpeaksFor::Class(verdict.class))
}

/// The rows that decide, or those that must not, of which `holds` does not hold.
fn wrong(decides: bool, holds: impl Fn(&Row, &Verdict) -> bool) -> Vec<String> {
    let classifier = Classifier::new(Lexicon::embedded());
    let judged = rows().into_iter().filter(|row| row.decides == decides).map(|row| {
        let verdict = classifier.tool(&row.tool);
        (row, verdict)
    });
    judged
        .filter(|(row, verdict)| verdict.class != row.class || !holds(row, verdict))
        .map(|(row, verdict)| row.told(&verdict))
        .collect()
}

#[test]
fn every_rule_has_two_definitions_that_it_decides_and_two_near_ones() {
    let rows = rows();
    for rule in &CLAIMS {
        for decides in [true, false] {
            let count = rows.iter().filter(|row| row.rule == rule && row.decides == decides).count();
            assert!(count > 1, "`{}` has {count} rows where `decides` is {decides}", rule.id);
        }
    }
}

#[test]
fn a_rule_decides_where_its_text_says_so_and_a_claim_does_so_alone() {
    let wrong = wrong(true, |row, verdict| {
        let alone = row.rule.restricts || deciding(verdict).all(|e| e.by == row.rule.rule);
        alone && deciding(verdict).any(|e| row.is_by(e))
    });
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_rule_does_not_decide_where_its_text_says_that_it_does_not() {
    let wrong = wrong(false, |row, verdict| !deciding(verdict).any(|e| row.is_by(e)));
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
