//! The only place that spells a URL or the path of a published file.
//!
//! Paths are relative to the output folder, with `/` and without a leading one. Links inside the
//! site are relative and name the file, so that the site works at any sub-path and from `file://`.

use std::collections::HashSet;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::bytes::first_byte;
use crate::policy::Profile;
use crate::risk::{Class, Facet, Severity};

/// Home.
pub const HOME: &str = "index.html";
/// All servers.
pub const SERVERS: &str = "servers/index.html";
/// The review queue.
pub(crate) const QUEUE: &str = "queue.html";
/// How labels are decided.
pub(crate) const METHOD: &str = "method.html";
/// Every verb and signal that the rules know.
pub(crate) const LEXICON: &str = "lexicon.html";
/// What the pages mean by their words.
pub(crate) const GLOSSARY: &str = "glossary.html";
/// All classes, severities, facets and verbs as a list of lists.
pub(crate) const LISTS: &str = "lists.html";
/// The attack patterns.
pub const ATTACKS: &str = "attacks/index.html";
/// Search.
pub(crate) const SEARCH: &str = "search.html";
/// Cards side by side.
pub(crate) const COMPARE: &str = "compare.html";
/// The catalogue as JSON: what the API begins with.
pub(crate) const API: &str = "api/v1/index.json";
/// The JSON Schema of every document of the API.
pub(crate) const API_SCHEMA: &str = "api/v1/schema.json";
/// The map of the site, or the list of its parts.
pub(crate) const SITEMAP: &str = "sitemap.xml";
/// The Atom feed of label changes.
pub(crate) const FEED: &str = "feed.xml";
/// What crawlers may read.
pub(crate) const ROBOTS: &str = "robots.txt";
/// The way in for language models.
pub(crate) const LLMS: &str = "llms.txt";
/// A server's badge, beside its page.
pub(crate) const BADGE: &str = "badge.svg";
/// A server's page as Markdown, beside it.
pub(crate) const MARKDOWN: &str = "index.md";
/// What a browser needs to search here.
pub(crate) const OPENSEARCH: &str = "opensearch.xml";
/// Response headers, for hosts that read such a file.
pub(crate) const HEADERS: &str = "_headers";
/// The folder of the static files, with its slash.
pub(crate) const STATIC: &str = "static/";
/// The folder of the search index, with its slash.
pub(crate) const SEARCH_INDEX: &str = "search/";
/// What a host answers where there is no page.
pub(crate) const NOT_FOUND: &str = "404.html";

/// The folder of a server's files, with its slash.
pub(crate) fn server_folder(server_file: &str) -> String {
    format!("tools/{server_file}/")
}

/// A server's page.
pub fn server(server_file: &str) -> String {
    ["tools/", server_file, "/index.html"].concat()
}

/// A file beside a server's page, e.g. `policy.json`.
pub fn beside(server_file: &str, name: &str) -> String {
    ["tools/", server_file, "/", name].concat()
}

/// What a server's page puts together documents from, beside it.
pub(crate) const COMPOSER: &str = "composer.json";

/// The extension of a card as JSON: a tool may be called `policy`, and `policy.json` is the server's.
pub(crate) const CARD: &str = "card.json";

/// A server's whole policy under a profile: `policy.json` is the recommended one.
pub fn policy(server_file: &str, profile: Profile) -> String {
    match profile {
        Profile::Guarded => beside(server_file, "policy.json"),
        other => beside(server_file, &format!("policy.{}.json", other.name())),
    }
}

/// A tool's page.
pub fn tool(server_file: &str, tool_file: &str) -> String {
    ["tools/", server_file, "/", tool_file, ".html"].concat()
}

/// The link from a published file to the page that compares tools, given as the files of server and tool.
pub fn compare<'a>(from: &str, tools: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut link = relative(from, COMPARE, "");
    // These names need no escape in a fragment.
    for (i, (server_file, tool_file)) in tools.into_iter().enumerate() {
        link.push(if i == 0 { '#' } else { ',' });
        link.push_str(server_file);
        link.push('/');
        link.push_str(tool_file);
    }
    link
}

/// The anchor of a tool on its server's page, where tools have no pages of their own.
pub(crate) fn tool_anchor(tool_file: &str) -> String {
    format!("tool-{tool_file}")
}

/// A tool's file of another kind than its page, e.g. `md` or `svg`.
pub(crate) fn tool_alternate(server_file: &str, tool_file: &str, extension: &str) -> String {
    ["tools/", server_file, "/", tool_file, ".", extension].concat()
}

