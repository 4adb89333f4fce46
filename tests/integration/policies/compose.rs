//! A choice of tools: what a page puts together is what the writers write.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use toolcard::card::client_key;
use toolcard::classify::{Classifier, Verdict};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{self, Tool};
use toolcard::policy::formats::{self, Rendered, Scope};
use toolcard::policy::{Answer, RateLimits, ServerFormats, chosen_document, decide};
use toolcard::policy::{Profile, server_document};
use toolcard::risk::{Class, Facet};

use crate::catalogue::servers;

/// What the script of the page does: joins what remains.
struct Joined<'a> {
    file: &'a Value,
    chosen: &'a dyn Fn(&str) -> bool,
}

impl Joined<'_> {
    fn rows(&self, slot: usize) -> Vec<String> {
        let tools =
            self.file["tools"].as_array().expect("tools").iter().zip(self.file["kind"].as_array().expect("kinds"));
        tools
            .filter_map(|(name, kind)| {
                let name = name.as_str().expect("a name");
                let rows = &self.file["kinds"][usize::try_from(kind.as_u64().expect("a place")).expect("fits")]["rows"];
                let row = rows[2 * slot + usize::from(!(self.chosen)(name))].as_i64().expect("a place");
                let text = self.file["texts"][usize::try_from(row).ok()?].as_str().expect("a text");
                let mark = self.file["mark"].as_str().expect("a mark");
                Some(if mark.is_empty() { text.to_owned() } else { text.replace(mark, name) })
            })
            .collect()
    }

    fn text(&self, part: &Value) -> String {
        let own = |key: &str| part[key].as_str().unwrap_or_default();
        if let Value::String(text) = part {
            return text.clone();
        }
        let mut parts = Vec::new();
        for part in part["p"].as_array().expect("parts") {
            match part {
                Value::Number(slot) => {
                    parts.extend(self.rows(usize::try_from(slot.as_u64().expect("a place")).expect("fits")));
                }
                part => parts.extend(Some(self.text(part)).filter(|text| !text.is_empty())),
            }
        }
        match (parts.as_slice(), &part["s"]) {
            ([], _) => own("n").to_owned(),
            ([only], Value::Array(around)) => {
                format!("{}{only}{}", around[0].as_str().expect("a text"), around[1].as_str().expect("a text"))
            }
            (parts, _) => format!("{}{}{}", own("o"), parts.join(own("b")), own("c")),
        }
    }
}

fn compare(key: &str, tools: &[(&Tool, &Verdict)], file: &Value, chosen: &dyn Fn(&str) -> bool) -> usize {
    let policy = chosen_document(tools.iter().copied(), chosen, &RateLimits::default());
    let scope = Scope::server(key, &policy, tools.iter().map(|(t, _)| t.name.as_str()));
    let joined = Joined { file, chosen };
    let composed = file["formats"].as_array().expect("formats");
    for format in formats::all() {
        let of = composed.iter().find(|f| f["id"] == format.id());
        match (format.render(&scope), of) {
            (Ok(rendered), Some(of)) => {
                assert_eq!(joined.text(&of["document"]), rendered.text, "{key}, {}", format.id());
                let notes = of["notes"].as_array().expect("notes").iter().map(|note| joined.text(note));
                let notes: Vec<String> = notes.filter(|note| !note.is_empty()).collect();
                assert_eq!(notes, rendered.notes, "{key}, {}", format.id());
            }
            (Err(refusal), Some(of)) => {
                assert_eq!((joined.text(&of["document"]).as_str(), of["otherwise"].as_str()), ("", Some(&*refusal.0)));
            }
            (Err(refusal), None) => {
                let left_out = file["left_out"].as_array().expect("formats left out");
                assert!(left_out.iter().any(|l| l["label"] == format.label() && l["why"] == *refusal.0), "{key}");
            }
            (Ok(_), None) => panic!("{key}: {} is left out and can be written", format.id()),
        }
    }
    composed.len()
}

fn file(key: &str, tools: &[(&Tool, &Verdict)]) -> (Value, usize) {
    let text = ServerFormats::new(key, tools, &RateLimits::default()).composer().json().expect("serialises");
    (serde_json::from_str(&text).expect("JSON"), text.len())
}

