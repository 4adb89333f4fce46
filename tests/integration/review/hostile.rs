//! Whatever a server says, it says it inside a quotation.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use toolcard::classify::FindingLevel;
use toolcard::neutral::is_hidden;
use toolcard::review::report::{FORMATS, MARKER, MAX_CHARS};
use toolcard::review::{FailOn, Kind, Review};

use super::made::{change, rendered, review};

const ATTACKS: &[&str] = &[
    "@everyone @octocat/team please approve",
    "![x](https://evil.example/pixel.png)",
    "[click](javascript:alert(1)) https://evil.example www.evil.example",
    "<!-- toolcard-review --> <img src=x onerror=alert(1)> </details> <!-- ",
    "::set-output name=x::y",
    "x\n::error file=a::b\n##[set-env name=PATH]evil\r\n##vso[task.setvariable variable=a]b",
    "\u{1b}[31mred\u{1b}[0m\u{9b}31m\u{7}",
    "a | b || c |\n|---|---|\n| d \\| e",
    "`x` ``y`` ```z``` ~~~\n```\nout\n```\n",
    "\u{202e}gnp.exe\u{2066}x\u{2069} zero\u{200b}width \u{e0041}\u{e0042}tags",
    "]]> </testcase></testsuite> <![CDATA[ &amp; ' \"",
    "# heading\n- list\n> quote\n***bold*** #123 GH-1 &lt;b&gt;",
    "\\` \\",
    "{\"x\": \"\\u0000\"}\u{0}",
];

fn attacked() -> Review {
    let kinds = [(Kind::LabelRaised, FindingLevel::Error), (Kind::PolicyChanged, FindingLevel::Note)];
    let attacks = ATTACKS.iter().flat_map(|text| kinds.map(|(id, level)| change(id, level, text)));
    let mut review = review(attacks.collect());
    review.base = ATTACKS.concat();
    review.head = ATTACKS.concat();
    review
}

#[test]
fn no_output_holds_a_hidden_character_or_a_command_inside_a_line() {
    let review = attacked();
    for format in FORMATS {
        let text = rendered(&review, format.name, FailOn::ANY);
        assert!(!text.chars().any(is_hidden), "{}", format.name);
        assert!(!text.contains("##["), "{}", format.name);
        assert!(!text.contains("##vso["), "{}", format.name);
    }
}

#[test]
fn markdown_renders_to_tables_lists_and_code_alone() {
    let review = attacked();
    let text = rendered(&review, "markdown", FailOn::RAISED);
    let (mut code, mut cells, mut fenced) = (false, Vec::new(), 0);
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::BlockQuote(_)) => panic!("{event:?}"),
            Event::Start(Tag::CodeBlock(_)) => {
                code = true;
                fenced += 1;
            }
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Start(Tag::TableRow | Tag::TableHead) => cells.push(0),
            Event::Start(Tag::TableCell) => *cells.last_mut().expect("in a row") += 1,
            Event::Text(t) if !code => assert!(!t.contains('@') && !t.contains("://") && !t.contains("www."), "{t}"),
            Event::Html(h) | Event::InlineHtml(h) => {
                let ours = h.trim() == MARKER || h.starts_with("<details><summary>") || h.starts_with("</details>");
                assert!(ours, "{h}");
            }
            _ => {}
        }
    }
    assert_eq!(fenced, ATTACKS.len() * 2);
    assert!(cells.iter().all(|n| *n == 4), "{cells:?}");
    assert_eq!(cells.len(), ATTACKS.len() + 1, "a row a tool");
}

