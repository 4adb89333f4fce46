//! The picture of a server for previews of its address: the card with its edge, its facet flags and its counts.
//!
//! Drawn only where the site has a base URL, because a preview wants an absolute address. The name of the file holds
//! the hash of everything that the picture shows: one that an earlier build drew is not drawn again.

mod font;

use std::collections::HashMap;
use std::fmt::Write as _;

use foldhash::fast::FixedState;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use self::font::{BOLD, Font, REGULAR};
use crate::risk::{Class, Facet, Facets};
use crate::site::index::ServerRow;
use crate::site::urls;

/// Pixels, as the readers of `og:image` ask for.
const SIZE: (u32, u32) = (1200, 630);
/// The version of the drawing: part of the name.
const DRAWING: u32 = 1;

/// The light scheme of `static/css/variables.css`.
const BACKGROUND: [u8; 3] = [0xec, 0xee, 0xee];
const CARD: [u8; 3] = [0xff, 0xff, 0xff];
const INK: [u8; 3] = [0x14, 0x18, 0x1b];
const INK2: [u8; 3] = [0x4d, 0x55, 0x5c];
const LINE: [u8; 3] = [0xd6, 0xdb, 0xdc];
const EDGE: [u8; 3] = [0x78, 0x82, 0x8a];

/// The card: left, top, right, bottom.
const FRAME: (f32, f32, f32, f32) = (121.0, 100.0, 1080.0, 530.0);
/// Where text begins and where it has to end.
const TEXT: (f32, f32) = (202.0, 1030.0);

/// What a picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture<'a> {
    title: &'a str,
    package: &'a str,
    site: &'a str,
    counts: [usize; 3],
    /// Stands behind each count where there may be more.
    more: &'static str,
    facets: Facets,
}

impl<'a> Picture<'a> {
    /// Of a server with tools; nothing where its name has letters that the font has not.
    pub(crate) fn of(row: &'a ServerRow, site: &'a str) -> Option<Self> {
        let facets = row.tools.iter().flat_map(|tool| tool.facets.iter()).collect();
        // A name that cannot be drawn whole is not drawn at all.
        (!row.tools.is_empty() && BOLD.has(&row.title)).then(|| Self {
            title: &row.title,
            package: if REGULAR.has(&row.package) { &row.package } else { "" },
            site: if REGULAR.has(site) { site } else { "toolcard" },
            counts: row.counts(),
            more: if row.partial { "+" } else { "" },
            facets,
        })
    }

