//! What one tool's page costs, and what the search index does.

use std::io::Cursor;
use std::path::Path;

use divan::{Bencher, black_box};
use toolcard::card::{CardContext, ServerCards, attacks};
use toolcard::catalog::Catalog;
use toolcard::catalog::labelled::{self, Labelled};
use toolcard::classify::Classifier;
use toolcard::config::Config;
use toolcard::lexicon::Lexicon;
use toolcard::site::index::{NewTool, ServerRow, SiteIndex};
use toolcard::site::pages::PageKind;
use toolcard::site::render::Renderer;
use toolcard::site::search::{Builder, Encoded, Limits, Posting, encode, words};
use toolcard::site::site_view::SiteView;
use toolcard::site::urls;
use toolcard::site::views::PageContext;
use toolcard::site::views::tool::ToolView;
use toolcard::site::views::tool::view::{ServerFrame, view};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// Every server of the bundled catalogue. Times are for all of it; the number of items is the number of tools.
fn servers() -> Vec<Labelled> {
    let Ok(catalog) = Catalog::open(Path::new("catalog")) else { return Vec::new() };
    let classifier = Classifier::new(Lexicon::embedded());
    catalog.servers.iter().filter_map(|entry| labelled::read_server(entry, classifier).value).collect()
}

fn tools(servers: &[Labelled]) -> usize {
    servers.iter().map(|server| server.manifest.tools.len()).sum()
}

/// Rows in which no tool is like another.
fn index(servers: &[Labelled]) -> SiteIndex {
    SiteIndex::new(servers.iter().map(|Labelled { manifest, verdicts, .. }| {
        let mut row = ServerRow::new(&manifest.server);
        let names: Vec<&str> = manifest.tools.iter().map(|tool| tool.name.as_str()).collect();
        let files = urls::tool_files(&names);
        for ((name, file), verdict) in names.iter().zip(&files).zip(verdicts) {
            row.add(&NewTool { name, file, verdict, likeness: "", stale_override: false });
        }
        row
    }))
}

/// The views of all tools, on one core.
fn views(servers: &[Labelled], config: &Config, index: &SiteIndex) -> Vec<ToolView> {
    let articles = attacks::load(Path::new("catalog")).value;
    let lexicon = Lexicon::embedded();
    let context = CardContext { config, rate_limits: config.limits, lexicon, articles: &articles };
    let mut views = Vec::new();
    for (place, Labelled { manifest, verdicts, decisions, .. }) in servers.iter().enumerate() {
        let cards = ServerCards::new(manifest, verdicts, context);
        let page = PageContext { config, index, place, events: &[], decisions, picture: None };
        let frame = ServerFrame::new(&cards, &page);
        for card in (0..manifest.tools.len()).filter_map(|i| cards.card(i)) {
            views.push(view(&cards, &card, &page, &frame));
        }
    }
    views
}

#[divan::bench]
fn words_of_descriptions(bencher: Bencher<'_, '_>) {
    let servers = servers();
    let texts =
        || servers.iter().flat_map(|server| &server.manifest.tools).filter_map(|tool| tool.description.as_ref());
    bencher.counter(tools(&servers)).bench_local(|| texts().map(|text| words(black_box(text)).len()).sum::<usize>());
}

#[divan::bench]
fn cards_and_views(bencher: Bencher<'_, '_>) {
    let (servers, config) = (servers(), Config::default());
    let index = index(&servers);
    bencher.counter(tools(&servers)).bench_local(|| views(black_box(&servers), &config, &index));
}

#[divan::bench]
fn rendering(bencher: Bencher<'_, '_>) {
    let (servers, config) = (servers(), Config::default());
    let Ok(renderer) = Renderer::new(&SiteView::new(&config), None) else { return };
    let views = views(&servers, &config, &index(&servers));
    let mut page = Vec::new();
    bencher.counter(views.len()).bench_local(|| {
        let done = views.iter().filter(|view| renderer.render(PageKind::Tool, view, &mut page).is_ok());
        done.count()
    });
}

/// Every tool of a server as an entry, encoded as the first pass leaves it.
fn entries(servers: &[Labelled]) -> Vec<Vec<u8>> {
    let of = |Labelled { manifest, verdicts, .. }: &Labelled| {
        let tools = manifest.tools.iter().zip(verdicts);
        let tools = tools.map(|(tool, verdict)| Posting::tool("tools/x/y.html", &manifest.server, tool, verdict));
        encode(&tools.map(Posting::prepare).collect::<Vec<_>>()).unwrap_or_default()
    };
    servers.iter().map(of).collect()
}

#[divan::bench]
fn entries_of_the_search(bencher: Bencher<'_, '_>) {
    let servers = servers();
    bencher.counter(tools(&servers)).bench_local(|| entries(black_box(&servers)));
}

#[divan::bench]
fn index_of_the_search(bencher: Bencher<'_, '_>) {
    let servers = servers();
    let entries = entries(&servers);
    let bytes = entries.concat();
    bencher.counter(tools(&servers)).bench_local(|| {
        let (mut builder, mut at) = (Builder::default(), 0);
        for entry in &entries {
            if let Some(encoded) = Encoded::read(entry, at) {
                builder.add(&encoded);
            }
            at += entry.len() as u64;
        }
        let mut size = 0;
        let written = builder.write(&mut Cursor::new(&bytes), Limits::default(), |_, file| {
            size += file.len();
            Ok(())
        });
        (size, written.is_ok())
    });
}
