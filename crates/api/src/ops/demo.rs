//! The demonstration: a made-up person whose files are made on this machine.

use std::{path::Path, sync::Arc};

use clinotype_case::{Order, Sex};
use clinotype_genome::{Silent, fs};
use clinotype_store::CaseQuery;
use clinotype_testkit::demo;

use super::{intake, settings};
use crate::{
    app::{App, Session},
    errors,
    plan::Plan,
    types::*,
};

/// The one reference set that the program makes itself.
const SET: &str = "demo";

pub(crate) fn demo_case(app: &Arc<App>, session: &Session, _: Nothing) -> Result<CaseInput, ApiError> {
    if let Some(case) = present(app, session)? {
        return Ok(case);
    }
    let files = demo::build(&app.config().cache, &Silent)?;
    let text = |path: &Path| path.display().to_string();
    settings::keep(
        app,
        session,
        ReferenceSet {
            id: Some(SET.to_owned()),
            name: "Demonstration (SYNTHETIC)".to_owned(),
            reference: text(&files.reference),
            transcripts: text(&files.transcripts),
            clinvar: Some(text(&files.clinvar)),
            frequencies: Some(text(&files.frequencies)),
            targets: Some(text(&files.targets)),
            thresholds: None,
            comparators: None,
            scores: Vec::new(),
            missense_tool: None,
            build: None,
            synthetic: true,
        },
    )?;
    let order = Order::from_json(&fs::read_to_string(&files.order)?)
        .map_err(|_| errors::internal("the order of the demonstration cannot be read"))?;
    let mut inputs = Vec::new();
    for (mate, path) in [(1, &files.r1), (2, &files.r2)] {
        inputs.push(InputFile {
            path: text(path),
            kind: InputKind::Fastq,
            mate: Some(mate),
            pair: Some(1),
            bytes: Some(fs::size(path)?),
        });
    }
    let plan = Plan {
        files: inputs,
        reference_set: SET.to_owned(),
        input_sample: None,
        ..Plan::default()
    };
    let sample = demo::SAMPLE
        .parse()
        .map_err(|_| errors::internal("the demonstration has no accession"))?;
    let case = match intake::create(app, session, sample, (Some(order), Sex::Unknown), &plan, true) {
        // Somebody else clicked while the files were made.
        Err(error) if error.code == ErrorCode::WrongState => return present(app, session)?.ok_or(error),
        made => made?,
    };
    intake::start(app, session, &case)?;
    Ok(case)
}

/// The demonstration's case, where it was made before.
fn present(app: &App, session: &Session) -> Result<Option<CaseInput>, ApiError> {
    let page = session.store.cases(
        &session.act(app),
        &CaseQuery {
            search: Some(demo::SAMPLE.to_owned()),
            limit: 100,
            ..CaseQuery::default()
        },
    )?;
    let found = page
        .rows
        .into_iter()
        .find(|row| row.demo && row.sample.as_str() == demo::SAMPLE);
    Ok(found.map(|row| CaseInput {
        case: row.id.to_string(),
    }))
}