/// A server in the API, with all its cards.
pub(crate) fn api_server(server_file: &str) -> String {
    format!("api/v1/servers/{server_file}.json")
}

/// A list of the API; `name` is `servers` or a class's slug, `range` as in [`list`].
pub(crate) fn api_list(name: &str, range: &str) -> String {
    match range {
        "" => format!("api/v1/lists/{name}.json"),
        range => format!("api/v1/lists/{name}-in-{}.json", file_name(range, &HashSet::new())),
    }
}

/// A part of the map of the site; `range` as in [`list`].
pub(crate) fn sitemap_part(range: &str) -> String {
    format!("sitemaps/in-{}.xml", file_name(range, &HashSet::new()))
}

/// An attack pattern's page.
pub(crate) fn attack(slug: &str) -> String {
    format!("attacks/{slug}.html")
}

/// One dimension of the pre-rendered lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListPage {
    /// All servers.
    Servers,
    /// Tools of a class.
    Class(Class),
    /// Tools of a severity.
    Severity(Severity),
    /// Tools with a facet.
    Facet(Facet),
    /// Tools whose action is a verb.
    Verb(String),
    /// The review queue.
    Queue,
}

/// The page of a list; `range` is the prefix of the servers on it, empty for the first page.
pub fn list(list: &ListPage, range: &str) -> String {
    let folder = match list {
        ListPage::Servers => "servers".to_owned(),
        ListPage::Class(class) => format!("classes/{}", class.slug()),
        ListPage::Severity(severity) => format!("severity/{}", severity.slug()),
        ListPage::Facet(facet) => format!("facets/{}", facet.name().replace('_', "-")),
        ListPage::Verb(verb) => format!("verbs/{}", file_name(verb, &HashSet::new())),
        ListPage::Queue => "queue".to_owned(),
    };
    match (list, range) {
        (ListPage::Queue, "") => QUEUE.to_owned(),
        (_, "") => format!("{folder}/index.html"),
        // `in-` keeps prefixes such as `con` away from names that Windows reserves.
        (_, range) => format!("{folder}/in-{}.html", file_name(range, &HashSet::new())),
    }
}

/// The relative link from one published file to another; `fragment` without `#`, or empty.
pub(crate) fn relative(from: &str, to: &str, fragment: &str) -> String {
    let folder = &from[..from.rfind('/').map_or(0, |slash| slash + 1)];
    let same = folder.bytes().zip(to.bytes()).take_while(|(a, b)| a == b).count();
    let common = folder.as_bytes()[..same].iter().rposition(|b| *b == b'/').map_or(0, |slash| slash + 1);
    let up = folder[common..].matches('/').count();
    let mut link = String::with_capacity(up * 3 + to.len() - common + fragment.len() + 8);
    (0..up).for_each(|_| link.push_str("../"));
    // Most have nothing to encode.
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let path = &to[common..];
    match first_byte(path.as_bytes(), |b| !plain(b) && b != b'/') {
        None => link.push_str(path),
        Some(_) => link.extend(utf8_percent_encode(path, PATH)),
    }
    if !fragment.is_empty() {
        link.push('#');
        match first_byte(fragment.as_bytes(), |b| !plain(b)) {
            None => link.push_str(fragment),
            Some(_) => link.extend(utf8_percent_encode(fragment, STEP)),
        }
    }
    link
}

/// The way from a published file to the root: `../../` for `tools/x/index.html`, empty at the root.
pub(crate) fn to_root(from: &str) -> String {
    "../".repeat(from.matches('/').count())
}

/// The absolute address of a published file below a base URL that ends with `/`.
pub fn absolute(base: &str, path: &str) -> String {
    // A tool may be called `create_index`: only a whole step is a folder's page.
    let folder = path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    let path = folder.unwrap_or(path);
    let mut url = String::with_capacity(base.len() + path.len() + 8);
    url.push_str(base);
    url.extend(utf8_percent_encode(path, PATH));
    url
}

/// The path of a base URL, with both its slashes: `/s/` for `https://x.org/s/`.
pub(crate) fn base_path(base: &str) -> &str {
    let host = base.find("://").map_or(0, |i| i + 3);
    base[host..].find('/').map_or("/", |slash| &base[host + slash..])
}

/// A value in a query string.
pub(crate) fn query_value(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string()
}

