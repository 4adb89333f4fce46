//! A style sheet as people write it → as it is served.

/// A style sheet without comments, line breaks and other white space that says nothing. Strings and addresses stay.
///
/// White space goes beside `{ } ; , >`, behind `:` and `(`, before `)` and `!`; elsewhere it is one space: before a colon
/// it names a descendant, and `calc()` wants it beside `+`. The last semicolon of a rule goes, and the nought of `0.5`.
pub(crate) fn css(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let mut space = false;
    // An escaped mark is part of a name.
    let mut escaped = false;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_whitespace() {
            space = true;
            rest = rest.trim_ascii_start();
            continue;
        }
        if rest.starts_with("/*") {
            let end = rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
            let after = &rest[end..];
            // Between two words a comment parts them without a space.
            let parts = !space && out.ends_with(is_name) && after.starts_with(is_name);
            if parts {
                out.push_str("/**/");
            }
            rest = after;
            continue;
        }
        let closes = matches!(c, '{' | '}' | ';' | ',' | '>' | ')' | '!');
        let opened = !escaped && out.ends_with(['{', '}', ';', ',', '>', ':', '(']);
        if space && !closes && !out.is_empty() && !opened {
            out.push(' ');
        }
        space = false;
        if c == '}' && out.ends_with(';') && !escaped {
            out.pop();
        }
        let nought = c == '0' && rest[1..].starts_with('.') && begins_number(&out);
        let length = token(rest);
        escaped = c == '\\';
        if !nought {
            out.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    out
}

/// Whether what comes next begins a number: what follows it is not a digit or a letter.
fn begins_number(out: &str) -> bool {
    let before = out.strip_suffix(['-', '+']).unwrap_or(out);
    before.ends_with([' ', '(', ',', ':', '/'])
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '%' | '#' | '.') || !c.is_ascii()
}

/// How long the string, the address, the escape or the character is that the text begins with.
fn token(text: &str) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let close = match text.as_bytes() {
        [b'\\', ..] => return first + text[first..].chars().next().map_or(0, char::len_utf8),
        [quote @ (b'"' | b'\''), ..] => *quote,
        _ if text.starts_with("url(") && !text[4..].trim_ascii_start().starts_with(['"', '\'']) => b')',
        _ => return first,
    };
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\\' {
            bytes.next();
        } else if byte == close {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_style_sheet_says_the_same_in_fewer_bytes() {
        let source = "/* why */\n@media (min-width: 0.5rem) {\n  a:hover > b,\n  a :hover {\n    margin: -0.5em 10.05px !important;\n    \
                      content: \"/* ; } */  \";\n    width: calc(1px + 0.25em);\n  }\n}\n.x {\n  src: url( a;b.png );\n}\n";
        let wanted = "@media (min-width:.5rem){a:hover>b,a :hover{margin:-.5em 10.05px!important;content:\"/* ; } */  \";\
                      width:calc(1px + .25em)}}.x{src:url( a;b.png )}";
        assert_eq!(css(source), wanted);
        assert_eq!(css("a{b:c d/**/e}"), "a{b:c d/**/e}");
        assert_eq!(css(".a\\: b{c:\"\\\"  \"}"), ".a\\: b{c:\"\\\"  \"}");
        for broken in ["a{b:\"", "/*", "url(", "\\", "}", "é"] {
            let _ = css(broken);
        }
    }

    /// Words that may be in a selector and in a value.
    const WORDS: [&str; 8] = ["a", ".b", "#c", "1px", "\"x  y\"", "var(--d)", "url(e;f)", "50%"];

    /// A sheet as lists of selectors and declarations.
    type Sheet = Vec<(Vec<Vec<usize>>, Vec<Vec<usize>>)>;

    /// The sheet's text with what `gap` gives wherever white space says nothing, and `part` where it parts two words.
    fn written(sheet: &Sheet, gap: &mut impl FnMut() -> String, part: &mut impl FnMut() -> String) -> String {
        let mut out = String::new();
        for (selectors, declarations) in sheet {
            for (at, words) in selectors.iter().enumerate() {
                out += if at > 0 { "," } else { "" };
                out += &gap();
                for (at, word) in words.iter().enumerate() {
                    out += &if at > 0 { part() } else { String::new() };
                    out += WORDS[word % 3];
                }
                out += &gap();
            }
            out += "{";
            for (at, words) in declarations.iter().enumerate() {
                out += &if at > 0 { gap() + ";" + &gap() } else { gap() };
                out += "k:";
                out += &gap();
                for (at, word) in words.iter().enumerate() {
                    out += &if at > 0 { part() } else { String::new() };
                    out += WORDS[*word];
                }
            }
            out += &gap();
            out += "}";
        }
        out
    }

    proptest! {
        #[test]
        fn white_space_and_comments_change_nothing(
            sheet in prop::collection::vec((
                prop::collection::vec(prop::collection::vec(0_usize..8, 1..4), 1..4),
                prop::collection::vec(prop::collection::vec(0_usize..8, 1..4), 1..4),
            ), 0..5),
            gaps in prop::collection::vec(0_usize..5, 1..40),
        ) {
            const GAPS: [&str; 5] = ["", " ", "\n  ", " /* ;} */ ", "/**/"];
            const PARTS: [&str; 5] = [" ", "\n", "\t ", " /* \" */ ", " /**/"];
            let mut at = 0;
            let mut next = |from: [&str; 5]| { at += 1; from[gaps[at % gaps.len()]].to_owned() };
            let next = std::cell::RefCell::new(&mut next);
            let noisy = written(&sheet, &mut || (next.borrow_mut())(GAPS), &mut || (next.borrow_mut())(PARTS));
            let bare = written(&sheet, &mut String::new, &mut || " ".to_owned());
            prop_assert_eq!(css(&noisy), bare);
        }
    }
}
