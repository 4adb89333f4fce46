//! Labels follow a changed definition: what got worse is raised, what stayed the same stays.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use toolcard::classify::{Classifier, Verdict};
use toolcard::eval::battery::{BatteryReport, ChangeKind, ChangeRow, WordingShare, changes, run_share};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, Tool};
use toolcard::risk::{Class, Facet, Facets};

use crate::catalogue::servers;

/// One tool in so many takes part in a change here, other tools in each: a debug build is slow.
/// `toolcard eval` takes them all.
const ONE_IN: usize = 6;

static CATALOGUE: LazyLock<Vec<Manifest>> =
    LazyLock::new(|| servers().iter().map(|server| server.manifest.clone()).collect());
static REPORT: LazyLock<BatteryReport> =
    LazyLock::new(|| run_share(&Classifier::new(Lexicon::embedded()), &CATALOGUE, WordingShare::one_in(ONE_IN)));

/// What did not hold, for people.
fn told(rows: &[&ChangeRow]) -> String {
    let mut out = String::new();
    for row in rows {
        writeln!(out, "{}: {} of {} held. {}", row.id, row.held, row.applied, row.does).expect("text");
        for wording in row.wordings.iter().filter(|wording| wording.held < wording.applied) {
            writeln!(out, "    {:>4} of {:>4}  {:?}", wording.held, wording.applied, wording.wording).expect("text");
        }
        for failure in &row.failures {
            let facets = |facets: Facets| facets.iter().map(Facet::name).collect::<Vec<_>>();
            writeln!(
                out,
                "    {}/{}: {} {:?}, then {} {:?}, by {:?}",
                failure.server,
                failure.tool,
                failure.before,
                facets(failure.facets_before),
                failure.after,
                facets(failure.facets_after),
                failure.wording,
            )
            .expect("text");
        }
    }
    out
}

#[test]
fn what_adds_something_worse_raises_the_label() {
    let (applied, held) = REPORT.raising();
    let missed: Vec<&ChangeRow> = REPORT.rows.iter().filter(|r| r.raises.is_some() && r.held < r.applied).collect();
    assert!(held == applied, "{held} of {applied} raised\n{}", told(&missed));
}

#[test]
fn every_way_that_changes_nothing_keeps_the_label() {
    let (applied, held) = REPORT.keeping();
    let moved: Vec<&ChangeRow> = REPORT.rows.iter().filter(|r| r.raises.is_none() && r.held < r.applied).collect();
    assert!(held * 1000 >= applied * 995, "{held} of {applied} kept\n{}", told(&moved));
    // No kind of change may hide in the sum of all.
    let lost: Vec<&ChangeRow> = moved.into_iter().filter(|row| row.held * 100 < row.applied * 97).collect();
    assert!(lost.is_empty(), "{}", told(&lost));
}

#[test]
fn the_table_has_many_changes_of_both_kinds_under_unique_ids() {
    let ids: BTreeSet<&str> = changes().map(|change| change.id).collect();
    assert_eq!(ids.len(), changes().count());
    for change in changes() {
        assert!(change.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", change.id);
        assert!(change.does.ends_with(['.', '`', '…']), "{}", change.id);
        let wordings: BTreeSet<&str> = change.wordings.iter().copied().collect();
        assert_eq!(wordings.len(), change.wordings.len(), "{}", change.id);
    }
    let raising = changes().filter(|change| matches!(change.kind, ChangeKind::Raises(_))).count();
    assert!(raising >= 24, "{raising}");
    assert!(changes().count() - raising >= 12);
}

/// Everything of a tool, in the order in which it was declared.
fn spelled(tool: &Tool) -> String {
    format!(
        "{:?} {:?} {:?} {} {:?} {:?}",
        tool.name, tool.title, tool.description, tool.input_schema, tool.output_schema, tool.annotations.title
    )
}

#[test]
fn every_change_changes_definitions_and_nothing_but_them() {
    for (number, change) in changes().enumerate() {
        let mut applied = 0;
        for tool in CATALOGUE.iter().flat_map(|manifest| &manifest.tools).skip(number % 7).step_by(7) {
            let Some(changed) = change.apply(tool) else { continue };
            applied += 1;
            assert_ne!(spelled(&changed), spelled(tool), "{} on {}", change.id, tool.name.as_str());
            assert_eq!(changed.position, tool.position);
            let hints = |tool: &Tool| [tool.annotations.read_only, tool.annotations.destructive];
            assert_eq!(hints(&changed), hints(tool), "{} changes hints", change.id);
        }
        assert!(applied >= 20, "{} applies to {applied} tools", change.id);
    }
}

#[test]
fn every_wording_is_used_by_a_tool_of_the_catalogue() {
    let tools: Vec<&Tool> = CATALOGUE.iter().flat_map(|manifest| &manifest.tools).collect();
    for change in changes() {
        let mut idle: BTreeSet<usize> = (0..change.wordings.len()).collect();
        for tool in &tools {
            let wording = change.wording(tool);
            if idle.contains(&wording) && change.apply(tool).is_some() {
                idle.remove(&wording);
            }
        }
        let idle: Vec<&str> = idle.into_iter().map(|wording| change.wordings[wording]).collect();
        assert!(idle.is_empty(), "{}: {idle:?}", change.id);
    }
}

#[test]
fn a_share_is_the_same_in_every_run_and_about_as_large_as_it_says() {
    let classifier = Classifier::new(Lexicon::embedded());
    let counts = |share| {
        let report = run_share(&classifier, &CATALOGUE[..2], share);
        report.rows.iter().map(|row| (row.id, row.applied, row.held)).collect::<Vec<_>>()
    };
    let some = counts(WordingShare::one_in(3));
    assert_eq!(some, counts(WordingShare::one_in(3)));
    let all = counts(WordingShare::ALL);
    assert!(some.iter().zip(&all).all(|(some, all)| some.1 <= all.1));
    let sum = |rows: &[(&str, usize, usize)]| rows.iter().map(|row| row.1).sum::<usize>();
    assert!((sum(&all) * 25..sum(&all) * 42).contains(&(sum(&some) * 100)), "{} of {}", sum(&some), sum(&all));
}

#[test]
fn a_verdict_takes_nothing_but_names_from_the_other_tools_of_a_listing() {
    let classifier = Classifier::new(Lexicon::embedded());
    let classes = |verdicts: &[Verdict]| verdicts.iter().map(|v| (v.class, v.facets)).collect::<Vec<(Class, _)>>();
    for manifest in CATALOGUE.iter().step_by(6) {
        let whole = classes(&classifier.server(manifest));
        for kept in (0..manifest.tools.len()).step_by(9) {
            let mut others = manifest.clone();
            for (index, tool) in others.tools.iter_mut().enumerate().filter(|(index, _)| *index != kept) {
                *tool = Tool { name: manifest.tools[index].name.clone(), ..Tool::default() };
            }
            assert_eq!(
                classes(&classifier.server(&others))[kept],
                whole[kept],
                "{}",
                manifest.tools[kept].name.as_str()
            );
        }
    }
}
