//! The three embedded fonts and shaping with rustybuzz.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use clinotype_genome::{Fault, Result};
use printpdf::{FontId, ParsedFont, PdfFont, PdfResources};
use rustybuzz::{
    BufferClusterLevel, UnicodeBuffer,
    ttf_parser::{GlyphId, OutlineBuilder},
};

/// A font of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Face {
    /// Inter Regular.
    Regular,
    /// Inter SemiBold.
    Strong,
    /// IBM Plex Mono, cut down under another name.
    Sequence,
}

/// In the order of [`Face`].
const FILES: [&[u8]; 3] = [
    include_bytes!("../../fonts/Inter-Regular.ttf"),
    include_bytes!("../../fonts/Inter-SemiBold.ttf"),
    include_bytes!("../../fonts/ClinotypeSequence-Regular.ttf"),
];
/// Resource names in the PDF; fixed, because equal reports give equal bytes.
const NAMES: [&str; 3] = ["Regular", "Strong", "Sequence"];

/// A shaped glyph; lengths in thousandths of an em.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glyph {
    /// Glyph id in the shipped font.
    pub(super) id: u16,
    /// The text it stands for, for the PDF's ToUnicode map.
    pub(super) text: String,
    /// To the next glyph.
    pub(super) advance: f32,
    /// Shift of this glyph alone, right and up.
    pub(super) shift: (f32, f32),
    /// Advance as printpdf writes it into the PDF (cut to an integer): what the viewer's pen will do.
    pub(super) written: f32,
}

/// A shaped stretch of text; width in thousandths of an em.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Shaped {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) width: f32,
}

/// The loaded fonts.
pub(super) struct Fonts {
    shapers: Vec<rustybuzz::Face<'static>>,
    parsed: Vec<ParsedFont>,
    shaped: RefCell<HashMap<(Face, String), Rc<Shaped>>>,
    /// The first text that each glyph stood for: a PDF font has one text per glyph.
    texts: RefCell<HashMap<(Face, u16), String>>,
}

impl Fonts {
    /// Reads the shipped fonts.
    pub(super) fn load() -> Result<Self> {
        let mut shapers = Vec::new();
        let mut parsed = Vec::new();
        for (bytes, name) in FILES.into_iter().zip(NAMES) {
            let refused = || Fault::internal(format!("the shipped font {name} cannot be read"));
            shapers.push(rustybuzz::Face::from_slice(bytes, 0).ok_or_else(refused)?);
            parsed.push(ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).ok_or_else(refused)?);
        }
        Ok(Self {
            shapers,
            parsed,
            shaped: RefCell::default(),
            texts: RefCell::default(),
        })
    }

    /// The font that shows the character: the wanted one, else one that has it, else none.
    pub(super) fn face_for(&self, c: char, wanted: Face) -> Option<Face> {
        let has = |face: Face| self.shapers[face as usize].glyph_index(c).is_some();
        [wanted, Face::Regular, Face::Sequence]
            .into_iter()
            .find(|face| has(*face))
    }

    /// Shapes one stretch.
    pub(super) fn shape(&self, face: Face, text: &str) -> Rc<Shaped> {
        let key = (face, text.to_owned());
        if let Some(found) = self.shaped.borrow().get(&key) {
            return Rc::clone(found);
        }
        let shaped = Rc::new(self.shape_anew(face, text));
        self.shaped.borrow_mut().insert(key, Rc::clone(&shaped));
        shaped
    }

    fn shape_anew(&self, face: Face, text: &str) -> Shaped {
        let font = &self.shapers[face as usize];
        let units = font.units_per_em() as f32;
        let per_mille = |n: i32| n as f32 * 1000.0 / units;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(rustybuzz::Direction::LeftToRight);
        buffer.set_cluster_level(BufferClusterLevel::Characters);
        let output = rustybuzz::shape(font, &tabular(text), buffer);
        let mut glyphs = Vec::with_capacity(output.len());
        let infos = output.glyph_infos();
        for (n, (info, position)) in infos.iter().zip(output.glyph_positions()).enumerate() {
            let start = info.cluster as usize;
            let end = infos
                .iter()
                .map(|i| i.cluster as usize)
                .filter(|c| *c > start)
                .min()
                .unwrap_or(text.len());
            let first_of_cluster = infos[..n].iter().all(|i| i.cluster != info.cluster);
            let own = if first_of_cluster {
                text.get(start..end).unwrap_or("")
            } else {
                ""
            };
            // Glyph ids of a font with fewer than 65,536 glyphs.
            let id = info.glyph_id as u16;
            let unit_advance = font.glyph_hor_advance(GlyphId(id)).unwrap_or(0);
            glyphs.push(Glyph {
                id,
                text: self
                    .texts
                    .borrow_mut()
                    .entry((face, id))
                    .or_insert_with(|| own.replace('\u{a0}', " "))
                    .clone(),
                advance: per_mille(position.x_advance),
                shift: (per_mille(position.x_offset), per_mille(position.y_offset)),
                written: (f32::from(unit_advance) * 1000.0 / units).trunc(),
            });
        }
        let width = glyphs.iter().map(|g| g.advance).sum();
        Shaped { glyphs, width }
    }

    /// Units of an em.
    pub(super) fn units(&self, face: Face) -> f32 {
        self.shapers[face as usize].units_per_em() as f32
    }

    /// Hands the outline of a glyph to `builder`; nothing for a space.
    pub(super) fn outline(&self, face: Face, glyph: u16, builder: &mut dyn OutlineBuilder) {
        let _ = self.shapers[face as usize].outline_glyph(GlyphId(glyph), builder);
    }

    /// Hands the fonts to the document.
    pub(super) fn register(&self, resources: &mut PdfResources) {
        for (name, parsed) in NAMES.into_iter().zip(&self.parsed) {
            resources
                .fonts
                .map
                .insert(FontId(name.to_owned()), PdfFont::new(parsed.clone()));
        }
    }
}

