//! Placed pages to printpdf operations, with marked content for the structure tree.

use std::collections::BTreeMap;

use printpdf::{
    Color, DictItem, Line, LinePoint, Mm, Op, PaintMode, PdfFontHandle, PdfPage, Point, Polygon, PolygonRing, Pt, Rgb,
    TextItem, TextMatrix, WindingOrder,
};

use super::chunk::{Ink, Item};
use super::fonts::Fonts;
use super::pages::{FOOTER_SIZE, Page, footer_lines, footer_top};
use super::style::{Colour, LEADING, LINE, MM, Paper, WATERMARK};
use super::wrap::{LaidLine, Piece, width, wrap};
use crate::model::{Running, Text, Voice};

/// Marked content: page (0-based), its number on that page (MCID), node of the structure tree.
pub(super) struct Content {
    pub(super) page: usize,
    pub(super) mcid: usize,
    pub(super) node: usize,
}

/// Draws every page.
pub(super) fn pages(fonts: &Fonts, paper: Paper, running: &Running, pages: &[Page]) -> (Vec<PdfPage>, Vec<Content>) {
    let mut content = Vec::new();
    let watermark = super::watermark::draw(fonts, paper, &running.state);
    let drawn = pages
        .iter()
        .enumerate()
        .map(|(n, page)| {
            let mut pen = Pen {
                ops: Vec::new(),
                height: paper.height,
            };
            pen.artifact(|pen| {
                pen.ops.push(Op::SetFillColor { col: colour(WATERMARK) });
                pen.ops.push(watermark.clone());
                pen.items(&page.header);
            });
            let mut mcid = 0;
            let mut items = page.items.as_slice();
            while let Some(first) = items.first() {
                let node = first.node;
                let same = items.iter().take_while(|i| i.node == node).count();
                let (now, later) = items.split_at(same);
                items = later;
                if let Some(node) = node {
                    pen.ops.push(Op::BeginMarkedContentWithProperties {
                        tag: "Span".to_owned(),
                        properties: DictItem::Dict {
                            map: BTreeMap::from([("MCID".to_owned(), DictItem::Int(mcid as i64))]),
                        },
                    });
                    pen.items(now);
                    pen.ops.push(Op::EndMarkedContent);
                    content.push(Content { page: n, mcid, node });
                    mcid += 1;
                } else {
                    pen.artifact(|pen| pen.items(now));
                }
            }
            pen.artifact(|pen| footer(fonts, paper, running, (n + 1, pages.len()), pen));
            PdfPage::new(Mm(paper.width / MM), Mm(paper.height / MM), pen.ops)
        })
        .collect();
    (drawn, content)
}

fn footer(fonts: &Fonts, paper: Paper, running: &Running, (page, of): (usize, usize), pen: &mut Pen) {
    let top = footer_top(fonts, paper, running);
    pen.rule((Paper::LEFT, top), (paper.width - Paper::LEFT, top), LINE, 0.4);
    let leading = FOOTER_SIZE * LEADING;
    let mut baseline = top + 1.2 * MM + leading * 0.5 + FOOTER_SIZE * 0.36;
    let right = |pen: &mut Pen, text: &str, baseline: f32| {
        let text = Text::of(Voice::Quiet, text);
        let wide = width(fonts, &text, FOOTER_SIZE);
        for line in wrap(fonts, &text, FOOTER_SIZE, wide + 1.0) {
            pen.text(&line, paper.width - Paper::LEFT - wide, baseline);
        }
    };
    let (identity, report) = footer_lines(fonts, paper, running);
    right(pen, &format!("page {page} of {of}"), baseline);
    for line in &identity {
        pen.text(line, Paper::LEFT, baseline);
        baseline += leading;
    }
    right(pen, &running.state, baseline);
    for line in &report {
        pen.text(line, Paper::LEFT, baseline);
        baseline += leading;
    }
}

/// Collects operations; takes y from the top of the page.
struct Pen {
    ops: Vec<Op>,
    height: f32,
}

impl Pen {
    fn artifact(&mut self, draw: impl FnOnce(&mut Self)) {
        self.ops.push(Op::BeginMarkedContent {
            tag: "Artifact".to_owned(),
        });
        draw(self);
        self.ops.push(Op::EndMarkedContent);
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        match &item.ink {
            Ink::Text { x, baseline, line } => self.text(line, *x, *baseline),
            Ink::Shape { points, fill, stroke } => self.shape(points, *fill, *stroke),
            Ink::Rule {
                from,
                to,
                colour,
                thickness,
            } => self.rule(*from, *to, *colour, *thickness),
        }
    }

