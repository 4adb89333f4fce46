//! A server's Markdown as HTML that cannot do anything but be read.
//!
//! Raw HTML is text, pictures are their alternative text, headings are bold lines (a server adds
//! nothing to our outline), links carry `rel`. ammonia has the last word. What Markdown would leave out is shown all
//! the same: definitions of references, titles, addresses that lead nowhere here, words behind a fence, cells that a
//! table has no column for. Text without any markup takes a plain path instead: it is most of a catalogue and thirty times faster. So does what stands beyond
//! a limit: bytes that are read as Markdown, and levels of quotations and lists.

use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::escape::{Html, floor};
use super::marks::{Mark, Notes, print};

/// A line that ends before this many characters was broken on purpose, not by a wrapping editor.
const MAX_SHORT_LINE: usize = 56;
/// What is shown at once; the rest of a longer text is folded.
const MAX_SHOWN: usize = 700;
/// A shorter rest is not worth folding.
const MIN_FOLDED: usize = 300;
/// A block that would make the first part longer than this is folded as a whole.
const LONG: usize = 4 * MAX_SHOWN;

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
    let (html, fold) = events(markup, marks);
    let clean = |part: &str| Html::sanitised(SANITISER.clean(part).to_string());
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
    let mut html = Html::sanitised(ARTICLE.clean(&html).to_string());
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

