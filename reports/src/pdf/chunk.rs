//! What layout makes of blocks: chunks that are placed whole, one below the other.

use std::rc::Rc;

use super::style::Colour;
use super::wrap::LaidLine;

/// Content of a fixed height, placed whole on a page. Lengths in points; y runs downward from the chunk's top.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    pub(super) height: f32,
    /// Space before it, dropped at the top of a page.
    pub(super) before: f32,
    pub(super) items: Vec<Item>,
    /// Must stand on the same page as the chunk after it.
    pub(super) keep: bool,
    /// Repeated at the top of a page that begins with this chunk.
    pub(super) header: Option<Rc<Chunk>>,
    /// Begins a new page.
    pub(super) new_page: bool,
    /// Level and title of a bookmark to this place.
    pub(super) bookmark: Option<(u8, String)>,
}

/// Something drawn.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Extent, from the chunk's top.
    pub(super) top: f32,
    pub(super) bottom: f32,
    /// Node of the structure tree; `None` for what carries no content of its own (PDF calls it an artifact).
    pub(super) node: Option<usize>,
    pub(super) ink: Ink,
}

/// How it is drawn; x from the page's left edge, y from the chunk's top.
#[derive(Clone, Debug)]
pub(super) enum Ink {
    /// A line of text.
    Text { x: f32, baseline: f32, line: LaidLine },
    /// A filled polygon, outlined or not.
    Shape {
        points: Vec<(f32, f32)>,
        fill: Option<Colour>,
        stroke: Option<(Colour, f32)>,
    },
    /// A straight line.
    Rule {
        from: (f32, f32),
        to: (f32, f32),
        colour: Colour,
        thickness: f32,
    },
}

impl Chunk {
    /// Adds a shape that is an artifact.
    pub(super) fn shape(&mut self, points: Vec<(f32, f32)>, fill: Option<Colour>, stroke: Option<(Colour, f32)>) {
        let top = points.iter().map(|p| p.1).fold(f32::INFINITY, f32::min);
        let bottom = points.iter().map(|p| p.1).fold(f32::NEG_INFINITY, f32::max);
        self.items.push(Item {
            top,
            bottom,
            node: None,
            ink: Ink::Shape { points, fill, stroke },
        });
    }
    /// Adds a filled rectangle that is an artifact.
    pub(super) fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, fill: Colour) {
        self.shape(
            vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)],
            Some(fill),
            None,
        );
    }
    /// Adds a horizontal line that is an artifact.
    pub(super) fn rule(&mut self, x: f32, y: f32, width: f32, colour: Colour, thickness: f32) {
        self.items.push(Item {
            top: y,
            bottom: y,
            node: None,
            ink: Ink::Rule {
                from: (x, y),
                to: (x + width, y),
                colour,
                thickness,
            },
        });
    }
    /// Adds lines of text one below the other from `y`; gives the y below the last.
    pub(super) fn lines(&mut self, x: f32, y: f32, size: f32, lines: Vec<LaidLine>, node: Option<usize>) -> f32 {
        let leading = size * super::style::LEADING;
        let mut y = y;
        for line in lines {
            self.items.push(Item {
                top: y,
                bottom: y + leading,
                node,
                // Ascent and descent of both fonts are near 0.97 and 0.24 em: the text stands in the middle of the line.
                ink: Ink::Text {
                    x,
                    baseline: y + leading * 0.5 + size * 0.36,
                    line,
                },
            });
            y += leading;
        }
        y
    }

    /// The same chunk as an artifact, for a header that repeats.
    pub(super) fn as_artifact(&self) -> Self {
        let mut copy = self.clone();
        for item in &mut copy.items {
            item.node = None;
        }
        copy.bookmark = None;
        copy
    }

    /// Splits a chunk that is taller than a page: what ends above `height`, and the rest, moved up.
    pub(super) fn split(self, height: f32) -> (Self, Self) {
        let (mut first, mut rest) = (self.clone(), self);
        rest.items = first.items.extract_if(.., |item| item.bottom > height).collect();
        let shift = rest.items.iter().map(|i| i.top).fold(f32::INFINITY, f32::min);
        let shift = if shift.is_finite() { shift } else { 0.0 };
        for item in &mut rest.items {
            item.top -= shift;
            item.bottom -= shift;
            match &mut item.ink {
                Ink::Text { baseline, .. } => *baseline -= shift,
                Ink::Shape { points, .. } => points.iter_mut().for_each(|p| p.1 -= shift),
                Ink::Rule { from, to, .. } => {
                    from.1 -= shift;
                    to.1 -= shift;
                }
            }
        }
        first.height = height;
        rest.height -= shift;
        rest.before = 0.0;
        rest.bookmark = None;
        rest.new_page = false;
        first.keep = false;
        (first, rest)
    }
}

/// Nodes of the structure tree (PDF 32000-1, 14.7); node 0 is the document.
pub(super) struct Tree {
    /// Role and parent.
    pub(super) nodes: Vec<(&'static str, usize)>,
}

impl Tree {
    pub(super) fn new() -> Self {
        Self {
            nodes: vec![("Document", 0)],
        }
    }
    /// Adds a node under `parent`.
    pub(super) fn add(&mut self, role: &'static str, parent: usize) -> usize {
        self.nodes.push((role, parent));
        self.nodes.len() - 1
    }
}