#[test]
fn joined_parts_are_byte_for_byte_what_the_writers_write() {
    let (mut sizes, mut documents) = (Vec::new(), 0);
    for server in servers() {
        let (key, tools) = (client_key(&server.manifest.server), server.tools());
        let (file, bytes) = file(&key, &tools);
        sizes.push((bytes, tools.len()));
        documents += compare(&key, &tools, &file, &|_| false);
        documents += compare(&key, &tools, &file, &|_| true);
        let policy = server_document(tools.iter().copied(), Profile::Guarded, &RateLimits::default());
        let scope = Scope::server(&key, &policy, tools.iter().map(|(t, _)| t.name.as_str()));
        let formats = ServerFormats::new(&key, &tools, &RateLimits::default());
        for (format, recommended) in formats::all().iter().zip(formats.recommended()) {
            let said = |rendered: Rendered| (rendered.text, rendered.notes);
            assert_eq!(recommended.map(said), format.render(&scope).map(said), "{key}, {}", format.id());
        }
        for round in 0..4_u64 {
            // Any choice will do that is the same on every run.
            let digest = |name: &str| name.bytes().fold(round * 0x9e37_79b9, |h, b| h.wrapping_mul(31) + u64::from(b));
            documents += compare(&key, &tools, &file, &|name| digest(name) % 3 < round);
        }
        let first = tools.first().map_or("", |(tool, _)| tool.name.as_str());
        documents += compare(&key, &tools, &file, &|name| name == first);
    }
    assert!(documents > 2_000, "{documents}");
    sizes.sort_unstable();
    let (median, largest) = (sizes[sizes.len() / 2].0, sizes[sizes.len() - 1]);
    // The largest are servers with many tools that are kept to values, switches that stay off among them.
    assert!(median <= 19_000 && largest.0 <= 100_000, "{sizes:?}");
}

#[test]
fn a_choice_lets_through_only_what_was_chosen_and_moves_no_money() {
    let mut seen = BTreeSet::new();
    for server in servers() {
        let tools = server.tools();
        let chosen = |name: &str| name.len().is_multiple_of(2);
        let policy = chosen_document(tools.iter().copied(), chosen, &RateLimits::default());
        for (tool, verdict) in &tools {
            let answer = decide(&policy, &tool.name, &json!({}), 1).answer;
            if !chosen(&tool.name) {
                assert_eq!(answer, Answer::Hidden, "{}", tool.name.as_str());
            } else if verdict.facets.has(Facet::MovesMoney) && verdict.actions.is_empty() {
                assert_eq!(answer, Answer::Deny, "{}", tool.name.as_str());
            }
            seen.insert((chosen(&tool.name), verdict.class, answer.name()));
        }
        assert_eq!(decide(&policy, "no such tool", &json!({}), 1).answer, Answer::Deny);
    }
    assert!(seen.contains(&(true, Class::Destructive, "allow")), "{seen:?}");
}

#[test]
fn the_choice_that_is_recommended_is_the_recommended_document() {
    for server in servers() {
        let tools = server.tools();
        let (file, _) = file(&client_key(&server.manifest.server), &tools);
        let names = file["tools"].as_array().expect("tools");
        let recommended = |name: &str| {
            let at = names.iter().position(|n| n == name).expect("a tool");
            let kind = usize::try_from(file["kind"][at].as_u64().expect("a place")).expect("fits");
            file["kinds"][kind]["recommended"] == true
        };
        let chosen = chosen_document(tools.iter().copied(), recommended, &RateLimits::default());
        let guarded = server_document(tools.iter().copied(), Profile::Guarded, &RateLimits::default());
        assert_eq!(chosen.to_json(), guarded.to_json());
    }
}

#[test]
fn names_that_are_not_words_are_composed_as_they_are() {
    let names = ["a", "~", "^§", "*", "a\"b\\", "名前", "get\u{202e}x", "##[x]", "__", "allow", "delete_it", "true"];
    let tools: Vec<Value> = names.iter().map(|name| json!({"name": name, "description": "Deletes a thing."})).collect();
    let text = json!({"server": {"slug": "s"}, "tools": tools}).to_string();
    let manifest = manifest::read(&text, "tools.json".as_ref()).value.expect("reads");
    let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
    let tools: Vec<(&Tool, &Verdict)> = manifest.tools.iter().zip(&verdicts).collect();
    assert_eq!(tools.len(), names.len());
    for key in ["s", "a__b", "", "x y"] {
        let (file, _) = file(key, &tools);
        compare(key, &tools, &file, &|_| true);
        compare(key, &tools, &file, &|_| false);
        for only in names {
            compare(key, &tools, &file, &|name| name == only);
        }
    }
}
