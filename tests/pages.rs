//! Pages: every template renders, and what it renders.

use toolcard::card::{self, attacks};
use toolcard::catalog::Catalog;
use toolcard::classify::{Classifier, Verdict};
use toolcard::config::Config;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::Manifest;
use toolcard::policy::Numbers;
use toolcard::site::index::{Index, NewTool, ServerRow};
use toolcard::site::render::{PageKind, Renderer};
use toolcard::site::urls::{self, List};
use toolcard::site::views::{self, Around, page::SiteView, sample};

fn renderer(config: &Config) -> Renderer {
    Renderer::new(&SiteView::new(config), None).expect("the embedded templates parse")
}

/// The bundled catalogue, or a part of it.
struct Bundle {
    config: Config,
    servers: Vec<(Manifest, Vec<Verdict>)>,
    articles: Vec<attacks::Article>,
    index: Index,
}

impl Bundle {
    fn load(only: &[&str]) -> Self {
        let classifier = Classifier::new(Lexicon::embedded());
        let catalog = Catalog::open("catalog".as_ref()).expect("the catalogue opens");
        let servers: Vec<(Manifest, Vec<Verdict>)> = catalog
            .servers
            .iter()
            .filter(|entry| only.is_empty() || only.contains(&entry.slug.as_str()))
            .map(|entry| Catalog::load(entry).manifest.expect("a manifest"))
            .map(|manifest| {
                let verdicts = classifier.server(&manifest);
                (manifest, verdicts)
            })
            .collect();
        let mut bundle =
            Self { config: Config::default(), servers, articles: attacks::embedded(), index: Index::default() };
        let rows: Vec<ServerRow> = (0..bundle.servers.len()).map(|i| bundle.row(i)).collect();
        bundle.index = Index::new(rows);
        bundle
    }

    fn server(&self, i: usize) -> card::Server<'_> {
        let (manifest, verdicts) = &self.servers[i];
        let setting = card::Setting {
            config: &self.config,
            numbers: Numbers::default(),
            lexicon: Lexicon::embedded(),
            articles: &self.articles,
            tools: 1600,
            servers: 43,
        };
        card::Server::new(manifest, verdicts, setting)
    }

    fn row(&self, i: usize) -> ServerRow {
        let (manifest, verdicts) = &self.servers[i];
        let identity = &manifest.server;
        let mut row = ServerRow::default();
        row.slug = identity.slug.clone();
        row.file = urls::server_file(&identity.slug);
        row.title = identity.display_name().to_owned();
        let version = identity.package_version.as_deref().unwrap_or_default();
        row.package = format!("{} {version}", identity.package.as_deref().unwrap_or_default());
        let server = self.server(i);
        let names: Vec<&str> = manifest.tools.iter().map(|t| t.name.as_str()).collect();
        let files = urls::tool_files(&names);
        for (t, verdict) in verdicts.iter().enumerate() {
            let likeness = server.likeness(t);
            row.add(&NewTool { name: names[t], file: &files[t], verdict, likeness: &likeness, stale_override: false });
        }
        row
    }

    fn around(&self, place: usize) -> Around<'_> {
        Around { config: &self.config, index: &self.index, place, events: &[] }
    }
}

#[test]
fn every_template_renders_with_everything_and_with_nothing() {
    let renderer = renderer(&Config::default());
    sample::try_all(&renderer).expect("renders");
}

