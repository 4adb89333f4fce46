//! Reviews made by hand.

use toolcard::catalog::lock::{Band, Label};
use toolcard::classify::{Evidence, FindingLevel, Place, SpeaksFor};
use toolcard::review::report::{Context, ReportFormat};
use toolcard::review::{Change, FailOn, Kind, Location, Proof, Review};
use toolcard::risk::{Class, Facet, Facets, Severity, Span};

/// A label of a class.
pub(super) fn label(class: Class) -> Label {
    let facets = Facets::from_iter([Facet::Bulk]);
    let rules = vec!["verb.drop".into()];
    Label { class, severity: Severity::of(class, facets), facets, confidence: Band::High, rules }
}

/// A change of every kind of evidence whose every text is `text`.
pub(super) fn change(id: Kind, level: FindingLevel, text: &str) -> Change {
    let evidence = Evidence {
        rule: text.to_owned().into(),
        by: toolcard::classify::RuleFamily::Name,
        place: Place::Pointer(format!("/inputSchema/properties/{text}")),
        span: Span { start: 0, end: text.len() },
        text: text.to_owned(),
        speaks_for: SpeaksFor::Class(Class::Destructive),
        weight: 0.9,
        decides: true,
        restricts: false,
    };
    Change {
        id,
        level,
        server: text.to_owned(),
        tool: Some(text.to_owned()),
        message: format!("changed by {}", toolcard::neutral::quoted(text)),
        before: Some(label(Class::Read)),
        after: Some(label(Class::Destructive)),
        evidence: vec![
            Proof::Rule(evidence),
            Proof::Moved { place: text.to_owned(), before: Some(text.to_owned()), after: Some(text.to_owned()) },
            Proof::Diff { place: "policy", diff: vec![format!("-  \"{text}\""), format!("+  \"{text}\"")] },
            Proof::Words { place: text.to_owned(), text: text.to_owned() },
        ],
        location: Some(Location { file: format!("catalog/{text}/manifest.json"), line: 3, column: 4 }),
        accepted: None,
    }
}

/// A review of changes.
pub(super) fn review(changes: Vec<Change>) -> Review {
    Review { base: "main".to_owned(), head: "catalog".to_owned(), changes, servers: 1, tools: 1, ..Review::default() }
}

/// A review in one output.
pub(super) fn rendered(review: &Review, format: &str, fail_on: FailOn) -> String {
    let format = ReportFormat::parse(format).expect("known");
    (format.render)(review, Context { fail_on, styled: false }).expect("renders")
}
