//! Report model to paper: [`pdf`] and [`html`], both from one layout-free document, so that they say the same.
//!
//! `build` turns a [`clinotype_case::Report`] into blocks (headings, paragraphs, tables, ...), `words` holds the
//! wording, `pdf` and `html` render the blocks. Nothing here decides anything: what a report concludes stands in the
//! model. Content after specs/REPORT.md; pages after design/report-page.html. printpdf is used nowhere else.
//!
//! Equal reports give equal bytes: there is no clock and no randomness here. A missing value is printed as `not
//! stated`, `not evaluated` or `not assessed`, never as blank or zero. No PDF/A conformance is claimed.

mod build;
mod html;
mod model;
mod pdf;
pub mod words;

#[cfg(test)]
mod tests;

use clinotype_case::Report;
use clinotype_genome::Result;

/// The report as a PDF (A4, tagged, fonts embedded). The same report gives the same bytes.
///
/// # Errors
/// An internal fault if printpdf refuses a font or if a line would leave the page; never clips silently.
pub fn pdf(report: &Report) -> Result<Vec<u8>> {
    pdf::render(&document(report)?, pdf::Paper::A4)
}

/// The report as one HTML file: same content and order as [`pdf`], no scripts, no requests, with print style.
///
/// # Errors
/// An internal fault if the shipped fonts cannot be read (they decide whether a notice is needed).
pub fn html(report: &Report) -> Result<String> {
    Ok(html::render(&document(report)?))
}

/// Number of pages of a PDF that [`pdf`] made.
///
/// # Errors
/// An input fault if the bytes are no PDF.
pub fn pdf_pages(bytes: &[u8]) -> Result<u32> {
    pdf::pages_of(bytes)
}

/// What both forms render.
fn document(report: &Report) -> Result<model::Document> {
    let mut document = build::document(report, build::Front::TableFirst);
    if !pdf::front_fits(&document)? {
        document = build::document(report, build::Front::InterpretationFirst);
    }
    if pdf::lacks_glyphs(&document)? {
        // After the letterhead and the identifiers.
        let notice = model::Block::Notice(model::Text::plain(words::MISSING_GLYPHS));
        document.blocks.insert(document.blocks.len().min(2), notice);
    }
    Ok(document)
}