#[test]
#[ignore = "writes the bundled catalogue's pages to PAGES_OUT, to look at and to measure"]
fn preview() {
    let out_dir = std::path::PathBuf::from(std::env::var_os("PAGES_OUT").expect("PAGES_OUT"));
    let bundle = Bundle::load(&[]);
    let renderer = renderer(&bundle.config);
    let write = |path: &str, bytes: &[u8]| {
        let file = out_dir.join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(file, bytes).expect("written");
    };
    for (_, asset) in renderer.assets().iter() {
        write(&asset.path, &asset.bytes);
    }
    let (mut sizes, mut pages) = (Vec::new(), 0u32);
    let (mut cards, mut views_time, mut render) =
        (std::time::Duration::ZERO, std::time::Duration::ZERO, std::time::Duration::ZERO);
    let mut servers_time = std::time::Duration::ZERO;
    let mut out = Vec::new();
    for place in 0..bundle.servers.len() {
        let server = bundle.server(place);
        let around = bundle.around(place);
        let start = std::time::Instant::now();
        let view = views::server::view(&server, &Numbers::default(), &around);
        renderer.render(PageKind::Server, &view, &mut out).expect("renders");
        servers_time += start.elapsed();
        write(&around.row().url(), &out);
        for i in 0..bundle.servers[place].1.len() {
            let start = std::time::Instant::now();
            let card = server.card(i).expect("a card");
            cards += start.elapsed();
            let start = std::time::Instant::now();
            let view = views::tool::view::view(&server, &card, &around);
            views_time += start.elapsed();
            let start = std::time::Instant::now();
            renderer.render(PageKind::Tool, &view, &mut out).expect("renders");
            render += start.elapsed();
            pages += 1;
            let path = around.row().tool_url(i);
            write(&path, &out);
            sizes.push((out.len(), path));
        }
    }
    let config = &bundle.config;
    let index = &bundle.index;
    let mut page = |kind, path: &str, view: &dyn Fn(&mut Vec<u8>)| {
        let _: PageKind = kind;
        view(&mut out);
        write(path, &out);
    };
    let r = &renderer;
    page(PageKind::Home, urls::HOME, &|o| r.render(PageKind::Home, &views::home::home(config, index), o).unwrap());
    page(PageKind::Lists, urls::LISTS, &|o| r.render(PageKind::Lists, &views::lists::lists(config, index), o).unwrap());
    page(PageKind::Method, urls::METHOD, &|o| {
        r.render(PageKind::Method, &views::method::method(config, Lexicon::embedded()), o).unwrap()
    });
    page(PageKind::Attacks, urls::ATTACKS, &|o| {
        r.render(PageKind::Attacks, &views::attacks::index(config, &bundle.articles), o).unwrap()
    });
    for article in &bundle.articles {
        page(PageKind::Attack, &urls::attack(&article.slug), &|o| {
            r.render(PageKind::Attack, &views::attacks::article(config, article), o).unwrap()
        });
    }
    page(PageKind::Search, urls::SEARCH, &|o| {
        r.render(PageKind::Search, &views::home::search(config, index), o).unwrap()
    });
    page(PageKind::NotFound, urls::NOT_FOUND, &|o| {
        r.render(PageKind::NotFound, &views::home::not_found(config), o).unwrap()
    });
    let mut lists = vec![List::Servers, List::Queue];
    lists.extend(toolcard::classify::Class::ALL.map(List::Class));
    lists.extend(toolcard::classify::Severity::ALL.map(List::Severity));
    lists.extend(toolcard::classify::Facet::ALL.map(List::Facet));
    lists.extend(index.verbs().iter().map(|(v, _)| List::Verb((*v).to_owned())));
    for list in &lists {
        let ranges = index.ranges(list);
        for range in &ranges {
            page(PageKind::List, &urls::list(list, &range.prefix), &|o| match list {
                List::Servers => {
                    r.render(PageKind::Servers, &views::lists::servers(config, index, &ranges, range), o).unwrap()
                }
                List::Queue => {
                    r.render(PageKind::Queue, &views::queue::queue(config, index, &ranges, range), o).unwrap()
                }
                _ => r.render(PageKind::List, &views::lists::list(config, index, list, &ranges, range), o).unwrap(),
            });
        }
    }
    sizes.sort();
    println!(
        "{pages} pages; servers {servers_time:?}; card {:?}, view {:?}, render {:?} a page; median {} bytes, p90 {}, largest {:?}",
        cards / pages,
        views_time / pages,
        render / pages,
        sizes[sizes.len() / 2].0,
        sizes[sizes.len() * 9 / 10].0,
        &sizes[sizes.len() - 3..]
    );
}
