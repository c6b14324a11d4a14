//! Evidence for each variant, in the fixed order of specs/REPORT.md section 4.

use clinotype_case::Report;
use clinotype_case::criterion::{Code, Criterion, SetBy, State};
use clinotype_case::evidence::{AnnotatedVariant, ClinvarRecord, Lookup, TranscriptConsequence};
use clinotype_case::finding::Finding;

use super::{paragraph, sub, variants};
use crate::model::{Block, Rail, Table, Text, Voice, line, words as column};
use crate::words;

pub(super) fn blocks(report: &Report, out: &mut Vec<Block>) {
    let findings = &report.interpretation.findings;
    if findings.is_empty() {
        out.push(Block::Paragraph(Text::plain(words::NO_EVIDENCE)));
    }
    let shared = Shared::of(findings);
    shared.blocks(out);
    for finding in findings {
        variant(finding, &shared, out);
    }
}

/// States of criteria that have no row in the table, in the order of print.
const SILENT: [State; 2] = [State::NotEvaluated, State::NotApplicable];

/// Reasons that several findings give for the same criterion: printed once, so that what differs is seen.
struct Shared<'a> {
    reasons: Vec<(State, Code, &'a str)>,
    has_findings: bool,
}

impl<'a> Shared<'a> {
    fn of(findings: &'a [Finding]) -> Self {
        let mut reasons: Vec<(State, Code, &str)> = Vec::new();
        if let [first, others @ ..] = findings
            && !others.is_empty()
        {
            for criterion in first.criteria.iter().filter(|c| SILENT.contains(&c.state)) {
                let told = reason(criterion);
                let same = |other: &Criterion| {
                    other.code == criterion.code && other.state == criterion.state && reason(other) == told
                };
                if others.iter().all(|f| f.criteria.iter().any(same)) {
                    reasons.push((criterion.state, criterion.code, told));
                }
            }
        }
        Self {
            reasons,
            has_findings: !findings.is_empty(),
        }
    }

    fn holds(&self, criterion: &Criterion) -> bool {
        self.reasons
            .iter()
            .any(|(state, code, _)| *state == criterion.state && *code == criterion.code)
    }

    fn blocks(&self, out: &mut Vec<Block>) {
        if !self.has_findings {
            return;
        }
        let lead = if self.reasons.is_empty() {
            ""
        } else {
            words::SHARED_LEAD
        };
        out.push(Block::Paragraph(Text::plain(
            format!("{lead} {}", words::POINTS_SCALE).trim_start(),
        )));
        for state in SILENT {
            let of_state = self.reasons.iter().filter(|(s, ..)| *s == state);
            if let Some(text) = grouped(state, of_state.map(|(_, code, reason)| (*code, *reason)), &[]) {
                out.push(Block::Paragraph(text));
            }
        }
    }
}

/// Who decided the class, why, and what the rules proposed.
fn review(finding: &Finding) -> Option<Block> {
    let review = finding.review.as_ref()?;
    Some(Block::Pairs(vec![
        pair(
            "Class in effect",
            Text::of(Voice::Strong, review.class.words())
                .and(Voice::Plain, format!(", {}", variants::reviewer(review))),
        ),
        pair("Reason of the review", Text::plain(words::stated(Some(&review.reason)))),
        pair("Before the review", Text::plain(variants::proposal(finding))),
    ]))
}

fn variant(finding: &Finding, shared: &Shared<'_>, out: &mut Vec<Block>) {
    let shown = &finding.shown;
    let name = shown.hgvs_c.as_deref().or(finding.variant.hgvs_g.as_deref());
    // The heading is short: names of hundreds of bases stand in the table and in the list below.
    let short = name
        .map(|n| variants::after_accession(n, Some(&shown.transcript)))
        .filter(|n| n.len() <= 48)
        .map_or_else(String::new, |n| format!(" {n}"));
    out.push(sub(format!(
        "{}  {}{short}: {}, {}",
        finding.id,
        variants::symbol(shown),
        finding.class().words(),
        if finding.is_reviewed() {
            words::REVIEWED
        } else {
            words::PROPOSED
        }
    )));
    out.extend(review(finding));
    if finding.sentences.is_empty() {
        out.push(Block::Paragraph(Text::plain(format!(
            "Summary of the evidence: {}.",
            words::NOT_STATED
        ))));
    } else {
        out.push(paragraph(&finding.sentences));
    }
    out.push(Block::Pairs(facts(finding)));
    classification(finding, out);
    criteria(&finding.criteria, shared, out);
}

