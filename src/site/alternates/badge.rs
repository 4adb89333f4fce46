//! SVG badges to stand in a README: the label as word, shape and colour, drawn without a font service.

use std::fmt::Write as _;

use crate::neutral::xml;
use crate::risk::Class;
use crate::site::index::{ServerRow, ToolRow};

/// Advance of one character of the 11 px text; `textLength` makes it so in every font.
const ADVANCE: usize = 6;
const HEIGHT: usize = 20;

/// The badge of a server: how many tools of each class, most dangerous first.
pub fn server(row: &ServerRow) -> String {
    let counts = row.counts();
    let parts: Vec<(Class, String)> = Class::ALL
        .into_iter()
        .rev()
        .filter(|class| counts[*class as usize] > 0)
        .map(|class| {
            (class, format!("{}{} {}", counts[class as usize], if row.partial { "+" } else { "" }, class.name()))
        })
        .collect();
    badge(&parts, "no tools")
}

/// The badge of a tool: class and severity.
pub fn tool(row: &ToolRow) -> String {
    badge(&[(row.class, format!("{}, {}", row.class.name(), row.severity.name()))], "")
}

fn badge(parts: &[(Class, String)], empty: &str) -> String {
    let words: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
    let title = if parts.is_empty() { empty.to_owned() } else { words.join(", ") };
    let head = "toolcard".len() * ADVANCE + 16;
    let mut body = String::new();
    let mut x = head + 8;
    for (class, text) in parts {
        let color = color(*class);
        let shape = match class {
            Class::Read => format!("<circle cx=\"{}\" cy=\"10\" r=\"4\"/>", x + 4),
            Class::Write => format!("<path d=\"M{x} 6h8v8h-8z\"/>"),
            Class::Destructive => format!("<path d=\"M{} 5.5l4.5 9h-9z\"/>", x + 4),
        };
        let width = text.len() * ADVANCE;
        let _ = write!(
            body,
            "<g fill=\"{color}\">{shape}<text x=\"{}\" y=\"14\" textLength=\"{width}\">{}</text></g>",
            x + 12,
            xml(text)
        );
        x += 12 + width + 12;
    }
    if parts.is_empty() {
        let width = empty.len() * ADVANCE;
        let _ = write!(body, "<text x=\"{x}\" y=\"14\" fill=\"#4d555c\" textLength=\"{width}\">{empty}</text>");
        x += width + 12;
    }
    let width = x - 4;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{HEIGHT}\" viewBox=\"0 0 {width} {HEIGHT}\" \
         role=\"img\" aria-label=\"toolcard: {title}\"><title>toolcard: {title}</title>\
         <path fill=\"#fff\" stroke=\"#78828a\" d=\"M.5 .5h{}v{}h-{}z\"/><path fill=\"#14181b\" d=\"M0 0h{head}v{HEIGHT}H0z\"/>\
         <g font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
         <text x=\"8\" y=\"14\" fill=\"#fff\" textLength=\"{}\">toolcard</text>{body}</g></svg>\n",
        width - 1,
        HEIGHT - 1,
        width - 1,
        head - 16,
        title = xml(&title),
    )
}

/// The class inks of the light scheme; each has at least 7:1 on white.
fn color(class: Class) -> &'static str {
    match class {
        Class::Read => "#0a6357",
        Class::Write => "#7f4d00",
        Class::Destructive => "#ac1a24",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::fixture::verdict;
    use crate::site::index::NewTool;

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
        let badge = server(&row(&[Class::Read, Class::Destructive, Class::Read]));
        assert!(badge.contains("<title>toolcard: 1 Destructive, 2 Read</title>"), "{badge}");
        assert!(!badge.contains("Write"));
        assert!(server(&row(&[])).contains("<title>toolcard: no tools</title>"));
    }

    #[test]
    fn a_tools_badge_has_class_and_severity() {
        assert!(tool(&row(&[Class::Destructive]).tools[0]).contains("toolcard: Destructive, Critical"));
    }
}
