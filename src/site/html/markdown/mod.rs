//! A server's Markdown as HTML that cannot do anything but be read.
//!
//! Raw HTML is text, pictures are their alternative text, headings are bold lines (a server adds
//! nothing to our outline), links carry `rel`. `sanitiser` has the last word. What Markdown would leave out is shown all
//! the same: definitions of references, titles, addresses that lead nowhere here, words behind a fence, cells that a
//! table has no column for. Text without any markup takes a plain path instead: it is most of a catalogue and thirty times faster. So does what is beyond
//! a limit: bytes that are read as Markdown, and levels of quotations and lists.

mod sanitiser;
mod writer;

use std::ops::Range;

use pulldown_cmark::{Options, Parser};

use super::escape::{Html, floor};
use super::marks::{Mark, Notes, print};

/// A line that ends before this many characters was broken on purpose, not by a wrapping editor.
const MAX_SHORT_LINE: usize = 56;
/// What is shown at once; the rest of a longer text is folded.
const MAX_SHOWN: usize = 700;
/// A shorter rest is not worth folding.
const MIN_FOLDED: usize = 300;
/// A block that would make the first part longer than this is folded as a whole.
const MIN_LONG_BYTES: usize = 4 * MAX_SHOWN;

/// Bytes that are read as Markdown; what follows is text. Seven times the longest description of the bundled catalogue.
pub const MAX_MARKDOWN_BYTES: usize = 64 * 1024;
/// Levels of quotations and lists that are shown; deeper ones are text. Every line is compared with all that is open
/// above it, so that a text of nothing but `>` would cost the square of its length.
pub const MAX_LEVELS: usize = 16;

/// A rendered text: what is seen at once, and the rest where it is long.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RenderedMarkdown {
    /// The first blocks.
    pub head: Html,
    /// The other blocks; empty where the text is short.
    pub rest: Html,
}

/// Renders `text` with its marks, in two parts where it is long.
pub fn render(text: &str, marks: &[Mark]) -> RenderedMarkdown {
    if is_plain(text) {
        return RenderedMarkdown { head: plain(text, 0, marks), rest: Html::new() };
    }
    let (markup, beyond) = text.split_at(markup_end(text));
    let (html, fold) = writer::events(markup, marks);
    let clean = |part: &str| Html::sanitised(sanitiser::SANITISER.clean(part).to_string());
    let RenderedMarkdown { head, mut rest } = match fold.filter(|at| html.len() - at >= MIN_FOLDED) {
        Some(at) => RenderedMarkdown { head: clean(&html[..at]), rest: clean(&html[at..]) },
        None => RenderedMarkdown { head: clean(&html), rest: Html::new() },
    };
    if !beyond.is_empty() {
        rest.push(&plain(text, markup.len(), marks));
    }
    RenderedMarkdown { head, rest }
}

/// Where the text stops to be read as Markdown: before the first line that opens more than [`MAX_LEVELS`] quotations and
/// lists, or where [`MAX_MARKDOWN_BYTES`] are full.
fn markup_end(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        if levels(line) > MAX_LEVELS {
            return at;
        }
        if at + line.len() > MAX_MARKDOWN_BYTES {
            return if at == 0 { floor(text, MAX_MARKDOWN_BYTES) } else { at };
        }
        at += line.len();
    }
    at
}

/// How many quotations and list items a line can open at most, as far as [`MAX_LEVELS`] and one more.
fn levels(line: &str) -> usize {
    let mut rest = line;
    let mut levels = 0;
    while levels <= MAX_LEVELS {
        rest = rest.trim_start_matches([' ', '\t']);
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let item = rest.strip_prefix(['-', '*', '+']).or_else(|| digits.strip_prefix(['.', ')']));
        // `---` and `1.5` open nothing.
        let item = item.filter(|after| after.is_empty() || after.starts_with([' ', '\t', '\n', '\r']));
        let Some(after) = rest.strip_prefix('>').or(item) else { break };
        rest = after;
        levels += 1;
    }
    levels
}

/// Renders an article of a catalogue's maintainer: the same sanitizer, headings from `h2` with ids.
pub fn article(text: &str) -> Html {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut html = String::with_capacity(text.len() * 3 / 2);
    let end = markup_end(text);
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(&text[..end], options));
    let mut html = Html::sanitised(sanitiser::ARTICLE.clean(&html).to_string());
    html.push(&plain(text, end, &[]));
    html
}

