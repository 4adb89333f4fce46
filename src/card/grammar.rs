//! Small English grammar: articles by sound, plurals, the third person, lists and full stops.
//! Pure functions over words; tested over every card of the bundled catalogue.

/// Acronyms that are said as words, so that their first letter sounds as in a word.
const SAID_AS_WORDS: [&str; 16] = [
    "FIFO", "HIPAA", "LAN", "LASER", "MIDI", "NASA", "NAT", "NATO", "RAG", "RAM", "REST", "ROM", "SAP", "SIM", "SOAP",
    "SAML",
];

/// `a` or `an`, by the sound of the next word: `an MLflow tool`, `a URL`, `an hour`, `an 8`.
pub fn a(next: &str) -> &'static str {
    let word: &str = next.split(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty()).unwrap_or("");
    if begins_with_vowel_sound(word) { "an" } else { "a" }
}

fn begins_with_vowel_sound(word: &str) -> bool {
    let Some(first) = word.chars().next() else { return false };
    if first.is_ascii_digit() {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        return first == '8' || (digits.len() % 3 == 2 && (digits.starts_with("11") || digits.starts_with("18")));
    }
    let capitals = word.chars().take_while(char::is_ascii_uppercase).count();
    let low = word.to_ascii_lowercase();
    let spelled = (capitals >= 2 && !SAID_AS_WORDS.contains(&word))
        || word.len() == 1
        || low.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
        || (low.len() <= 4 && low.is_ascii() && !low.contains(['a', 'e', 'i', 'o', 'u', 'y']));
    if spelled {
        // The names of these letters begin with a vowel: ef, aitch, el, em, en, ar, ess, ex.
        return matches!(
            first.to_ascii_lowercase(),
            'a' | 'e' | 'f' | 'h' | 'i' | 'l' | 'm' | 'n' | 'o' | 'r' | 's' | 'x'
        );
    }
    let any = |starts: &[&str]| starts.iter().any(|s| low.starts_with(s));
    match low.chars().next() {
        Some('a' | 'i') => true,
        Some('e') => !any(&["eu", "ewe"]),
        Some('o') => !(any(&["once", "oneself"]) || low == "one"),
        Some('u') => {
            any(&["unin", "unim", "unidentified"])
                || !any(&["uni", "us", "ut", "ub", "ura", "uri", "url", "uuid", "uke"])
                || any(&["usher", "utter", "utmost", "ubu"])
        }
        Some('h') => any(&["hour", "honest", "honor", "honour", "heir"]),
        Some('x') => low.as_bytes().get(1).is_some_and(|b| !matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')),
        Some(c) => matches!(
            c,
            'à' | 'á' | 'â' | 'ä' | 'å' | 'æ' | 'è' | 'é' | 'ê' | 'ì' | 'í' | 'ò' | 'ó' | 'ô' | 'ö' | 'ø' | 'ü'
        ),
        None => false,
    }
}

/// Nouns that are not counted: no article, no plural.
const UNCOUNTED: [&str; 53] = [
    "access",
    "advice",
    "analytics",
    "audio",
    "availability",
    "bash",
    "capacity",
    "code",
    "compliance",
    "connectivity",
    "config",
    "content",
    "context",
    "cypher",
    "data",
    "diagnostics",
    "documentation",
    "evidence",
    "feedback",
    "guidance",
    "health",
    "help",
    "history",
    "html",
    "info",
    "information",
    "javascript",
    "js",
    "json",
    "knowledge",
    "lineage",
    "logging",
    "markdown",
    "media",
    "memory",
    "metadata",
    "money",
    "music",
    "output",
    "progress",
    "python",
    "software",
    "sql",
    "status",
    "storage",
    "syntax",
    "text",
    "time",
    "traffic",
    "usage",
    "work",
    "xml",
    "yaml",
];

/// Words that look like plurals and are none.
const NOT_PLURAL: [&str; 14] = [
    "alias",
    "analysis",
    "bias",
    "bus",
    "canvas",
    "css",
    "dns",
    "https",
    "jenkins",
    "kubernetes",
    "mas",
    "redis",
    "series",
    "sns",
];

/// Whether a noun takes no article and has no plural.
pub fn is_uncounted(noun: &str) -> bool {
    UNCOUNTED.contains(&noun)
}

/// Whether a lower-case noun is a plural.
pub fn is_plural(noun: &str) -> bool {
    matches!(noun, "people" | "children" | "criteria" | "indices" | "vertices" | "matrices")
        || (noun.len() > 3
            && noun.ends_with('s')
            && !noun.ends_with("ss")
            && !noun.ends_with("us")
            && !noun.ends_with("is")
            && !NOT_PLURAL.contains(&noun)
            && !UNCOUNTED.contains(&noun))
        || matches!(noun, "ids" | "prs" | "vms" | "ips" | "dbs" | "mrs")
}

/// The plural of a lower-case noun; a plural and an uncounted noun stay as they are.
pub fn plural(noun: &str) -> String {
    if is_plural(noun) || is_uncounted(noun) {
        return noun.to_owned();
    }
    match noun {
        "person" => return "people".to_owned(),
        "child" => return "children".to_owned(),
        "series" => return noun.to_owned(),
        "analysis" => return "analyses".to_owned(),
        _ => {}
    }
    let bytes = noun.as_bytes();
    if let Some(stem) = noun.strip_suffix('y')
        && bytes.len() > 1
        && !matches!(bytes[bytes.len() - 2], b'a' | b'e' | b'i' | b'o' | b'u')
    {
        return format!("{stem}ies");
    }
    if noun.ends_with("sh") || noun.ends_with("ch") || noun.ends_with(['s', 'x', 'z']) {
        return format!("{noun}es");
    }
    format!("{noun}s")
}

/// The singular of a lower-case noun; what is no plural stays as it is.
pub fn singular(noun: &str) -> String {
    if !is_plural(noun) {
        return noun.to_owned();
    }
    match noun {
        "people" => return "person".to_owned(),
        "children" => return "child".to_owned(),
        "criteria" => return "criterion".to_owned(),
        "indices" => return "index".to_owned(),
        "vertices" => return "vertex".to_owned(),
        "matrices" => return "matrix".to_owned(),
        _ => {}
    }
    if let Some(stem) = noun.strip_suffix("ies")
        && stem.len() > 1
    {
        return format!("{stem}y");
    }
    for end in ["sses", "shes", "ches", "xes", "zes", "statuses", "aliases"] {
        if noun.ends_with(end) {
            return noun[..noun.len() - 2].to_owned();
        }
    }
    noun[..noun.len() - 1].to_owned()
}

/// The third person of an English verb's lemma: "deletes", "copies", "pushes".
pub fn third(lemma: &str) -> String {
    match lemma {
        "be" => return "is".to_owned(),
        "can" => return "tells whether it can".to_owned(),
        "have" => return "has".to_owned(),
        "backup" => return "backs up".to_owned(),
        "checkout" => return "checks out".to_owned(),
        "cleanup" => return "cleans up".to_owned(),
        "login" => return "logs in".to_owned(),
        "logout" => return "logs out".to_owned(),
        "lookup" => return "looks up".to_owned(),
        "rollback" => return "rolls back".to_owned(),
        "setup" => return "sets up".to_owned(),
        "shutdown" => return "shuts down".to_owned(),
        _ => {}
    }
    let bytes = lemma.as_bytes();
    if let Some(stem) = lemma.strip_suffix('y')
        && bytes.len() > 1
        && !matches!(bytes[bytes.len() - 2], b'a' | b'e' | b'i' | b'o' | b'u')
    {
        return format!("{stem}ies");
    }
    if lemma.ends_with("sh") || lemma.ends_with("ch") || lemma.ends_with(['s', 'x', 'z', 'o']) {
        return format!("{lemma}es");
    }
    format!("{lemma}s")
}

/// "a", "a and b", "a, b and c", with `word` before the last.
pub fn list<S: AsRef<str>>(items: &[S], word: &str) -> String {
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            if i + 1 == items.len() {
                out.push(' ');
                out.push_str(word);
                out.push(' ');
            } else {
                out.push_str(", ");
            }
        }
        out.push_str(item.as_ref());
    }
    out
}

