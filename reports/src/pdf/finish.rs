//! What printpdf leaves open: PDF 1.7 with structure tree, language, outline, title, and a `/ID` made from the content
//! (printpdf takes it from a counter of the process). No PDF/A conformance is claimed.

use clinotype_genome::{Fault, Result};
use lopdf::{Dictionary, Document as Pdf, Object, ObjectId, StringFormat, dictionary};
use printpdf::{PdfParseErrorSeverity, PdfWarnMsg};
use sha2::{Digest, Sha256};

use super::chunk::Tree;
use super::emit::Content;
use super::pages::Mark;
use crate::model::Document;

/// An error that printpdf reports as a warning stops the report: a font or a text would be missing.
pub(super) fn refuse(warnings: &[PdfWarnMsg]) -> Result<()> {
    match warnings.iter().find(|w| w.severity == PdfParseErrorSeverity::Error) {
        Some(warning) => Err(Fault::internal(format!(
            "the PDF could not be written: {}",
            warning.msg
        ))),
        None => Ok(()),
    }
}

/// Completes the document and gives its bytes.
pub(super) fn finish(
    mut pdf: Pdf,
    document: &Document,
    tree: &Tree,
    content: &[Content],
    marks: &[Mark],
    page_height: f32,
) -> Result<Vec<u8>> {
    let wrong = |e: lopdf::Error| Fault::internal("the PDF could not be completed").caused_by(e);
    "1.7".clone_into(&mut pdf.version);
    let pages: Vec<ObjectId> = pdf.get_pages().into_values().collect();
    let structure = structure(&mut pdf, &pages, tree, content).map_err(wrong)?;
    let outline = outline(&mut pdf, &pages, marks, page_height);
    let catalog = pdf.catalog_mut().map_err(wrong)?;
    catalog.set("Lang", Object::string_literal("en"));
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("StructTreeRoot", structure);
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    if let Some(outline) = outline {
        catalog.set("Outlines", outline);
        catalog.set("PageMode", "UseOutlines");
    }
    let mut information = dictionary! {
        "Title" => utf16(&document.title),
        "Creator" => utf16("Clinotype"),
        "Producer" => utf16("Clinotype, printpdf"),
    };
    if document.created.len() == 14 {
        let date = Object::string_literal(format!("D:{}Z", document.created));
        information.set("CreationDate", date.clone());
        information.set("ModDate", date);
    }
    let information = pdf.add_object(information);
    let old = pdf.trailer.get(b"Info").and_then(Object::as_reference).ok();
    pdf.trailer.set("Info", information);
    if let Some(old) = old {
        pdf.objects.remove(&old);
    }
    pdf.compress();
    pdf.trailer.set("ID", id(&[0; 16]));
    let digest = Sha256::digest(bytes(&mut pdf)?);
    pdf.trailer.set("ID", id(&digest[..16]));
    bytes(&mut pdf)
}

fn bytes(pdf: &mut Pdf) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    pdf.save_to(&mut out)
        .map_err(|e| Fault::internal("the PDF could not be written").caused_by(e))?;
    Ok(out)
}

fn id(value: &[u8]) -> Object {
    let id = Object::String(value.to_vec(), StringFormat::Hexadecimal);
    Object::Array(vec![id.clone(), id])
}

