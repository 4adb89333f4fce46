//! Events of Markdown → HTML, with marks, and where the text is folded.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::sanitiser::SCHEMES;
use super::{MAX_LEVELS, MAX_SHOWN, MIN_LONG_BYTES, line_end, lines, plain_text};
use crate::site::html::escape::Html;
use crate::site::html::marks::{Mark, Notes, print};

/// Markdown → HTML, and where the part that is shown at once ends.
pub(super) fn events(text: &str, marks: &[Mark]) -> (String, Option<usize>) {
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
                        fold = Some(if here <= MIN_LONG_BYTES { here } else { last });
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
    let fold = fold.or((html.as_str().len() > MIN_LONG_BYTES).then_some(last));
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
