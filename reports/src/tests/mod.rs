//! What holds for every report, whatever it says: on every page, in both forms, and in the file around them.

#[allow(missing_docs, reason = "the names are the cases")]
#[allow(unreachable_pub, clippy::assigning_clones, reason = "shared with the example")]
mod sample;

use lopdf::Object;
use printpdf::{DictItem, Op, PdfDocument, PdfParseOptions, TextItem};

use crate::model::{Document, code_point, visible};
use crate::{document, html, pdf, words};

/// Text of a page: content, and everything (content, header, footer), without white space.
struct PageText {
    content: String,
    all: String,
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Reads the text back from the bytes, through the ToUnicode maps of the embedded fonts.
fn pages(bytes: &[u8]) -> Vec<PageText> {
    let parsed = PdfDocument::parse(bytes, &PdfParseOptions::default(), &mut Vec::new()).unwrap();
    let mut pages = Vec::new();
    for page in &parsed.pages {
        let (mut content, mut all) = (String::new(), String::new());
        let mut artifact = false;
        for op in &page.ops {
            match op {
                Op::BeginMarkedContent { tag } => artifact = tag == "Artifact",
                Op::EndMarkedContent => artifact = false,
                Op::ShowText { items } => {
                    for glyph in items.iter().filter_map(|i| match i {
                        TextItem::GlyphIds(glyphs) => Some(glyphs),
                        _ => None,
                    }) {
                        let text: String = glyph.iter().map(|g| g.cid.as_deref().unwrap_or("\u{fffd}")).collect();
                        all.push_str(&text);
                        if !artifact {
                            content.push_str(&text);
                        }
                    }
                }
                _ => {}
            }
        }
        pages.push(PageText {
            content: squeezed(&content),
            all: squeezed(&all),
        });
    }
    pages
}

/// Text of an HTML file as a reader gets it, without white space.
fn html_text(html: &str) -> String {
    let body = &html[html.find("<body>").unwrap()..];
    let mut text = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'");
    squeezed(&text.replace("&amp;", "&"))
}

/// As the PDF prints it: what no font has stands as its number.
fn printed(text: &str) -> String {
    let missing = ['\u{5d0}', '\u{5d1}', '王'];
    squeezed(&visible(text))
        .chars()
        .map(|c| {
            if missing.contains(&c) {
                code_point(c)
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// The sample of that name.
fn case(name: &str) -> clinotype_case::Report {
    sample::all().into_iter().find(|(n, _)| *n == name).unwrap().1
}

fn built() -> Vec<(&'static str, clinotype_case::Report, Document)> {
    sample::all()
        .into_iter()
        .map(|(name, report)| {
            let built = document(&report).unwrap();
            (name, report, built)
        })
        .collect()
}

#[test]
fn every_page_says_who_what_state_and_which_page() {
    for (name, report, built) in built() {
        for paper in [pdf::Paper::A4, pdf::Paper::LETTER] {
            let bytes = pdf::render(&built, paper).unwrap();
            let pages = pages(&bytes);
            assert_eq!(crate::pdf_pages(&bytes).unwrap() as usize, pages.len(), "{name}");
            for (n, page) in pages.iter().enumerate() {
                for needed in [
                    built.running.identity.clone(),
                    report.state_in_effect().words().to_owned(),
                    format!("page {} of {}", n + 1, pages.len()),
                    format!("{} v{}", report.id, report.version),
                    report.software.clone(),
                    "GRCh38".to_owned(),
                ] {
                    assert!(page.all.contains(&printed(&needed)), "{name}, page {}: {needed}", n + 1);
                }
                let last = n + 1 == pages.len();
                assert_eq!(
                    page.all.contains(&squeezed(words::END_OF_REPORT)),
                    last,
                    "{name}, page {}",
                    n + 1
                );
            }
            if let Some(order) = &report.order {
                let page = &pages.last().unwrap().all;
                for value in order
                    .patient
                    .identifiers
                    .iter()
                    .map(|i| i.value.as_str())
                    .chain(["1970-01-01", "female"])
                {
                    assert!(page.contains(value), "{name}: {value}");
                }
            } else {
                assert!(
                    pages.iter().all(|p| p.all.contains("UNIDENTIFIED·sampleDEMO-01")),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn pdf_and_html_say_the_same() {
    for (name, report, built) in built() {
        let sentences = built.sentences();
        assert!(sentences.len() > 100, "{name}");
        let paper: String = pages(&pdf(&report).unwrap()).into_iter().map(|p| p.content).collect();
        let screen = html_text(&html(&report).unwrap());
        // In order: each sentence is found after the one before.
        let (mut on_paper, mut on_screen) = (0, 0);
        for sentence in &sentences {
            let (paper_words, screen_words) = (printed(sentence), squeezed(&visible(sentence)));
            match paper[on_paper..].find(&paper_words) {
                Some(at) => on_paper += at + paper_words.len(),
                // A row taller than a page stands on it column by column: order and long cells are not kept there
                // (`a_cell_taller_than_a_page_loses_no_letter`).
                None if name == "long" && (paper_words.len() > 300 || paper.contains(&paper_words)) => {}
                None => panic!("{name}: not in the PDF after its predecessor: {sentence}"),
            }
            match screen[on_screen..].find(&screen_words) {
                Some(at) => on_screen += at + screen_words.len(),
                None => panic!("{name}: not in the HTML after its predecessor: {sentence}"),
            }
        }
    }
}

#[test]
fn a_cell_taller_than_a_page_loses_no_letter() {
    let (_, report, _) = built().into_iter().find(|(name, ..)| *name == "long").unwrap();
    let paper: String = pages(&pdf(&report).unwrap()).into_iter().map(|p| p.content).collect();
    // The summary says how many bases, the evidence prints them; names hold few other capital A.
    let runs = paper
        .split(|c| c != 'A')
        .map(str::len)
        .filter(|n| *n > 10)
        .sum::<usize>();
    assert_eq!(runs, 2000);
    assert!(paper.contains("(2,000bases,infullunderevidence)"));
}

#[test]
fn page_1_answers_the_question() {
    for (name, report, built) in built() {
        let first = &pages(&pdf(&report).unwrap())[0].content;
        let conclusion = &report.interpretation.conclusion;
        for needed in [
            conclusion.outcome.word(),
            conclusion.headline.as_str(),
            words::NOT_SIGNED,
        ]
        .into_iter()
        .chain(conclusion.interpretation.iter().map(String::as_str))
        .chain(conclusion.recommendations.iter().map(String::as_str))
        .chain(report.notices.iter().map(String::as_str))
        .chain(words::SIGNATURES)
        .chain([conclusion.secondary_findings.as_str()])
        {
            assert!(first.contains(&printed(needed)), "{name}: {needed}");
        }
        // One to three findings fit with their table.
        if !matches!(name, "long" | "many") {
            for finding in report
                .interpretation
                .findings
                .iter()
                .take(usize::from(!built.blocks.is_empty()))
            {
                assert!(first.contains(finding.shown.transcript.as_str()), "{name}");
            }
            let table = first.find("Zygosity").unwrap_or(0);
            assert!(table < first.find("Approvedandsignedby").unwrap(), "{name}");
        }
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = sample::positive();
    let first = pdf(&report).unwrap();
    let page = html(&report).unwrap();
    // Another report in between, and another thread: no counter of the process may show.
    pdf(&case("unidentified")).unwrap();
    assert_eq!(first, pdf(&report).unwrap());
    let other = std::thread::spawn({
        let report = report.clone();
        move || pdf(&report).unwrap()
    });
    assert_eq!(first, other.join().unwrap());
    assert_eq!(page, html(&report).unwrap());
    let mut later = report;
    later.version = 2;
    assert_ne!(first, pdf(&later).unwrap());
}

#[test]
fn the_file_around_the_pages_names_no_patient() {
    let report = sample::positive();
    let file = lopdf::Document::load_mem(&pdf(&report).unwrap()).unwrap();
    let mut strings = Vec::new();
    for object in file.objects.values().chain([&Object::Dictionary(file.trailer.clone())]) {
        collect(object, &mut strings);
    }
    assert!(strings.iter().any(|s| s.contains("R-S-000123")), "the title is there");
    for value in ["Synthetic", "Demo", "4471", "Case", "1970"] {
        assert!(strings.iter().all(|s| !s.contains(value)), "{value} in {strings:?}");
    }
    let page = html(&report).unwrap();
    let head = &page[..page.find("<body>").unwrap()];
    assert!(!head.contains("Synthetic") && head.contains("R-S-000123"));
}

/// Every string of an object outside content streams.
fn collect(object: &Object, strings: &mut Vec<String>) {
    match object {
        Object::String(bytes, _) => strings.push(match bytes.strip_prefix(&[0xfe, 0xff]) {
            Some(utf16) => {
                let units: Vec<u16> = utf16.chunks(2).map(|p| u16::from_be_bytes([p[0], p[1]])).collect();
                String::from_utf16_lossy(&units)
            }
            None => String::from_utf8_lossy(bytes).into_owned(),
        }),
        Object::Array(items) => items.iter().for_each(|o| collect(o, strings)),
        Object::Dictionary(items) => items.iter().for_each(|(_, o)| collect(o, strings)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, o)| collect(o, strings)),
        _ => {}
    }
}

#[test]
fn the_structure_tree_holds_every_marked_content() {
    let file = lopdf::Document::load_mem(&pdf(&sample::positive()).unwrap()).unwrap();
    assert_eq!(file.version, "1.7");
    let catalog = file.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en");
    let follow = |o: &Object| file.dereference(o).unwrap().1.clone();
    let root = follow(catalog.get(b"StructTreeRoot").unwrap());
    let parents = follow(root.as_dict().unwrap().get(b"ParentTree").unwrap());
    let numbers = parents
        .as_dict()
        .unwrap()
        .get(b"Nums")
        .unwrap()
        .as_array()
        .unwrap()
        .clone();
    let parsed = PdfDocument::parse(
        &pdf(&sample::positive()).unwrap(),
        &PdfParseOptions::default(),
        &mut Vec::new(),
    )
    .unwrap();
    assert_eq!(numbers.len(), 2 * parsed.pages.len());
    for (n, page) in parsed.pages.iter().enumerate() {
        let marked = page
            .ops
            .iter()
            .filter(|op| matches!(op, Op::BeginMarkedContentWithProperties { properties: DictItem::Dict { map }, .. } if map.contains_key("MCID")))
            .count();
        let listed = follow(&numbers[2 * n + 1]);
        assert_eq!(listed.as_array().unwrap().len(), marked, "page {}", n + 1);
        assert!(marked > 0);
    }
    let outline = follow(catalog.get(b"Outlines").unwrap());
    assert!(outline.as_dict().unwrap().get(b"Count").unwrap().as_i64().unwrap() >= 9);
}

#[test]
fn html_escapes_and_asks_for_nothing() {
    let page = html(&case("unicode")).unwrap();
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot; [U+202E]turned"));
    for bad in ["<script", "src=", "href=", "@import", "url(", "\u{202e}"] {
        assert!(!page.contains(bad), "{bad}");
    }
    assert!(page.contains("\u{5d0}\u{5d1}"), "HTML keeps what it can show");
    assert!(page.contains("in the fonts of its PDF form"));
    assert!(
        !html(&sample::positive())
            .unwrap()
            .contains("in the fonts of its PDF form")
    );
}

#[test]
fn what_is_missing_is_said() {
    let report = case("unidentified");
    let text = html_text(&html(&report).unwrap());
    for needed in [
        words::LABORATORY_NOT_STATED,
        words::UNIDENTIFIED,
        words::NO_PROVENANCE,
        words::RELEASE_NOT_STATED,
    ] {
        assert!(text.contains(&squeezed(needed)), "{needed}");
    }
    let (_, inconclusive, _) = built().into_iter().find(|(name, ..)| *name == "inconclusive").unwrap();
    let text = html_text(&html(&inconclusive).unwrap());
    assert!(text.contains("Coverage:NOTASSESSED") && text.contains("FAIL(build)"));
    for (name, _, built) in built() {
        assert!(
            built.sentences().iter().all(|s| !s.trim().is_empty()),
            "{name}: something is blank"
        );
    }
}

#[test]
fn a_waiver_stands_on_the_first_page_with_who_and_why() {
    let report = case("waived");
    let first = pages(&pdf(&report).unwrap()).remove(0).content;
    let text = html_text(&html(&report).unwrap());
    for needed in [
        "Check Sex FAILED and was WAIVED",
        "by Dr. Ada Reviewer, laboratory director at 2026-11-20 12:30",
        "transplanted marrow of a male donor",
        "FAIL (Sex)",
    ] {
        assert!(first.contains(&squeezed(needed)), "{needed}");
        assert!(text.contains(&squeezed(needed)), "{needed}");
    }
    // Once in front, once with the checks.
    assert_eq!(text.matches(&squeezed("was WAIVED")).count(), 2);
    assert!(!html_text(&html(&sample::positive()).unwrap()).contains("WAIVED"));
}

#[test]
fn targets_limits_and_reasons_of_gaps_are_printed() {
    let text = html_text(&html(&sample::positive()).unwrap());
    for needed in [
        "reads map elsewhere equally well (MAPQ < 20)",
        "Used bases on target 71.2",
        "Hereditary breast and ovarian cancer, version 3 (file, SHA-256 9f86d0",
    ] {
        assert!(text.contains(&squeezed(needed)), "{needed}");
    }
}

#[test]
fn every_gap_and_every_gene_is_printed() {
    let (_, report, _) = built().into_iter().find(|(name, ..)| *name == "panel60").unwrap();
    let clinotype_case::quality::Coverage::Assessed(figures) = &report.quality.coverage else {
        panic!()
    };
    let paper: String = pages(&pdf(&report).unwrap()).into_iter().map(|p| p.content).collect();
    assert!(figures.gaps().count() > 10);
    for (gene, gap) in figures.gaps() {
        // 1-based, both ends included.
        let row = format!(
            "{}{}{}17:{}-{}",
            gene.gene,
            gene.transcript,
            gap.exon,
            gap.interval.start + 1,
            gap.interval.end
        );
        assert!(paper.contains(&row), "{row}");
    }
    assert!(paper.contains("LOST1,LOST2"));
}

#[test]
fn criteria_that_were_not_evaluated_are_not_hidden() {
    let report = sample::positive();
    let text = html_text(&html(&report).unwrap());
    for finding in &report.interpretation.findings {
        for criterion in &finding.criteria {
            assert!(text.contains(criterion.code.as_str()), "{}", criterion.code);
        }
    }
    assert!(text.contains("PS3,BS3Functionalstudiesarenotreadbythesoftware"));
    assert!(text.contains("Thetworulesetsdiffer"));
}

/// What both forms say of a review: class in effect, who, when, why, and what the rules proposed.
#[test]
fn a_review_stands_with_its_person_and_the_proposal() {
    for (name, state, other) in [
        ("reviewed", "DRAFT - NOT SIGNED", "DRAFT - NOT REVIEWED"),
        ("half_reviewed", "DRAFT - NOT REVIEWED", "DRAFT - NOT SIGNED"),
    ] {
        let report = case(name);
        let paper: Vec<PageText> = pages(&pdf(&report).unwrap());
        let all: String = paper.iter().map(|p| p.all.as_str()).collect();
        let screen = html_text(&html(&report).unwrap());
        for needed in [
            state,
            "reviewed by Dr. A. Reviewer (clinical geneticist), 2026-11-20 12:45 UTC",
            "proposed by rules: Likely pathogenic (8 points)",
            "Reason: Segregates with the disease in three affected relatives",
        ] {
            assert!(paper[0].all.contains(&squeezed(needed)), "{name}, page 1: {needed}");
            assert!(screen.contains(&squeezed(needed)), "{name}: {needed}");
        }
        for (part, expected) in [
            (other, false),
            ("Pathogenic, reviewed", true),
            ("Uncertain significance, reviewed", name == "reviewed"),
            (words::heading::REVIEWED, name == "reviewed"),
            ("full activity", name == "reviewed"),
            (words::UNSIGNED_STATE, name == "reviewed"),
            (words::DRAFT_STATE, name != "reviewed"),
            (words::REVIEW_METHOD, true),
        ] {
            assert_eq!(all.contains(&squeezed(part)), expected, "{name}: {part}");
            assert_eq!(screen.contains(&squeezed(part)), expected, "{name}: {part}");
        }
    }
    // Nothing of it where nobody reviewed.
    let screen = html_text(&html(&sample::positive()).unwrap());
    for absent in [words::heading::REVIEWED, words::REVIEW_METHOD, "proposed by rules:"] {
        assert!(!screen.contains(&squeezed(absent)), "{absent}");
    }
}

/// A reason that every finding gives stands once; one that differs stands with its finding.
#[test]
fn shared_reasons_are_printed_once_and_others_where_they_belong() {
    let mut report = case("three");
    let own = "The functional assay failed.";
    for criterion in &mut report.interpretation.findings[1].criteria {
        if criterion.code == clinotype_case::criterion::Code::PS1 {
            criterion.sentence = own.to_owned();
        }
    }
    let text = html_text(&html(&report).unwrap());
    let shared = "PS3,BS3Functionalstudiesarenotreadbythesoftware";
    assert_eq!(text.matches(shared).count(), 1);
    assert_eq!(text.matches(&squeezed("PS1 The functional assay failed")).count(), 1);
    assert_eq!(text.matches(&squeezed("(reasons above)")).count(), 6);
    assert_eq!(text.matches(&squeezed(words::POINTS_SCALE)).count(), 1);
}

#[test]
fn identifiers_that_leave_no_room_are_refused() {
    let mut report = sample::positive();
    report.order.as_mut().unwrap().patient.name.family = "Long".repeat(4000);
    let fault = pdf(&report).unwrap_err();
    assert!(!fault.to_string().contains("Long"), "no patient data in an error");
}

#[test]
fn uncertain_variants_stand_under_one_heading_and_others_never_under_theirs() {
    use clinotype_case::finding::{Outcome, Section};
    let headings = |report: &clinotype_case::Report| -> Vec<String> {
        document(report)
            .unwrap()
            .blocks
            .into_iter()
            .filter_map(|b| match b {
                crate::model::Block::Heading { text, .. } => Some(text),
                _ => None,
            })
            .collect()
    };
    let (_, mut report, _) = built().into_iter().find(|(name, ..)| *name == "uncertain").unwrap();
    let with = |all: &[String], part: &str| all.iter().filter(|h| h.contains(part)).count();
    let all = headings(&report);
    assert_eq!(with(&all, words::heading::UNCERTAIN), 1);
    assert_eq!(all[0], words::heading::UNCERTAIN, "on page 1");
    let mut other = sample::finding(
        "V9",
        Section::Unassigned,
        "GENE9",
        clinotype_case::criterion::Class::Pathogenic,
        12,
    );
    other.shown.transcript = "NM_999999.1".to_owned();
    report.interpretation.findings.push(other);
    assert_eq!(report.interpretation.conclusion.outcome, Outcome::Uncertain);
    let all = headings(&report);
    assert_eq!(all[0], words::heading::VARIANTS);
    assert_eq!(with(&all, words::heading::UNCERTAIN), 1);
    assert!(pages(&pdf(&report).unwrap())[0].content.contains("NM_999999.1"));
}

#[test]
fn uncertain_is_never_red() {
    let style = include_str!("../report.css");
    for rule in ["--vus: #7a6a2c", ".uncertain { --tone: #7a6a2c"] {
        assert!(style.contains(rule), "{rule}");
    }
}

mod beside;
mod pharmacogenes;
