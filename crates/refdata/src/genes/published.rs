//! The tables as HGNC, GenCC, ClinGen and gnomAD publish them.

use std::path::Path;

use clinotype_genome::Result;

use super::{
    delimited::Rows,
    import::{AGAIN, Imported, Run},
    names,
};

/// Several names in one cell: `A|B`, in quotes or not.
fn several(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default()
        .split('|')
        .map(|t| t.trim().trim_matches('"').trim())
        .filter(|t| !t.is_empty())
}

pub(super) fn hgnc(run: &Run<'_>, file: &Path) -> Result<Imported> {
    let mut rows = Rows::open(
        file,
        "HGNC genes",
        &["hgnc_id", "symbol", "alias_symbol", "prev_symbol"],
    )?;
    let column = |rows: &Rows, name: &str| rows.column(&[name]);
    let (id, symbol) = (rows.needed(&["hgnc_id"])?, rows.needed(&["symbol"])?);
    let status = column(&rows, "status");
    let (aliases, previous) = (column(&rows, "alias_symbol"), column(&rows, "prev_symbol"));
    let others = [
        "name",
        "locus_group",
        "location",
        "ensembl_gene_id",
        "entrez_id",
        "mane_select",
        "omim_id",
    ]
    .map(|name| column(&rows, name));
    let mut made = Imported::default();
    while rows.next()? {
        made.records += 1;
        let (Some(id), Some(symbol)) = (rows.get(Some(id)), rows.get(Some(symbol))) else {
            return Err(rows.fault("a gene without id or symbol"));
        };
        if id.strip_prefix("HGNC:").is_none_or(|n| n.parse::<u32>().is_err()) {
            return Err(rows.fault(format!("{id:?} is no HGNC id")));
        }
        if rows.get(status).is_some_and(|s| s != "Approved") {
            made.drop_one("the symbol is not approved (withdrawn)");
            continue;
        }
        let [name, group, location, ensembl, entrez, mane, omim] = others.map(|c| rows.get(c));
        let inserted = run.execute(
            "INSERT OR IGNORE INTO gene VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            &[&id, &symbol, &name, &group, &location, &ensembl, &entrez, &mane, &omim],
        )?;
        if inserted == 0 {
            return Err(rows.fault(format!("the gene {id} or the symbol {symbol} stands twice")));
        }
        let aliases = several(rows.get(aliases)).map(|n| (n, "alias"));
        let previous = several(rows.get(previous)).map(|n| (n, "previous"));
        for (name, kind) in [(symbol, "symbol")].into_iter().chain(aliases).chain(previous) {
            run.execute(
                "INSERT OR IGNORE INTO name VALUES (?1, ?2, ?3, ?4)",
                &[&names::key(name), &name, &kind, &id],
            )?;
        }
        made.kept += 1;
    }
    Ok(made)
}

const PUT_VALIDITY: &str = "INSERT INTO validity VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

pub(super) fn gencc(run: &Run<'_>, file: &Path) -> Result<Imported> {
    let mut rows = Rows::open(file, "GenCC submissions", &["gene_curie", "classification_title"])?;
    let id = rows.needed(&["gene_curie"])?;
    let classification = rows.needed(&["classification_title"])?;
    let names = [
        "gene_symbol",
        "disease_curie",
        "disease_title",
        "moi_title",
        "submitter_title",
        "submitted_as_date",
        "submitted_as_public_report_url",
    ];
    let columns = names.map(|name| rows.column(&[name]));
    let run_date = rows.column(&["submitted_run_date"]);
    let mut made = Imported::default();
    while rows.next()? {
        made.records += 1;
        let [symbol, disease_id, disease, moi, submitter, date, report] = columns.map(|c| rows.get(c));
        let Some(classification) = rows.get(Some(classification)) else {
            return Err(rows.fault("a submission without classification"));
        };
        if let Some(date) = rows.get(run_date)
            && made.date.as_deref().is_none_or(|last| last < date)
        {
            made.date = Some(date.to_owned());
        }
        match run.linked(rows.get(Some(id)), symbol)? {
            Err(reason) => made.drop_one(reason),
            Ok(gene) => {
                run.execute(
                    PUT_VALIDITY,
                    &[
                        &run.source,
                        &gene,
                        &disease_id,
                        &disease,
                        &classification,
                        &moi,
                        &submitter,
                        &date,
                        &report,
                    ],
                )?;
                made.kept += 1;
            }
        }
    }
    Ok(made)
}

