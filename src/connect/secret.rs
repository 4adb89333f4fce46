//! What nobody may see: values of variables, headers and arguments that a server is given.

/// Values that are never written, logged or shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Secrets(Vec<Secret>);

#[derive(Clone)]
struct Secret {
    /// What stands in its place.
    label: String,
    value: String,
    /// Whether it is hidden in what a server says of its tools as well. A word that merely may be one is not: `memory`,
    /// an argument of somebody's, is also a word of descriptions.
    certain: bool,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.label)
    }
}

/// Shorter values are words that occur by themselves: `true`, `8080`, `-y`.
const MIN_CHARS: usize = 6;

impl Secrets {
    /// Adds a value; one that is too short to be recognised is left out.
    pub(super) fn add(&mut self, label: &str, value: &str, certain: bool) {
        if let Some(password) = password(value).filter(|password| *password != value) {
            self.add(label, password, true);
        }
        if value.chars().count() < MIN_CHARS {
            return;
        }
        if let Some(known) = self.0.iter_mut().find(|known| known.value == value) {
            known.certain |= certain;
            return;
        }
        self.0.push(Secret { label: format!("[{label}]"), value: value.to_owned(), certain });
        // The longest first: one may hold another.
        self.0.sort_by_key(|secret| std::cmp::Reverse(secret.value.len()));
    }

    /// A message without them, as they are and as JSON and percent-encoding write them.
    pub(super) fn hide(&self, text: &str) -> String {
        Self::without(text, self.0.iter())
    }

    /// What a server said of its tools without those that are certain.
    pub(super) fn hide_certain(&self, text: &str) -> String {
        Self::without(text, self.0.iter().filter(|secret| secret.certain))
    }

    fn without<'a>(text: &str, secrets: impl Iterator<Item = &'a Secret>) -> String {
        let mut out = text.to_owned();
        for secret in secrets {
            let json = serde_json::Value::from(secret.value.as_str()).to_string();
            let percent = percent_encoding::utf8_percent_encode(&secret.value, percent_encoding::NON_ALPHANUMERIC);
            for form in [secret.value.clone(), json[1..json.len() - 1].to_owned(), percent.to_string()] {
                if out.contains(&form) {
                    out = out.replace(&form, &secret.label);
                }
            }
        }
        out
    }
}

/// Words of a name that say that its value is one.
const NAMES: [&str; 12] =
    ["key", "token", "secret", "pass", "pwd", "auth", "cred", "bearer", "cookie", "session", "dsn", "signature"];

/// Whether the name of a variable or an option says that its value is a secret.
pub(super) fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|word| name.contains(word))
}

/// Whether the value of a variable is most likely one, whatever the variable is called.
pub(super) fn is_opaque(value: &str) -> bool {
    let has = |test: fn(char) -> bool| value.chars().any(test);
    looks_secret(value)
        || value.len() >= 12
            && has(|c| c.is_ascii_digit())
            && has(char::is_alphabetic)
            && !has(|c| c.is_whitespace() || c == '/')
}

/// How the values of well-known tokens begin.
const PREFIXES: [&str; 16] = [
    "sk-",
    "sk_",
    "pk_",
    "rk_",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "AKIA",
    "eyJ",
    "AIza",
];

/// Whether an argument looks like a secret, or holds one: `--key=x`, `Authorization: Bearer x`, `https://example.org/?token=x`.
pub(super) fn looks_secret(argument: &str) -> bool {
    let named = |text: &str| {
        text.split_once(['=', ':']).is_some_and(|(name, value)| names_a_secret(name) && !value.trim().is_empty())
    };
    let mut parts = argument.split(|c: char| c.is_whitespace() || ",;&?\"'".contains(c));
    named(argument) || password(argument).is_some() || parts.any(|part| named(part) || holds_token(part))
}

/// Whether a word holds the value of a token, by itself, behind a name or as a step of an address.
fn holds_token(word: &str) -> bool {
    // The digest of an image is public.
    let is_digest = word.contains("sha256:");
    let ends: &[char] = if word.contains("://") { &['=', ':', '/'] } else { &['=', ':'] };
    let is_token = |value: &str| PREFIXES.iter().any(|prefix| value.starts_with(prefix)) || is_random(value);
    !is_digest && word.split(ends).any(is_token)
}

/// What stands before the host in `scheme://user:password@host`: the password, or all of it.
fn password(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user, _) = authority.rsplit_once('@')?;
    Some(user.split_once(':').map_or(user, |(_, password)| password))
}

/// Long, of one word, with letters of both cases and digits: what nobody types.
fn is_random(text: &str) -> bool {
    let word = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+' | b'=' | b'/'));
    let has = |test: fn(&u8) -> bool| text.bytes().any(|b| test(&b));
    let hex = text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let mixed = text.len() >= 20
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && !text.contains('/');
    word && (hex || mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_in_every_form_and_a_short_word_is_none() {
        let mut secrets = Secrets::default();
        secrets.add("TOKEN", "p\"ss w0rd", true);
        secrets.add("FLAG", "true", true);
        secrets.add("LONG", "p\"ss w0rd-more", false);
        assert_eq!(
            secrets.hide("a p\"ss w0rd b p\\\"ss w0rd c p%22ss%20w0rd true"),
            "a [TOKEN] b [TOKEN] c [TOKEN] true"
        );
        assert_eq!(secrets.hide("p\"ss w0rd-more"), "[LONG]");
        assert_eq!(secrets.hide_certain("p\"ss w0rd-more"), "[TOKEN]-more");
        assert!(!format!("{secrets:?}").contains("w0rd"));
    }

    #[test]
    fn arguments_that_look_secret_are_told_from_those_that_do_not() {
        for secret in [
            "--api-key=abcdef",
            "sk-abc",
            "postgresql://me:pw@host/db",
            "TOKEN=x",
            "0123456789abcdef0123456789abcdef",
            "--x=aB3aB3aB3aB3aB3aB3aB3",
            "Authorization: Bearer abcdef",
            "X-Api-Key:abcdef",
            "Accept: x, Bearer sk-abc",
            "https://example.org/mcp?token=abcdef",
            "https://example.org/sk-abc/mcp",
            "{\"value\": \"ghp_abc\"}",
        ] {
            assert!(looks_secret(secret), "{secret}");
        }
        for plain in [
            "-y",
            "@modelcontextprotocol/server-filesystem",
            "/home/me/Notes2",
            "--port=8080",
            "https://example.org/mcp",
            "mcp-server-git",
            "Accept: application/json",
            "C:\\Users\\me",
            "https://example.org:8080/mcp?page=2",
            "registry.example/a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ] {
            assert!(!looks_secret(plain), "{plain}");
        }
    }
}