/// An address of the web that a server claims, as it may be in a link: `http` or `https`, no
/// white space, controls or quotes.
pub(crate) fn web(address: &str) -> Option<&str> {
    let address = address.trim();
    let address = address.strip_prefix("git+").unwrap_or(address);
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '\\' | '`');
    (host.starts_with(|c: char| c.is_alphanumeric()) && !address.contains(odd)).then_some(address)
}

/// What a link to a repository says: `owner/name`, or the address without its scheme.
pub(crate) fn repository_words(address: &str) -> &str {
    let rest = address.trim().trim_start_matches("git+");
    let rest = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://")).unwrap_or(rest);
    let rest = rest.strip_prefix("github.com/").or_else(|| rest.strip_prefix("gitlab.com/")).unwrap_or(rest);
    rest.trim_end_matches('/').trim_end_matches(".git")
}

/// The page of a package in its registry, for the registries that have one.
pub(crate) fn package_page(registry: &str, package: &str) -> Option<String> {
    let steps: Vec<String> = package.split('/').map(|s| utf8_percent_encode(s, STEP).to_string()).collect();
    let package = steps.join("/");
    match registry {
        "npm" => Some(format!("https://www.npmjs.com/package/{package}")),
        "pypi" => Some(format!("https://pypi.org/project/{package}/")),
        "crates" | "crates.io" => Some(format!("https://crates.io/crates/{package}")),
        _ => None,
    }
}

/// What must be encoded in one step of a path: everything but unreserved characters (RFC 3986 §2.3)
/// and those sub-delimiters that never need it there.
const STEP: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'/')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// The steps of a path with the slashes between them.
const PATH: &AsciiSet = &STEP.remove(b'/');
const QUERY: &AsciiSet = &STEP.add(b'+').add(b'=').add(b';').add(b',').add(b'$').add(b'@').add(b'!');

/// What the server's own files beside its tools are called, without their extension: `badge.svg`.
const BESIDE: [&str; 1] = ["badge"];

/// The file names (without `.html`) of a server's tools, in the tools' order. A name that equals
/// its slug always owns it; where several names share a slug the first in byte order gets it and
/// the others a hash, so the order of the listing does not matter.
pub fn tool_files(names: &[&str]) -> Vec<String> {
    let is_plain = |name: &str| is_plain(name) && !BESIDE.contains(&name);
    let mut taken: HashSet<String> = names.iter().filter(|n| is_plain(n)).map(|n| (*n).to_owned()).collect();
    taken.extend(BESIDE.map(str::to_owned));
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_unstable_by_key(|i| names[*i]);
    let mut files = vec![String::new(); names.len()];
    for i in order {
        let name = names[i];
        files[i] = if is_plain(name) { name.to_owned() } else { file_name(name, &taken) };
        taken.insert(files[i].clone());
    }
    files
}

/// The folder name of a server: its slug in lower case where that is safe, else a readable form
/// with a hash. The catalogue has already refused two servers that fold together.
pub fn server_file(slug: &str) -> String {
    // Windows drops the dot at the end of a folder's name.
    let taken = if slug.ends_with('.') { HashSet::from([slug.to_lowercase()]) } else { HashSet::new() };
    file_name(slug, &taken)
}

/// Whether a name is its own file name.
pub(crate) fn is_plain(name: &str) -> bool {
    is_safe(name) && !name.bytes().any(|b| b.is_ascii_uppercase())
}

fn file_name(name: &str, taken: &HashSet<String>) -> String {
    let lower = name.to_lowercase();
    if is_safe(&lower) && !taken.contains(&lower) {
        return lower;
    }
    let hash = Sha256::digest(name.as_bytes());
    let readable = readable(name);
    // Eight digits are unique unless somebody tries; then eight others are taken.
    for window in hash.windows(4) {
        let hash = u32::from_be_bytes([window[0], window[1], window[2], window[3]]);
        let file = if readable.is_empty() { format!("x-{hash:08x}") } else { format!("{readable}-{hash:08x}") };
        if !taken.contains(&file) {
            return file;
        }
    }
    format!("x-{:x}", xxhash_rust::xxh3::xxh3_128(name.as_bytes()))
}

/// ASCII letters and digits of a name, runs of anything else as one dash; at most 60 bytes.
fn readable(name: &str) -> String {
    let mut out = String::new();
    for c in name.nfkd().flat_map(char::to_lowercase) {
        if out.len() >= 60 {
            break;
        }
        if c.is_ascii_alphanumeric() || (c == '_' && !out.is_empty()) {
            out.push(c);
        } else if c.is_ascii() && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches(['-', '_']).len());
    out
}

