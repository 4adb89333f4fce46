//! URLs, hosts and e-mail addresses in a text.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use unicode_normalization::UnicodeNormalization as _;

/// Ends of host names that no file and no field of an object is called.
const ENDS: [&str; 55] = [
    "ai", "app", "ar", "au", "be", "biz", "br", "ca", "ch", "cloud", "cn", "co", "com", "cz", "de", "dev", "dk", "edu",
    "es", "eu", "example", "fi", "fr", "gg", "gov", "gr", "icu", "io", "jp", "kr", "lan", "ly", "mil", "mx", "net",
    "nl", "nz", "onion", "online", "org", "pt", "ru", "se", "shop", "su", "tech", "tk", "tv", "ua", "uk", "us",
    "website", "ws", "xyz", "za",
];

/// Ends that are words, fields or kinds of files as often: they count with a path, a port or an at sign.
const WORDS: [&str; 43] = [
    "at", "cc", "click", "club", "fun", "fyi", "host", "hu", "id", "ie", "il", "im", "in", "info", "internal",
    "invalid", "is", "it", "link", "live", "local", "me", "name", "news", "no", "page", "pl", "pro", "pw", "ro", "run",
    "sh", "site", "so", "space", "store", "team", "test", "to", "top", "vip", "work", "zone",
];

/// An address that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// As it is written.
    pub shown: String,
    /// For comparing: scheme and host in lower case, no mark at the end.
    pub key: String,
}

/// The addresses of a text in their order, each once.
pub(super) fn addresses(text: &str) -> Vec<Address> {
    let (mut found, mut keys) = (Vec::new(), HashSet::new());
    let opened = opened(text);
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`' | '(' | ')' | '[' | ']' | '|' | '\\' | ',' | ';')
    };
    for piece in opened.split(ends).filter(|piece| piece.contains(['.', ':', '@'])) {
        if let Some(address) = address(piece)
            && keys.insert(address.key.clone())
        {
            found.push(address);
        }
    }
    found
}

/// The text with what hides a dot or an at sign from a machine, and not from its reader, written plainly.
fn opened(text: &str) -> String {
    let mut plain = text.to_owned();
    if !plain.is_ascii() {
        plain = plain
            .nfkc()
            .map(|c| if c == '。' { '.' } else { c })
            .filter(|c| !crate::neutral::is_hidden(*c) || c.is_whitespace())
            .collect();
    }
    for (hidden, open) in
        [("[.]", "."), ("(.)", "."), ("[dot]", "."), ("(dot)", "."), ("[at]", "@"), ("(at)", "@"), ("[:]", ":")]
    {
        if plain.contains(hidden) {
            plain = plain.replace(hidden, open);
        }
    }
    plain
}

fn address(piece: &str) -> Option<Address> {
    let mut piece = piece.trim_end_matches(['.', ':', '!', '?', '*', '_', '~', '…', '/', '&']);
    if !piece.contains('{') {
        piece = piece.trim_end_matches(['}', '.', '/']);
    }
    url(piece).or_else(|| mail(piece)).or_else(|| host(piece))
}

/// `scheme://…`, wherever in the piece it begins.
fn url(piece: &str) -> Option<Address> {
    let at = piece.find("://")?;
    let before = &piece[..at];
    let scheme = before
        .rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'))
        .map_or(before, |i| before[i..].char_indices().nth(1).map_or("", |(n, _)| &before[i + n..]));
    let rest = &piece[at + 3..];
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        || !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '{' | '$' | ':'))
    {
        return None;
    }
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, scheme) = (host.to_lowercase(), scheme.to_lowercase());
    Some(Address { shown: format!("{scheme}://{rest}"), key: format!("{scheme}://{host}{path}") })
}

/// `somebody@example.org`.
fn mail(piece: &str) -> Option<Address> {
    let piece = piece.trim_start_matches("mailto:").trim_start_matches(['{', ':', '*', '_', '=']);
    let (local, rest) = piece.split_once('@')?;
    let domain = rest.split(['/', ':', '?']).next()?;
    let spelled = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    if local.is_empty() || !local.chars().all(spelled) || !is_host(domain, true) {
        return None;
    }
    let shown = format!("{local}@{domain}");
    Some(Address { key: shown.to_lowercase(), shown })
}

