//! SVG badges for a README: the label as word, shape and colour, drawn without a font service.

use serde::Serialize;

use crate::risk::Class;
use crate::site::index::{ServerRow, ToolRow};

/// Advance of one character of the 11 px text; `textLength` makes it so in every font.
const ADVANCE: usize = 6;
/// The name in front.
const NAME: &str = "toolcard";
/// What the badge of a server without tools says.
const EMPTY: &str = "no tools";

/// The view of `badge.svg`. Lengths are in pixels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadgeView {
    /// What it says.
    pub title: String,
    /// How wide it is.
    pub width: usize,
    /// How wide its border is.
    pub border: usize,
    /// How wide the ground of the name is.
    pub name_width: usize,
    /// How long the name is.
    pub name_length: usize,
    /// One part a class, most dangerous first.
    pub parts: Vec<BadgePart>,
    /// Where the text begins that stands for no parts.
    pub empty_left: usize,
    /// How long it is.
    pub empty_length: usize,
}

/// A class on a badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadgePart {
    /// `Read`, `Write` or `Destructive`: chooses the shape.
    pub class: &'static str,
    /// Where its shape begins.
    pub left: usize,
    /// The middle of its shape.
    pub middle: usize,
    /// Where its text begins.
    pub text_left: usize,
    /// How long its text is.
    pub length: usize,
    /// The count and the class as the badge shows them.
    pub text: String,
}

/// The badge of a server: how many tools of each class, most dangerous first.
pub fn server(row: &ServerRow) -> BadgeView {
    let counts = row.counts();
    let parts: Vec<(Class, String)> = Class::ALL
        .into_iter()
        .rev()
        .filter(|class| counts[*class as usize] > 0)
        .map(|class| {
            (class, format!("{}{} {}", counts[class as usize], if row.partial { "+" } else { "" }, class.name()))
        })
        .collect();
    badge(parts)
}

/// The badge of a tool: class and severity.
pub fn tool(row: &ToolRow) -> BadgeView {
    badge(vec![(row.class, format!("{}, {}", row.class.name(), row.severity.name()))])
}

fn badge(parts: Vec<(Class, String)>) -> BadgeView {
    let words: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
    let title = if parts.is_empty() { EMPTY.to_owned() } else { words.join(", ") };
    let name_length = NAME.len() * ADVANCE;
    let name_width = name_length + 16;
    let (empty_left, empty_length) = (name_width + 8, EMPTY.len() * ADVANCE);
    let mut left = empty_left;
    let parts: Vec<BadgePart> = parts
        .into_iter()
        .map(|(class, text)| {
            let length = text.len() * ADVANCE;
            let part = BadgePart { class: class.name(), left, middle: left + 4, text_left: left + 12, length, text };
            left += 12 + length + 12;
            part
        })
        .collect();
    let end = if parts.is_empty() { empty_left + empty_length + 12 } else { left };
    let width = end - 4;
    BadgeView { title, width, border: width - 1, name_width, name_length, parts, empty_left, empty_length }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::policy::fixture::verdict;
    use crate::site::index::NewTool;
    use crate::site::render::rendered;

    fn text(view: &BadgeView) -> String {
        rendered(&Config::default(), "badge.svg", view)
    }

    fn row(classes: &[Class]) -> ServerRow {
        let mut row = ServerRow::default();
        for class in classes {
            let verdict = verdict(*class, &[]);
            row.add(&NewTool { name: "t", file: "t", verdict: &verdict, likeness: "", stale_override: false });
        }
        row
    }

    #[test]
    fn a_badge_names_only_the_classes_that_there_are() {
        let badge = text(&server(&row(&[Class::Read, Class::Destructive, Class::Read])));
        assert!(badge.contains("<title>toolcard: 1 Destructive, 2 Read</title>"), "{badge}");
        assert!(!badge.contains("Write"));
        assert!(text(&server(&row(&[]))).contains("<title>toolcard: no tools</title>"));
    }

    #[test]
    fn a_tools_badge_has_class_and_severity() {
        assert!(text(&tool(&row(&[Class::Destructive]).tools[0])).contains("toolcard: Destructive, Critical"));
    }
}
