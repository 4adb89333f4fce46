//! A template as people write it → as the engine reads it.

/// Elements beside which HTML shows no white space. An element that is not here, `a` or `code`, is in a line of text.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "link",
    "meta",
    "title",
];

/// Elements whose text is kept as it is.
const KEPT: [&str; 4] = ["pre", "script", "style", "textarea"];

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// A run of white space.
    Space,
    /// `{% … %}`, `{# … #}` or a call of a component.
    Tag,
    /// A tag of HTML, or a comment of it; whether its element is a block.
    Element { block: bool },
    /// Text, or `{{ … }}`.
    Text,
    /// What is in `pre` and the like, and between `raw` and `endraw`.
    Kept,
}

/// A template without the line breaks and the indentation that are there for its readers.
///
/// A line break, with the white space around it, is nothing between two tags (of HTML or of the engine) and beside the
/// tag of a block (`p`, `td`, `li`); elsewhere, in text and inside a tag, it is one space. `pre`, `textarea`, `script` and
/// `style` keep their text. What is taken out is left as a comment of the engine, which prints nothing, so that errors
/// name the line of the file.
pub(crate) fn template(source: &str) -> String {
    let pieces = pieces(source);
    let mut out = String::with_capacity(source.len() + source.len() / 4);
    for (at, (piece, text)) in pieces.iter().enumerate() {
        match piece {
            Piece::Space if text.contains('\n') => {
                let before = at.checked_sub(1).map(|before| pieces[before]);
                let after = pieces.get(at + 1).copied();
                // A dash in a tag of the engine takes the white space itself.
                let trimmed = before
                    .is_some_and(|(_, text)| ["-%}", "-}}", "-#}"].iter().any(|dash| text.ends_with(dash)))
                    || after.is_some_and(|(_, text)| ["{%-", "{{-", "{#-"].iter().any(|dash| text.starts_with(dash)));
                if trimmed {
                    out.push_str(text);
                } else if !is_nothing(before.map(|b| b.0), after.map(|a| a.0)) {
                    out.push(' ');
                    comment(text, &mut out);
                } else {
                    comment(text, &mut out);
                }
            }
            Piece::Element { .. } => element(text, &mut out),
            _ => out.push_str(text),
        }
    }
    out
}

/// Whether a line break between the two pieces prints nothing.
fn is_nothing(before: Option<Piece>, after: Option<Piece>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return true };
    let block = |piece| piece == Piece::Element { block: true };
    let tag = |piece| matches!(piece, Piece::Tag | Piece::Element { .. });
    block(before) || block(after) || tag(before) && tag(after)
}

/// White space with line breaks as a comment of as many lines, as wide where that can be.
fn comment(space: &str, out: &mut String) {
    let lines = space.find('\n').map_or("", |first| &space[first..]);
    let kept = lines.strip_suffix("  ").unwrap_or(lines);
    out.extend(["{#", kept, "#}"]);
}

/// A tag of HTML: a line break in it is one space, what the engine puts into it stays.
fn element(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '{']) {
        let engine = engine_tag(&rest[at..]);
        if engine > 0 {
            out.push_str(&rest[..at + engine]);
            rest = &rest[at + engine..];
        } else if rest[at..].starts_with('\n') {
            let begin = rest[..at].trim_end().len();
            let end = rest.len() - rest[at..].trim_start().len();
            out.push_str(&rest[..begin]);
            out.push(' ');
            comment(&rest[begin..end], out);
            rest = &rest[end..];
        } else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
}

/// How long the engine's tag is that the text begins with: nothing where it begins with none, all where it has no end.
fn engine_tag(text: &str) -> usize {
    let end = match text.as_bytes() {
        [b'{', b'%', ..] => "%}",
        [b'{', b'{', ..] => "}}",
        [b'{', b'#', ..] => "#}",
        _ => return 0,
    };
    text[2..].find(end).map_or(text.len(), |at| at + 4)
}

/// The pieces of a template, in order; together they are its text.
fn pieces(source: &str) -> Vec<(Piece, &str)> {
    let mut out = Vec::new();
    let mut rest = source;
    while !rest.is_empty() {
        let (piece, length) = next_piece(rest);
        let (text, after) = rest.split_at(length);
        out.push((piece, text));
        let kept = match piece {
            Piece::Element { .. } => kept_in(text, after),
            Piece::Tag if text.trim_matches(['{', '%', '-', '}']).trim() == "raw" => {
                let end = after.find("endraw").unwrap_or(after.len());
                after[..end].rfind("{%").unwrap_or(end)
            }
            _ => 0,
        };
        if kept > 0 {
            out.push((Piece::Kept, &after[..kept]));
        }
        rest = &after[kept..];
    }
    out
}

/// How much of what is behind a tag of HTML is kept as it is.
fn kept_in(tag: &str, after: &str) -> usize {
    let name = element_name(tag);
    if tag.starts_with("</") || !KEPT.contains(&name) {
        return 0;
    }
    after.find(&format!("</{name}")).unwrap_or(after.len())
}

