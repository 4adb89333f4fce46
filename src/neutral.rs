//! Named doors for hostile text: each makes a server's words harmless for one kind of output.
//! HTML and Markdown pages have theirs in the site's room.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is invisible, turns the direction of text or steers a terminal.
///
/// C0 and C1 controls but for tab and newline, soft hyphen, zero-width characters,
/// bidirectional controls, line and paragraph separators, interlinear annotation, variation
/// selectors' supplement and the tag characters (Unicode 16, general categories Cc, Cf, Zl, Zp).
pub fn is_hidden(c: char) -> bool {
    match c {
        '\t' | '\n' | ' '..='~' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e01ef}' => true,
        _ => false,
    }
}

/// Text for a terminal on one line: hidden characters and line breaks are spelled `\u{202e}`.
pub fn terminal(text: &str) -> Cow<'_, str> {
    let bad = |c: char| c == '\n' || c == '\t' || is_hidden(c);
    if !text.chars().any(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_never_sees_a_control_or_a_direction_mark() {
        assert_eq!(terminal("a\x1b[31mb\u{202e}c\n"), "a\\u{1b}[31mb\\u{202e}c\\n");
        assert!(matches!(terminal("über 名前 🙂"), Cow::Borrowed(_)));
    }
}
