//! Line breaking: by Unicode line breaking (UAX 14), and where one piece is wider than the line, at the joints of an
//! HGVS name, and only then between any two letters. Nothing is ever cut off.

use unicode_linebreak::{BreakOpportunity, linebreaks};

use super::fonts::{Face, Fonts, Glyph};
use super::style::{Colour, voice};
use crate::model::{Text, code_point};

/// A line that fits the width it was made for. Lengths in points.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LaidLine {
    pub(super) pieces: Vec<Piece>,
    /// Without white space at its end.
    pub(super) width: f32,
}

/// A stretch of a line in one font, size and colour.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// From the start of the line, points.
    pub(super) x: f32,
    pub(super) face: Face,
    pub(super) size: f32,
    pub(super) colour: Colour,
    pub(super) glyphs: Vec<Glyph>,
}

/// A stretch of text in one font.
struct Run {
    text: String,
    face: Face,
    size: f32,
    colour: Colour,
}

/// Text between two places where a line may break.
struct Segment {
    /// Run and its part of the segment.
    parts: Vec<(usize, String)>,
    /// Width without the white space at its end.
    trimmed: f32,
    must_end: bool,
}

/// Breaks a text into lines no wider than `width` points. Always at least one line.
pub(super) fn wrap(fonts: &Fonts, text: &Text, size: f32, width: f32) -> Vec<LaidLine> {
    let runs = runs(fonts, text, size);
    let mut lines = Vec::new();
    let mut line = LaidLine::default();
    let mut pen = 0.0;
    for segment in segments(fonts, &runs, width) {
        if pen > 0.0 && pen + segment.trimmed > width {
            lines.push(std::mem::take(&mut line));
            pen = 0.0;
        }
        let start = pen;
        for (run, part) in &segment.parts {
            let run = &runs[*run];
            let shaped = fonts.shape(run.face, part);
            line.pieces.push(Piece {
                x: pen,
                face: run.face,
                size: run.size,
                colour: run.colour,
                glyphs: shaped.glyphs.clone(),
            });
            pen += shaped.width * run.size / 1000.0;
        }
        line.width = start + segment.trimmed;
        if segment.must_end {
            lines.push(std::mem::take(&mut line));
            pen = 0.0;
        }
    }
    if !line.pieces.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Width of a text on one line, points.
pub(super) fn width(fonts: &Fonts, text: &Text, size: f32) -> f32 {
    runs(fonts, text, size)
        .iter()
        .map(|r| fonts.shape(r.face, &r.text).width * r.size / 1000.0)
        .sum()
}

fn runs(fonts: &Fonts, text: &Text, size: f32) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for span in &text.0 {
        let (wanted, scale, colour) = voice(span.voice);
        let mut add = |face: Face, text: &str| {
            let size = size * if face == Face::Sequence { scale } else { 1.0 };
            match runs.last_mut() {
                Some(last) if last.face == face && last.colour == colour && (last.size - size).abs() < f32::EPSILON => {
                    last.text.push_str(text);
                }
                _ => runs.push(Run {
                    text: text.to_owned(),
                    face,
                    size,
                    colour,
                }),
            }
        };
        let mut current = wanted;
        for c in span.text.chars() {
            // White space stays with its neighbours, so that a word is not cut into runs.
            match if c == ' ' {
                Some(current)
            } else {
                fonts.face_for(c, wanted)
            } {
                Some(face) => {
                    current = face;
                    add(face, c.encode_utf8(&mut [0; 4]));
                }
                None => add(wanted, &code_point(c)),
            }
        }
    }
    runs
}

fn segments(fonts: &Fonts, runs: &[Run], width: f32) -> Vec<Segment> {
    let whole: String = runs.iter().map(|r| r.text.as_str()).collect();
    let mut out = Vec::new();
    let mut start = 0;
    for (end, kind) in linebreaks(&whole) {
        let must_end = kind == BreakOpportunity::Mandatory && end < whole.len();
        let segment = segment(fonts, runs, &whole, start, end, must_end);
        if segment.trimmed <= width {
            out.push(segment);
        } else {
            joints(fonts, runs, &whole, (start, end), width, must_end, &mut out);
        }
        start = end;
    }
    out
}