/// `example.org`, `example.org/path`, `192.0.2.7:8080`.
fn host(piece: &str) -> Option<Address> {
    let piece = piece.split_once('=').filter(|(key, _)| !key.contains(['.', '/'])).map_or(piece, |(_, value)| value);
    let piece = piece.trim_start_matches(['{', ':', '*', '_', '/', '#', '~', '-', '…']);
    let name = &piece[..piece.find(['/', ':', '?', '#', '=', '{']).unwrap_or(piece.len())];
    let more = &piece[name.len()..];
    let port = more.strip_prefix(':').is_some_and(|p| p.starts_with(|c: char| c.is_ascii_digit()));
    if name.parse::<Ipv4Addr>().is_err() && !is_host(name, port || more.starts_with(['/', '?'])) {
        return None;
    }
    let more = if port || more.starts_with(['/', '?', '#']) { more } else { "" };
    Some(Address { shown: format!("{name}{more}"), key: format!("{}{more}", name.to_lowercase()) })
}

/// Whether a name with dots is that of a host; `borne_out` says that something beside it speaks for one.
fn is_host(name: &str, borne_out: bool) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let letters = |c: char| c.is_alphanumeric() || c == '-';
    let sound = |label: &&str| {
        !label.is_empty() && label.chars().all(letters) && !label.starts_with('-') && !label.ends_with('-')
    };
    let [.., before, end] = labels.as_slice() else { return false };
    if !labels.iter().all(sound) || !before.chars().any(char::is_alphanumeric) {
        return false;
    }
    let end = end.to_lowercase();
    // `.NET` and the like are names of products.
    let product = name.chars().next().is_some_and(char::is_uppercase) && end == "net" && name.ends_with("NET");
    let known = ENDS.contains(&end.as_str()) && !product;
    known
        || end.starts_with("xn--")
        || labels[0].eq_ignore_ascii_case("www")
        || borne_out && WORDS.contains(&end.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        addresses(text).into_iter().map(|a| a.shown).collect()
    }

    #[test]
    fn urls_hosts_and_mail_addresses_are_found_as_people_write_them() {
        for (text, expected) in [
            ("See https://Docs.example.org/a?b=c#d.", vec!["https://Docs.example.org/a?b=c#d"]),
            (
                "(see <http://a.example>), or [this](https://b.example/x)",
                vec!["http://a.example", "https://b.example/x"],
            ),
            ("Copies go to audit@mail.example.org, too.", vec!["audit@mail.example.org"]),
            ("Write to mailto:x@y.io!", vec!["x@y.io"]),
            ("Post it to collect.example.com/in or www.evil.zone", vec!["collect.example.com/in", "www.evil.zone"]),
            ("host=192.0.2.7:8080/x,b.example", vec!["192.0.2.7:8080/x", "b.example"]),
            ("at 192.0.2.7:8080/x now", vec!["192.0.2.7:8080/x"]),
            ("see evil[.]com and a[at]evil.com, hxxps://evil.com", vec!["evil.com", "a@evil.com", "hxxps://evil.com"]),
            ("ｅｖｉｌ．com and ev\u{200b}il.org", vec!["evil.com", "evil.org"]),
            ("http://localhost:3000/{id}", vec!["http://localhost:3000/{id}"]),
            ("redis://user:pass@db.internal:6379", vec!["redis://user:pass@db.internal:6379"]),
            ("https://a.example https://a.example/ https://A.EXAMPLE", vec!["https://a.example"]),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn files_fields_versions_and_abbreviations_are_not_addresses() {
        for text in [
            "Reads package.json, main.rs and lib/index.js, e.g. src/a.test.ts",
            "i.e. version 1.2.3, ASP.NET, Node.js, v2.0.1-beta.4",
            "page.info, item.id and response.data.to; user.name",
            "@scope/package and @someone, key: value, 12:30",
            "a 10.5 b ... .. :// ://x file.tar.gz",
            "",
        ] {
            assert_eq!(shown(text), [""; 0], "{text}");
        }
    }
}