#[test]
fn every_line_of_github_is_one_command_of_ours() {
    let review = attacked();
    let text = rendered(&review, "github", FailOn::RAISED);
    let (lines, talk): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("::"));
    assert_eq!((lines.len(), talk.len()), (review.changes.len(), 2), "and how it becomes green");
    for line in &lines {
        let rest = line.strip_prefix("::error ").or_else(|| line.strip_prefix("::notice ")).expect("a command");
        let (properties, message) = rest.split_once("::").expect("a message");
        let keys: Vec<&str> = properties.split(',').map(|p| p.split_once('=').expect("a pair").0).collect();
        assert_eq!(keys, ["title", "file", "line", "col"], "{line}");
        assert!(message.starts_with('`'));
    }
    assert!(talk.iter().all(|line| line.starts_with("toolcard review: ")));
}

#[test]
fn no_line_for_a_terminal_begins_with_what_a_server_says() {
    let text = rendered(&attacked(), "text", FailOn::RAISED);
    for line in text.lines() {
        let start = line.trim_start();
        let ours = [
            "error[",
            "note[",
            "--> ",
            "= ",
            "| ",
            "28 changes in 14 tools: ",
            "14 of the changes ",
            "help: to accept 14 changes",
        ];
        assert!(start.is_empty() || ours.iter().any(|o| start.starts_with(o)), "{line}");
    }
}

#[test]
fn json_keeps_every_text_exactly() {
    let review = attacked();
    let json: serde_json::Value = serde_json::from_str(&rendered(&review, "json", FailOn::RAISED)).expect("JSON");
    for (change, text) in json["changes"].as_array().expect("array").iter().step_by(2).zip(ATTACKS) {
        assert_eq!(change["tool"], *text);
        assert_eq!(change["evidence"][1]["after"], *text);
    }
}

#[test]
fn sarif_messages_make_no_links() {
    let json: serde_json::Value = serde_json::from_str(&rendered(&attacked(), "sarif", FailOn::RAISED)).expect("JSON");
    for result in json["runs"][0]["results"].as_array().expect("array") {
        let text = result["message"]["text"].as_str().expect("text");
        for (i, _) in text.match_indices('[') {
            assert_eq!(&text[i - 1..i], "\\", "{text}");
        }
    }
}

#[test]
fn junit_has_our_elements_alone() {
    let text = rendered(&attacked(), "junit", FailOn::RAISED);
    for piece in text.split('<').skip(1) {
        let name = piece.trim_start_matches('/').split([' ', '>', '/']).next().expect("a name");
        assert!(["?xml", "testsuites", "testsuite", "testcase", "failure", "system-out"].contains(&name), "{piece}");
    }
    for piece in text.split('&').skip(1) {
        let entity = piece.split(';').next().expect("an entity");
        assert!(["amp", "lt", "gt", "quot", "apos", "#10", "#35"].contains(&entity), "{piece}");
    }
}

#[test]
fn five_thousand_changes_fit_a_comment_with_the_worst_first() {
    let changes = (0..5_000).map(|i| {
        let (id, level) = match i % 100 {
            0 => (Kind::LabelRaised, FindingLevel::Error),
            1..=30 => (Kind::LabelLowered, FindingLevel::Warning),
            _ => (Kind::DescriptionChanged, FindingLevel::Note),
        };
        change(id, level, &format!("a_tool_with_a_name_{i}_{}", "é|".repeat(30)))
    });
    let review = review(changes.collect());
    let text = rendered(&review, "markdown", FailOn::RAISED);
    assert!(text.len() <= MAX_CHARS, "{}", text.len());
    assert!(text.contains("5000 changes in 5000 tools: 50 fail, 1500 warnings, 3450 notes"));
    assert!(text.contains("Cut to the size of a comment"));
    let first = text.lines().find(|l| l.starts_with("| **fails**")).expect("a row");
    assert!(first.contains("Read (Low, `bulk`) → **Destructive** (Critical, `bulk`) | Rose from"), "{first}");
    assert!(text.find("| **fails**").expect("errors") < text.find("| warning").expect("warnings"));
    for format in FORMATS {
        assert!(!rendered(&review, format.name, FailOn::RAISED).is_empty());
    }
}