/// "no tools", "1 tool", "2 tools", "1,200 tools".
pub fn count(n: usize, noun: &str) -> String {
    match n {
        0 => format!("no {}", plural(noun)),
        1 => format!("1 {noun}"),
        n => format!("{} {}", thousands(n), plural(noun)),
    }
}

/// Small numbers as words, others in digits.
pub fn number(n: usize) -> String {
    const WORDS: [&str; 13] =
        ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(n).map_or_else(|| thousands(n), |w| (*w).to_owned())
}

/// Digits in groups of three: "1,234,567".
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Rounded down to two digits from 100 on, so that one more tool does not rewrite every page.
pub fn rounded(n: usize) -> usize {
    let mut unit = 1;
    while n / unit >= 100 {
        unit *= 10;
    }
    n / unit * unit
}

/// "1,600 tools of 43 servers": how large the catalogue is, rounded down by [`rounded`].
pub fn catalogue_size(tools: usize, servers: usize) -> String {
    format!("{} of {}", count(rounded(tools), "tool"), count(rounded(servers), "server"))
}

/// A sentence's text with exactly one full stop, whatever language's it has.
pub fn stopped(text: &str) -> String {
    let text = text.trim_end();
    let core = text.trim_end_matches(['"', '\'', '`', ')', ']', '”', '’', '»', '」', '』', '）', '*', '_']);
    let ends = core
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '｡', '．', '।', '॥', '؟', '۔', '։', '።', '၊', '။', '៕', ':']);
    if ends || text.is_empty() { text.to_owned() } else { format!("{text}.") }
}

