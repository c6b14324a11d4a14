//! Marks that say by shape and position what words beside them say: they read in grey and for every colour vision.

use clinotype_case::criterion::Class;
use clinotype_case::finding::Outcome;

use super::chunk::Chunk;
use super::layout::Layout;
use super::style::{self, INK, LINE_STRONG, MM, Paper, SMALL, WHITE};
use super::wrap::{width, wrap};
use crate::model::{Rail, Text, Voice};

/// Height of the five-step mark.
pub(super) const CLASS_HEIGHT: f32 = 5.6;

/// Five steps from benign to pathogenic, the class filled.
pub(super) fn class(chunk: &mut Chunk, class: Class, x: f32, y: f32) {
    let (side, gap) = (10.5, 1.6);
    for n in 0..5 {
        let left = x + n as f32 * (side + gap);
        let points = vec![
            (left, y),
            (left + side, y),
            (left + side, y + CLASS_HEIGHT),
            (left, y + CLASS_HEIGHT),
        ];
        if n == style::step(class) {
            let colour = style::class(class);
            chunk.shape(points, Some(colour), Some((colour, 0.6)));
        } else {
            chunk.shape(points, Some(WHITE), Some((LINE_STRONG, 0.6)));
        }
    }
}

/// Positive: full diamond. Carrier: half-full diamond. Uncertain: empty diamond. Negative: empty square with a dash.
/// Inconclusive: empty triangle with a stroke.
pub(super) fn outcome(chunk: &mut Chunk, outcome: Outcome, x: f32, y: f32, side: f32) {
    let (colour, _) = style::outcome(outcome);
    let (half, right, bottom) = (side / 2.0, x + side, y + side);
    let stroke = Some((colour, 1.4));
    let diamond = vec![(x + half, y), (right, y + half), (x + half, bottom), (x, y + half)];
    match outcome {
        Outcome::Positive => chunk.shape(diamond, Some(colour), stroke),
        Outcome::Carrier => {
            chunk.shape(diamond, Some(WHITE), stroke);
            chunk.shape(
                vec![(x + half, y), (x + half, bottom), (x, y + half)],
                Some(colour),
                None,
            );
        }
        Outcome::Uncertain => chunk.shape(diamond, Some(WHITE), stroke),
        Outcome::Negative => {
            chunk.shape(
                vec![(x, y), (right, y), (right, bottom), (x, bottom)],
                Some(WHITE),
                stroke,
            );
            chunk.rectangle(x + side * 0.25, y + half - 0.8, half, 1.6, colour);
        }
        Outcome::Inconclusive => {
            chunk.shape(vec![(x + half, y), (right, bottom), (x, bottom)], Some(WHITE), stroke);
            chunk.rectangle(x + half - 0.7, y + side * 0.36, 1.4, side * 0.32, colour);
            chunk.rectangle(x + half - 0.7, y + side * 0.76, 1.4, 1.5, colour);
        }
    }
}

/// First and last point of each class on the scale (Tavtigian 2020); the ends are open.
const BANDS: [(Class, i32, i32); 5] = [
    (Class::Benign, i32::MIN, -7),
    (Class::LikelyBenign, -6, -1),
    (Class::Uncertain, 0, 5),
    (Class::LikelyPathogenic, 6, 9),
    (Class::Pathogenic, 10, i32::MAX),
];

/// The scale of points with class boundaries, and where the sum stands on it. The sentence below says the same.
pub(super) fn rail(layout: &Layout<'_>, chunk: &mut Chunk, rail: &Rail) {
    let low = (rail.points - 2).min(-12);
    let high = (rail.points + 2).max(16);
    let x = Paper::LEFT;
    let unit = layout.paper.inner() / (high - low + 1) as f32;
    let (top, bar) = (11.0, 5.0);
    for (class, from, to) in BANDS {
        let left = x + (from.max(low) - low) as f32 * unit;
        let right = x + (to.min(high) - low + 1) as f32 * unit;
        let here = class == rail.class;
        let points = vec![
            (left, top),
            (right - 1.2, top),
            (right - 1.2, top + bar),
            (left, top + bar),
        ];
        let fill = if here { style::class(class) } else { style::SUNKEN };
        chunk.shape(points, Some(fill), Some((LINE_STRONG, 0.4)));
        let voice = if here { Voice::Strong } else { Voice::Quiet };
        let label = match class {
            Class::Uncertain => "Uncertain".to_owned(),
            other => other.words().to_owned(),
        };
        let text = Text::of(voice, label);
        let lines = wrap(
            layout.fonts,
            &text,
            SMALL,
            (right - left).max(width(layout.fonts, &text, SMALL) + 0.5),
        );
        let at = left + ((right - left) - width(layout.fonts, &text, SMALL)).max(0.0) / 2.0;
        chunk.lines(at, top + bar + 1.0, SMALL, lines, None);
    }
    // Marker: a triangle that points at the sum, and the figure beside it.
    let middle = x + (rail.points - low) as f32 * unit + unit / 2.0;
    chunk.shape(
        vec![
            (middle - 3.2, top - 5.4),
            (middle + 3.2, top - 5.4),
            (middle, top - 0.6),
        ],
        Some(INK),
        None,
    );
    let text = Text::of(Voice::Strong, format!("{}", rail.points));
    let wide = width(layout.fonts, &text, SMALL);
    let lines = wrap(layout.fonts, &text, SMALL, wide + 1.0);
    let right_side = middle + 5.0 + wide < layout.paper.width - Paper::LEFT;
    let at = if right_side { middle + 5.0 } else { middle - 5.0 - wide };
    chunk.lines(at, top - SMALL * style::LEADING, SMALL, lines, None);
    chunk.height = top + bar + 1.0 + SMALL * style::LEADING + 0.4 * MM;
}
