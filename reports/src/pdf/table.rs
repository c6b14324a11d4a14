//! Tables: rows are placed whole, the header repeats on every page.

use std::rc::Rc;

use super::chunk::Chunk;
use super::layout::Layout;
use super::marks;
use super::style::{INK, LEADING, LINE, MM, Paper, SMALL, TABLE};
use super::wrap::wrap;
use crate::model::{Cell, Line, Table, Text, Voice};

/// Space to the right of every cell.
const GUTTER: f32 = 2.6 * MM;
/// Space above and below a row.
const PAD: f32 = 1.0 * MM;

/// Lays out a table.
pub(super) fn lay(layout: &mut Layout<'_>, table: &Table) {
    let total: f32 = table.columns.iter().map(|c| c.weight).sum();
    let mut x = Paper::LEFT;
    let places: Vec<(f32, f32)> = table
        .columns
        .iter()
        .map(|column| {
            let full = layout.paper.inner() * column.weight / total;
            let place = (x, full);
            x += full;
            place
        })
        .collect();
    let last = table.columns.len().saturating_sub(1);
    // The last column ends at the margin.
    let room = |n: usize| places[n].1 - if n == last { 0.0 } else { GUTTER };
    let root = layout.tree.add("Table", 0);
    let head = head(layout, table, &places, &room, root);
    let repeated = Rc::new(head.as_artifact());
    layout.chunks.push(head);
    for row in &table.rows {
        let node = layout.tree.add("TR", root);
        let mut chunk = Chunk {
            header: Some(Rc::clone(&repeated)),
            ..Chunk::default()
        };
        for (n, cell) in row.iter().enumerate().take(places.len()) {
            let node = layout.tree.add("TD", node);
            let bottom = lay_cell(
                layout,
                &mut chunk,
                cell,
                places[n].0,
                room(n),
                table.columns[n].figures,
                node,
            );
            chunk.height = chunk.height.max(bottom);
        }
        chunk.height += PAD * layout.spacing;
        let y = chunk.height;
        chunk.rule(Paper::LEFT, y, layout.paper.inner(), LINE, 0.4);
        chunk.height += 0.4;
        layout.chunks.push(chunk);
    }
}

fn head(
    layout: &mut Layout<'_>,
    table: &Table,
    places: &[(f32, f32)],
    room: &impl Fn(usize) -> f32,
    root: usize,
) -> Chunk {
    let node = layout.tree.add("TR", root);
    let mut chunk = Chunk {
        before: 1.4 * MM,
        keep: true,
        ..Chunk::default()
    };
    let heads: Vec<_> = table
        .columns
        .iter()
        .enumerate()
        .map(|(n, c)| wrap(layout.fonts, &Text::of(Voice::Quiet, &c.head), SMALL, room(n)))
        .collect();
    let height = heads.iter().map(Vec::len).max().unwrap_or(1) as f32 * SMALL * LEADING;
    for (n, lines) in heads.into_iter().enumerate() {
        let node = layout.tree.add("TH", node);
        // Heads stand on the line below them.
        let y = height - lines.len() as f32 * SMALL * LEADING;
        put(
            &mut chunk,
            places[n].0,
            y,
            SMALL,
            lines,
            room(n),
            table.columns[n].figures,
            node,
        );
    }
    chunk.height = height + 0.8 * MM;
    let y = chunk.height;
    chunk.rule(Paper::LEFT, y, layout.paper.inner(), INK, 0.8);
    chunk.height += 0.8;
    chunk
}

fn lay_cell(
    layout: &mut Layout<'_>,
    chunk: &mut Chunk,
    cell: &Cell,
    x: f32,
    room: f32,
    figures: bool,
    node: usize,
) -> f32 {
    let mut y = PAD * layout.spacing;
    for line in cell {
        let node = layout.tree.add("P", node);
        match line {
            Line::Text(text) => {
                let lines = wrap(layout.fonts, text, TABLE, room);
                y = put(chunk, x, y, TABLE, lines, room, figures, node);
            }
            Line::Class(class) => {
                marks::class(chunk, *class, x, y + 2.2);
                let mut lines = wrap(layout.fonts, &Text::of(Voice::Strong, class.words()), TABLE + 0.6, room);
                for piece in lines.iter_mut().flat_map(|l| &mut l.pieces) {
                    piece.colour = super::style::class(*class);
                }
                y = put(
                    chunk,
                    x,
                    y + marks::CLASS_HEIGHT + 3.0,
                    TABLE + 0.6,
                    lines,
                    room,
                    figures,
                    node,
                );
            }
        }
    }
    y
}

/// Lines of a cell; figures are set to the right. Gives the y below the last.
#[allow(clippy::too_many_arguments, reason = "a place has that many parts")]
fn put(
    chunk: &mut Chunk,
    x: f32,
    y: f32,
    size: f32,
    lines: Vec<super::wrap::LaidLine>,
    room: f32,
    figures: bool,
    node: usize,
) -> f32 {
    let mut y = y;
    for line in lines {
        let x = if figures { x + (room - line.width).max(0.0) } else { x };
        y = chunk.lines(x, y, size, vec![line], Some(node));
    }
    y
}