fn facts(finding: &Finding) -> Vec<(String, Text)> {
    let (variant, shown) = (&finding.variant, &finding.shown);
    let mut pairs = vec![
        pair("Shown transcript", consequence(shown)),
        pair("Genomic name", genomic(variant)),
        pair("Genotype", Text::plain(genotype(variant))),
        pair(
            "ClinVar (shown, not scored)",
            Text::plain(lookup(&variant.clinvar, clinvar)),
        ),
    ];
    if let Some(other) = &finding.more_severe {
        pairs.push(pair(
            "More severe on another transcript",
            consequence(other).and(Voice::Plain, "; not the transcript shown: a person should look at it"),
        ));
    }
    if !shown.warnings.is_empty() {
        pairs.push(pair(
            "Transcript warnings",
            Text::of(Voice::Strong, shown.warnings.join("; ")),
        ));
    }
    pairs
}

fn pair(label: &str, value: Text) -> (String, Text) {
    (label.to_owned(), value)
}

fn consequence(c: &TranscriptConsequence) -> Text {
    let mut text = Text::of(Voice::Sequence, c.hgvs_c.as_deref().unwrap_or(&c.transcript));
    if let Some(protein) = &c.hgvs_p {
        text = text.and(Voice::Plain, ", ").and(Voice::Sequence, protein);
    }
    let terms = c.terms.join(", ").replace('_', " ");
    text = text.and(
        Voice::Plain,
        format!(
            "; {}; {}; {}",
            words::stated(Some(&terms)),
            variants::place(c),
            words::mane(c.mane)
        ),
    );
    if let Some(reason) = c.loss_of_function.as_ref().and_then(|l| l.nmd_reason.as_deref()) {
        text = text.and(Voice::Plain, format!("; {reason}"));
    }
    text
}

fn genomic(variant: &AnnotatedVariant) -> Text {
    match &variant.hgvs_g {
        Some(name) => Text::of(Voice::Sequence, name),
        None => Text::of(Voice::Sequence, variant.key.to_string())
            .and(Voice::Plain, format!(" (HGVS g.: {})", words::NOT_STATED)),
    }
}

fn genotype(variant: &AnnotatedVariant) -> String {
    let genotype = &variant.genotype;
    let number = |label: &str, n: Option<u32>| match n {
        Some(n) => format!("{label} {n}"),
        None => format!("{label} {}", words::NOT_STATED),
    };
    let filter = match &variant.filters {
        None => "FILTER not stated (no filter was applied)".to_owned(),
        Some(f) if f.is_empty() => "FILTER PASS".to_owned(),
        Some(f) => format!("FILTER {}", f.join(", ")),
    };
    [
        format!("GT {}", words::stated(Some(&genotype.text))),
        number("depth", genotype.depth),
        number("reference reads", genotype.reference_depth),
        number("alternate reads", genotype.alternate_depth),
        number("genotype quality", genotype.quality),
        match variant.quality {
            Some(q) => format!("QUAL {q:.1}"),
            None => format!("QUAL {}", words::NOT_STATED),
        },
        filter,
    ]
    .join("; ")
}

/// The three states of a source, never mixed.
fn lookup<T>(answer: &Lookup<T>, found: impl Fn(&T) -> String) -> String {
    match answer {
        Lookup::NotEvaluated(reason) => format!("{}: {reason}", words::NOT_EVALUATED),
        Lookup::Absent => "not listed: the source covers this place and does not hold the allele".to_owned(),
        Lookup::Found(value) => found(value),
    }
}

/// Conditions of a ClinVar record that are printed; the rest are counted.
const CONDITIONS: usize = 4;