    /// Its path below the output folder: `tools/slack/picture.1b9f0c2d.png`.
    pub(crate) fn path(&self, row: &ServerRow) -> String {
        let mut shown = String::new();
        let _ = write!(shown, "{DRAWING}\0{self:?}");
        let hash = xxhash_rust::xxh3::xxh3_64(shown.as_bytes()) >> 32;
        urls::beside(&row.file, &format!("picture.{hash:08x}.png"))
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// None that input can cause.
    pub(crate) fn png(&self) -> Result<Vec<u8>, EncodingError> {
        let mut canvas = Canvas::new();
        let worst = Class::ALL.into_iter().rev().find(|class| self.counts[*class as usize] > 0).unwrap_or(Class::Read);
        let (left, top, right, bottom) = FRAME;
        canvas.fill(rectangle(left - 1.0, top - 1.0, right + 1.0, bottom + 1.0), LINE);
        canvas.fill(rectangle(left, top, right, bottom), CARD);
        canvas.fill(edge(worst), ink(worst));
        for (facet, i) in Facet::ALL.into_iter().zip(0_u8..) {
            canvas.facet_mark(243.0 + 124.0 * f32::from(i), self.facets.has(facet));
        }
        let width = TEXT.1 - TEXT.0;
        let (size, title) = BOLD.fit(self.title, width, 64.0, 40.0);
        canvas.text(&BOLD, &title, (TEXT.0, 262.0), size, INK);
        let (size, package) = REGULAR.fit(self.package, width, 30.0, 24.0);
        canvas.text(&REGULAR, &package, (TEXT.0, 312.0), size, INK2);
        let mut x = TEXT.0;
        for class in Class::ALL.into_iter().rev().filter(|class| self.counts[*class as usize] > 0) {
            canvas.fill(shape(class, x, 396.0), ink(class));
            let words = format!("{}{} {}", self.counts[class as usize], self.more, class.name());
            x = canvas.text(&BOLD, &words, (x + 38.0, 396.0), 36.0, ink(class)) + 48.0;
        }
        self.bars(&mut canvas);
        canvas.text(&REGULAR, self.site, (TEXT.0, 506.0), 24.0, INK2);
        canvas.png()
    }

    /// The tools by class: width counts tools, height repeats the class.
    fn bars(&self, canvas: &mut Canvas) {
        let total = self.counts.iter().sum::<usize>();
        let mut before = 0;
        let at = |tools: usize| TEXT.0 + (TEXT.1 - TEXT.0) * ratio(tools, total);
        for class in Class::ALL.into_iter().rev() {
            let count = self.counts[class as usize];
            let height = match class {
                Class::Read => 14.0,
                Class::Write => 22.0,
                Class::Destructive => 30.0,
            };
            if count > 0 {
                canvas.fill(rectangle(at(before), 460.0 - height, at(before + count), 460.0), ink(class));
            }
            before += count;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tools are far below 2^24")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

fn ink(class: Class) -> [u8; 3] {
    match class {
        Class::Read => [0x0a, 0x63, 0x57],
        Class::Write => [0x7f, 0x4d, 0x00],
        Class::Destructive => [0xac, 0x1a, 0x24],
    }
}

fn rectangle(left: f32, top: f32, right: f32, bottom: f32) -> Option<Path> {
    Rect::from_ltrb(left, top, right, bottom).map(PathBuilder::from_rect)
}

/// The cut edge of the class, at the left of the card: straight, stepped, saw-toothed.
fn edge(class: Class) -> Option<Path> {
    let (left, top, _, bottom) = FRAME;
    let mut path = PathBuilder::new();
    path.move_to(left + 12.0, top);
    path.line_to(left, top);
    let teeth = 8_u8;
    let step = (bottom - top) / f32::from(teeth);
    for i in 0..teeth {
        let from = top + step * f32::from(i);
        match class {
            Class::Read => {}
            Class::Write => {
                for (x, y) in [(-20.0, 0.0), (-20.0, 0.5), (0.0, 0.5)] {
                    path.line_to(left + x, from + step * y);
                }
            }
            Class::Destructive => path.line_to(left - 22.0, from + step / 2.0),
        }
        path.line_to(left, from + step);
    }
    path.line_to(left + 12.0, bottom);
    path.close();
    path.finish()
}

/// The sign of a class before its word, on the line `y`: a circle, a square, a triangle.
fn shape(class: Class, x: f32, y: f32) -> Option<Path> {
    match class {
        Class::Read => PathBuilder::from_circle(x + 13.0, y - 13.0, 13.0),
        Class::Write => rectangle(x, y - 26.0, x + 26.0, y),
        Class::Destructive => {
            let mut path = PathBuilder::new();
            path.move_to(x, y);
            path.line_to(x + 14.0, y - 28.0);
            path.line_to(x + 28.0, y);
            path.close();
            path.finish()
        }
    }
}

struct Canvas(Option<Pixmap>);

impl Canvas {
    fn new() -> Self {
        let mut pixels = Pixmap::new(SIZE.0, SIZE.1);
        if let Some(pixels) = &mut pixels {
            pixels.fill(Color::from_rgba8(BACKGROUND[0], BACKGROUND[1], BACKGROUND[2], 255));
        }
        Self(pixels)
    }

    fn fill(&mut self, path: Option<Path>, color: [u8; 3]) {
        if let (Some(pixels), Some(path)) = (&mut self.0, path) {
            pixels.fill_path(&path, &paint(color), FillRule::Winding, Transform::identity(), None);
        }
    }

    /// The mark of a facet in the top edge of the card: a notch where the facet applies, else a circle.
    fn facet_mark(&mut self, x: f32, open: bool) {
        let (top, radius, y) = (FRAME.1, 14.0, 138.0);
        self.fill(PathBuilder::from_circle(x, y, radius), BACKGROUND);
        if open {
            self.fill(rectangle(x - radius, top - 2.0, x + radius, y), BACKGROUND);
        }
        let mut path = PathBuilder::new();
        if open {
            path.move_to(x - radius, top);
            path.line_to(x - radius, y);
            // A quarter of a circle as one cubic curve (Riškus 2006).
            let bend = radius * 0.552_284_8;
            path.cubic_to(x - radius, y + bend, x - bend, y + radius, x, y + radius);
            path.cubic_to(x + bend, y + radius, x + radius, y + bend, x + radius, y);
            path.line_to(x + radius, top);
        } else {
            path.push_circle(x, y, radius);
        }
        let stroke = Stroke { width: 2.0, ..Stroke::default() };
        if let (Some(pixels), Some(path)) = (&mut self.0, path.finish()) {
            let color = if open { INK } else { EDGE };
            pixels.stroke_path(&path, &paint(color), &stroke, Transform::identity(), None);
        }
    }

    /// Writes `text` on a line and returns where it ends.
    fn text(&mut self, font: &Font, text: &str, at: (f32, f32), size: f32, color: [u8; 3]) -> f32 {
        let (path, end) = font.outline(text, at, size);
        self.fill(path, color);
        end
    }

    /// The pixels as a PNG with a palette: an edge has few shades, and one byte a pixel is packed fast.
    fn png(self) -> Result<Vec<u8>, EncodingError> {
        let data = self.0.map(Pixmap::take).unwrap_or_default();
        let mut palette: Vec<[u8; 3]> = Vec::new();
        let mut known: HashMap<[u8; 3], u8, FixedState> = HashMap::default();
        let mut last = ([0; 3], 0_u8);
        let mut indices = Vec::with_capacity(data.len() / 4);
        for pixel in data.chunks_exact(4) {
            let color = [pixel[0], pixel[1], pixel[2]];
            if color != last.0 || palette.is_empty() {
                last = (color, *known.entry(color).or_insert_with(|| index(&mut palette, color)));
            }
            indices.push(last.1);
        }
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, SIZE.0, SIZE.1);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_palette(palette.concat());
        encoder.set_compression(Compression::Fast);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&indices)?;
        writer.finish()?;
        Ok(out)
    }
}

/// The place of a colour; of a palette that is full, the nearest that it has.
fn index(palette: &mut Vec<[u8; 3]>, color: [u8; 3]) -> u8 {
    let distance = |other: &[u8; 3]| color.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
    let near = palette.iter().zip(0_u8..=255).min_by_key(|(other, _)| distance(other));
    match near {
        // Shades that nobody can distinguish.
        Some((other, at)) if distance(other) < 12 || palette.len() == 256 => at,
        _ => {
            palette.push(color);
            u8::try_from(palette.len() - 1).unwrap_or(u8::MAX)
        }
    }
}

fn paint(color: [u8; 3]) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(color[0], color[1], color[2], 255);
    paint
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(title: &str, counts: [usize; 3]) -> Picture<'_> {
        Picture {
            title,
            package: "slack 1.0",
            site: "toolcard",
            counts,
            more: "",
            facets: [Facet::Bulk].into_iter().collect(),
        }
    }