    fn text(&mut self, line: &LaidLine, x: f32, baseline: f32) {
        self.ops.push(Op::StartTextSection);
        for piece in joined(&line.pieces) {
            self.ops.push(Op::SetFont {
                font: PdfFontHandle::External(piece.face.id()),
                size: Pt(piece.size),
            });
            self.ops.push(Op::SetFillColor {
                col: colour(piece.colour),
            });
            // Glyphs up to one that is raised or lowered go out as one run.
            let mut pen = 0.0; // thousandths of an em from the start of the piece
            let mut glyphs = piece.glyphs.as_slice();
            while let Some(first) = glyphs.first() {
                let rise = first.shift.1;
                let same = glyphs.iter().take_while(|g| (g.shift.1 - rise).abs() < 0.5).count();
                let (now, later) = glyphs.split_at(same);
                let along = piece.x + pen * piece.size / 1000.0;
                let up = rise * piece.size / 1000.0;
                self.ops.push(Op::SetTextMatrix {
                    matrix: TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, x + along, self.height - baseline + up]),
                });
                let mut items = Vec::new();
                let mut viewer = 0.0; // where the viewer's pen stands
                let mut wanted = 0.0; // where it should stand
                for glyph in now {
                    // printpdf writes whole widths; a drift below 0.003 em is not seen and would only cost bytes.
                    let off: f32 = wanted + glyph.shift.0 - viewer;
                    if off.abs() >= 3.0 {
                        items.push(TextItem::Offset(-off.round()));
                        viewer += off.round();
                    }
                    items.push(TextItem::GlyphIds(vec![printpdf::Codepoint::with_cid(
                        glyph.id,
                        0.0,
                        glyph.text.clone(),
                    )]));
                    viewer += glyph.written;
                    wanted += glyph.advance;
                }
                pen += wanted;
                glyphs = later;
                self.ops.push(Op::ShowText { items });
            }
        }
        self.ops.push(Op::EndTextSection);
    }

    fn shape(&mut self, points: &[(f32, f32)], fill: Option<Colour>, stroke: Option<(Colour, f32)>) {
        if let Some(fill) = fill {
            self.ops.push(Op::SetFillColor { col: colour(fill) });
        }
        if let Some((line, thickness)) = stroke {
            self.ops.push(Op::SetOutlineColor { col: colour(line) });
            self.ops.push(Op::SetOutlineThickness { pt: Pt(thickness) });
        }
        let mode = match (fill, stroke) {
            (Some(_), Some(_)) => PaintMode::FillStroke,
            (Some(_), None) => PaintMode::Fill,
            (None, _) => PaintMode::Stroke,
        };
        let points = points.iter().map(|p| self.point(*p)).collect();
        self.ops.push(Op::DrawPolygon {
            polygon: Polygon {
                rings: vec![PolygonRing { points }],
                mode,
                winding_order: WindingOrder::NonZero,
            },
        });
    }

    fn rule(&mut self, from: (f32, f32), to: (f32, f32), line: Colour, thickness: f32) {
        self.ops.push(Op::SetOutlineColor { col: colour(line) });
        self.ops.push(Op::SetOutlineThickness { pt: Pt(thickness) });
        let points = vec![self.point(from), self.point(to)];
        self.ops.push(Op::DrawLine {
            line: Line {
                points,
                is_closed: false,
            },
        });
    }

    fn point(&self, (x, y): (f32, f32)) -> LinePoint {
        LinePoint {
            p: Point {
                x: Pt(x),
                y: Pt(self.height - y),
            },
            bezier: false,
        }
    }
}

/// Neighbours in one font, size and colour as one piece.
fn joined(pieces: &[Piece]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        match out.last_mut() {
            Some(last)
                if last.face == piece.face
                    && last.colour == piece.colour
                    && (last.size - piece.size).abs() < f32::EPSILON =>
            {
                last.glyphs.extend(piece.glyphs.iter().cloned());
            }
            _ => out.push(piece.clone()),
        }
    }
    out
}

fn colour(Colour(r, g, b): Colour) -> Color {
    let part = |n: u8| f32::from(n) / 255.0;
    Color::Rgb(Rgb::new(part(r), part(g), part(b), None))
}
