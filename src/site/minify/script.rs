//! A script as people write it → as it is served: without comments and white space, names of what is its own in few letters.

use super::names;
use super::tokens::{Before, Token, TokenKind, is_word, tokens};

/// A script without comments, indentation and other white space that says nothing; what only it can see has a short
/// name. A line break stays where a statement may end without a semicolon. Strings, templates and regular
/// expressions stay as they are, and so does the name of every property and of what is declared at the top.
pub(crate) fn script(source: &str) -> String {
    let tokens = tokens(source);
    let short = names::short(&tokens);
    let mut out = String::with_capacity(source.len() / 2);
    for (at, token) in tokens.iter().enumerate() {
        let last = at.checked_sub(1).map(|before| &tokens[before]);
        let next = tokens.get(at + 1);
        if next.is_some_and(|next| is_nothing(&tokens, at, next)) {
            continue;
        }
        if let Some(last) = last.filter(|_| token.before > Before::Nothing) {
            if token.before == Before::LineBreak && may_end(last) && may_begin(token) {
                out.push('\n');
            } else if out.ends_with(|end| joins(end, token.text)) {
                out.push(' ');
            }
        }
        match short.get(&at) {
            Some(short) => out.push_str(short),
            None => out.push_str(token.text),
        }
    }
    out
}

/// A comma before the bracket that ends a list on a line of its own; a semicolon before the end of a block.
fn is_nothing(tokens: &[Token<'_>], at: usize, next: &Token<'_>) -> bool {
    if tokens[at].is(",") {
        return next.closes() && next.before == Before::LineBreak;
    }
    tokens[at].is(";") && next.is("}") && !is_all_to_do(&tokens[..at])
}

/// Whether the tokens end with `if (…)`, `for (…)` or `while (…)`.
fn is_all_to_do(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().rev() {
        depth += usize::from(token.is(")"));
        depth = depth.saturating_sub(usize::from(token.is("(")));
        if depth == 0 {
            let words = ["if", "for", "while", "await"];
            return token.is("(") && at > 0 && words.iter().any(|word| tokens[at - 1].is_word(word));
        }
    }
    true
}

/// Whether a statement may end here, where a line ends.
fn may_end(token: &Token<'_>) -> bool {
    token.kind != TokenKind::Mark || token.closes() || matches!(token.text, "++" | "--")
}

/// Whether a statement may begin here, where a line begins.
fn may_begin(token: &Token<'_>) -> bool {
    token.kind != TokenKind::Mark
        || matches!(token.text, "(" | "[" | "{" | "+" | "-" | "++" | "--" | "/" | "!" | "~" | "...")
}

/// Whether two characters would be read as one token, or as the begin of a comment.
fn joins(end: char, text: &str) -> bool {
    text.starts_with(|begin| is_word(end) && is_word(begin) || end == begin && matches!(end, '+' | '-' | '/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::assets::embedded;

    #[test]
    fn a_script_loses_its_white_space_and_its_comments() {
        let source = "/* one\n   two */\n'use strict';\n{\n  // why\n  f('x  /* y */ // z'); // z\n\n  /* a */ g(\n    1,\n    2,\n  );\n  \
                      /* b */\n}\n";
        assert_eq!(script(source), "'use strict';{f('x  /* y */ // z');g(1,2)}");
    }

    #[test]
    fn a_line_break_stays_where_a_statement_may_end() {
        assert_eq!(script("a\nb\n(c)\nd = e\n  + f\n++g"), "a\nb\n(c)\nd=e\n+f\n++g");
        assert_eq!(script("if (a) {\n  b;\n}\nc;"), "if(a){b}\nc;");
        assert_eq!(script("a\n  .b()\n  ? c\n  : d;"), "a.b()?c:d;");
    }

    #[test]
    fn tokens_that_would_be_another_stay_apart() {
        assert_eq!(script("a + +b - -c; d++ + e; typeof f in g;"), "a+ +b- -c;d++ +e;typeof f in g;");
        assert_eq!(script("a / b / c; d = /[/] \\/ x/g; e / /f/.g;"), "a/b/c;d=/[/] \\/ x/g;e/ /f/.g;");
    }

    #[test]
    fn a_statement_of_nothing_stays() {
        assert_eq!(script("{ while (a(b)); }"), "{while(a(b));}");
        assert_eq!(script("{ a(); b; }"), "{a();b}");
        assert_eq!(script("{ a(b); }"), "{a(b)}");
    }

    #[test]
    fn strings_templates_and_expressions_stay_as_they_are() {
        for text in [r#""a  \"  b""#, "'it  is'", "`a  ${b}  ${`c  ${d}`}  \\`  `", "f(/ a  [/\\]] \\/ b /u)"] {
            assert_eq!(script(text), text);
        }
        assert_eq!(script("`a  ${ { b: 1 }.b }  c`"), "`a  ${{b:1}.b}  c`");
    }

    #[test]
    fn a_script_that_does_not_end_is_kept_to_its_end() {
        for text in ["'a", "\"a\\", "`a ${", "`a", "/*", "//", "/[a", "}", "(", "a ? b", "é", "const", "for", "=>", ""]
        {
            let _ = script(text);
            let _ = script(&format!("(() => {{ {text}"));
            let _ = script(&format!("(() => {{ {text} }})();"));
        }
    }

    #[test]
    fn every_embedded_script_has_the_same_tokens_as_its_source() {
        let mut scripts = 0;
        for (name, bytes) in embedded().filter(|(name, _)| name.rsplit('.').next() == Some("js")) {
            let source = String::from_utf8_lossy(bytes);
            let served = script(&source);
            // Properties, strings and marks; commas and semicolons at an end may go.
            let kept = |text: &str| -> Vec<String> {
                let tokens = tokens(text);
                let kept = tokens.iter().filter(|token| token.kind != TokenKind::Name);
                kept.map(|token| token.text.to_owned())
                    .filter(|text| ![",", ";", ":"].contains(&text.as_str()))
                    .collect()
            };
            assert_eq!(kept(&served), kept(&source), "{name}");
            assert!(served.len() * 10 < source.len() * 7, "{name}");
            scripts += 1;
        }
        assert!(scripts > 5);
    }
}