/// `[a-z0-9][a-z0-9._-]{0,99}`, not `index`, not reserved on Windows.
fn is_safe(name: &str) -> bool {
    let bytes = name.as_bytes();
    let ok = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    (1..=100).contains(&bytes.len())
        && ok(&bytes[0])
        && bytes.iter().all(|b| ok(b) || matches!(b, b'.' | b'_' | b'-'))
        && name != "index"
        && !reserved_on_windows(name)
}

/// Device names, with or without an extension.
/// Source: learn.microsoft.com, "Naming Files, Paths, and Namespaces".
fn reserved_on_windows(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    matches!(stem, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.as_bytes()[3].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_names_are_their_own_files() {
        assert_eq!(tool_files(&["get_task", "a.b-c"]), ["get_task", "a.b-c"]);
        assert_eq!(tool_files(&["GetTask"]), ["gettask"]);
    }

    #[test]
    fn a_name_that_equals_its_slug_owns_it_wherever_it_is() {
        let files = tool_files(&["createPost", "createpost", "CreatePost"]);
        assert_eq!(files[1], "createpost");
        assert!(files[0].starts_with("createpost-") && files[2].starts_with("createpost-"), "{files:?}");
        assert_ne!(files[0], files[2]);
    }

    #[test]
    fn odd_names_get_a_readable_form_and_a_hash() {
        assert!(tool_files(&["badge", "Badge"]).iter().all(|file| file.starts_with("badge-")));
        assert_eq!(server_file("badge"), "badge");
        for name in ["index", "con", "COM1", "nul.txt", "a/b", "../x", "", "删除", "a b", ".hidden", "İ"] {
            let file = &tool_files(&[name])[0];
            assert!(is_safe(file), "{name} → {file}");
            assert!(file.len() > 9 && file.as_bytes()[file.len() - 9] == b'-', "{name} → {file}");
        }
    }

    #[test]
    fn a_dot_at_the_end_is_safe_in_a_file_and_not_in_a_folder() {
        assert_eq!(tool_files(&["x."]), ["x."]);
        assert!(server_file("x.").starts_with("x-"));
    }

    #[test]
    fn a_claimed_address_is_a_link_only_where_it_is_one() {
        assert_eq!(web("git+https://github.com/a/b.git"), Some("https://github.com/a/b.git"));
        for bad in ["javascript:alert(1)", "https://", "https:///x", "http://a b", "https://x/\"y", "//x", "ftp://x"] {
            assert_eq!(web(bad), None, "{bad}");
        }
        assert_eq!(repository_words("https://github.com/a/b.git"), "a/b");
        assert_eq!(package_page("npm", "@a/b?").as_deref(), Some("https://www.npmjs.com/package/@a/b%3F"));
        assert_eq!(package_page("oci", "x"), None);
    }

    #[test]
    fn links_are_relative_and_name_the_file() {
        assert_eq!(relative("tools/a/x.html", "tools/a/y.html", ""), "y.html");
        assert_eq!(relative("tools/a/x.html", "tools/b/index.html", "t"), "../b/index.html#t");
        assert_eq!(relative("index.html", "tools/b/index.html", ""), "tools/b/index.html");
        assert_eq!(relative("tools/a/x.html", "index.html", ""), "../../index.html");
        assert_eq!(relative("attacks/index.html", "attacks/index.html", ""), "index.html");
        assert_eq!(to_root("tools/a/x.html"), "../../");
        assert_eq!(absolute("https://x.org/s/", "tools/a/index.html"), "https://x.org/s/tools/a/");
        assert_eq!(absolute("https://x.org/", "index.html"), "https://x.org/");
        assert_eq!(absolute("https://x.org/", "tools/a/get_index.html"), "https://x.org/tools/a/get_index.html");
        assert_eq!((base_path("https://x.org/s/"), base_path("https://x.org/")), ("/s/", "/"));
    }

    proptest! {
        #[test]
        fn every_set_of_names_gets_distinct_safe_files(names in prop::collection::hash_set(".{0,40}", 0..12)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let files = tool_files(&names);
            let distinct: HashSet<&String> = files.iter().collect();
            prop_assert_eq!(distinct.len(), names.len());
            for file in &files {
                prop_assert!(is_safe(file), "{}", file);
            }
            let mut reversed = names.clone();
            reversed.reverse();
            let mut back = tool_files(&reversed);
            back.reverse();
            prop_assert_eq!(back, files);
        }
    }
}
