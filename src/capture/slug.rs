//! What a server's folder is called.

use crate::manifest::Manifest;

/// The longest slug that is made or taken.
const MAX_BYTES: usize = 80;

/// Names that say of a server nothing but that it is one.
const GENERIC: [&str; 14] = [
    "mcp",
    "server",
    "mcp-server",
    "server-mcp",
    "mcp-server-mcp",
    "manifest",
    "tools",
    "tools-list",
    "tools-json",
    "list-tools",
    "stdin",
    "index",
    "main",
    "app",
];

/// The slug for a server: the one that its manifest gives, else what its package is called, what a client calls it, what it
/// calls itself, or what the source calls it. `None` where nothing tells it from others.
pub fn slug(manifest: &Manifest, client_name: Option<&str>, name: &str) -> Option<String> {
    let server = &manifest.server;
    if is_slug(&server.slug) {
        return Some(server.slug.clone());
    }
    let package = server.package.as_deref().and_then(of_package);
    package.or_else(|| plain(client_name?)).or_else(|| plain(server.name.as_deref()?)).or_else(|| plain(name))
}

/// Whether a text can be the name of a server's folder and stand in an address as it is.
pub fn is_slug(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_');
    text.len() <= MAX_BYTES && text.bytes().all(allowed) && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Of a package without its scope, its namespace and its version: `@scope/server` is `server`; where that says nothing, the
/// scope stands before it.
fn of_package(package: &str) -> Option<String> {
    // An image: `docker.io/mcp/notes:1.2@sha256:…`.
    let package = package.split_once("@sha256:").map_or(package, |(before, _)| before);
    let mut parts = package.rsplit('/');
    let last = parts.next()?;
    let last = last.split_once(':').map_or(last, |(before, _)| before);
    plain(last).or_else(|| plain(&format!("{}-{last}", parts.next()?)))
}

/// In small letters, everything else than letters and digits a hyphen. `None` where nothing is left that tells it from others.
fn plain(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut last = ' ';
    for c in text.trim().chars() {
        // `notesServer` is two words.
        let begins = c.is_ascii_uppercase() && last.is_ascii_lowercase();
        if (begins || !c.is_ascii_alphanumeric()) && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        }
        last = c;
    }
    out.truncate(MAX_BYTES);
    let out = out.trim_matches('-');
    (!out.is_empty() && !GENERIC.contains(&out)).then(|| out.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Server, ServerText};

    fn of(slug: &str, package: Option<&str>, source: &str, name: Option<&str>) -> Option<String> {
        let text = |text: Option<&str>| text.map(ServerText::from);
        let server = Server { slug: slug.to_owned(), package: text(package), name: text(name), ..Server::default() };
        super::slug(&Manifest { server, ..Manifest::default() }, None, source)
    }

    #[test]
    fn packages_are_called_as_the_bundled_catalogue_calls_them() {
        for (package, slug) in [
            ("clearml-mcp", "clearml-mcp"),
            ("@modelcontextprotocol/server-github", "server-github"),
            ("@upstash/context7-mcp", "context7-mcp"),
            ("@azure-devops/mcp", "azure-devops-mcp"),
            ("awslabs.iam-mcp-server", "awslabs-iam-mcp-server"),
            ("mcp/notes:1.2@sha256:abc", "notes"),
            ("io.github.user/weather", "weather"),
        ] {
            assert_eq!(of("", Some(package), "other", None).as_deref(), Some(slug));
        }
    }

    #[test]
    fn what_is_known_best_counts_and_what_says_nothing_does_not() {
        assert_eq!(of("given", Some("package"), "source", Some("name")).as_deref(), Some("given"));
        assert_eq!(of("../given", None, "source", Some("name")).as_deref(), Some("name"));
        assert_eq!(of("", None, "source", Some("mcp-server")).as_deref(), Some("source"));
        let named =
            Manifest { server: Server { name: Some("name".into()), ..Server::default() }, ..Manifest::default() };
        assert_eq!(slug(&named, Some("Client Key"), "source").as_deref(), Some("client-key"));
        assert_eq!(of("", None, "manifest", Some("My Notes_Server v2")).as_deref(), Some("my-notes-server-v2"));
        assert_eq!(of("", None, "tools", Some("MCP Server")), None);
        assert_eq!(of("", None, "", Some("天気")), None);
    }

    #[test]
    fn no_slug_leaves_its_folder() {
        for name in ["../../etc", "..", "/etc/passwd", "_hidden", ".git", "a\0b", "con\u{202e}fig", &"x".repeat(999)] {
            for made in [of("", Some(name), "", None), of(name, None, name, None), of("", None, "", Some(name))] {
                assert!(made.as_deref().is_none_or(is_slug), "{made:?}");
            }
        }
        assert!(!is_slug("") && !is_slug("-a") && !is_slug("a/b") && !is_slug("A"));
    }
}
