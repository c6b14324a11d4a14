//! Sizes and colours, after design/tokens.css. Lengths in points unless they say otherwise.

use clinotype_case::criterion::Class;
use clinotype_case::finding::Outcome;

use super::fonts::Face;
use crate::model::Voice;

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour(pub(super) u8, pub(super) u8, pub(super) u8);

pub(super) const INK: Colour = Colour(0x1a, 0x1e, 0x22);
pub(super) const QUIET: Colour = Colour(0x4f, 0x57, 0x61);
pub(super) const LINE: Colour = Colour(0xd5, 0xd0, 0xc5);
pub(super) const LINE_STRONG: Colour = Colour(0xb9, 0xb3, 0xa6);
pub(super) const SUNKEN: Colour = Colour(0xf3, 0xf1, 0xec);
pub(super) const WHITE: Colour = Colour(0xff, 0xff, 0xff);
pub(super) const WARN: Colour = Colour(0x8a, 0x5a, 0x00);
pub(super) const WATERMARK: Colour = Colour(0xf1, 0xef, 0xec);

/// Points per millimetre.
pub(super) const MM: f32 = 72.0 / 25.4;

/// Body text.
pub(super) const BODY: f32 = 9.0;
/// Text of tables and lists of facts.
pub(super) const TABLE: f32 = 8.2;
/// Labels, header and footer.
pub(super) const SMALL: f32 = 8.0;
/// Line height as a multiple of the size.
pub(super) const LEADING: f32 = 1.29;

/// Paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Paper {
    /// Width and height, points.
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Paper {
    /// 210 x 297 mm.
    pub(crate) const A4: Self = Self {
        width: 210.0 * MM,
        height: 297.0 * MM,
    };
    /// 8.5 x 11 in.
    #[allow(dead_code, reason = "laid out by the tests; no way to choose it yet")]
    pub(crate) const LETTER: Self = Self {
        width: 612.0,
        height: 792.0,
    };
    pub(super) const LEFT: f32 = 17.0 * MM;
    pub(super) const TOP: f32 = 15.0 * MM;
    pub(super) const BOTTOM: f32 = 15.0 * MM;

    /// Width between the margins.
    pub(super) const fn inner(self) -> f32 {
        self.width - 2.0 * Self::LEFT
    }
}

/// Font, size of the sequence font beside the body font, colour.
pub(super) const fn voice(voice: Voice) -> (Face, f32, Colour) {
    // The sequence font is wider and looks larger at the same size; 0.98 keeps tables at 8 points or more (8.2 x 0.98).
    match voice {
        Voice::Plain => (Face::Regular, 0.98, INK),
        Voice::Strong => (Face::Strong, 0.98, INK),
        Voice::Quiet => (Face::Regular, 0.98, QUIET),
        Voice::Sequence => (Face::Sequence, 0.98, INK),
        Voice::QuietSequence => (Face::Sequence, 0.98, QUIET),
    }
}

/// Colour of a class. The word and the position carry the meaning; uncertain is never red.
pub(super) const fn class(class: Class) -> Colour {
    match class {
        Class::Benign => Colour(0x3a, 0x5a, 0x8c),
        Class::LikelyBenign => Colour(0x3f, 0x6d, 0x84),
        Class::Uncertain => Colour(0x7a, 0x6a, 0x2c),
        Class::LikelyPathogenic => Colour(0xb9, 0x50, 0x3a),
        Class::Pathogenic => Colour(0xa3, 0x17, 0x3b),
    }
}

/// Position of a class on the five-step mark, 0 benign to 4 pathogenic.
pub(super) const fn step(class: Class) -> usize {
    match class {
        Class::Benign => 0,
        Class::LikelyBenign => 1,
        Class::Uncertain => 2,
        Class::LikelyPathogenic => 3,
        Class::Pathogenic => 4,
    }
}

/// Colour and wash of the result banner.
pub(super) const fn outcome(outcome: Outcome) -> (Colour, Colour) {
    match outcome {
        Outcome::Positive => (Colour(0xa3, 0x17, 0x3b), Colour(0xfa, 0xf1, 0xf3)),
        Outcome::Carrier => (Colour(0x0a, 0x5a, 0x73), Colour(0xec, 0xf4, 0xf6)),
        Outcome::Uncertain => (Colour(0x7a, 0x6a, 0x2c), Colour(0xf7, 0xf5, 0xec)),
        Outcome::Negative => (Colour(0x4f, 0x57, 0x61), Colour(0xf3, 0xf3, 0xf3)),
        Outcome::Inconclusive => (WARN, Colour(0xfa, 0xf4, 0xe8)),
    }
}
