//! Promises of the cards' prose, held over every card of the bundled catalogue.

use std::path::Path;

use toolcard::card::{Server, Setting, attacks};
use toolcard::catalog::Catalog;
use toolcard::classify::{Classifier, Verdict};
use toolcard::config::Config;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::Manifest;
use toolcard::policy::Numbers;

/// Calls `visit` with every server of the bundled catalogue.
fn servers(mut visit: impl FnMut(&Server<'_>)) {
    let catalog = Catalog::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog")).expect("a catalogue");
    let lexicon = Lexicon::embedded();
    let config = Config::default();
    let articles = attacks::embedded();
    let classifier = Classifier::new(lexicon);
    let loaded: Vec<(Manifest, Vec<Verdict>)> = catalog
        .servers
        .iter()
        .map(|entry| {
            let manifest = Catalog::load(entry).manifest.expect("a manifest");
            let verdicts = classifier.server(&manifest);
            (manifest, verdicts)
        })
        .collect();
    let tools = loaded.iter().map(|(m, _)| m.tools.len()).sum();
    for (manifest, verdicts) in &loaded {
        let setting = Setting {
            config: &config,
            numbers: Numbers::default(),
            lexicon,
            articles: &articles,
            tools,
            servers: loaded.len(),
        };
        visit(&Server::new(manifest, verdicts, setting));
    }
}

#[test]
#[ignore = "prints every card for a reader"]
fn print() {
    let only = std::env::var("SERVER").unwrap_or_default();
    servers(|server| {
        if !only.is_empty() && server.manifest.server.slug != only {
            return;
        }
        for i in 0..server.verdicts.len() {
            let card = server.card(i).expect("a card");
            println!("\n## {} / {} · {} {}", server.name(), card.tool.name, card.verdict.class, card.verdict.severity);
            println!("LEAD {}", card.lead.plain());
            if std::env::var("LEADS").is_ok() {
                continue;
            }
            for p in &card.does {
                println!("DOES {}", p.plain());
            }
            for p in &card.why {
                println!("WHY  {}", p.plain());
            }
            for r in &card.related {
                println!("REL  {:?} {}: {}", r.relation, server.manifest.tools[r.index].name, r.reason.plain());
            }
            println!("LIKE {}", card.likeness);
            println!("ATT  {:?}", card.attacks.iter().map(|a| &a.slug).collect::<Vec<_>>());
            println!("ANN  {} {}", card.annotations.summary.plain(), card.annotations.readiness.words.plain());
            for q in &card.questions {
                println!("Q    {}", q.question.plain());
                for b in &q.answer {
                    match b {
                        toolcard::card::Block::Paragraph { prose } => println!("A    {}", prose.plain()),
                        toolcard::card::Block::Policy { policy } => {
                            println!("A    {}", serde_json::to_string(policy).expect("json"))
                        }
                    }
                }
            }
        }
    });
}
