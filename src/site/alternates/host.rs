//! Small files that hosts and browsers ask for by name: response headers and the description of its search.

use serde::Serialize;

use crate::config::Config;
use crate::site::site_view::CSP;
use crate::site::urls;

/// `_headers`, as Cloudflare Pages and Netlify read it; docs/publishing.md has the same for others.
/// `frame-ancestors` is in no page because it only works as a header.
pub fn headers() -> String {
    format!(
        "/*\n  Content-Security-Policy: {CSP}; frame-ancestors 'none'\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: strict-origin-when-cross-origin\n\
         /static/*\n  Cache-Control: public, max-age=31536000, immutable\n\
         /search/*\n  Cache-Control: public, max-age=0, must-revalidate\n\
         /api/*\n  Access-Control-Allow-Origin: *\n"
    )
}

/// The view of `opensearch.xml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenSearchView {
    /// The site's title, cut to the 16 characters that the protocol allows.
    pub short_name: String,
    /// The address of the search page.
    pub search: String,
}

/// How browsers search here, version 1.1; nothing without search or a base URL, because the protocol wants
/// an absolute address.
pub(crate) fn opensearch(config: &Config) -> Option<OpenSearchView> {
    let base = config.site.base_url.as_deref().filter(|_| config.output.search)?;
    Some(OpenSearchView {
        short_name: config.site.title.chars().take(16).collect(),
        search: urls::absolute(base, urls::SEARCH),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::render::rendered;

    #[test]
    fn a_browser_learns_where_to_search_only_where_it_can() {
        let mut config = Config::default();
        assert_eq!(opensearch(&config), None);
        config.site.base_url = Some("https://x.org/s/".to_owned());
        let text = rendered(&config, "opensearch.xml", &opensearch(&config).unwrap());
        assert!(text.contains("template=\"https://x.org/s/search.html?q={searchTerms}\""));
        config.output.search = false;
        assert_eq!(opensearch(&config), None);
    }

    #[test]
    fn headers_repeat_the_policy_of_the_pages() {
        assert!(headers().contains(CSP));
    }
}