/// `"FILE CREATED: 2026-01-02"` among the lines before the heading.
fn created(rows: &Rows) -> Option<String> {
    rows.preamble.iter().find_map(|line| {
        let after = line.split_once("FILE CREATED:")?.1;
        let date: String = after
            .trim()
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '-')
            .collect();
        (!date.is_empty()).then_some(date)
    })
}

/// ClinGen's words for modes of inheritance (SOP of its gene curation).
fn inheritance(code: &str) -> &str {
    match code {
        "AD" => "Autosomal dominant",
        "AR" => "Autosomal recessive",
        "XL" => "X-linked",
        "SD" => "Semidominant",
        "MT" => "Mitochondrial",
        "UD" => "Undetermined",
        other => other,
    }
}

pub(super) fn clingen_validity(run: &Run<'_>, file: &Path) -> Result<Imported> {
    let mut rows = Rows::open(
        file,
        "ClinGen gene-disease validity",
        &["GENE SYMBOL", "GENE ID (HGNC)", "CLASSIFICATION"],
    )?;
    let id = rows.needed(&["GENE ID (HGNC)"])?;
    let classification = rows.needed(&["CLASSIFICATION"])?;
    let names = [
        "GENE SYMBOL",
        "DISEASE ID (MONDO)",
        "DISEASE LABEL",
        "MOI",
        "GCEP",
        "CLASSIFICATION DATE",
        "ONLINE REPORT",
    ];
    let columns = names.map(|name| rows.column(&[name]));
    let mut made = Imported {
        date: created(&rows),
        ..Imported::default()
    };
    while rows.next()? {
        made.records += 1;
        let [symbol, disease_id, disease, moi, panel, date, report] = columns.map(|c| rows.get(c));
        let Some(classification) = rows.get(Some(classification)) else {
            return Err(rows.fault("a curation without classification"));
        };
        match run.linked(rows.get(Some(id)), symbol)? {
            Err(reason) => made.drop_one(reason),
            Ok(gene) => {
                let moi = moi.map(inheritance);
                let submitter = panel.map_or("ClinGen".to_owned(), |p| format!("ClinGen ({p})"));
                run.execute(
                    PUT_VALIDITY,
                    &[
                        &run.source,
                        &gene,
                        &disease_id,
                        &disease,
                        &classification,
                        &moi,
                        &submitter,
                        &date,
                        &report,
                    ],
                )?;
                made.kept += 1;
            }
        }
    }
    Ok(made)
}

/// ClinGen's words for dosage scores.
fn dosage_words(score: i64) -> &'static str {
    match score {
        0 => "no evidence",
        1 => "little evidence",
        2 => "some evidence",
        3 => "sufficient evidence",
        30 => "gene associated with autosomal recessive phenotype",
        40 => "dosage sensitivity unlikely",
        _ => "unknown score",
    }
}

pub(super) fn clingen_dosage(run: &Run<'_>, file: &Path) -> Result<Imported> {
    let mut rows = Rows::open(
        file,
        "ClinGen dosage sensitivity",
        &["Gene Symbol", "Haploinsufficiency Score", "Triplosensitivity Score"],
    )?;
    let symbol = rows.needed(&["Gene Symbol"])?;
    let scores = ["Haploinsufficiency Score", "Triplosensitivity Score"].map(|n| rows.column(&[n]));
    let diseases = ["Haploinsufficiency Disease ID", "Triplosensitivity Disease ID"].map(|n| rows.column(&[n]));
    let (entrez, date) = (rows.column(&["Gene ID"]), rows.column(&["Date Last Evaluated"]));
    let mut made = Imported {
        date: rows
            .preamble
            .get(1)
            .map(|l| l.trim_start_matches('#').trim().to_owned())
            .filter(|l| l.bytes().any(|b| b.is_ascii_digit())),
        ..Imported::default()
    };
    while rows.next()? {
        made.records += 1;
        let by_entrez = match rows.get(entrez) {
            Some(entrez) => by_column(run, "entrez_id", entrez)?,
            None => None,
        };
        let gene = match by_entrez {
            Some(gene) => Ok(gene),
            None => run.linked(None, rows.get(Some(symbol)))?,
        };
        let gene = match gene {
            Ok(gene) => gene,
            Err(reason) => {
                made.drop_one(reason);
                continue;
            }
        };
        // `Not yet evaluated` is no score, and never 0, which means that evidence was looked for.
        let mut values = [(None, None), (None, None)];
        for (value, column) in values.iter_mut().zip(scores) {
            let Some(text) = rows.get(column) else { continue };
            if text.eq_ignore_ascii_case("not yet evaluated") {
                continue;
            }
            let score: i64 = text
                .parse()
                .ok()
                .filter(|s| [0, 1, 2, 3, 30, 40].contains(s))
                .ok_or_else(|| rows.fault(format!("{text:?} is no dosage score of ClinGen")))?;
            *value = (Some(score), Some(dosage_words(score)));
        }
        let [haplo, triplo] = values;
        let [haplo_disease, triplo_disease] = diseases.map(|c| rows.get(c));
        let inserted = run.execute(
            "INSERT OR IGNORE INTO dosage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            &[
                &run.source,
                &gene,
                &haplo.0,
                &haplo.1,
                &haplo_disease,
                &triplo.0,
                &triplo.1,
                &triplo_disease,
                &rows.get(date),
            ],
        )?;
        if inserted == 0 {
            made.drop_one(AGAIN);
        } else {
            made.kept += 1;
        }
    }
    Ok(made)
}

