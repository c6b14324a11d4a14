//! The PDF backend: fonts, line breaking, layout, pages, and what printpdf leaves open.
//!
//! printpdf's HTML layout is not used: it clips text at the page edge without a warning. Its operations layer draws
//! what our own layout has placed; `finish` adds structure, language, outline and a fixed `/ID` with lopdf.

mod chunk;
mod emit;
mod finish;
mod fonts;
mod layout;
mod marks;
mod pages;
mod style;
mod table;
mod watermark;
mod wrap;

use clinotype_genome::Result;
use printpdf::{PdfDocument, PdfSaveOptions};

pub(crate) use self::style::Paper;
use crate::model::Document;

/// Whether the document holds characters that none of the fonts has.
pub(crate) fn lacks_glyphs(document: &Document) -> Result<bool> {
    let fonts = fonts::Fonts::load()?;
    let lacks = |text: &str| {
        crate::model::visible(text)
            .chars()
            .any(|c| !c.is_ascii() && fonts.face_for(c, fonts::Face::Regular).is_none())
    };
    Ok(lacks(&document.running.identity) || document.sentences().iter().any(|s| lacks(s)))
}

/// Lays out the document, a little closer where that keeps page 1 on one page.
fn layout<'a>(fonts: &'a fonts::Fonts, paper: Paper, document: &'a Document) -> layout::Layout<'a> {
    let wide = layout::Layout::of(fonts, paper, document, 1.0);
    if pages::front_fits(&wide, &document.running) {
        return wide;
    }
    let close = layout::Layout::of(fonts, paper, document, 0.5);
    if pages::front_fits(&close, &document.running) {
        close
    } else {
        wide
    }
}

/// Whether what stands before the first page break fits on page 1.
pub(crate) fn front_fits(document: &Document) -> Result<bool> {
    let fonts = fonts::Fonts::load()?;
    Ok(pages::front_fits(
        &layout(&fonts, Paper::A4, document),
        &document.running,
    ))
}

/// Number of pages of a written PDF.
pub(crate) fn pages_of(bytes: &[u8]) -> Result<u32> {
    let pdf = lopdf::Document::load_mem(bytes)
        .map_err(|e| clinotype_genome::Fault::input("the bytes are no PDF").caused_by(e))?;
    Ok(pdf.get_pages().len() as u32)
}

/// Renders the document.
pub(crate) fn render(document: &Document, paper: Paper) -> Result<Vec<u8>> {
    let fonts = fonts::Fonts::load()?;
    let layout = layout(&fonts, paper, document);
    let (pages, marks) = pages::place(&layout, &document.running)?;
    let mut pdf = PdfDocument::new(&document.title);
    fonts.register(&mut pdf.resources);
    let (drawn, content) = emit::pages(&fonts, paper, &document.running, &pages);
    pdf.with_pages(drawn);
    let mut warnings = Vec::new();
    let options = PdfSaveOptions {
        image_optimization: None,
        ..PdfSaveOptions::default()
    };
    let written = pdf.to_lopdf_document(&options, &mut warnings);
    finish::refuse(&warnings)?;
    finish::finish(written, document, &layout.tree, &content, &marks, paper.height)
}