/// A text string for any script (PDF 32000-1, 7.9.2.2): UTF-16BE with its mark.
fn utf16(text: &str) -> Object {
    let bytes = [0xfe, 0xff]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// The structure tree (PDF 32000-1, 14.7): one element per node, marked content at the leaves, and the way back from
/// marked content to elements in the parent tree.
fn structure(pdf: &mut Pdf, pages: &[ObjectId], tree: &Tree, content: &[Content]) -> lopdf::Result<ObjectId> {
    let root = pdf.new_object_id();
    let elements: Vec<ObjectId> = tree.nodes.iter().map(|_| pdf.new_object_id()).collect();
    let mut kids: Vec<Vec<Object>> = vec![Vec::new(); elements.len()];
    for (n, (_, parent)) in tree.nodes.iter().enumerate().skip(1) {
        kids[*parent].push(elements[n].into());
    }
    let mut parents: Vec<Vec<Object>> = vec![Vec::new(); pages.len()];
    for part in content {
        kids[part.node].push(
            dictionary! {
                "Type" => "MCR",
                "Pg" => pages[part.page],
                "MCID" => part.mcid as i64,
            }
            .into(),
        );
        // Content numbers rise by one on every page, as the parent tree's arrays need.
        parents[part.page].push(elements[part.node].into());
    }
    for (n, ((role, parent), kids)) in tree.nodes.iter().zip(kids).enumerate() {
        let parent = if n == 0 { root } else { elements[*parent] };
        let mut element = dictionary! {
            "Type" => "StructElem",
            "S" => *role,
            "P" => parent,
            "K" => kids,
        };
        if *role == "TH" {
            element.set("A", dictionary! { "O" => "Table", "Scope" => "Column" });
        }
        pdf.objects.insert(elements[n], element.into());
    }
    let mut numbers = Vec::new();
    for (n, page_parents) in parents.into_iter().enumerate() {
        let list = pdf.add_object(page_parents);
        numbers.push(Object::Integer(n as i64));
        numbers.push(list.into());
        let page: &mut Dictionary = pdf.get_object_mut(pages[n])?.as_dict_mut()?;
        page.set("StructParents", n as i64);
        page.set("Tabs", "S");
    }
    let parent_tree = pdf.add_object(dictionary! { "Nums" => numbers });
    let tree_root = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => elements[0],
        "ParentTree" => parent_tree,
        "ParentTreeNextKey" => pages.len() as i64,
    };
    pdf.objects.insert(root, tree_root.into());
    Ok(root)
}

/// The outline: sections, and variants below them.
fn outline(pdf: &mut Pdf, pages: &[ObjectId], marks: &[Mark], height: f32) -> Option<ObjectId> {
    if marks.is_empty() {
        return None;
    }
    let root = pdf.new_object_id();
    let ids: Vec<ObjectId> = marks.iter().map(|_| pdf.new_object_id()).collect();
    // The parent of a mark is the last mark of a lower level before it.
    let parent = |n: usize| (0..n).rev().find(|m| marks[*m].level < marks[n].level);
    let parents: Vec<Option<usize>> = (0..marks.len()).map(parent).collect();
    let children = |of: Option<usize>| (0..marks.len()).filter(|n| parents[*n] == of).collect::<Vec<_>>();
    let link = |dictionary: &mut Dictionary, family: &[usize]| {
        if let (Some(first), Some(last)) = (family.first(), family.last()) {
            dictionary.set("First", ids[*first]);
            dictionary.set("Last", ids[*last]);
        }
    };
    for (n, mark) in marks.iter().enumerate() {
        let mut entry = dictionary! {
            "Title" => utf16(&crate::model::visible(&mark.title)),
            "Parent" => parents[n].map_or(root, |p| ids[p]),
            "Dest" => vec![
                pages[mark.page].into(), "XYZ".into(), Object::Null,
                Object::Real((height - mark.y + 6.0).min(height)), Object::Null,
            ],
        };
        let siblings = children(parents[n]);
        let at = siblings.iter().position(|s| *s == n);
        if let Some(before) = at.and_then(|a| a.checked_sub(1)).and_then(|a| siblings.get(a)) {
            entry.set("Prev", ids[*before]);
        }
        if let Some(after) = at.and_then(|a| siblings.get(a + 1)) {
            entry.set("Next", ids[*after]);
        }
        let below = children(Some(n));
        link(&mut entry, &below);
        if !below.is_empty() {
            // Negative: closed when the file is opened.
            entry.set("Count", -(below.len() as i64));
        }
        pdf.objects.insert(ids[n], entry.into());
    }
    let top = children(None);
    let mut tree = dictionary! { "Type" => "Outlines", "Count" => top.len() as i64 };
    link(&mut tree, &top);
    pdf.objects.insert(root, tree.into());
    Some(root)
}