/// The one gene with an identifier of another party; `column` is a name of ours.
fn by_column(run: &Run<'_>, column: &str, value: &str) -> Result<Option<String>> {
    let found = || -> rusqlite::Result<Vec<String>> {
        run.transaction
            .prepare_cached(&format!("SELECT hgnc_id FROM gene WHERE {column} = ?1 LIMIT 2"))?
            .query_map([value], |row| row.get(0))?
            .collect()
    };
    let mut found = found().map_err(|e| run.failed(e))?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

pub(super) fn constraint(run: &Run<'_>, file: &Path) -> Result<Imported> {
    let mut rows = Rows::open(file, "gnomAD constraint", &["gene", "transcript"])?;
    let (symbol, transcript) = (rows.needed(&["gene"])?, rows.needed(&["transcript"])?);
    let loeuf = rows.needed(&["lof.oe_ci.upper", "oe_lof_upper"])?;
    let gene_id = rows.column(&["gene_id"]);
    let flags = [&["mane_select"][..], &["canonical"]].map(|names| rows.column(names));
    let metrics = [
        &["lof.pLI", "pLI"][..],
        &["lof.oe_ci.upper", "oe_lof_upper"],
        &["lof.oe", "oe_lof"],
        &["lof.z_score", "lof_z"],
        &["mis.z_score", "mis_z"],
        &["mis.oe", "oe_mis"],
        &["mis.oe_ci.upper", "oe_mis_upper"],
        &["syn.z_score", "syn_z"],
    ]
    .map(|names| rows.column(names));
    let notes = rows.column(&["constraint_flags", "constraint_flag"]);
    let mut made = Imported::default();
    while rows.next()? {
        made.records += 1;
        let Some(transcript) = rows.get(Some(transcript)) else {
            return Err(rows.fault("a row without transcript"));
        };
        if rows.number(Some(loeuf))?.is_none() {
            made.drop_one("no LOEUF");
            continue;
        }
        let by_id = match rows.get(gene_id) {
            Some(id) if id.starts_with("ENSG") => by_column(run, "ensembl_id", id)?,
            Some(id) => by_column(run, "entrez_id", id)?,
            None => None,
        };
        let gene = match by_id {
            Some(gene) => Ok(gene),
            None => run.linked(None, rows.get(Some(symbol)))?,
        };
        let gene = match gene {
            Ok(gene) => gene,
            Err(reason) => {
                made.drop_one(reason);
                continue;
            }
        };
        let mut set = [None; 2];
        for (value, column) in set.iter_mut().zip(flags) {
            *value = rows.get(column).map(|t| i64::from(t.eq_ignore_ascii_case("true")));
        }
        let mut numbers = [None; 8];
        for (value, column) in numbers.iter_mut().zip(metrics) {
            *value = rows.number(column)?;
        }
        let notes = rows.get(notes).filter(|n| *n != "[]");
        let mut values: Vec<&dyn rusqlite::ToSql> = vec![&run.source, &gene, &transcript, &set[0], &set[1]];
        values.extend(numbers.iter().map(|n| n as &dyn rusqlite::ToSql));
        values.push(&notes);
        let inserted = run.execute(
            "INSERT OR IGNORE INTO constraint_of VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            &values,
        )?;
        if inserted == 0 {
            made.drop_one("the transcript stands in the table already");
        } else {
            made.kept += 1;
        }
    }
    Ok(made)
}
