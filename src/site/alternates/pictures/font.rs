//! Text as outlines, in the two weights of the font that the picture uses.

use std::sync::LazyLock;

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, OutlineBuilder};

/// A font of ours.
pub(super) struct Font {
    face: Option<Face<'static>>,
}

/// Inter 4.1 at weight 650, cut to ASCII and a few signs (SIL Open Font License, `static/OFL-Inter.txt`).
pub(super) static BOLD: LazyLock<Font> = LazyLock::new(|| Font::new(include_bytes!("inter-650.ttf")));
/// The same at weight 400.
pub(super) static REGULAR: LazyLock<Font> = LazyLock::new(|| Font::new(include_bytes!("inter-400.ttf")));

impl Font {
    fn new(bytes: &'static [u8]) -> Self {
        // A test holds that both parse.
        Self { face: Face::parse(bytes, 0).ok() }
    }

    /// Whether it has every character of `text`.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.face.as_ref().is_some_and(|face| text.chars().all(|c| face.glyph_index(c).is_some()))
    }

    /// The advance of a character for a size of one pixel.
    fn advance(&self, c: char) -> f32 {
        let Some(face) = &self.face else { return 0.0 };
        let advance = face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(0);
        f32::from(advance) / f32::from(face.units_per_em())
    }

    /// The size, from `largest` to `smallest`, in which `text` takes at most `width` pixels, and the text: cut where
    /// even the smallest is too large.
    pub(crate) fn fit(&self, text: &str, width: f32, largest: f32, smallest: f32) -> (f32, String) {
        let whole: f32 = text.chars().map(|c| self.advance(c)).sum();
        if whole * smallest <= width {
            let size = if whole > 0.0 { (width / whole).min(largest) } else { largest };
            return (size, text.to_owned());
        }
        let mut left = width / smallest - self.advance('…');
        let fits = |c: &char| {
            left -= self.advance(*c);
            left >= 0.0
        };
        let cut: String = text.chars().take_while(fits).collect();
        (smallest, cut.trim_end().to_owned() + "…")
    }

    /// The outline of `text` on the line that begins at `at`, and where it ends.
    pub(crate) fn outline(&self, text: &str, at: (f32, f32), size: f32) -> (Option<Path>, f32) {
        let Some(face) = &self.face else { return (None, at.0) };
        let scale = size / f32::from(face.units_per_em());
        let mut pen = Pen { path: PathBuilder::new(), x: at.0, y: at.1, scale };
        for c in text.chars() {
            if let Some(glyph) = face.glyph_index(c) {
                face.outline_glyph(glyph, &mut pen);
            }
            pen.x += self.advance(c) * size;
        }
        (pen.path.finish(), pen.x)
    }
}

/// Puts the outline of a glyph where the line is.
struct Pen {
    path: PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_have_the_letters_of_names_and_no_others() {
        let name = (' '..='~').chain(['…', '·', '’']).collect::<String>();
        assert!(BOLD.has(&name) && REGULAR.has(&name));
        assert!(!BOLD.has("数据库") && !BOLD.has("a\u{202e}b"));
    }

    #[test]
    fn text_is_made_smaller_before_it_is_cut() {
        let (size, text) = BOLD.fit("Slack", 800.0, 64.0, 40.0);
        assert!((size - 64.0).abs() < f32::EPSILON && text == "Slack");
        let (size, text) = BOLD.fit("A server with a long name of words", 800.0, 64.0, 40.0);
        assert!(size < 64.0 && text.ends_with("words"), "{size} {text}");
        let (size, text) = BOLD.fit(&"word ".repeat(40), 800.0, 64.0, 40.0);
        assert!((size - 40.0).abs() < f32::EPSILON && text.ends_with('…'), "{text}");
    }
}
