//! Highlighted spans of evidence, underlined in the very text they are in.
//!
//! A mark's line repeats the card's edge (solid, dashed, wavy); a facet's is double. Marks never
//! overlap: where two pieces of evidence share bytes, the one that says more wins the underline
//! and both keep their footnote.

use crate::classify::{Evidence, Place, SpeaksFor};
use crate::counted::steps;

use super::escape::{Html, floor};

/// One underlined span with the numbers of its footnotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// First byte in the marked text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `read`, `write`, `destructive` or `facet`.
    pub line: &'static str,
    /// Footnotes: numbers of rows in the evidence table.
    pub notes: Vec<usize>,
}

/// Whether footnote numbers are printed behind the marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notes {
    /// Underlines alone.
    Hidden,
    /// Each mark is followed by links to its rows.
    Shown,
}

/// The marks of one place, in order and without overlap. `evidence` pairs each piece with its
/// footnote; spans that do not fit `text` are left out.
pub(crate) fn marks<'a>(text: &str, place: &Place, evidence: impl Iterator<Item = (usize, &'a Evidence)>) -> Vec<Mark> {
    let mut found: Vec<(usize, &Evidence)> = evidence
        .filter(|(_, e)| e.place == *place && e.span.start < e.span.end && text.get(e.span.start..e.span.end).is_some())
        .collect();
    found.sort_by_key(|(note, e)| (e.span.start, std::cmp::Reverse(e.span.end), *note));
    let mut marks: Vec<Mark> = Vec::with_capacity(found.len());
    let mut strength = (false, 0.0);
    for (note, e) in found {
        let this = (e.decides, e.weight);
        match marks.last_mut() {
            Some(last) if e.span.start < last.end => {
                if !last.notes.contains(&note) {
                    last.notes.push(note);
                    last.notes.sort_unstable();
                }
                if this > strength {
                    last.line = line(e.speaks_for);
                    strength = this;
                }
            }
            _ => {
                marks.push(Mark { start: e.span.start, end: e.span.end, line: line(e.speaks_for), notes: vec![note] });
                strength = this;
            }
        }
    }
    marks
}

fn line(speaks_for: SpeaksFor) -> &'static str {
    match speaks_for {
        SpeaksFor::Class(class) => class.slug(),
        SpeaksFor::Facet(_) => "facet",
    }
}

/// Prints `text[from..to]` with the marks that touch it; `escape` is for the text between.
/// A mark that ends in this range gets its footnotes.
pub(crate) fn print(
    html: &mut Html,
    text: &str,
    range: std::ops::Range<usize>,
    marks: &[Mark],
    notes: Notes,
    escape: fn(&mut Html, &str),
) {
    let mut at = range.start;
    let first = marks.partition_point(|m| m.end <= range.start);
    for mark in marks[first..].iter().take_while(|m| m.start < range.end) {
        let (start, end) = (mark.start.max(at), mark.end.min(range.end));
        let (Some(before), Some(marked)) = (text.get(at..start), text.get(start..end)) else { continue };
        escape(html, before);
        html.push_markup(match mark.line {
            "read" => "<mark class=\"read\">",
            "write" => "<mark class=\"write\">",
            "destructive" => "<mark class=\"destructive\">",
            _ => "<mark class=\"facet\">",
        });
        escape(html, marked);
        html.push_markup("</mark>");
        if notes == Notes::Shown && mark.end <= range.end {
            footnotes(html, &mark.notes);
        }
        at = end;
    }
    if let Some(rest) = text.get(at..range.end) {
        escape(html, rest);
    }
}

fn footnotes(html: &mut Html, notes: &[usize]) {
    for note in notes {
        html.push_markup("<a href=\"#e").push_number(*note).push_markup("\">");
        html.push_number(*note).push_markup("</a>");
    }
}

/// The parts of a long text that its marks are in, `around` bytes to either side, widened to
/// words and merged where they meet. The whole text where it is short.
pub(crate) fn windows(text: &str, marks: &[Mark], around: usize) -> Vec<std::ops::Range<usize>> {
    if text.len() <= around * 4 {
        return std::iter::once(0..text.len()).collect();
    }
    let mut windows: Vec<std::ops::Range<usize>> = Vec::new();
    for mark in marks {
        let start = floor(text, mark.start.saturating_sub(around));
        let start = if start == 0 { 0 } else { word_after(text, start, mark.start).min(mark.start) };
        let end = floor(text, mark.end + around).max(mark.end);
        let end = if end == text.len() { end } else { word_before(text, end, mark.end).max(mark.end) };
        match windows.last_mut() {
            Some(last) if start <= last.end + around / 4 => last.end = last.end.max(end),
            _ => windows.push(start..end),
        }
    }
    windows
}