/// A server's name without "MCP" and "server" behind it: `MLflow`, never `MLflow MCP Server MCP
/// Server`. Whole words only; a name that is nothing else stays.
pub fn bare_name(name: &str) -> &str {
    let name = name.trim();
    let mut rest = name;
    loop {
        let cut = rest.trim_end_matches([' ', '-', '_', '(', ')']);
        let start = cut.rfind([' ', '-', '_']).map_or(0, |i| i + 1);
        let last = &cut[start..];
        if start == 0 || !(last.eq_ignore_ascii_case("mcp") || last.eq_ignore_ascii_case("server")) {
            break;
        }
        rest = cut[..start].trim_end_matches([' ', '-', '_']);
    }
    if rest.is_empty() { name } else { rest }
}

/// The text with its first letter in upper case.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// "20 November 2026" for `2026-11-20` with whatever stands behind it; other dates as written.
pub fn date(iso: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let parts = || {
        let day = iso.get(..10)?;
        let mut parts = day.split('-');
        let year: u16 = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
        let month: usize = parts.next()?.parse().ok()?;
        let day: u8 = parts.next()?.parse().ok().filter(|d| (1..=31).contains(d))?;
        Some(format!("{day} {} {year}", MONTHS.get(month.checked_sub(1)?)?))
    };
    parts().unwrap_or_else(|| iso.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_follows_the_sound() {
        for an in [
            "MLflow",
            "Okta",
            "SQL",
            "S3",
            "n8n",
            "IAM",
            "hour",
            "HTML",
            "XcodeBuild",
            "issue",
            "8",
            "11",
            "18 tools",
            "mcp",
            "unimportant",
            "update",
            "EKS",
            "`id`",
            "AWS",
            "element",
            "undo",
        ] {
            assert_eq!(a(an), "an", "{an}");
        }
        for a_ in [
            "Read",
            "URL",
            "user",
            "unit",
            "UUID",
            "Write",
            "dbt",
            "k8s",
            "one",
            "European",
            "Destructive",
            "GitHub",
            "RAM",
            "usage",
            "unique",
            "utility",
            "JSON",
            "Xenon",
            "1",
            "110",
            "",
            "…",
            "YAML",
        ] {
            assert_eq!(a(a_), "a", "{a_}");
        }
    }

    #[test]
    fn numbers_and_nouns_agree() {
        assert_eq!([count(0, "tool"), count(1, "tool"), count(2, "entry")], ["no tools", "1 tool", "2 entries"]);
        for (one, many) in
            [("box", "boxes"), ("query", "queries"), ("key", "keys"), ("person", "people"), ("branch", "branches")]
        {
            assert_eq!(plural(one), many);
            assert_eq!(singular(many), one);
        }
        assert_eq!([plural("metadata"), singular("status"), singular("access")], ["metadata", "status", "access"]);
    }

    #[test]
    fn verbs_take_their_third_person() {
        assert_eq!(
            ["delete", "copy", "push", "fix", "pay", "do"].map(third),
            ["deletes", "copies", "pushes", "fixes", "pays", "does"]
        );
    }

    #[test]
    fn a_full_stop_is_never_doubled_in_any_language() {
        for text in ["Done.", "Really?", "完成。", "पूर्ण।", "Wait…", "(Done.)", "終わり！", "انتهى؟", "Say \"yes.\""]
        {
            assert_eq!(stopped(text), text);
        }
        assert_eq!(stopped("Done "), "Done.");
    }

    #[test]
    fn mcp_and_server_are_dropped_as_words_and_never_out_of_words() {
        assert_eq!(bare_name("MLflow MCP Server"), "MLflow");
        assert_eq!(bare_name("mlflow-mcp-server"), "mlflow");
        assert_eq!(bare_name("PMCP"), "PMCP");
        assert_eq!(bare_name("MCP Server"), "MCP");
        assert_eq!(bare_name("Observer"), "Observer");
    }

    #[test]
    fn sizes_round_down_to_two_digits_from_a_hundred() {
        assert_eq!([7, 99, 100, 1663, 19_999].map(rounded), [7, 99, 100, 1600, 19_000]);
        assert_eq!(catalogue_size(1663, 43), "1,600 tools of 43 servers");
        assert_eq!(catalogue_size(1, 1), "1 tool of 1 server");
    }

    #[test]
    fn dates_are_read_or_left_alone() {
        assert_eq!(date("2026-11-20"), "20 November 2026");
        assert_eq!(date("2026-11-20T10:00:00Z"), "20 November 2026");
        assert_eq!(date("yesterday"), "yesterday");
        assert_eq!(date("2026-13-01"), "2026-13-01");
    }
}
