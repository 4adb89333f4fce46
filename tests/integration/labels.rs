//! The labels hold what they promise: bars on tools that people labelled, on published access
//! levels, on traps; and evidence shows the very text that it speaks of.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use toolcard::classify::{Classifier, Evidence, FindingId, Place, Verdict};
use toolcard::eval::{AccuracyReport, Gold, measure, read_gold, reliability};
use toolcard::lexicon::{ArgumentEffect, Lexicon, inflections};
use toolcard::manifest::Tool;
use toolcard::risk::{Class, Facet};

use crate::catalogue::{BundledServer, servers};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root(path)).expect(path)
}

fn classified() -> HashMap<(String, String), &'static Verdict> {
    let mut out = HashMap::new();
    for BundledServer { manifest, classified, .. } in servers() {
        for (tool, verdict) in manifest.tools.iter().zip(classified) {
            out.insert((manifest.server.slug.clone(), tool.name.to_string()), verdict);
        }
    }
    out
}

fn gold() -> Vec<Gold> {
    read_gold(&text("tests/labels/gold.jsonl")).expect("gold")
}

fn report() -> AccuracyReport {
    let verdicts = classified();
    let gold = gold();
    measure(gold.iter().map(|g| (g, verdicts.get(&(g.server.clone(), g.tool.clone())).copied())))
}

/// `(name, published as read)`.
fn iam() -> Vec<(String, bool)> {
    let text = text("tests/labels/iam.tsv");
    let rows = text.lines().skip(1).map(|line| {
        let mut fields = line.split('\t').skip(1);
        let name = fields.next().expect("an action").to_owned();
        (name, matches!(fields.next(), Some("Read" | "List")))
    });
    rows.collect()
}

fn names() -> Vec<(String, Class)> {
    let text = text("tests/labels/names.tsv");
    let rows = text.lines().map(|line| {
        let (name, class) = line.split_once('\t').expect("name<TAB>class");
        (name.to_owned(), Class::parse(class).expect("a class"))
    });
    rows.collect()
}

#[test]
fn labelled_tools_get_the_labels_that_people_gave() {
    let report = report();
    assert!(report.missing.is_empty(), "{:?}", report.missing);
    assert!(report.acceptable >= 0.985, "acceptable {}", report.acceptable);
    assert!(report.strict >= 0.96, "strict {}", report.strict);
    assert!(report.destructive_recall >= 0.98, "Destructive found {}", report.destructive_recall);
    let lost: Vec<&str> = report
        .misses
        .iter()
        .filter(|m| m.kind == "unacceptable" && m.label == Class::Destructive && m.class == Class::Read)
        .map(|m| m.tool.as_str())
        .collect();
    assert!(lost.is_empty(), "Destructive called Read: {lost:?}");
    assert!(report.read_called_destructive <= 0.005, "Read called Destructive {}", report.read_called_destructive);
    assert!(report.facets_f1 >= 0.90, "facets {}", report.facets_f1);
}

#[test]
fn names_alone_tell_reading_from_changing_in_published_access_levels() {
    let classifier = Classifier::new(Lexicon::embedded());
    let rows = iam();
    let right = rows.iter().filter(|(name, read)| (classifier.name(name) == Class::Read) == *read).count();
    let share = right as f64 / rows.len() as f64;
    assert!(share >= 0.975, "{share}");
}

#[test]
fn confidence_is_what_it_says() {
    let verdicts = classified();
    let mut points: Vec<(f64, bool)> = gold()
        .iter()
        .filter_map(|g| {
            let verdict = verdicts.get(&(g.server.clone(), g.tool.clone()))?;
            Some((f64::from(verdict.confidence.0), g.accepts(verdict.heuristic_class)))
        })
        .collect();
    let classifier = Classifier::new(Lexicon::embedded());
    for (name, read) in iam() {
        let verdict = classifier.tool(&Tool { name: name.into(), ..Tool::default() });
        points.push((f64::from(verdict.confidence.0), (verdict.class == Class::Read) == read));
    }
    let (bins, error) = reliability(&points);
    assert!(error <= 0.05, "expected calibration error {error}: {bins:#?}");
}

