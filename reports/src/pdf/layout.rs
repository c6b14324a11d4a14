//! Blocks to chunks.

use super::chunk::{Chunk, Tree};
use super::fonts::Fonts;
use super::marks;
use super::style::{self, BODY, LEADING, LINE_STRONG, MM, Paper, SMALL, SUNKEN, TABLE, WARN};
use super::table;
use super::wrap::{width, wrap};
use crate::model::{Banner, Block, Document, Rail, Text, Voice};

/// Lays out a document.
pub(super) struct Layout<'a> {
    pub(super) fonts: &'a Fonts,
    pub(super) paper: Paper,
    pub(super) tree: Tree,
    pub(super) chunks: Vec<Chunk>,
    state: &'a str,
    /// 1, or less where page 1 needs the room.
    pub(super) spacing: f32,
}

impl<'a> Layout<'a> {
    /// Chunks of all blocks in reading order.
    pub(super) fn of(fonts: &'a Fonts, paper: Paper, document: &'a Document, spacing: f32) -> Self {
        let mut layout = Self {
            fonts,
            paper,
            tree: Tree::new(),
            chunks: Vec::new(),
            state: &document.running.state,
            spacing,
        };
        let mut new_page = false;
        for block in &document.blocks {
            let first = layout.chunks.len();
            layout.block(block);
            if new_page && let Some(chunk) = layout.chunks.get_mut(first) {
                chunk.new_page = true;
            }
            for chunk in &mut layout.chunks[first..] {
                chunk.before *= spacing;
            }
            new_page = matches!(block, Block::PageBreak);
        }
        layout
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Letterhead { name, lines } => self.letterhead(name, lines),
            Block::Identifiers(pairs) => self.identifiers(pairs),
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph(text) => {
                let node = self.tree.add("P", 0);
                self.flow(text, Paper::LEFT, self.paper.inner(), BODY, (3.0, node));
            }
            Block::Notice(text) => self.notice(text),
            Block::Banner(banner) => self.banner(banner),
            Block::List { ordered, items } => self.list(*ordered, items),
            Block::Pairs(pairs) => self.pairs(pairs),
            Block::Table(table) => table::lay(self, table),
            Block::Rail(rail) => self.rail(rail),
            Block::Signatures(lines) => self.signatures(lines),
            Block::PageBreak => {}
            Block::End(text) => self.end(text),
        }
    }

    /// Running text: one chunk per line; the first two and the last two lines stay together.
    fn flow(&mut self, text: &Text, x: f32, room: f32, size: f32, (before, node): (f32, usize)) {
        let lines = wrap(self.fonts, text, size, room);
        let count = lines.len();
        for (n, line) in lines.into_iter().enumerate() {
            let mut chunk = Chunk {
                height: size * LEADING,
                before: if n == 0 { before } else { 0.0 },
                keep: count > 1 && (n == 0 || n + 2 == count),
                ..Chunk::default()
            };
            chunk.lines(x, 0.0, size, vec![line], Some(node));
            self.chunks.push(chunk);
        }
    }

    fn letterhead(&mut self, name: &str, lines: &[String]) {
        let mut chunk = Chunk::default();
        let badge = self.badge(&mut chunk, 0.0);
        let room = self.paper.inner() - badge - 6.0 * MM;
        let node = self.tree.add("P", 0);
        let laid = wrap(self.fonts, &Text::of(Voice::Strong, name), 12.0, room);
        let mut y = chunk.lines(Paper::LEFT, 0.0, 12.0, laid, Some(node));
        for text in lines {
            let node = self.tree.add("P", 0);
            let laid = wrap(self.fonts, &Text::of(Voice::Quiet, text), SMALL + 0.6, room);
            y = chunk.lines(Paper::LEFT, y, SMALL + 0.6, laid, Some(node));
        }
        chunk.height = y.max(7.0 * MM);
        self.chunks.push(chunk);
    }

    /// The state of the report in a box at the right margin; gives its width.
    pub(super) fn badge(&self, chunk: &mut Chunk, y: f32) -> f32 {
        let text = Text::of(Voice::Strong, self.state);
        let size = 8.6;
        let inner = width(self.fonts, &text, size);
        let (wide, high) = (inner + 4.8 * MM, 5.2 * MM);
        let x = self.paper.width - Paper::LEFT - wide;
        chunk.shape(
            vec![(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)],
            Some(style::WHITE),
            Some((WARN, 0.8)),
        );
        let mut lines = wrap(self.fonts, &text, size, inner + 1.0);
        for piece in lines.iter_mut().flat_map(|l| &mut l.pieces) {
            piece.colour = WARN;
        }
        chunk.lines(x + 2.4 * MM, y + (high - size * LEADING) / 2.0, size, lines, None);
        wide
    }

    fn identifiers(&mut self, pairs: &[(String, Text)]) {
        // Two identifiers need more room than a birth date.
        const SHARES: [f32; 4] = [0.95, 1.5, 1.2, 0.9];
        let gap = 4.0 * MM;
        let unit = (self.paper.inner() - gap * 3.0) / SHARES.iter().sum::<f32>();
        let mut chunk = Chunk {
            before: 2.6 * MM,
            ..Chunk::default()
        };
        chunk.rule(Paper::LEFT, 0.0, self.paper.inner(), style::INK, 1.2);
        let mut y = 2.0 * MM;
        for row in pairs.chunks(SHARES.len()) {
            let mut lowest = y;
            let mut x = Paper::LEFT;
            for ((label, value), share) in row.iter().zip(SHARES) {
                let room = unit * share;
                let node = self.tree.add("P", 0);
                let label = wrap(self.fonts, &Text::of(Voice::Quiet, label), SMALL, room);
                let below = chunk.lines(x, y, SMALL, label, Some(node));
                let value = wrap(self.fonts, value, 9.0, room);
                let node = self.tree.add("P", 0);
                lowest = lowest.max(chunk.lines(x, below, 9.0, value, Some(node)));
                x += room + gap;
            }
            y = lowest + 1.6 * MM;
        }
        chunk.rule(Paper::LEFT, y, self.paper.inner(), LINE_STRONG, 0.6);
        chunk.height = y + 0.6;
        self.chunks.push(chunk);
    }

    fn heading(&mut self, level: u8, text: &str) {
        let (role, size, before) = if level == 1 {
            ("H1", 12.4, 5.6 * MM)
        } else {
            ("H2", 10.0, 2.5 * MM)
        };
        let node = self.tree.add(role, 0);
        let mut chunk = Chunk {
            before,
            keep: true,
            bookmark: Some((level, text.to_owned())),
            ..Chunk::default()
        };
        let laid = wrap(self.fonts, &Text::of(Voice::Strong, text), size, self.paper.inner());
        let y = chunk.lines(Paper::LEFT, 0.0, size, laid, Some(node));
        chunk.height = y + if level == 1 { 1.2 * MM } else { 0.3 * MM };
        self.chunks.push(chunk);
    }

    fn notice(&mut self, text: &Text) {
        let node = self.tree.add("P", 0);
        let (pad, bar) = (2.0 * MM, 1.2 * MM);
        let lines = wrap(self.fonts, text, BODY, self.paper.inner() - 2.0 * pad - bar);
        let height = lines.len() as f32 * BODY * LEADING + 2.0 * MM;
        let mut chunk = Chunk {
            before: 2.2 * MM,
            height,
            ..Chunk::default()
        };
        chunk.rectangle(Paper::LEFT, 0.0, self.paper.inner(), height, SUNKEN);
        chunk.rectangle(Paper::LEFT, 0.0, bar, height, WARN);
        chunk.lines(Paper::LEFT + bar + pad, MM, BODY, lines, Some(node));
        self.chunks.push(chunk);
    }

    fn banner(&mut self, banner: &Banner) {
        let (colour, wash) = style::outcome(banner.outcome);
        let (bar, pad, mark) = (2.4 * MM, 3.0 * MM, 6.4 * MM);
        let x = Paper::LEFT + bar + pad + mark + 3.0 * MM;
        let room = self.paper.width - Paper::LEFT - pad - x;
        let mut chunk = Chunk {
            before: 3.0 * MM,
            ..Chunk::default()
        };
        let title = wrap(self.fonts, &Text::of(Voice::Strong, &banner.title), 13.6, room);
        let body: Vec<_> = banner.lines.iter().map(|l| wrap(self.fonts, l, BODY, room)).collect();
        let text_height =
            title.len() as f32 * 13.6 * LEADING + body.iter().map(Vec::len).sum::<usize>() as f32 * BODY * LEADING;
        chunk.height = text_height + 2.0 * pad * 0.75;
        chunk.rectangle(Paper::LEFT, 0.0, self.paper.inner(), chunk.height, wash);
        chunk.rectangle(Paper::LEFT, 0.0, bar, chunk.height, colour);
        marks::outcome(
            &mut chunk,
            banner.outcome,
            Paper::LEFT + bar + pad,
            pad * 0.75 + 1.0 * MM,
            mark,
        );
        let heading = self.tree.add("H2", 0);
        let mut y = chunk.lines(x, pad * 0.75, 13.6, title, Some(heading));
        for lines in body {
            let node = self.tree.add("P", 0);
            y = chunk.lines(x, y, BODY, lines, Some(node));
        }
        chunk.bookmark = Some((1, banner.title.clone()));
        self.chunks.push(chunk);
    }

    fn list(&mut self, ordered: bool, items: &[Text]) {
        let list = self.tree.add("L", 0);
        for (n, item) in items.iter().enumerate() {
            let entry = self.tree.add("LI", list);
            let label = self.tree.add("Lbl", entry);
            let body = self.tree.add("LBody", entry);
            let first = self.chunks.len();
            self.flow(
                item,
                Paper::LEFT + 5.2 * MM,
                self.paper.inner() - 5.2 * MM,
                BODY,
                (0.6, body),
            );
            let mark = if ordered {
                format!("{}.", n + 1)
            } else {
                "·".to_owned()
            };
            let mark = wrap(self.fonts, &Text::of(Voice::Quiet, mark), BODY, 5.0 * MM);
            if let Some(chunk) = self.chunks.get_mut(first) {
                chunk.lines(Paper::LEFT + 0.6 * MM, 0.0, BODY, mark, Some(label));
                // The label is read before its text.
                chunk.items.rotate_right(1);
            }
        }
    }

    fn pairs(&mut self, pairs: &[(String, Text)]) {
        let first = 38.0 * MM;
        for (n, (label, value)) in pairs.iter().enumerate() {
            let node = self.tree.add("P", 0);
            let label = wrap(self.fonts, &Text::of(Voice::Quiet, label), TABLE, first - 2.0 * MM);
            let mut value = wrap(self.fonts, value, TABLE, self.paper.inner() - first);
            // The label and the lines beside it stand together; a long value runs on line by line.
            let later = value.split_off(label.len().min(value.len()));
            let mut chunk = Chunk {
                before: if n == 0 { 1.6 * MM } else { 1.8 },
                ..Chunk::default()
            };
            let left = chunk.lines(Paper::LEFT, 0.0, TABLE, label, Some(node));
            let node = self.tree.add("P", 0);
            let right = chunk.lines(Paper::LEFT + first, 0.0, TABLE, value, Some(node));
            chunk.height = left.max(right);
            self.chunks.push(chunk);
            for line in later {
                let mut chunk = Chunk::default();
                chunk.height = chunk.lines(Paper::LEFT + first, 0.0, TABLE, vec![line], Some(node));
                self.chunks.push(chunk);
            }
        }
    }

    fn rail(&mut self, rail: &Rail) {
        let mut chunk = Chunk {
            before: 2.4 * MM,
            keep: true,
            ..Chunk::default()
        };
        marks::rail(self, &mut chunk, rail);
        self.chunks.push(chunk);
        let node = self.tree.add("P", 0);
        self.flow(
            &Text::plain(&rail.words),
            Paper::LEFT,
            self.paper.inner(),
            BODY,
            (1.0, node),
        );
    }

    fn signatures(&mut self, lines: &[(String, String)]) {
        let mut chunk = Chunk {
            before: 4.0 * MM,
            ..Chunk::default()
        };
        chunk.rule(Paper::LEFT, 0.0, self.paper.inner(), LINE_STRONG, 0.6);
        let gap = 6.0 * MM;
        let columns = lines.len().max(1) as f32;
        let room = (self.paper.inner() - gap * (columns - 1.0)) / columns;
        for (n, (label, value)) in lines.iter().enumerate() {
            let x = Paper::LEFT + n as f32 * (room + gap);
            let node = self.tree.add("P", 0);
            let label = wrap(self.fonts, &Text::of(Voice::Quiet, label), SMALL, room);
            let below = chunk.lines(x, 1.8 * MM, SMALL, label, Some(node));
            let value = wrap(self.fonts, &Text::plain(value), 9.0, room);
            let node = self.tree.add("P", 0);
            chunk.height = chunk.height.max(chunk.lines(x, below, 9.0, value, Some(node)));
        }
        self.chunks.push(chunk);
    }

    fn end(&mut self, text: &str) {
        let node = self.tree.add("P", 0);
        let mut chunk = Chunk {
            before: 6.0 * MM,
            ..Chunk::default()
        };
        let text = Text::of(Voice::Strong, text);
        let x = Paper::LEFT + (self.paper.inner() - width(self.fonts, &text, BODY)).max(0.0) / 2.0;
        chunk.rule(Paper::LEFT, 0.0, self.paper.inner(), LINE_STRONG, 0.6);
        let lines = wrap(self.fonts, &text, BODY, self.paper.inner());
        chunk.height = chunk.lines(x, 1.6 * MM, BODY, lines, Some(node));
        self.chunks.push(chunk);
    }
}