fn clinvar(record: &ClinvarRecord) -> String {
    // VCV accessions are the variation id with nine digits.
    let accession = match record.variation_id.parse::<u64>() {
        Ok(id) => format!("VCV{id:09}"),
        Err(_) => format!("variation {}", record.variation_id),
    };
    let stars = record.stars.map_or_else(
        || "stars not stated".to_owned(),
        |n| {
            if n == 1 {
                "1 star".to_owned()
            } else {
                format!("{n} stars")
            }
        },
    );
    let mut text = format!(
        "{accession}: {} ({}, {stars})",
        record.significance, record.review_status
    );
    if let Some(conflicts) = &record.conflicts {
        text = format!("{text}; conflict: {conflicts}");
    }
    if let Some(shown) = record
        .conditions
        .get(..record.conditions.len().min(CONDITIONS))
        .filter(|c| !c.is_empty())
    {
        text = format!("{text}; conditions: {}", shown.join(", "));
        let more = record.conditions.len() - shown.len();
        if more > 0 {
            text = format!("{text} and {more} more");
        }
    }
    text
}

fn classification(finding: &Finding, out: &mut Vec<Block>) {
    let c = &finding.classification;
    let met: Vec<String> = finding
        .criteria
        .iter()
        .filter(|c| c.state == State::Met)
        .map(|c| format!("{} ({:+})", c.label(), c.points))
        .collect();
    let sum = if met.is_empty() {
        "no criterion met".to_owned()
    } else {
        met.join(", ")
    };
    let stand_alone = if c.stand_alone_benign {
        " BA1 stands alone and makes the variant benign whatever the sum."
    } else {
        ""
    };
    let set = finding.criteria.iter().filter(|c| c.set_by == SetBy::User).count();
    let whose = match set {
        0 => "proposed by rules".to_owned(),
        1 => "by rules, with one criterion set by a person".to_owned(),
        more => format!("by rules, with {more} criteria set by people"),
    };
    out.push(Block::Rail(Rail {
        points: c.points,
        class: c.class,
        words: format!(
            "{sum}: {} points in total (pathogenic {}, benign {}): {}, {whose}.{stand_alone} Posterior probability {:.3} \
             at a prior of 0.10.",
            c.points,
            c.pathogenic_points,
            c.benign_points,
            c.class.words(),
            c.posterior
        ),
    }));
    if c.class != c.class_2015 {
        out.push(Block::Notice(Text::plain(format!(
            "The two rule sets differ: {} by points (Tavtigian 2020), {} by the combining rules of Richards 2015. {}",
            c.class.words(),
            c.class_2015.words(),
            if finding.is_reviewed() {
                "The review settles it."
            } else {
                "A person must settle it."
            }
        ))));
    }
    // The interpretation flags the two rule sets as well; once is enough.
    let flags: Vec<&str> = c
        .flags
        .iter()
        .map(String::as_str)
        .filter(|f| c.class == c.class_2015 || !f.contains("combining rules of 2015"))
        .collect();
    if !flags.is_empty() {
        let lead = if finding.is_reviewed() {
            words::FLAG_REVIEWED
        } else {
            words::FLAG_OPEN
        };
        out.push(Block::Notice(
            Text::of(Voice::Strong, lead).and(Voice::Plain, flags.join("; ")),
        ));
    }
}

