//! Pages: every template renders, and what it renders.

use toolcard::config::Config;
use toolcard::site::render::{PageKind, Renderer};
use toolcard::site::views::{page::SiteView, sample};

fn renderer() -> Renderer {
    Renderer::new(&SiteView::new(&Config::default()), None).expect("the embedded templates parse")
}

#[test]
fn every_template_renders_with_everything_and_with_nothing() {
    let renderer = renderer();
    let mut out = Vec::new();
    for view in [sample::full_tool(), sample::bare_tool()] {
        renderer.render(PageKind::Tool, &view, &mut out).expect("renders");
        if let Some(dir) = std::env::var_os("PAGES_OUT") {
            let dir = std::path::Path::new(&dir);
            std::fs::write(dir.join(format!("{}.html", view.name)), &out).expect("written");
        }
    }
}
