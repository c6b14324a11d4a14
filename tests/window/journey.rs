//! From set-up to a reopened store: one sample, as a technician and a clinician would take it through.

use std::{path::Path, time::Duration};

use clinotype_genome::{Silent, digest};
use clinotype_testkit::demo;
use clinotype_tests::webdriver::{Window, desktop};
use serde_json::json;

use crate::search::holding;

const PASSPHRASE: &str = "four words on paper";
const RUN: Duration = Duration::from_secs(400);
/// What only patients' files and orders hold: a name, identifiers, the accession, the heads of BAM and VCF.
const PLAIN: [&str; 6] = [
    "Synthetic",
    "S-000123",
    "W-2026-17",
    "##fileformat",
    "@HD\tVN",
    "POSITIVE",
];

/// `Ctrl` and a letter, by WebDriver's codes.
fn control(window: &Window, letter: char) {
    window.chord('\u{e009}', letter);
}

#[test]
fn a_sample_goes_from_set_up_to_export_and_the_store_opens_again() {
    let Some(program) = desktop() else { return };
    let home = tempfile::tempdir().unwrap();
    let files = demo::build(&home.path().join("inputs"), &Silent).unwrap();
    let order: serde_json::Value = serde_json::from_slice(&std::fs::read(&files.order).unwrap()).unwrap();
    let family = order["patient"]["name"]["family"].as_str().unwrap().to_owned();
    assert!(
        PLAIN.contains(&family.as_str()),
        "the words looked for are those of the order"
    );
    let store = home.path().join("store");
    let args = ["--store", store.to_str().unwrap()];

    let window = Window::start(&program, &args, home.path(), (1280, 860));
    set_up(&window);
    new_case(&window, &files);
    let case = live_run(&window);
    review(&window);
    reads_are_visible(&window);
    let export = home.path().join("for-the-clinic.pdf");
    report(&window, &export);
    nothing_came_from_outside(&window);
    lock(&window, &family);
    window.close();

    assert_eq!(
        holding(&store, &PLAIN),
        Vec::<String>::new(),
        "plain patient data in the store"
    );
    assert_eq!(holding(&home.path().join("cache"), &PLAIN[..4]), Vec::<String>::new());
    assert_eq!(holding(&home.path().join("data"), &PLAIN[..4]), Vec::<String>::new());

    let window = Window::start(&program, &args, home.path(), (1280, 860));
    unlock(&window, PASSPHRASE);
    window.sees("W-2026-17");
    window.run("location.hash = arguments[0]", &json!([case]));
    window.sees("Conclusion");
    assert_eq!(window.title(), "Clinotype", "a title names no patient");
    window.close();
}

fn set_up(window: &Window) {
    window.sees("Set up this workstation");
    window.fill("Log-in name", "ada");
    window.fill("Printed name", "Dr. A. Example");
    window.fill("Passphrase", "short");
    window.fill("Passphrase again", "short");
    window.click("button", "Make the encrypted store");
    window.sees("At least 12 characters");
    window.fill("Passphrase", PASSPHRASE);
    window.fill("Passphrase again", PASSPHRASE);
    window.click("button", "Make the encrypted store");
    window.sees("Write down the recovery key");
    window.click("checkbox", "I have written it down");
    window.click("button", "Go on");
    window.sees("No case yet");
}

fn new_case(window: &Window, files: &demo::DemoFiles) {
    window.click("button", "New case");
    let paths = [&files.r1, &files.r2, &files.order].map(|p| p.display().to_string());
    window.fill("Paths", &paths.join("\n"));
    window.click("button", "Add");
    window.sees("The order was read into the form below");
    window.fill("Accession", "W-2026-17");
    window.click("button", "New reference set");
    window.sees("Save reference set");
    window.fill("Name", "Demonstration references");
    window.fill("Reference genome (FASTA)", &files.reference.display().to_string());
    window.fill("Transcripts (GFF3)", &files.transcripts.display().to_string());
    window.fill("ClinVar (VCF)", &files.clinvar.display().to_string());
    window.fill("Population frequencies (VCF)", &files.frequencies.display().to_string());
    window.fill("Targets (BED)", &files.targets.display().to_string());
    window.click("button", "Save reference set");
    window.wait(
        "the dialog closes",
        "return !document.querySelector('[role=dialog]')",
        &json!([]),
    );
    window.click("button", "Save and run");
    window.sees("One sample runs at a time");
}