    fn pixels(picture: &Picture<'_>) -> (Vec<u8>, Vec<u8>) {
        let bytes = picture.png().unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut out = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut out).unwrap();
        assert_eq!((info.width, info.height, info.color_type), (SIZE.0, SIZE.1, ColorType::Rgb));
        (out, bytes)
    }

    fn at(pixels: &[u8], x: usize, y: usize) -> &[u8] {
        let i = (y * SIZE.0 as usize + x) * 3;
        &pixels[i..i + 3]
    }

    #[test]
    fn the_edge_has_the_worst_class_and_the_bar_a_part_for_each() {
        let (destructive, bytes) = pixels(&picture("Slack", [1, 1, 2]));
        assert_eq!(at(&destructive, 127, 300), ink(Class::Destructive));
        assert_eq!(at(&destructive, 300, 458), ink(Class::Destructive));
        assert_eq!(at(&destructive, 1000, 458), ink(Class::Read));
        assert!(bytes.len() < 40_000, "{} bytes", bytes.len());
        let (read, _) = pixels(&picture("Slack", [4, 0, 0]));
        assert_eq!(at(&read, 127, 300), ink(Class::Read));
    }

    #[test]
    fn a_facet_of_a_tool_is_a_notch_in_the_card() {
        let (drawn, _) = pixels(&picture("Slack", [1, 1, 2]));
        let bulk = Facet::ALL.iter().position(|f| *f == Facet::Bulk).unwrap();
        for i in 0..Facet::ALL.len() {
            assert_eq!(at(&drawn, 243 + 124 * i, 110) == BACKGROUND, i == bulk, "mark {i}");
        }
    }

    #[test]
    fn two_names_make_two_pictures_and_a_long_one_is_cut_inside_the_card() {
        assert_ne!(pixels(&picture("Slack", [1, 0, 0])).0, pixels(&picture("Linear", [1, 0, 0])).0);
        let (long, _) = pixels(&picture(&"W".repeat(300), [1, 0, 0]));
        let right = |y| (1040..1075).all(|x| at(&long, x, y) == CARD);
        assert!((200..280).all(right), "the name leaves its place");
    }
}
