//! Chunks to pages. Nothing may stand outside its page: that is checked here, for every item.

use std::collections::VecDeque;

use clinotype_genome::{Fault, Result};

use super::chunk::{Chunk, Ink, Item};
use super::layout::Layout;
use super::style::{LEADING, MM, Paper, SMALL};
use super::wrap::{LaidLine, wrap};
use crate::model::{Running, Text, Voice};

/// A page with its content, items in reading order; y from the top of the page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Header and badge, artifacts.
    pub(super) header: Vec<Item>,
    /// Content.
    pub(super) items: Vec<Item>,
}

/// A bookmark: level, title, page (0-based), y from the top of the page.
pub(super) struct Mark {
    pub(super) level: u8,
    pub(super) title: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// What is left of a page before a row taller than a page begins on it.
const LEAST: f32 = 60.0 * MM;

/// Lines of the footer.
pub(super) const FOOTER_SIZE: f32 = SMALL;

/// Whether everything before the page break stands on page 1.
pub(super) fn front_fits(layout: &Layout<'_>, running: &Running) -> bool {
    let room = footer_top(layout.fonts, layout.paper, running) - 2.0 * MM - Paper::TOP;
    let front = layout
        .chunks
        .iter()
        .enumerate()
        .take_while(|(n, c)| *n == 0 || !c.new_page);
    front
        .map(|(n, c)| c.height + if n == 0 { 0.0 } else { c.before })
        .sum::<f32>()
        <= room
}

/// Places every chunk.
pub(super) fn place(layout: &Layout<'_>, running: &Running) -> Result<(Vec<Page>, Vec<Mark>)> {
    let paper = layout.paper;
    let header = header(layout, running);
    let first_top = Paper::TOP;
    let top = Paper::TOP + header.height + 3.0 * MM;
    let bottom = footer_top(layout.fonts, paper, running) - 2.0 * MM;
    if bottom - top < 60.0 * MM {
        return Err(
            Fault::resource("the identifiers of the patient leave no room for the report")
                .hint("shorten names and identifiers in the order"),
        );
    }
    let mut pages = vec![Page::default()];
    let mut marks = Vec::new();
    let mut y = first_top;
    let mut fresh = true;
    let mut queue: VecDeque<Chunk> = layout.chunks.iter().cloned().collect();
    while let Some(chunk) = queue.pop_front() {
        // What must stay together with this chunk, but no more than a page holds.
        let mut need = chunk.height + if fresh { 0.0 } else { chunk.before };
        let mut keep = chunk.keep;
        for next in &queue {
            // A row taller than a page begins below its header and is split.
            let height = if next.height > bottom - top { LEAST } else { next.height };
            if !keep || need + next.before + height > bottom - top {
                break;
            }
            need += next.before + height;
            keep = next.keep;
        }
        let splits = chunk.height > bottom - top && bottom - y >= LEAST;
        // The evidence begins a new page unless page 1 ran over anyway.
        if !fresh && ((chunk.new_page && pages.len() == 1) || (y + need > bottom && !splits)) {
            pages.push(Page {
                header: shifted(&header.items, Paper::TOP),
                ..Page::default()
            });
            y = top;
            fresh = true;
            if let Some(head) = &chunk.header {
                put(&mut pages, head, y);
                y += head.height;
            }
        }
        if !fresh {
            y += chunk.before;
        }
        if y + chunk.height > bottom + 0.01 {
            // Taller than a page: the one case in which a row is split, between lines.
            let (part, rest) = chunk.split(bottom - y);
            if part.items.is_empty() {
                return Err(Fault::internal("a line of the report is taller than its page"));
            }
            mark(&mut marks, &part, pages.len() - 1, y);
            put(&mut pages, &part, y);
            y += part.height;
            queue.push_front(rest);
            fresh = false;
            continue;
        }
        mark(&mut marks, &chunk, pages.len() - 1, y);
        put(&mut pages, &chunk, y);
        y += chunk.height;
        fresh = false;
    }
    for page in &pages {
        for item in page.items.iter().chain(&page.header) {
            inside(item, paper, bottom)?;
        }
    }
    Ok((pages, marks))
}

fn mark(marks: &mut Vec<Mark>, chunk: &Chunk, page: usize, y: f32) {
    if let Some((level, title)) = &chunk.bookmark {
        marks.push(Mark {
            level: *level,
            title: title.clone(),
            page,
            y,
        });
    }
}

fn put(pages: &mut [Page], chunk: &Chunk, y: f32) {
    if let Some(page) = pages.last_mut() {
        page.items.extend(shifted(&chunk.items, y));
    }
}

fn shifted(items: &[Item], y: f32) -> Vec<Item> {
    let mut items = items.to_vec();
    for item in &mut items {
        item.top += y;
        item.bottom += y;
        match &mut item.ink {
            Ink::Text { baseline, .. } => *baseline += y,
            Ink::Shape { points, .. } => points.iter_mut().for_each(|p| p.1 += y),
            Ink::Rule { from, to, .. } => {
                from.1 += y;
                to.1 += y;
            }
        }
    }
    items
}

/// Refuses what would stand outside the margins.
fn inside(item: &Item, paper: Paper, bottom: f32) -> Result<()> {
    let (left, right) = match &item.ink {
        Ink::Text { x, line, .. } => (*x, *x + line.width),
        Ink::Shape { points, .. } => points
            .iter()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(l, r), p| (l.min(p.0), r.max(p.0))),
        Ink::Rule { from, to, .. } => (from.0, to.0),
    };
    let slack = 0.6;
    let fits = left >= Paper::LEFT - slack
        && right <= paper.width - Paper::LEFT + slack
        && item.top >= Paper::TOP - slack
        && item.bottom <= bottom + slack;
    if fits {
        Ok(())
    } else {
        Err(Fault::internal(format!(
            "the report's layout left its page: {left:.1} to {right:.1} wide, {:.1} to {:.1} high",
            item.top, item.bottom
        ))
        .hint("please report this; the HTML form is not affected"))
    }
}