/// Splits a piece that is wider than a line: at joints of names, then between letters.
fn joints(
    fonts: &Fonts,
    runs: &[Run],
    whole: &str,
    (start, end): (usize, usize),
    width: f32,
    must_end: bool,
    out: &mut Vec<Segment>,
) {
    let text = &whole[start..end];
    let mut cuts: Vec<usize> = text
        .char_indices()
        .skip(1)
        .filter(|(i, _)| is_joint(text, *i))
        .map(|(i, _)| start + i)
        .collect();
    cuts.push(end);
    let mut from = start;
    for to in cuts {
        let piece = segment(fonts, runs, whole, from, to, must_end && to == end);
        if piece.trimmed <= width {
            out.push(piece);
        } else {
            let letters: Vec<usize> = whole[from..to]
                .char_indices()
                .skip(1)
                // A mark stays with its letter.
                .filter(|(_, c)| !matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{20d0}'..='\u{20ff}'))
                .map(|(i, _)| from + i)
                .chain([to])
                .collect();
            let mut at = from;
            for next in letters {
                out.push(segment(fonts, runs, whole, at, next, must_end && next == end));
                at = next;
            }
        }
        from = to;
    }
}

/// Whether a name may break before byte `i`: after `:` `_` `;` `,` `/` `.` `-` `)` and before `(`, `del`, `ins`, `dup`,
/// `inv`.
fn is_joint(text: &str, i: usize) -> bool {
    let (before, after) = text.split_at(i);
    // `delins` stays whole.
    let inside_delins = before.ends_with("del") && after.starts_with("ins");
    before.ends_with([':', '_', ';', ',', '/', '.', '-', ')', '|'])
        || after.starts_with('(')
        || (!inside_delins && ["del", "ins", "dup", "inv"].iter().any(|w| after.starts_with(w)))
}

fn segment(fonts: &Fonts, runs: &[Run], whole: &str, start: usize, end: usize, must_end: bool) -> Segment {
    let visible_end = start + whole[start..end].trim_end().len();
    let (mut parts, mut width, mut trimmed) = (Vec::new(), 0.0, 0.0);
    let mut offset = 0;
    for (n, run) in runs.iter().enumerate() {
        let (from, to) = (start.max(offset), end.min(offset + run.text.len()));
        if from < to {
            let part = &whole[from..to];
            let part_width = fonts.shape(run.face, part).width * run.size / 1000.0;
            trimmed = if visible_end >= to {
                width + part_width
            } else if visible_end > from {
                width + fonts.shape(run.face, &whole[from..visible_end]).width * run.size / 1000.0
            } else {
                trimmed
            };
            width += part_width;
            parts.push((n, part.to_owned()));
        }
        offset += run.text.len();
    }
    Segment {
        parts,
        trimmed,
        must_end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Voice;

    fn said(line: &LaidLine) -> String {
        line.pieces
            .iter()
            .flat_map(|p| &p.glyphs)
            .map(|g| g.text.as_str())
            .collect()
    }

    #[test]
    fn every_letter_is_kept_and_every_line_fits() {
        let fonts = Fonts::load().unwrap();
        let long = format!("NC_000017.11:g.43124028_43124029delins{}", "ACGT".repeat(60));
        for (text, width) in [
            (
                "The variant removes two bases in exon 2 of BRCA1 and shifts the reading frame.",
                120.0,
            ),
            (long.as_str(), 100.0),
            (long.as_str(), 17.0),
            ("Łukasz Ñandú, Ωmega Кириллица", 40.0),
        ] {
            let lines = wrap(&fonts, &Text::of(Voice::Sequence, text), 9.0, width);
            assert_eq!(lines.iter().map(said).collect::<String>(), text);
            assert!(lines.iter().all(|l| l.width <= width + 0.01), "{text} at {width}");
        }
    }

    #[test]
    fn names_break_at_their_joints() {
        let fonts = Fonts::load().unwrap();
        let text = Text::of(Voice::Sequence, "NC_000017.11:g.43124028_43124029delinsTTA");
        let lines: Vec<String> = wrap(&fonts, &text, 9.0, 100.0).iter().map(said).collect();
        assert_eq!(lines, ["NC_000017.11:g.", "43124028_43124029", "delinsTTA"]);
    }

    #[test]
    fn what_no_font_has_is_printed_by_its_number() {
        let fonts = Fonts::load().unwrap();
        let lines = wrap(&fonts, &Text::plain("\u{5d0}b"), 9.0, 200.0);
        assert_eq!(said(&lines[0]), "[U+05D0]b");
    }
}