/// Markdown → HTML, and where the part that is shown at once ends.
fn events(text: &str, marks: &[Mark]) -> (String, Option<usize>) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut html = Html::with_capacity(text.len() * 5 / 4 + 64);
    let mut writer = Writer {
        text,
        marks,
        levels: 0,
        pictures: 0,
        indented: false,
        head: false,
        line_from: 0,
        open: Vec::new(),
        numbers: Vec::new(),
        as_text: None,
    };
    let (mut depth, mut fold, mut last, mut covered) = (0usize, None, 0, 0);
    let parser = Parser::new_ext(text, options);
    let mut definitions: Vec<Range<usize>> =
        parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    definitions.sort_by_key(|span| std::cmp::Reverse(span.start));
    for (event, range) in parser.into_offset_iter() {
        if depth == 0 && range.start >= covered {
            writer.between(&mut html, &mut definitions, covered..range.start);
            covered = range.end;
        }
        match &event {
            Event::Start(_) => {
                let here = html.as_str().len();
                if depth == 0 && fold.is_none() {
                    if here <= MAX_SHOWN {
                        last = here;
                    } else {
                        fold = Some(if here <= LONG { here } else { last });
                    }
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        writer.event(&mut html, event, range);
    }
    writer.between(&mut html, &mut definitions, covered.min(text.len())..text.len());
    let fold = fold.or((html.as_str().len() > LONG).then_some(last));
    (html.as_str().to_owned(), fold)
}

struct Writer<'a> {
    text: &'a str,
    marks: &'a [Mark],
    /// Open quotations and lists.
    levels: usize,
    /// Open pictures: what is inside is their alternative text.
    pictures: usize,
    /// Inside an indented block, which in a docstring is prose and not code.
    indented: bool,
    /// Inside a table's head.
    head: bool,
    /// Where the current line began.
    line_from: usize,
    /// Of each open link and picture, whether it leads somewhere, and what is not seen of it otherwise.
    open: Vec<(bool, String)>,
    /// The next number of each open list, where it has numbers.
    numbers: Vec<Option<u64>>,
    /// The end of a table that is shown as it was written.
    as_text: Option<usize>,
}

impl Writer<'_> {
    /// What stands between two blocks and is none, definitions of references (`[a]: address`), the last of the list first:
    /// no link need lead there. Those inside of the block before stand behind it.
    fn between(&self, html: &mut Html, definitions: &mut Vec<Range<usize>>, range: Range<usize>) {
        let mut show = |range: Range<usize>| {
            if !range.is_empty() {
                html.push_markup("<p>");
                lines(html, self.text, range, self.marks);
                html.push_markup("</p>");
            }
        };
        while let Some(span) = definitions.pop_if(|span| span.start < range.end) {
            // One between blocks is told with all that stands there: of two of one name Markdown knows the first.
            if span.start < range.start {
                show(span);
            }
        }
        show(trimmed(self.text, &range));
    }

    fn event(&mut self, html: &mut Html, event: Event<'_>, range: Range<usize>) {
        if self.as_text.is_some_and(|end| range.end <= end) {
            return;
        }
        match event {
            Event::Start(tag) => self.start(html, &tag, &range),
            Event::End(tag) => self.end(html, tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.marked(html, &text, &range);
                if self.indented && text.ends_with('\n') {
                    html.push_markup("<br>");
                }
            }
            Event::Code(code) => {
                html.push_markup("<code>");
                self.marked(html, &code, &range);
                html.push_markup("</code>");
            }
            Event::SoftBreak => {
                let line = self.text.get(self.line_from..range.start).unwrap_or_default();
                html.push_markup(line_end(line));
                self.line_from = range.end;
            }
            Event::HardBreak => {
                html.push_markup("<br>\n");
                self.line_from = range.end;
            }
            Event::Rule => {
                html.push_markup("<hr>");
            }
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                html.push_text(&text);
            }
            Event::TaskListMarker(_) => {}
        }
    }

    /// Text with its marks: where it stands in the source byte for byte, by its offset; else (an
    /// entity, an escape) without.
    fn marked(&self, html: &mut Html, piece: &str, range: &Range<usize>) {
        let source = self.text.get(range.clone()).unwrap_or_default();
        match source.find(piece) {
            Some(at) => {
                let start = range.start + at;
                print(html, self.text, start..start + piece.len(), self.marks, Notes::Hidden, plain_text);
            }
            None => plain_text(html, piece),
        }
    }

    fn start(&mut self, html: &mut Html, tag: &Tag<'_>, range: &Range<usize>) {
        self.line_from = range.start;
        self.levels += usize::from(matches!(tag, Tag::BlockQuote(_) | Tag::List(_)));
        let deep = self.levels > MAX_LEVELS;
        if let Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. } = tag {
            let link = if let Tag::Link { link_type, .. } = tag { Some(*link_type) } else { None };
            let leads = self.pictures == 0 && link.is_some() && is_address(dest_url);
            // The address of a mail is its text.
            let seen = leads || link == Some(LinkType::Email);
            let unseen = [if seen { "" } else { &**dest_url }, &**title].into_iter().filter(|text| !text.is_empty());
            self.open.push((leads, unseen.collect::<Vec<_>>().join(" ")));
        }
        let markup = match tag {
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item if deep => "",
            Tag::Paragraph => "<p>",
            Tag::Heading { .. } => "<p><strong>",
            Tag::BlockQuote(_) => "<blockquote>",
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.indented = true;
                "<p>"
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                html.push_markup("<pre><code>");
                // The name of a language says nothing; anything else is text.
                if !info.is_empty() && !LANGUAGES.contains(&info.to_ascii_lowercase().as_str()) {
                    html.push_text(info).push_markup("\n");
                }
                ""
            }
            Tag::List(Some(start)) => {
                self.numbers.push(Some(*start));
                html.push_markup("<ol start=\"").push_number(usize::try_from(*start).unwrap_or(1)).push_markup("\">");
                ""
            }
            Tag::List(None) => {
                self.numbers.push(None);
                "<ul>"
            }
            Tag::Item => {
                self.item(html, range);
                ""
            }
            Tag::Table(columns) if self.has_more_cells(range, columns.len()) => {
                html.push_markup("<p>");
                lines(html, self.text, trimmed(self.text, range), self.marks);
                html.push_markup("</p>");
                self.as_text = Some(range.end);
                ""
            }
            Tag::Table(_) => "<table>",
            Tag::TableHead => {
                self.head = true;
                "<thead><tr>"
            }
            Tag::TableRow => "<tr>",
            Tag::TableCell if self.head => "<th>",
            Tag::TableCell => "<td>",
            Tag::Emphasis => "<em>",
            Tag::Strong => "<strong>",
            Tag::Strikethrough => "<del>",
            Tag::Link { dest_url, .. } if self.open.last().is_some_and(|(leads, _)| *leads) => {
                html.push_markup("<a href=\"").push_attribute(dest_url).push_markup("\">");
                ""
            }
            Tag::Image { .. } => {
                self.pictures += 1;
                ""
            }
            _ => "",
        };
        html.push_markup(markup);
    }

    /// An item with the number that it was written with, where a reader's browser would count to another.
    fn item(&mut self, html: &mut Html, range: &Range<usize>) {
        let source = self.text.get(range.clone()).unwrap_or_default().trim_start();
        let digits = source.find(|c: char| !c.is_ascii_digit()).unwrap_or(source.len());
        match (self.numbers.last_mut(), source[..digits].parse::<u64>()) {
            (Some(Some(next)), Ok(number)) => {
                if *next == number {
                    html.push_markup("<li>");
                } else {
                    let shown = usize::try_from(number).unwrap_or(usize::MAX);
                    html.push_markup("<li value=\"").push_number(shown).push_markup("\">");
                }
                *next = number.saturating_add(1);
            }
            _ => {
                html.push_markup("<li>");
            }
        }
    }

    /// Whether a line of a table has more cells than the table has columns: Markdown would leave them out.
    fn has_more_cells(&self, range: &Range<usize>, columns: usize) -> bool {
        let cells = |line: &str| {
            let line = line.trim().trim_start_matches(['>', ' ', '|']);
            let bars = line.bytes().enumerate().filter(|(i, b)| *b == b'|' && !line[..*i].ends_with('\\'));
            bars.count() + usize::from(!line.ends_with('|'))
        };
        self.text.get(range.clone()).unwrap_or_default().lines().any(|line| cells(line) > columns)
    }

    fn end(&mut self, html: &mut Html, tag: TagEnd) {
        let deep = self.levels > MAX_LEVELS;
        self.levels -= usize::from(matches!(tag, TagEnd::BlockQuote(_) | TagEnd::List(_))).min(self.levels);
        let markup = match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item if deep => "",
            TagEnd::Paragraph => "</p>",
            TagEnd::Heading(_) => "</strong></p>",
            TagEnd::BlockQuote(_) => "</blockquote>",
            TagEnd::CodeBlock if self.indented => {
                self.indented = false;
                "</p>"
            }
            TagEnd::CodeBlock => "</code></pre>",
            TagEnd::List(ordered) => {
                self.numbers.pop();
                if ordered { "</ol>" } else { "</ul>" }
            }
            TagEnd::Item => "</li>",
            TagEnd::Table => "</tbody></table>",
            TagEnd::TableHead => {
                self.head = false;
                "</tr></thead><tbody>"
            }
            TagEnd::TableRow => "</tr>",
            TagEnd::TableCell if self.head => "</th>",
            TagEnd::TableCell => "</td>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            TagEnd::Link if self.open.last().is_some_and(|(leads, _)| *leads) => "</a>",
            TagEnd::Image => {
                self.pictures = self.pictures.saturating_sub(1);
                ""
            }
            _ => "",
        };
        html.push_markup(markup);
        if matches!(tag, TagEnd::Link | TagEnd::Image)
            && let Some((_, unseen)) = self.open.pop()
            && !unseen.is_empty()
        {
            html.push_text(" (").push_text(&unseen).push_text(")");
        }
    }
}