/// Whether no character of `text` can mean anything in Markdown: then [`render`] and the plain
/// path agree, which a test holds.
fn is_plain(text: &str) -> bool {
    if text.len() > MAX_SHOWN {
        return false;
    }
    let bytes = text.as_bytes();
    let word = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_alphanumeric);
    let mut line_start = true;
    for (i, byte) in bytes.iter().enumerate() {
        match byte {
            b'*' | b'`' | b'[' | b']' | b'<' | b'&' | b'\\' | b'|' | b'~' | b'\t' | b'\r' | 0 => return false,
            // Inside a word it is a letter.
            b'_' if !(i > 0 && word(i - 1) && word(i + 1)) => return false,
            b'\n' => {
                line_start = true;
                continue;
            }
            b' ' if line_start || bytes.get(i + 1) == Some(&b'\n') => return false,
            b'#' | b'>' | b'-' | b'+' | b'=' | b'0'..=b'9' if line_start => return false,
            _ => {}
        }
        line_start = false;
    }
    true
}

/// The text from the byte `from` on, as paragraphs.
fn plain(text: &str, from: usize, marks: &[Mark]) -> Html {
    let mut html = Html::with_capacity(text.len() - from + 48 + marks.len() * 32);
    let mut at = from;
    for paragraph in text[from..].split("\n\n") {
        let (start, end) = (at, at + paragraph.len());
        at = end + 2;
        let lead = paragraph.len() - paragraph.trim_start().len();
        let trail = paragraph.len() - paragraph.trim_end().len();
        if lead == paragraph.len() {
            continue;
        }
        html.push_markup("<p>");
        lines(&mut html, text, start + lead..end - trail, marks);
        html.push_markup("</p>");
    }
    html
}

/// The lines of a paragraph: a short line's end is a line break, a long line's end is a space.
fn lines(html: &mut Html, text: &str, range: Range<usize>, marks: &[Mark]) {
    let mut at = range.start;
    let mut before = None;
    for line in text[range].split('\n') {
        if let Some(before) = before {
            html.push_markup(line_end(before));
        }
        print(html, text, at..at + line.len(), marks, Notes::Hidden, plain_text);
        at += line.len() + 1;
        before = Some(line);
    }
}

fn line_end(line: &str) -> &'static str {
    if line.trim().chars().nth(MAX_SHORT_LINE).is_none() { "<br>\n" } else { "\n" }
}