/// Bytes behind and before a mark in which white space is looked for: a script without spaces has none.
const MAX_LOOKED_AT: usize = 256;

/// Where the word behind the first white space begins, seen up to some way behind `mark`.
fn word_after(text: &str, at: usize, mark: usize) -> usize {
    let to = floor(text, mark + MAX_LOOKED_AT).max(at);
    let mut letters = text[at..to].char_indices().inspect(|_| steps(1));
    letters.find(|(_, c)| c.is_whitespace()).map_or(at, |(i, c)| at + i + c.len_utf8())
}

/// Where the last white space is, seen from some way before `mark`.
fn word_before(text: &str, at: usize, mark: usize) -> usize {
    let from = floor(text, mark.saturating_sub(MAX_LOOKED_AT)).min(at);
    let mut letters = text[from..at].char_indices().rev().inspect(|_| steps(1));
    letters.find(|(_, c)| c.is_whitespace()).map_or(at, |(i, _)| from + i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::{Class, Facet, Span};

    fn evidence(start: usize, end: usize, speaks_for: SpeaksFor, weight: f32) -> Evidence {
        Evidence {
            rule: "verb.x".into(),
            by: crate::classify::RuleFamily::Name,
            place: Place::Name,
            span: Span { start, end },
            text: String::new(),
            speaks_for,
            weight,
            decides: false,
            restricts: false,
        }
    }

    fn shown(text: &str, evidence: &[Evidence], notes: Notes) -> String {
        let marks = marks(text, &Place::Name, evidence.iter().enumerate().map(|(i, e)| (i + 1, e)));
        let mut html = Html::new();
        print(&mut html, text, 0..text.len(), &marks, notes, |h, t| {
            h.push_text(t);
        });
        html.as_str().to_owned()
    }

    #[test]
    fn a_mark_underlines_its_bytes_and_leads_to_its_row() {
        let delete = evidence(0, 6, SpeaksFor::Class(Class::Destructive), 0.9);
        assert_eq!(
            shown("delete<b>", &[delete], Notes::Shown),
            "<mark class=\"destructive\">delete</mark><a href=\"#e1\">1</a>&lt;b&gt;"
        );
    }

    #[test]
    fn marks_that_share_bytes_become_one_with_both_footnotes() {
        let all =
            [evidence(0, 10, SpeaksFor::Facet(Facet::Bulk), 0.2), evidence(0, 6, SpeaksFor::Class(Class::Write), 0.8)];
        assert_eq!(shown("delete_all now", &all, Notes::Hidden), "<mark class=\"write\">delete_all</mark> now");
    }

    #[test]
    fn spans_outside_the_text_or_inside_a_letter_are_left_out() {
        let read = SpeaksFor::Class(Class::Read);
        let all = [evidence(1, 2, read, 0.5), evidence(4, 99, read, 0.5), evidence(3, 3, read, 0.5)];
        assert_eq!(shown("é x", &all, Notes::Shown), "é x");
    }

    #[test]
    fn windows_cover_every_mark_of_a_long_text_and_little_else() {
        let text = format!("{} delete {} drop {}", "lorem ".repeat(100), "ipsum ".repeat(100), "x ".repeat(200));
        let at = |word: &str| text.find(word).map_or(0, |i| i);
        let marks: Vec<Mark> = [("delete", 6), ("drop", 4)]
            .map(|(w, n)| Mark { start: at(w), end: at(w) + n, line: "write", notes: vec![1] })
            .to_vec();
        let windows = windows(&text, &marks, 40);
        assert_eq!(windows.len(), 2);
        assert!(windows.iter().map(|w| w.end - w.start).sum::<usize>() < 200, "{windows:?}");
        assert!(text[windows[0].clone()].contains("delete") && text[windows[1].clone()].contains("drop"));
    }

    #[test]
    fn windows_of_a_text_without_spaces_are_found_in_step_with_it() {
        let [small, large] = [500, 1000].map(|n| {
            let text = "删除。".repeat(n);
            let mark = |i: usize| Mark { start: 9 * i, end: 9 * i + 6, line: "write", notes: vec![1] };
            let marks: Vec<Mark> = (0..n).map(mark).collect();
            crate::counted::of(|| assert_eq!(windows(&text, &marks, 48).len(), 1))
        });
        assert!(small > 0 && large <= small * 5 / 2, "{small} {large}");
    }
}