/// Figures of one width, for the figures alone: the feature also widens hyphens and full stops.
fn tabular(text: &str) -> Vec<rustybuzz::Feature> {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let starts = (0..text.len()).filter(|i| digit(*i) && (*i == 0 || !digit(i - 1)));
    starts
        .map(|start| rustybuzz::Feature {
            tag: rustybuzz::ttf_parser::Tag::from_bytes(b"tnum"),
            value: 1,
            start: start as u32,
            // Exclusive; `Feature::new` of rustybuzz 0.20.1 makes ranges one short.
            end: (start..text.len()).find(|i| !digit(*i)).unwrap_or(text.len()) as u32,
        })
        .collect()
}

impl Face {
    /// The font's resource.
    pub(super) fn id(self) -> FontId {
        FontId(NAMES[self as usize].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_names_of_many_scripts() {
        let fonts = Fonts::load().unwrap();
        for name in [
            "Łukasz Ñandú",
            "Ωmega",
            "Кириллица",
            "Đặng Thị Ánh",
            "Ğülşen",
            "→ ≥ ≤ ·",
        ] {
            assert!(
                name.chars().all(|c| fonts.face_for(c, Face::Regular).is_some()),
                "{name}"
            );
            let shaped = fonts.shape(Face::Regular, name);
            assert!(shaped.glyphs.iter().all(|g| g.id != 0), "{name}");
            let text: String = shaped.glyphs.iter().map(|g| g.text.as_str()).collect();
            assert_eq!(text, name);
        }
        assert_eq!(fonts.face_for('א', Face::Regular), None);
        assert_eq!(fonts.face_for('Ω', Face::Sequence), Some(Face::Regular));
    }

    #[test]
    fn a_mark_does_not_change_the_letter_elsewhere() {
        let fonts = Fonts::load().unwrap();
        // x with caron has no composed form: base and mark stay two glyphs.
        let marked = fonts.shape(Face::Regular, "x\u{30c}");
        let plain = fonts.shape(Face::Regular, "x");
        assert_eq!(plain.glyphs[0].text, "x");
        assert_eq!(
            marked.glyphs.iter().map(|g| g.text.as_str()).collect::<String>(),
            "x\u{30c}"
        );
    }

    #[test]
    fn figures_have_one_width() {
        let fonts = Fonts::load().unwrap();
        assert!((fonts.shape(Face::Regular, "111").width - fonts.shape(Face::Regular, "888").width).abs() < 0.01);
    }
}