/// What the text begins with, and how long it is.
fn next_piece(rest: &str) -> (Piece, usize) {
    let engine = engine_tag(rest);
    if engine > 0 {
        let is_value = rest.starts_with("{{") && !rest.starts_with("{{<");
        return (if is_value { Piece::Text } else { Piece::Tag }, engine);
    }
    let spaces = rest.len() - rest.trim_start().len();
    if spaces > 0 {
        return (Piece::Space, spaces);
    }
    if rest.starts_with("<!--") {
        return (Piece::Element { block: false }, rest.find("-->").map_or(rest.len(), |end| end + 3));
    }
    if begins_element(rest) {
        return (Piece::Element { block: BLOCKS.contains(&element_name(rest)) }, element_length(rest));
    }
    let mut end = rest.char_indices().skip(1);
    let end = end.find(|(at, c)| c.is_whitespace() || engine_tag(&rest[*at..]) > 0 || begins_element(&rest[*at..]));
    (Piece::Text, end.map_or(rest.len(), |(at, _)| at))
}

fn begins_element(text: &str) -> bool {
    matches!(text.as_bytes(), [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!'))
}

/// `pre` of `<pre class="box">` and of `</pre>`.
fn element_name(text: &str) -> &str {
    let name = text.trim_start_matches(['<', '/']);
    &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())]
}

/// To the `>` that is neither in a value nor in a tag of the engine.
fn element_length(text: &str) -> usize {
    let (mut at, mut quote) = (1, None);
    while let Some(c) = text[at..].chars().next() {
        let engine = engine_tag(&text[at..]);
        if engine > 0 {
            at += engine;
            continue;
        }
        at += c.len_utf8();
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use tera::{Context, Tera};

    use super::*;

    /// What the engine prints of a template whose `list` is 1 and 2 and whose `word` is `w`.
    fn printed(source: &str) -> String {
        let mut tera = Tera::new();
        tera.add_raw_template("t.html", &template(source)).expect("parses");
        let mut context = Context::new();
        context.insert("list", &[1, 2]);
        context.insert("word", "w");
        tera.render("t.html", &context).expect("renders")
    }

    #[test]
    fn a_line_break_between_tags_prints_nothing() {
        assert_eq!(
            printed("<ul>\n  {% for x in list %}\n    <li>{{ x }}</li>\n  {% endfor %}\n</ul>\n"),
            "<ul><li>1</li><li>2</li></ul>"
        );
        assert_eq!(printed("<a>x</a>\n\n  <a>y</a>"), "<a>x</a><a>y</a>");
        assert_eq!(printed("{# why #}\n{% if word %}\n  <b>x</b>\n{% endif %}\n"), "<b>x</b>");
    }

    #[test]
    fn a_line_break_beside_a_block_prints_nothing() {
        assert_eq!(printed("<p>\n  one\n  {{ word }}\n</p>\n"), "<p>one w</p>");
        assert_eq!(printed("<dt>one\n<dd>{{ word }}\n"), "<dt>one<dd>w");
    }

    #[test]
    fn a_line_break_in_text_and_in_a_tag_is_one_space() {
        assert_eq!(printed("<p>one\n   <b>two</b>\n   three</p>"), "<p>one <b>two</b> three</p>");
        assert_eq!(printed("{{ word }}\n{{ word }}"), "w w");
        assert_eq!(printed("by\n{% if word %}{{ word }}{% endif %}"), "by w");
        assert_eq!(printed("<a\n  class=\"x\"\n  href=\"{{ word }}\">y</a>"), "<a class=\"x\" href=\"w\">y</a>");
        assert_eq!(printed("<a{% if word\n  == \"w\" %} class=\"x\"{% endif %}>y</a>"), "<a class=\"x\">y</a>");
    }

    #[test]
    fn a_space_in_a_line_stays() {
        assert_eq!(printed("{% for x in list %}<b>{{ x }}</b> {% endfor %}<i>y</i>"), "<b>1</b> <b>2</b> <i>y</i>");
    }

    #[test]
    fn what_is_shown_as_written_stays_as_written() {
        for text in
            ["<pre>\n  {{ word }}\n\n <b>x</b>\n</pre>", "<textarea>\n a\n </textarea>", "<script>\n a\n b\n</script>"]
        {
            assert_eq!(printed(text), text.replace("{{ word }}", "w"));
        }
        assert_eq!(printed("{% raw %}<a>\n  {{ x }}</a>\n{% endraw %}"), "<a>\n  {{ x }}</a>\n");
    }

    #[test]
    fn a_dash_takes_the_white_space_as_ever() {
        assert_eq!(printed("one\n  {%- if word %} two{% endif -%}\n  three"), "one twothree");
    }

    #[test]
    fn a_template_without_an_end_is_left_to_the_engine() {
        for text in ["<a href=\"", "{% if", "{{ word", "<!-- \n x", "<pre>\n x", "{# \n", "\n", ""] {
            let _ = template(text);
        }
    }
}
