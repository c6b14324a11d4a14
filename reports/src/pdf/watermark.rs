//! The state of the report across the page: drawn as outlines, so that neither a copy of the text nor a screen reader
//! meets single letters between the lines, and so light that the text over it stays legible.

use printpdf::{LinePoint, Op, PaintMode, Point, Polygon, PolygonRing, Pt, WindingOrder};
use rustybuzz::ttf_parser::OutlineBuilder;

use super::fonts::{Face, Fonts};
use super::style::Paper;

/// Size of the letters, points.
const SIZE: f32 = 52.0;
/// Height of capitals of the font, em.
const CAPITALS: f32 = 0.727;

/// Operations that draw the words along the diagonal; the fill colour is the caller's.
pub(super) fn draw(fonts: &Fonts, paper: Paper, words: &str) -> Op {
    let shaped = fonts.shape(Face::Strong, words);
    let (sin, cos) = paper.height.atan2(paper.width).sin_cos();
    let half = shaped.width * SIZE / 2000.0;
    let rise = CAPITALS * SIZE / 2.0;
    let mut trace = Trace {
        rings: Vec::new(),
        scale: SIZE / fonts.units(Face::Strong),
        // The middle of the words lies in the middle of the page.
        origin: (
            paper.width / 2.0 - cos * half + sin * rise,
            paper.height / 2.0 - sin * half - cos * rise,
        ),
        direction: (cos, sin),
        pen: 0.0,
        last: (0.0, 0.0),
    };
    for glyph in &shaped.glyphs {
        fonts.outline(Face::Strong, glyph.id, &mut trace);
        trace.pen += glyph.advance * SIZE / 1000.0;
    }
    Op::DrawPolygon {
        polygon: Polygon {
            rings: trace.rings,
            mode: PaintMode::Fill,
            winding_order: WindingOrder::NonZero,
        },
    }
}

/// Takes outlines in font units, turns and shifts them to the page.
struct Trace {
    rings: Vec<PolygonRing>,
    scale: f32,
    origin: (f32, f32),
    direction: (f32, f32),
    /// Along the baseline, points.
    pen: f32,
    /// Where the outline stands, font units.
    last: (f32, f32),
}

impl Trace {
    fn point(&mut self, (x, y): (f32, f32), bezier: bool) {
        let (along, up) = (self.pen + x * self.scale, y * self.scale);
        let (cos, sin) = self.direction;
        let p = Point {
            x: Pt(self.origin.0 + along * cos - up * sin),
            y: Pt(self.origin.1 + along * sin + up * cos),
        };
        if let Some(ring) = self.rings.last_mut() {
            ring.points.push(LinePoint { p, bezier });
        }
    }
}

impl OutlineBuilder for Trace {
    fn move_to(&mut self, x: f32, y: f32) {
        self.rings.push(PolygonRing { points: Vec::new() });
        self.line_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.point((x, y), false);
        self.last = (x, y);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        // The same curve with two control points.
        let (fx, fy) = self.last;
        let toward = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
        self.curve_to(toward(fx, cx), toward(fy, cy), toward(x, cx), toward(y, cy), x, y);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.point((ax, ay), true);
        self.point((bx, by), true);
        self.line_to(x, y);
    }
    fn close(&mut self) {}
}