fn criteria(criteria: &[Criterion], shared: &Shared<'_>, out: &mut Vec<Block>) {
    let decided: Vec<&Criterion> = criteria
        .iter()
        .filter(|c| matches!(c.state, State::Met | State::NotMet))
        .collect();
    if decided.is_empty() {
        out.push(Block::Paragraph(Text::plain(format!(
            "Criteria: {}.",
            words::NOT_EVALUATED
        ))));
    } else {
        out.push(Block::Table(Table {
            caption: "Criteria".to_owned(),
            columns: vec![
                column("Criterion", 25.0),
                column("Result", 20.0),
                column("Evidence", 70.0),
                column("Source and rule", 50.0),
            ],
            rows: decided.iter().map(|c| row(c)).collect(),
        }));
    }
    for state in SILENT {
        let of_state = |c: &&Criterion| c.state == state;
        let (above, here): (Vec<&Criterion>, Vec<&Criterion>) =
            criteria.iter().filter(of_state).partition(|c| shared.holds(c));
        let above: Vec<Code> = above.iter().map(|c| c.code).collect();
        if let Some(text) = grouped(state, here.into_iter().map(|c| (c.code, reason(c))), &above) {
            out.push(Block::Paragraph(text));
        }
    }
    let proposed = criteria.iter().filter(|c| c.decided.is_none());
    for proposal in proposed.filter_map(|c| c.proposal.as_ref()) {
        let counts = match proposal.strength {
            Some(_) => " and not counted until a person confirms it",
            None => "",
        };
        out.push(Block::Paragraph(
            Text::of(
                Voice::Strong,
                format!("{} {}{counts}: ", proposal.code, proposal.words()),
            )
            .and(Voice::Plain, proposal.sentence.clone()),
        ));
    }
}

fn row(c: &Criterion) -> Vec<crate::model::Cell> {
    let met = c.state == State::Met;
    let voice = if met { Voice::Strong } else { Voice::Plain };
    let mut evidence = vec![line(Voice::Plain, words::stated(Some(&c.sentence)))];
    if !c.compared.is_empty() {
        let compared: Vec<String> = c
            .compared
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        evidence.push(line(Voice::Quiet, format!("compared: {}", compared.join("; "))));
    }
    let mut source = vec![
        line(Voice::Plain, words::stated(Some(&c.source))),
        line(
            Voice::Quiet,
            format!(
                "{}, version {}",
                words::stated(Some(&c.rule)),
                words::stated(Some(&c.rule_version))
            ),
        ),
    ];
    if c.set_by == SetBy::User {
        source.push(line(Voice::Strong, "set by a person"));
    }
    let mut result = vec![line(voice, words::criterion_state(c.state))];
    if met {
        result.extend(c.strength.map(|s| line(Voice::Plain, words::strength(s))));
    }
    let points = if met { c.points } else { 0 };
    result.push(line(
        voice,
        match points {
            0 => "0 points".to_owned(),
            1 | -1 => format!("{points:+} point"),
            _ => format!("{points:+} points"),
        },
    ));
    vec![vec![line(voice, c.label())], result, evidence, source]
}

/// Why a criterion has its state, without the words that stand before the reason here.
fn reason(c: &Criterion) -> &str {
    let sentence = c.sentence.trim();
    let reason = sentence
        .strip_prefix(c.code.as_str())
        // The code stands before the reason.
        .and_then(|rest| {
            rest.strip_prefix(" was not evaluated: ")
                .or_else(|| rest.strip_prefix(' '))
        })
        .unwrap_or(sentence);
    match reason.trim_end_matches('.') {
        "" => words::NOT_STATED,
        reason => reason,
    }
}

/// Criteria of one state in one paragraph, those with the same reason together, in the order of first appearance.
/// `above`: those whose reason stands before the first variant.
fn grouped<'a>(state: State, criteria: impl Iterator<Item = (Code, &'a str)>, above: &[Code]) -> Option<Text> {
    let mut groups: Vec<(Vec<&str>, &str)> = Vec::new();
    for (code, reason) in criteria {
        match groups.iter_mut().find(|(_, r)| *r == reason) {
            Some((codes, _)) => codes.push(code.as_str()),
            None => groups.push((vec![code.as_str()], reason)),
        }
    }
    if !above.is_empty() {
        groups.push((above.iter().map(|code| code.as_str()).collect(), "(reasons above)"));
    }
    let lead = Text::plain(format!("Criteria {}: ", words::criterion_state(state)));
    let last = groups.len().checked_sub(1)?;
    Some(
        groups
            .into_iter()
            .enumerate()
            .fold(lead, |text, (at, (codes, reason))| {
                let end = if at == last { "." } else { "; " };
                text.and(Voice::Strong, codes.join(", "))
                    .and(Voice::Plain, format!(" {reason}{end}"))
            }),
    )
}