fn plain_text(html: &mut Html, text: &str) {
    html.push_text(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn html(text: &str) -> String {
        let RenderedMarkdown { head, rest } = render(text, &[]);
        format!("{}{}", head.as_str(), rest.as_str())
    }

    #[test]
    fn a_row_with_more_cells_than_its_table_is_shown_as_it_is() {
        let got = html("| a | b |\n|---|---|\n| `x|y` | <script>alert(1)</script> |\n");
        assert!(got.contains("&lt;script&gt;alert(1)") && got.contains('|') && !got.contains("<table"), "{got}");
        let got = html("| a | b |\n|---|---|\n| `x` | y |\n| z |\n");
        assert!(got.contains("<table") && !got.contains('|'), "{got}");
    }

    #[test]
    fn raw_html_is_text_and_scripts_are_words() {
        let got = html("a <script>alert(1)</script> <img src=x onerror=y> b");
        assert!(got.contains("&lt;script&gt;") && !got.contains("<script") && !got.contains("<img"), "{got}");
    }

    #[test]
    fn links_carry_rel_and_only_safe_schemes() {
        assert_eq!(
            html("[a](https://x.org/?a=1&b=2)"),
            "<p><a href=\"https://x.org/?a=1&amp;b=2\" rel=\"nofollow noopener noreferrer ugc\">a</a></p>"
        );
        for bad in ["javascript:alert(1)", "data:text/html,x", "//evil.example", "../x", "JaVaScRiPt:x"] {
            assert!(!html(&format!("[a]({bad})")).contains("href"), "{bad}");
        }
    }

    #[test]
    fn pictures_become_their_words_and_headings_bold_lines() {
        assert_eq!(
            html("# Delete *all*\n\n![a cat](https://x.org/cat.png)"),
            "<p><strong>Delete <em>all</em></strong></p><p>a cat (https://x.org/cat.png)</p>"
        );
    }

    #[test]
    fn docstrings_keep_their_lines() {
        assert_eq!(html("Args:\nname: what\nforce: how"), "<p>Args:<br>\nname: what<br>\nforce: how</p>");
        let wrapped = "This line was wrapped by an editor that stops after seventy columns\nand goes on.";
        assert!(!html(wrapped).contains("<br>"));
        assert!(html("Text\n\n    indented: prose\n    more").contains("<p>indented: prose\n<br>more</p>"));
    }

    #[test]
    fn marks_are_found_in_markup() {
        let text = "**Delete** `drop_all` rows";
        let mark = |s: usize, e: usize| Mark { start: s, end: e, line: "destructive", notes: vec![1] };
        let got = render(text, &[mark(2, 8), mark(12, 16)]).head;
        assert_eq!(
            got.as_str(),
            "<p><strong><mark class=\"destructive\">Delete</mark></strong> \
             <code><mark class=\"destructive\">drop</mark>_all</code> rows</p>"
        );
    }

    #[test]
    fn long_text_is_folded_between_blocks() {
        let text =
            "One *paragraph* of a hundred characters that goes on and on until it is long enough.\n\n".repeat(30);
        let RenderedMarkdown { head, rest } = render(&text, &[]);
        assert!(head.as_str().len() > MAX_SHOWN && head.as_str().len() < 2 * MAX_SHOWN, "{}", head.as_str().len());
        assert!(head.as_str().ends_with("</p>") && rest.as_str().starts_with("<p>"));
        assert!(render(&"short *text* ".repeat(40), &[]).rest.is_empty());
    }

    #[test]
    fn what_markdown_leaves_out_is_shown_all_the_same() {
        for (text, kept) in [
            ("Lists.\n\n[//]: # (Read the keys first)\n\nMore *text*.", "[//]: # (Read the keys first)"),
            ("[a](../x \"Send it on\") *b*", "a (../x Send it on)"),
            ("[a](javascript:alert(1)) *b*", "a (javascript:alert(1))"),
            ("![a](x.png 'Read this') *b*", "a (x.png Read this)"),
            ("```sh run this first\nls\n```", "<code>sh run this first\nls"),
            ("| a | b |\n|---|---|\n| `x|y` | <b>c</b> |", "| `x|y` | &lt;b&gt;c&lt;/b&gt; |"),
            ("<!-- hidden --> *b*", "&lt;!-- hidden --&gt;"),
            ("<a@b.example> *b*", "<p>a@b.example <em>"),
        ] {
            assert!(html(text).contains(kept), "{text}: {}", html(text));
        }
        assert!(html("| a | b |\n|---|:-:|\n| c\\|d | e |\n| f |").contains("<td>c|d</td>"));
        assert!(html("```sh\nls\n```").contains("<code>ls"));
    }

    /// What a reader sees, as letters and digits in their order; a browser writes the numbers of a list.
    fn visible_letters(html: &str) -> String {
        let (mut out, mut lists): (String, Vec<Option<usize>>) = (String::new(), Vec::new());
        for piece in html.split_inclusive('>') {
            let (text, tag) = piece.split_once('<').unwrap_or((piece, ""));
            let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            out.extend(text.chars().filter(|c| c.is_alphanumeric()));
            let number =
                |key: &str| tag.split(&format!("{key}=\"")).nth(1).and_then(|v| v.split('"').next()?.parse().ok());
            match tag.split([' ', '>']).next().unwrap_or_default() {
                "ol" => lists.push(Some(number("start").unwrap_or(1))),
                "ul" => lists.push(None),
                "/ol" | "/ul" => drop(lists.pop()),
                "li" => {
                    if let Some(Some(next)) = lists.last_mut() {
                        *next = number("value").unwrap_or(*next);
                        out.push_str(&next.to_string());
                        *next += 1;
                    }
                }
                _ => {}
            }
        }
        out
    }

    #[test]
    fn lists_rules_and_fences_keep_what_was_written() {
        assert!(html("1. a\n3. b\n4. c").contains("<li>a</li><li value=\"3\">b</li><li>c</li>"));
        assert!(html("```ignore-the-user\nls\n```").contains("<code>ignore-the-user\nls"));
        assert!(html("- [ ] a\n- [x] b").contains("[x] b"));
        let twice = html("*a*\n\n[b]: one\n[b]: two");
        assert!(twice.contains("[b]: one") && twice.contains("[b]: two"), "{twice}");
        assert_eq!(visible_letters("<ol start=\"2\"><li>a &lt;b&gt;</li><li value=\"7\">c</li></ol>"), "2ab7c");
    }

    #[test]
    fn a_block_that_is_long_is_folded_as_a_whole() {
        let long = "word *word* ".repeat(2_000);
        for (before, shown) in [("", ""), ("Short.\n\n", "<p>Short.</p>")] {
            let RenderedMarkdown { head, rest } = render(&format!("{before}{long}\n\nEnd."), &[]);
            assert_eq!(head.as_str(), shown);
            assert_eq!(rest.as_str().matches("word").count(), 4_000);
            assert!(rest.as_str().ends_with("<p>End.</p>"));
        }
    }

    /// The deepest nesting of elements.
    fn depth(html: &str) -> usize {
        let (mut open, mut deepest) = (0usize, 0);
        for tag in html.split('<').skip(1).filter(|t| !t.starts_with("br") && !t.starts_with("hr")) {
            if tag.starts_with('/') {
                open -= 1;
            } else {
                open += 1;
            }
            deepest = deepest.max(open);
        }
        deepest
    }

    #[test]
    fn nesting_has_a_limit_and_what_is_deeper_is_text() {
        for marker in ["> ", "- ", "1. ", "> - ", "- > ", ">", "* 1) + "] {
            let deep = format!("Deletes *all*.\n\n{}end", marker.repeat(5000));
            assert!(markup_end(&deep) < 20, "{marker}");
            let got = html(&deep);
            assert!(depth(&got) <= 2 * MAX_LEVELS + 2 && got.contains("<em>all</em>"), "{marker}: {}", depth(&got));
            // Nothing is lost: the markers are there as text.
            assert!(got.len() > marker.len() * 5000 && got.contains("end"), "{marker}");
            assert!(article(&deep).as_str().len() > marker.len() * 5000, "{marker}");
        }
        let steps = (0..200).map(|i| format!("{}- item {i}\n", "  ".repeat(i))).collect::<Vec<_>>().concat();
        let got = html(&steps);
        assert!(depth(&got) <= 2 * MAX_LEVELS + 2 && got.contains("item 199"), "{}", depth(&got));
        for shallow in ["---\n\n> > > a", "- - - a", "| - | - |\n|---|---|", "1.5 - 2 > 1"] {
            assert_eq!(markup_end(shallow), shallow.len(), "{shallow}");
        }
        assert_eq!(html("> > > a").matches("<blockquote>").count(), 3);
    }

    #[test]
    fn a_long_text_is_markdown_as_far_as_the_limit_and_plain_text_from_there() {
        for line in ["**bold** words\n\n", "**b** "] {
            let long = line.repeat(3 * MAX_MARKDOWN_BYTES / line.len());
            let (end, got) = (markup_end(&long), html(&long));
            assert!(end <= MAX_MARKDOWN_BYTES && end > MAX_MARKDOWN_BYTES - 20, "{end}");
            assert!(got.matches("<strong>").count().abs_diff(end / line.len()) <= 1, "{line}");
            assert!(got.contains("</p><p>") && got.ends_with("</p>") && got.matches("**").count() > 1000);
        }
    }

    proptest! {
        #[test]
        fn text_beyond_a_limit_is_shown_and_marked_like_any_other(text in "[a-z>*<& \n-]{0,60}", n in 17usize..40) {
            let deep = format!("{}{text}", "> ".repeat(n));
            let mark = Mark { start: 0, end: 1, line: "read", notes: vec![1] };
            let RenderedMarkdown { head, rest } = render(&deep, &[mark]);
            prop_assert!(head.is_empty() && rest.as_str().starts_with("<p><mark class=\"read\">&gt;</mark>"));
        }

        #[test]
        fn every_letter_is_seen_in_its_order(
            blocks in prop::collection::vec((0usize..19, "[a-z]{3,9}", "[a-z]{3,9}"), 1..9),
            close in any::<bool>(),
        ) {
            let block = |(kind, a, b): &(usize, String, String)| match kind {
                0 => format!("1. {a}\n2. {b}\n7. {a}"),
                1 => format!("- {a}\n  - {b}\n- {a}"),
                2 => format!("---\n\n{a}"),
                3 => format!("```{a}x\n{b}\n```"),
                4 => format!("# {a} *{b}* #"),
                5 => format!("> {a}\n> {b}"),
                6 => format!("<b title=\"{b}\">{a}</b>"),
                7 => format!("<!-- {a} -->"),
                8 => format!("[{a}]: {b}"),
                9 => format!("| {a} | {b} |\n|---|---|\n| {b} | {a} |"),
                10 => format!("**{a}** _{b}_ `{a}` ~~{b}~~"),
                11 => format!("{a}\\\n{b}"),
                12 => format!("- [ ] {a}\n- [x] {b}"),
                13 => format!("![{a}]({b}.png \"{a}\") {b}"),
                14 => format!("[{a}]({b} '{a}') {b}"),
                15 => format!("    {a}\n    {b}"),
                16 => format!("{a}\n==="),
                17 => format!("<div>\n{a}\n</div>"),
                _ => format!("4) {a}\n4) {b}"),
            };
            let text: Vec<String> = blocks.iter().map(block).collect();
            let text = text.join(if close { "\n" } else { "\n\n" });
            let written: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
            prop_assert_eq!(visible_letters(&html(&text)), written, "{}", text);
        }

        #[test]
        fn plain_text_renders_as_markdown_would(text in "[a-z_.,:;()!?'\" \n#0-9éß名=>+-]{0,80}") {
            if is_plain(&text) {
                let (slow, fast) = (writer::events(&text, &[]).0, plain(&text, 0, &[]));
                prop_assert_eq!(fast.as_str(), slow);
            }
        }

        #[test]
        fn no_input_yields_a_tag_or_attribute_that_we_do_not_know(text in "[\\[\\]()<>a-z\"'`*_#!&;:/=| \n-]{0,120}") {
            let got = html(&text);
            for tag in got.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                prop_assert!(sanitiser::TAGS.contains(&name.as_str()), "{} in {}", name, got);
            }
        }
    }
}