#[test]
fn traps_collected_from_issue_trackers_are_not_stepped_into() {
    let classifier = Classifier::new(Lexicon::embedded());
    let wrong: Vec<String> = names()
        .into_iter()
        .filter(|(name, class)| classifier.name(name) != *class)
        .map(|(name, class)| format!("{name}: {} and not {class}", classifier.name(&name)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The string at a place of a definition.
fn at(tool: &Tool, place: &Place) -> String {
    match place {
        Place::Name => tool.name.to_string(),
        Place::Title => tool.title.as_deref().expect("a title").to_owned(),
        Place::Description => tool.description.as_deref().expect("a description").to_owned(),
        Place::Annotation(hint) => tool.annotations.declared(*hint).expect("declared").to_string(),
        Place::Pointer(pointer) if pointer == "/annotations/title" => {
            tool.annotations.title.as_deref().expect("a title").to_owned()
        }
        Place::Pointer(pointer) => {
            let (root, rest) = if let Some(rest) = pointer.strip_prefix("/inputSchema") {
                (&tool.input_schema, rest)
            } else {
                let rest = pointer.strip_prefix("/outputSchema").expect("a schema");
                (tool.output_schema.as_ref().expect("an output schema"), rest)
            };
            let value = root.pointer(rest).unwrap_or_else(|| panic!("{pointer} points to nothing"));
            // A pointer to a property speaks of the property's name, its last step.
            let step = || pointer.rsplit('/').next().expect("a step").replace("~1", "/").replace("~0", "~");
            value.as_str().map_or_else(step, str::to_owned)
        }
    }
}

fn holds(tool: &Tool, evidence: &Evidence) {
    let whole = at(tool, &evidence.place);
    let piece = whole.get(evidence.span.start..evidence.span.end);
    assert_eq!(
        piece,
        Some(evidence.text.as_str()),
        "{} of {} at {}",
        evidence.rule,
        tool.name.as_str(),
        evidence.place
    );
}

#[test]
fn every_verdict_has_evidence_with_exact_spans_sorted_by_weight() {
    for BundledServer { manifest, classified, .. } in servers() {
        for (tool, verdict) in manifest.tools.iter().zip(classified) {
            assert!(!verdict.evidence.is_empty(), "{}", tool.name.as_str());
            assert!(verdict.evidence.iter().any(|e| e.decides), "{}", tool.name.as_str());
            assert!(verdict.evidence.is_sorted_by(|a, b| a.weight >= b.weight), "{}", tool.name.as_str());
            assert!(verdict.base_class <= verdict.class, "{}", tool.name.as_str());
            for evidence in &verdict.evidence {
                holds(tool, evidence);
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_definition_breaks_the_classifier_and_spans_stay_exact(
        name in "\\PC{0,40}",
        description in "\\PC{0,200}",
        argument in "\\PC{0,20}",
        value in "\\PC{0,20}",
    ) {
        let tool = Tool {
            name: name.into(),
            description: Some(description.into()),
            input_schema: serde_json::json!({"properties": {argument: {"enum": [value, "delete", "list"]}, "action": {"enum": ["get", "remove"]}}}),
            ..Tool::default()
        };
        let verdict = Classifier::new(Lexicon::embedded()).tool(&tool);
        for evidence in &verdict.evidence {
            holds(&tool, evidence);
        }
    }
}

#[test]
fn every_false_claim_to_read_has_the_finding_and_few_others_do() {
    let (mut annotated, mut contradicted) = (0, 0);
    for BundledServer { manifest, classified, .. } in servers() {
        for (tool, verdict) in manifest.tools.iter().zip(classified) {
            let found = verdict.findings.iter().any(|f| f.id == FindingId::AnnotationContradictsVerdict);
            if tool.annotations.read_only == Some(true) && verdict.class != Class::Read {
                assert!(found, "{}", tool.name.as_str());
            }
            annotated += usize::from(tool.annotations.any_hint());
            contradicted += usize::from(found);
        }
    }
    assert!(contradicted * 10 <= annotated, "{contradicted} of {annotated}");
}

#[test]
fn suspicious_text_is_found_in_less_than_one_real_tool_of_a_hundred() {
    let suspicious =
        [FindingId::HiddenText, FindingId::LookalikeLetters, FindingId::ModelDirectedText, FindingId::EncodedBlob];
    let (mut tools, mut alarms) = (0, Vec::new());
    for BundledServer { manifest, classified, .. } in servers() {
        for (tool, verdict) in manifest.tools.iter().zip(classified) {
            tools += 1;
            if verdict.findings.iter().any(|f| suspicious.contains(&f.id)) {
                alarms.push(format!("{}/{}", manifest.server.slug, tool.name.as_str()));
            }
        }
    }
    assert!(alarms.len() * 100 <= tools, "{alarms:?}");
}

#[test]
fn declared_hints_never_move_a_class_that_the_definition_settles() {
    let classifier = Classifier::new(Lexicon::embedded());
    let mut lying = Tool { name: "delete_all".into(), ..Tool::default() };
    lying.annotations.present = true;
    lying.annotations.read_only = Some(true);
    assert_eq!(classifier.tool(&lying).class, Class::Destructive);
    let mut silent = Tool { name: "frobnicator".into(), ..Tool::default() };
    assert_eq!(classifier.tool(&silent).class, Class::Write);
    silent.annotations.read_only = Some(true);
    assert_eq!(classifier.tool(&silent).class, Class::Read);
}

#[test]
fn every_verb_is_exercised_by_a_tool_a_label_or_a_row() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut words = toolcard::words::Words::new();
    let mut add = |text: &str, prose: bool| {
        if prose {
            toolcard::words::split_prose(text, 4000, &mut words);
        } else {
            toolcard::words::split_identifier(text, &mut words);
        }
        seen.extend(words.iter().map(str::to_owned));
    };
    for BundledServer { manifest, .. } in servers() {
        for tool in &manifest.tools {
            add(&tool.name, false);
            add(tool.description.as_deref().unwrap_or_default(), true);
        }
    }
    for (name, _) in iam() {
        add(&name, false);
    }
    for (name, _) in names() {
        add(&name, false);
    }
    let idle: Vec<&str> = Lexicon::embedded()
        .verbs()
        .iter()
        .filter(|verb| {
            let mut forms =
                inflections(&verb.lemma).into_iter().map(|(form, _)| form).chain(verb.forms.iter().cloned());
            !forms.any(|form| seen.contains(&form) || (!form.is_ascii() && seen.iter().any(|w| w.contains(&form))))
        })
        .map(|verb| verb.lemma.as_str())
        .collect();
    assert!(idle.is_empty(), "nothing exercises {}: {}", idle.len(), idle.join(" "));
}

#[test]
fn rule_ids_of_evidence_are_all_described() {
    let mut unknown: BTreeMap<String, String> = BTreeMap::new();
    for BundledServer { manifest, classified, .. } in servers() {
        for (tool, verdict) in manifest.tools.iter().zip(classified) {
            for evidence in &verdict.evidence {
                if toolcard::classify::rule(Lexicon::embedded(), &evidence.rule).is_none() {
                    unknown.insert(evidence.rule.to_string(), tool.name.to_string());
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_json_document_of_the_whole_catalogue_holds_to_its_published_schema() {
    let schema: serde_json::Value = serde_json::from_str(&text("schemas/classify.schema.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let servers = servers()
        .iter()
        .map(|server| toolcard::classify::document::ClassifiedServer::new(&server.manifest, &server.classified))
        .collect();
    let document = toolcard::classify::document::ClassifyDocument { servers };
    let mut value = serde_json::to_value(&document).expect("JSON");
    value["schema_version"] = 1.into(); // which the command adds
    if let Err(error) = validator.validate(&value) {
        panic!("{error} at {}", error.instance_path());
    }
}

/// A definition of `tests/labels/names.tsv` or `sentences.tsv`.
fn definition(name: &str, description: Option<&str>, argument: Option<&str>) -> Tool {
    let mut tool = Tool { name: name.into(), description: description.map(Into::into), ..Tool::default() };
    if let Some(argument) = argument {
        let (argument, description) = argument.split_once(": ").unwrap_or((argument, ""));
        let property = serde_json::json!({"type": "string", "description": description});
        tool.input_schema = serde_json::json!({"properties": {argument: property}});
    }
    tool
}

/// The rules that fire somewhere in the bundled catalogue, in `names.tsv`, in `sentences.tsv` or in `rules.tsv`.
fn fired() -> BTreeSet<String> {
    let classifier = Classifier::new(Lexicon::embedded());
    let mut rules = BTreeSet::new();
    let mut take = |verdict: &Verdict| rules.extend(verdict.evidence.iter().map(|e| e.rule.to_string()));
    servers().iter().flat_map(|server| &server.classified).for_each(&mut take);
    for line in text("tests/labels/names.tsv").lines() {
        take(&classifier.tool(&definition(line.split('\t').next().unwrap_or_default(), None, None)));
    }
    for line in text("tests/labels/sentences.tsv").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        take(&classifier.tool(&definition(fields[0], Some(fields[1]), fields.get(4).copied())));
    }
    for line in text("tests/labels/rules.tsv").lines() {
        let mut fields = line.split('\t').skip(4);
        let name = fields.next().unwrap_or_default().to_owned();
        let description = fields.next().filter(|text| *text != "-").map(str::to_owned);
        let properties =
            fields.next().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(serde_json::Value::Null);
        let input_schema = serde_json::json!({"type": "object", "properties": properties});
        take(&classifier.tool(&Tool {
            name: name.into(),
            description: description.map(Into::into),
            input_schema,
            ..Tool::default()
        }));
    }
    rules
}

/// Whether an argument of this effect is evidence under its own id; the others are premises of rules of the code.
fn speaks(effect: ArgumentEffect) -> bool {
    !matches!(
        effect,
        ArgumentEffect::Confirm | ArgumentEffect::Action | ArgumentEffect::Dispatch | ArgumentEffect::Passed
    )
}

#[test]
fn every_signal_of_a_class_or_a_facet_fires_somewhere_in_the_tests() {
    let fired = fired();
    let signals = Lexicon::embedded().signals();
    let groups = signals.group.iter().filter(|row| row.facet.is_some()).map(|row| format!("object.{}", row.id));
    let modifiers = signals.modifier.iter().map(|row| row.id.clone());
    let phrases = signals.phrase.iter().filter(|row| row.raises.or(row.lowers).is_some() || row.facet.is_some());
    let phrases = phrases.map(|row| row.id.clone());
    let arguments = signals.argument.iter().filter(|row| speaks(row.effect)).map(|row| row.id.clone());
    let all: Vec<String> = groups.chain(modifiers).chain(phrases).chain(arguments).collect();
    assert!(all.len() > 25, "only {} signals are asked for", all.len());
    let idle: Vec<&String> = all.iter().filter(|id| !fired.contains(*id)).collect();
    assert!(idle.is_empty(), "no rule fires for {idle:#?}");
}

/// What a word of the lexicon says by itself: a rule that fires says nothing of the other words of its row.
#[test]
fn every_word_of_a_signal_is_in_a_tool_or_a_definition_in_the_tests() {
    let mut texts: Vec<String> = vec![text("tests/labels/names.tsv").replace('_', " ").to_lowercase()];
    texts.push(text("tests/labels/sentences.tsv").to_lowercase());
    for tool in servers().iter().flat_map(|server| &server.manifest.tools) {
        let mut words = toolcard::words::Words::new();
        toolcard::words::split_identifier(&tool.name, &mut words);
        texts.push(words.iter().collect::<Vec<_>>().join(" "));
        texts.push(tool.description.as_deref().unwrap_or_default().to_lowercase());
    }
    let all = texts.join("\n");
    let signals = Lexicon::embedded().signals();
    let mut idle: Vec<String> = Vec::new();
    for (id, any) in
        signals.phrase.iter().map(|p| (&p.id, &p.any)).chain(signals.model_directed.iter().map(|p| (&p.id, &p.any)))
    {
        idle.extend(any.iter().filter(|any| !all.contains(any.as_str())).map(|any| format!("{id}: {any}")));
    }
    for group in &signals.group {
        if !group.words.iter().any(|word| all.contains(word.as_str())) {
            idle.push(format!("group {}", group.id));
        }
    }
    assert!(idle.is_empty(), "nothing exercises {}:\n{}", idle.len(), idle.join("\n"));
}

/// `name<TAB>description<TAB>class<TAB>mark[<TAB>argument]`: the mark is a facet or a finding that must be there,
/// with `!` before it must not, or is `-`; the argument is one of type string, with its description behind a colon.
#[test]
fn sentences_mean_what_they_say() {
    let classifier = Classifier::new(Lexicon::embedded());
    let table = text("tests/labels/sentences.tsv");
    let mut wrong = Vec::new();
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, description, class, mark, ref argument @ ..] = fields[..] else {
            panic!("four or five columns: {line}")
        };
        let tool = definition(name, Some(description), argument.first().copied());
        let verdict = classifier.tool(&tool);
        let has = |mark: &str| {
            verdict.facets.iter().any(|f| f.name() == mark) || verdict.findings.iter().any(|f| f.id.name() == mark)
        };
        let marked = mark == "-" || mark.strip_prefix('!').map_or_else(|| has(mark), |absent| !has(absent));
        if verdict.class.name() != class || !marked {
            let facets: Vec<&str> = verdict.facets.iter().map(Facet::name).collect();
            wrong.push(format!("{line}: {} {facets:?}", verdict.class));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