/// The queue shows the stages at work and then the end; gives the address of the case.
fn live_run(window: &Window) -> String {
    window.wait_for(
        RUN,
        "a stage at work",
        "return /Stage \\d of \\d/.test(document.body.innerText)",
        &json!([]),
    );
    window.wait_for(
        RUN,
        "the end of the run",
        "return document.body.innerText.includes('took')",
        &json!([]),
    );
    window.click("link", "Open case W-2026-17");
    let hash = window.wait(
        "the page of the case",
        "return location.hash.startsWith('#/case/') && location.hash",
        &json!([]),
    );
    window.wait(
        "the conclusion",
        "return /Positive|Inconclusive|Carrier/.test(document.body.innerText)",
        &json!([]),
    );
    hash.as_str().unwrap().to_owned()
}

fn review(window: &Window) {
    window.run(
        "location.hash = location.hash.replace('/overview', '/variants')",
        &json!([]),
    );
    window.wait(
        "variants",
        "return document.querySelectorAll('[role=grid] [role=row]').length > 3",
        &json!([]),
    );
    window.sees("BRCA1");
    window.click("gridcell", "BRCA1");
    window.sees("PVS1");
    window.click("button", "Accept class");
    window.click("button", "Decide: ");
    window.sees("decided by Dr. A. Example");
}

/// The read view draws the sample's own alignments: its canvas has more than the background's colours.
fn reads_are_visible(window: &Window) {
    window.click("tab", "Reads");
    window.wait_for(
        Duration::from_mins(2),
        "reads in igv",
        r"
        const deep = (root) => [...root.querySelectorAll('*')].flatMap((e) => e.shadowRoot ? [e, ...deep(e.shadowRoot)] : [e]);
        const canvases = deep(document).filter((e) => e.tagName === 'CANVAS' && e.width > 100 && e.height > 100);
        return canvases.some((canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let drawn = 0;
          for (let i = 3; i < data.length; i += 4) if (data[i] > 0 && data[i - 3] < 240) drawn++;
          return drawn > 2000;
        });",
        &json!([]),
    );
}

fn report(window: &Window, to: &Path) {
    window.run(
        "location.hash = location.hash.replace(/\\/variants.*/, '/report')",
        &json!([]),
    );
    window.click("button", "Make ");
    // The page of the version before may be drawn still, and the button moves when the new one comes.
    window.wait(
        "the new version",
        "return document.body.innerText.includes('Version 2')",
        &json!([]),
    );
    window.wait(
        "a page of the PDF",
        "return [...document.querySelectorAll('canvas')].some((c) => c.width > 300)",
        &json!([]),
    );
    window.click("button", "Export…");
    window.fill("Recipient", "Clinic for Medical Genetics");
    window.fill("Purpose", "clinical report");
    window.fill("New file", to.to_str().unwrap());
    window.click("button", "Export");
    window.sees("written to");
    let bytes = std::fs::read(to).unwrap();
    assert!(bytes.starts_with(b"%PDF-"), "a PDF was exported");
    window.sees(&digest::sha256(&bytes)[..12]);
    window.click("button", "Done");
}

fn nothing_came_from_outside(window: &Window) {
    let outside = window.run(
        r"return performance.getEntriesByType('resource').map((e) => e.name)
            .filter((n) => !/^(tauri|ipc|clinofile|blob|data):|^http:\/\/(ipc|tauri|clinofile)\.localhost/.test(n))",
        &json!([]),
    );
    assert_eq!(outside, json!([]), "requests to outside");
}

fn lock(window: &Window, family: &str) {
    assert!(
        window.text().contains(family),
        "the patient is shown while the case is open"
    );
    control(window, 'l');
    window.sees("Locked at your request");
    let left = window.run("return document.documentElement.outerHTML", &json!([]));
    let left = left.as_str().unwrap();
    assert!(
        !left.contains(family) && !left.contains("W-2026-17"),
        "a locked page holds nothing of a patient"
    );
    unlock(window, "not the passphrase");
    window.sees("Wrong passphrase");
    unlock(window, PASSPHRASE);
    window.sees(family);
}

fn unlock(window: &Window, passphrase: &str) {
    window.fill("Passphrase or recovery key", passphrase);
    window.click("button", "Unlock");
}