/// Whether a link of a description may lead there, as the sanitiser decides.
fn is_address(url: &str) -> bool {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| SCHEMES.contains(&scheme.as_str()))
}

/// A range without the blanks around it.
fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let inner = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

/// Names behind a fence that say how what is inside is coloured, and nothing else.
const LANGUAGES: [&str; 41] = [
    "bash",
    "c",
    "console",
    "cpp",
    "csharp",
    "css",
    "csv",
    "curl",
    "cypher",
    "diff",
    "go",
    "graphql",
    "html",
    "http",
    "ini",
    "java",
    "javascript",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsx",
    "kotlin",
    "markdown",
    "md",
    "php",
    "plaintext",
    "powershell",
    "py",
    "python",
    "ruby",
    "rust",
    "sh",
    "shell",
    "sql",
    "text",
    "toml",
    "ts",
    "typescript",
    "xml",
    "yaml",
];

/// Where links of a description may lead.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// What any text may become.
const TAGS: [&str; 19] = [
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
];

/// A sanitiser that lets [`TAGS`] and `others` through.
fn sanitiser(others: &[&'static str], rel: &'static str) -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(TAGS.iter().chain(others).copied().collect())
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into()), ("li", ["value"].into())].into())
        .url_schemes(SCHEMES.into())
        .link_rel(Some(rel));
    builder
}

/// A server's text, with our marks.
static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = sanitiser(&["mark", "span"], "nofollow noopener noreferrer ugc");
    builder
        .allowed_classes(
            [("mark", ["read", "write", "destructive", "facet"].into()), ("span", ["hidden-character"].into())].into(),
        )
        // A relative link of a description leads nowhere here.
        .url_relative(ammonia::UrlRelative::Deny);
    builder
});

static ARTICLE: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| sanitiser(&["h2", "h3"], "noopener noreferrer"));

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
                let (slow, fast) = (events(&text, &[]).0, plain(&text, 0, &[]));
                prop_assert_eq!(fast.as_str(), slow);
            }
        }

        #[test]
        fn no_input_yields_a_tag_or_attribute_that_we_do_not_know(text in "[\\[\\]()<>a-z\"'`*_#!&;:/=| \n-]{0,120}") {
            let got = html(&text);
            for tag in got.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                prop_assert!(TAGS.contains(&name.as_str()), "{} in {}", name, got);
            }
        }
    }
}