/// The header of pages after the first: identity, state, a line below.
fn header(layout: &Layout<'_>, running: &Running) -> Chunk {
    let mut chunk = Chunk::default();
    let badge = layout.badge(&mut chunk, 0.0);
    let room = layout.paper.inner() - badge - 5.0 * MM;
    let lines = wrap(
        layout.fonts,
        &Text::of(Voice::Strong, &running.identity),
        SMALL + 0.6,
        room,
    );
    let y = chunk.lines(Paper::LEFT, 0.6 * MM, SMALL + 0.6, lines, None);
    chunk.height = y.max(5.2 * MM) + 1.4 * MM;
    let y = chunk.height;
    chunk.rule(Paper::LEFT, y, layout.paper.inner(), super::style::LINE_STRONG, 0.6);
    chunk
}

/// Width kept free for `page x of y` in the footer.
const PAGE_NUMBER_ROOM: f32 = 34.0 * MM;

/// Left lines of the footer: identity, then report, software and build.
pub(super) fn footer_lines(
    fonts: &super::fonts::Fonts,
    paper: Paper,
    running: &Running,
) -> (Vec<LaidLine>, Vec<LaidLine>) {
    let room = paper.inner() - PAGE_NUMBER_ROOM;
    (
        wrap(fonts, &Text::of(Voice::Quiet, &running.identity), FOOTER_SIZE, room),
        wrap(fonts, &Text::of(Voice::Quiet, &running.report), FOOTER_SIZE, room),
    )
}

/// Top of the footer, from the top of the page.
pub(super) fn footer_top(fonts: &super::fonts::Fonts, paper: Paper, running: &Running) -> f32 {
    let (identity, report) = footer_lines(fonts, paper, running);
    paper.height - Paper::BOTTOM - (identity.len() + report.len()) as f32 * FOOTER_SIZE * LEADING - 1.2 * MM
}
