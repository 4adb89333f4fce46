//! Every key of `toolcard.toml`: the one table that the reader checks against, that suggests
//! the nearest key, and that `docs/configuration.md` is made from.

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// A string.
    Text,
    /// An address with the scheme http, https or mailto.
    Link,
    /// `true` or `false`.
    Flag,
    /// A whole number from 1.
    Count,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// A table of strings whose keys the publisher chooses.
    Map,
}

/// One documented key.
#[derive(Debug, Clone, Copy)]
pub struct ConfigKey {
    /// Dotted path, e.g. `site.title`.
    pub path: &'static str,
    /// What it holds.
    pub kind: ValueKind,
    /// The default as TOML, or a phrase in parentheses where there is none.
    pub default: &'static str,
    /// What it does: sentences for the book.
    pub doc: &'static str,
}

const fn key(path: &'static str, kind: ValueKind, default: &'static str, doc: &'static str) -> ConfigKey {
    ConfigKey { path, kind, default, doc }
}

/// The table, in the order of the book.
pub const KEYS: &[ConfigKey] = &[
    key("site.title", ValueKind::Text, "\"toolcard\"", "The site's name, in the head of every page and in titles."),
    key(
        "site.base_url",
        ValueKind::Text,
        "(none)",
        "Where the site is published, with scheme and, where it has one, sub-path: `https://example.org/tools/`. \
         Canonical addresses, the sitemap, feeds and `404.html` need it; without it they are left out, and `404.html` \
         assumes the root. `--base-url` overrides it.",
    ),
    key("site.owner", ValueKind::Text, "(none)", "Who publishes the site, in the foot of every page."),
    key("site.owner_url", ValueKind::Link, "(none)", "Where the owner's name leads."),
    key(
        "site.report_url",
        ValueKind::Link,
        "(none)",
        "Where a reader reports a wrong label, e.g. `https://github.com/OWNER/REPO/issues/new`. `title` and `body` are added to its \
         query; behind `?template=FORM.yml` instead `server`, `tool` and `label`, which fill the fields of an issue form that has \
         these ids. Without it pages say how to override a label instead.",
    ),
    key(
        "site.theme",
        ValueKind::Text,
        "(none)",
        "A folder, relative to this file, whose `templates/` and `static/` replace the built-in files of the same names, one by one.",
    ),
    key(
        "site.granularity",
        ValueKind::OneOf(&["tool", "server"]),
        "\"tool\"",
        "`tool`: a page for every tool. `server`: one page a server that holds all its cards, for hosts that limit the number of files.",
    ),
    key(
        "gateway.name",
        ValueKind::Text,
        "\"your gateway\"",
        "What your readers call the program that enforces `policy.json`.",
    ),
    key("gateway.url", ValueKind::Link, "(none)", "Where the gateway's documentation is."),
    key("limits.write", ValueKind::Count, "30", "Calls a minute that a Write tool of severity Medium is allowed."),
    key("limits.write_high", ValueKind::Count, "10", "Calls a minute that a Write tool of severity High is allowed."),
    key(
        "limits.read_secrets",
        ValueKind::Count,
        "30",
        "Calls a minute that a Read tool with `reads_secrets` is allowed.",
    ),
    key(
        "limits.destructive",
        ValueKind::Count,
        "1",
        "Calls a minute that a Destructive tool is allowed under the profile `open`.",
    ),
    key(
        "output.markdown_tools",
        ValueKind::Flag,
        "true",
        "Write every tool's page as Markdown too; a server's is always written.",
    ),
    key(
        "output.json_tools",
        ValueKind::Flag,
        "true",
        "Write every tool's card as JSON, and `compare.html`, which reads them; a server's, with all its cards, is always written.",
    ),
    key(
        "output.pictures",
        ValueKind::Flag,
        "true",
        "Draw a picture of every server for previews of its pages (`og:image`); only with a `base_url`.",
    ),
    key(
        "output.badge_tools",
        ValueKind::Flag,
        "false",
        "Also write an SVG badge for every tool; a server's is always written.",
    ),
    key("output.faq_jsonld", ValueKind::Flag, "false", "Also mark the questions up as FAQPage JSON-LD."),
    key("output.search", ValueKind::Flag, "true", "Write the search index."),
    key(
        "aliases",
        ValueKind::Map,
        "{}",
        "Old addresses of what was renamed: `\"old-server\" = \"new-server\"`, `\"server/old-tool\" = \"server/new-tool\"`. Each writes a page that leads to the new one.",
    ),
];
