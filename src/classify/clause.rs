//! Which clauses of a description are not about a deed of this tool: lead-ins, asides, headings,
//! denials, sentences about other tools.

/// Words that may stand before a sentence's own verb.
pub(super) fn leads(word: &str) -> bool {
    matches!(
        word,
        "this"
            | "the"
            | "tool"
            | "it"
            | "will"
            | "can"
            | "is"
            | "used"
            | "use"
            | "to"
            | "allows"
            | "you"
            | "lets"
            | "let"
            | "helps"
            | "help"
            | "please"
            | "command"
            | "function"
            | "endpoint"
            | "api"
            | "a"
            | "an"
            | "mcp"
            | "that"
            | "which"
            | "quickly"
            | "safely"
            | "directly"
            | "easily"
            | "programmatically"
            | "automatically"
            | "simply"
            | "also"
            | "and"
            | "then"
            | "permanently"
            | "immediately"
            | "irreversibly"
            | "securely"
            | "efficiently"
            | "instantly"
            | "temporarily"
            | "asynchronously"
            | "enables"
            | "enable_to"
            | "for"
            | "your"
            | "users"
            | "user"
            | "agent"
            | "agents"
            | "us"
            | "me"
            | "utility"
            | "operation"
            | "method"
            | "be"
            | "should"
            | "when"
            | "only"
            | "optionally"
            | "either"
            | "manually"
            | "atomically"
            | "completely"
            | "fully"
            | "performs"
            | "perform"
            | "force"
            | "batch"
            | "bulk"
            | "deprecated"
            | "beta"
            | "experimental"
            | "now"
            | "primary"
            | "instructions"
            | "step"
            | "action"
            | "purpose"
            | "description"
            | "summary"
            | "synchronously"
            | "soft"
            | "hard"
            | "cleanly"
            | "intelligently"
            | "recursively"
            | "conditionally"
            | "may"
            | "provides"
            | "ability"
            | "capability"
            | "must"
    )
}

/// A sentence that begins so states no deed of this tool.
pub(super) fn is_aside(word: &str) -> bool {
    matches!(
        word,
        "do" | "don't"
            | "don’t"
            | "never"
            | "before"
            | "after"
            | "if"
            | "note"
            | "notes"
            | "prefer"
            | "see"
            | "requires"
            | "require"
            | "important"
            | "example"
            | "examples"
            | "always"
            | "avoid"
            | "unless"
            | "once"
            | "instead"
            | "not"
            | "however"
            | "warning"
            | "caution"
            | "tip"
            | "tips"
            | "call"
            | "ensure"
            | "make"
            | "remember"
            | "prerequisites"
            | "best"
            | "supports"
            | "whether"
            | "pass"
            | "provide"
            | "set"
            | "specify"
            | "must"
            | "optional"
            | "required"
            | "default"
            | "defaults"
            | "limit"
            | "returns"
            | "return"
            | "useful"
            | "by"
            | "with"
            | "how"
            | "where"
    )
}

/// A heading after which no deed of the tool is stated.
pub(super) fn ends_reading(word: &str) -> bool {
    matches!(
        word,
        "args"
            | "arguments"
            | "parameters"
            | "params"
            | "returns"
            | "example"
            | "examples"
            | "usage"
            | "inputs"
            | "output"
            | "outputs"
            | "response"
            | "input"
            | "errors"
            | "raises"
            | "parámetros"
            | "paramètres"
            | "parameter"
    )
}

/// Whether a phrase found at byte `at` of `text` is denied, conditional or about something else.
pub(super) fn is_denied(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(48);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let before = &text[from..at];
    let clause = before.rfind(['.', ';', '\n']).map_or(before, |i| &before[i + 1..]);
    let clause = clause.to_ascii_lowercase();
    [
        "not ",
        "n't ",
        "never ",
        "without ",
        "no ",
        "instead of ",
        "avoid ",
        "rather than ",
        "unlike ",
        "may be",
        "if you ",
        "would ",
        "could ",
        "won't ",
        "cannot ",
        "unless ",
        "prevent",
        "nor ",
    ]
    .iter()
    .any(|word| clause.contains(word))
}

/// Whether the sentence around byte `at` of `text` sends the reader to another tool.
pub(super) fn is_about_others(text: &str, at: usize) -> bool {
    let from = text[..at].rfind(['.', '\n', ';']).map_or(0, |i| i + 1);
    let to = text[at..].find(['.', '\n', ';']).map_or(text.len(), |i| at + i);
    let sentence = text[from..to].to_ascii_lowercase();
    ["instead", "choose ", "prefer ", "other tool", "tool for ", "use `", "unlike ", "for read-only inspection"]
        .iter()
        .any(|word| sentence.contains(word))
}
