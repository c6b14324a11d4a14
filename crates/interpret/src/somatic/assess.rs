//! One allele of a tumour: every criterion of Horak 2022 with its state and sentence, points and class; and its tier.

use clinotype_case::{
    criterion::{Code, SetBy, State},
    evidence::{AnnotatedVariant, Frequency, Lookup, TranscriptConsequence},
};
use serde::{Deserialize, Serialize};

use super::{
    Entered, Hotspots, Known, OncogenicCode, OncogenicResult, Oncogenicity, Roles, Statement, Statements, Tier,
    class_of_points, frequency_code, hotspot_code, oncogenicity,
    profile::{self, Change},
    tier,
};
use crate::{
    comparators::Kind,
    grantham,
    rules::{Predictor, RULES},
};

/// What there is to judge by. `None`: the table was not given, and what rests on it is not evaluated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Knowledge<'a> {
    /// Roles of genes.
    pub roles: Option<&'a Roles>,
    /// Hotspots.
    pub hotspots: Option<&'a Hotspots>,
    /// Changes known to be oncogenic.
    pub known: Option<&'a Known>,
    /// Statements on drugs, diagnosis and prognosis.
    pub statements: Option<&'a Statements>,
    /// The missense predictor, chosen beforehand.
    pub missense_tool: Option<&'static Predictor>,
    /// Names of the patient's tumour type and of the broader types that it belongs to, or their Disease Ontology
    /// identifiers (`DOID:1909`); empty: not stated.
    pub tumours: &'a [String],
}

/// One criterion with its trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SomaticCriterion {
    /// `OVS1` ... `SBP2`.
    pub code: String,
    /// State.
    pub state: State,
    /// Points that it adds; 0 unless met.
    pub points: i32,
    /// Who set it.
    pub set_by: SetBy,
    /// One sentence that a clinician can check.
    pub sentence: String,
}

/// The judgement of one allele.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Every criterion, in the order of the table.
    pub criteria: Vec<SomaticCriterion>,
    /// Points and class.
    pub oncogenicity: OncogenicResult,
    /// Tier; `None`: not evaluated, and `tier_sentence` says why.
    pub tier: Option<Tier>,
    /// Why this tier.
    pub tier_sentence: String,
    /// The statements that decide the tier.
    pub statements: Vec<Statement>,
    /// Statements on the allele that do not decide it: of lower level, or about the whole gene where the class is not
    /// (likely) oncogenic.
    pub further_statements: Vec<Statement>,
}

/// Judges one allele on the transcript that is shown for its gene.
pub fn assess(
    variant: &AnnotatedVariant,
    shown: &TranscriptConsequence,
    knowledge: &Knowledge<'_>,
    entered: Option<&Entered>,
) -> Assessment {
    let look = Look {
        variant,
        shown,
        knowledge,
        kind: Kind::of(&shown.terms),
        gene: shown.symbol.as_deref().unwrap_or_default(),
    };
    let mut criteria: Vec<SomaticCriterion> = RULES.oncogenicity.iter().map(|code| look.criterion(code)).collect();
    if let Some(entered) = entered {
        enter(&mut criteria, entered);
    }
    settle(&mut criteria);
    let points: i32 = criteria.iter().map(|c| c.points).sum();
    let towards = |sign: i32| -> i32 { criteria.iter().map(|c| c.points).filter(|p| p.signum() == sign).sum() };
    let mut notes = Vec::new();
    if towards(1) >= 4 && towards(-1) <= -4 {
        notes.push("conflicting evidence: a person must decide".to_owned());
    }
    let open = criteria.iter().filter(|c| c.state == State::NotEvaluated).count();
    if open > 0 {
        notes.push(format!(
            "{open} criteria were not evaluated; the class may change with them"
        ));
    }
    let oncogenicity = OncogenicResult {
        codes: criteria
            .iter()
            .filter(|c| c.state == State::Met)
            .map(|c| (c.code.clone(), c.points))
            .collect(),
        points,
        class: class_of_points(points),
        notes,
    };
    let tiered = look.tier(&oncogenicity, &criteria);
    Assessment {
        criteria,
        oncogenicity,
        tier: tiered.tier,
        tier_sentence: tiered.sentence,
        statements: tiered.deciding,
        further_statements: tiered.further,
    }
}

struct Look<'a> {
    variant: &'a AnnotatedVariant,
    shown: &'a TranscriptConsequence,
    knowledge: &'a Knowledge<'a>,
    kind: Kind,
    gene: &'a str,
}

struct Tiered {
    tier: Option<Tier>,
    sentence: String,
    deciding: Vec<Statement>,
    further: Vec<Statement>,
}

type Answer = (State, String);

fn answer(is_met: bool, sentence: impl Into<String>) -> Answer {
    (if is_met { State::Met } else { State::NotMet }, sentence.into())
}

fn open(sentence: impl Into<String>) -> Answer {
    (State::NotEvaluated, sentence.into())
}

fn not_applicable(sentence: impl Into<String>) -> Answer {
    (State::NotApplicable, sentence.into())
}

impl Look<'_> {
    fn criterion(&self, code: &OncogenicCode) -> SomaticCriterion {
        let (state, sentence) = match code.code.as_str() {
            "OVS1" => self.null_in_suppressor(),
            "OM2" => self.length(),
            "OS1" => self.same_change(),
            "OM4" => self.other_change(),
            "OS3" | "OM3" | "OP3" => self.hotspot(&code.code),
            "OP1" | "SBP1" => self.prediction(code.code == "OP1"),
            "OP4" | "SBS1" | "SBVS1" => self.frequency(&code.code),
            "SBP2" => self.silent(),
            _ => open(format!(
                "{} rests on knowledge that a person enters: {}.",
                code.code, code.words
            )),
        };
        SomaticCriterion {
            points: if state == State::Met { code.points } else { 0 },
            code: code.code.clone(),
            state,
            set_by: SetBy::Automatic,
            sentence,
        }
    }

    fn role(&self) -> Result<super::Role, Answer> {
        let Some(roles) = self.knowledge.roles else {
            return Err(open("No table of the genes' roles in tumours was given."));
        };
        roles
            .of(self.gene)
            .ok_or_else(|| open(format!("The table of roles does not hold {}.", self.gene)))
    }

    /// OVS1, with PVS1's care at the 3' end and for splice sites whose exon is skipped in frame (the standard's comment).
    fn null_in_suppressor(&self) -> Answer {
        if !matches!(self.kind, Kind::Truncating | Kind::Splice | Kind::StartLost) {
            return not_applicable("The change is no loss of function.");
        }
        let role = match self.role() {
            Ok(role) => role,
            Err(answer) => return answer,
        };
        if !role.suppressor {
            return answer(
                false,
                format!("{} is no tumour suppressor by the table of roles.", self.gene),
            );
        }
        let loss = self.shown.loss_of_function.as_ref();
        let reason = loss.and_then(|l| l.nmd_reason.as_deref()).unwrap_or("not predicted");
        match (self.kind, loss) {
            (Kind::StartLost, _) => open("The start codon is lost: a person judges whether another start takes over."),
            (Kind::Splice, Some(l)) if l.skip_keeps_frame == Some(true) => {
                open("The exon that is skipped keeps the reading frame: a person judges whether it is indispensable.")
            }
            (_, Some(l)) if l.nmd == Some(false) => open(format!(
                "The transcript is not predicted to decay ({reason}): a person judges what the shortened protein does."
            )),
            (_, Some(l)) if l.nmd == Some(true) => answer(
                true,
                format!(
                    "Loss of function in the tumour suppressor {}, decay is predicted ({reason}).",
                    self.gene
                ),
            ),
            _ => open("Whether the transcript decays could not be told."),
        }
    }

    fn length(&self) -> Answer {
        let what = match self.kind {
            Kind::InFrame => "Residues are lost or inserted in frame",
            Kind::StopLost => "The stop codon is lost",
            _ => return not_applicable("The protein's length does not change in frame."),
        };
        match self.role() {
            Ok(role) if self.kind == Kind::StopLost => {
                answer(role.suppressor, format!("{what} in {}, {}.", self.gene, words(role)))
            }
            Ok(role) => answer(
                role.suppressor || role.oncogene,
                format!("{what} in {}, {}.", self.gene, words(role)),
            ),
            Err(answer) => answer,
        }
    }

    fn name(&self) -> Option<String> {
        self.shown.hgvs_p.as_deref().map(|p| profile::short(p).into_owned())
    }

    fn same_change(&self) -> Answer {
        let Some(known) = self.knowledge.known else {
            return open("No table of changes known to be oncogenic was given.");
        };
        if matches!(self.kind, Kind::Synonymous | Kind::Other) {
            return not_applicable("The protein does not change.");
        }
        let Some(name) = self.name() else {
            return open("The change has no protein name.");
        };
        match known.of(self.gene).find(|(other, _)| *other == name) {
            Some((_, source)) => answer(
                true,
                format!("{} {name} is known to be oncogenic ({source}).", self.gene),
            ),
            None => answer(
                false,
                format!("The table of known changes does not hold {} {name}.", self.gene),
            ),
        }
    }

    /// OM4: another substitution of the residue, and this one differs from the reference at least as much (Grantham).
    fn other_change(&self) -> Answer {
        if self.kind != Kind::Missense {
            return not_applicable("The change is no missense change.");
        }
        let Some(known) = self.knowledge.known else {
            return open("No table of changes known to be oncogenic was given.");
        };
        let Some((from, number, to)) = self.name().as_deref().and_then(profile::substitution) else {
            return open("The change has no protein name.");
        };
        let own = grantham::distance(from, to);
        let mut smaller = None;
        for (name, source) in known.of(self.gene) {
            let Some((other_from, at, other)) = profile::substitution(name) else {
                continue;
            };
            if (other_from, at) != (from, number) || other == to {
                continue;
            }
            let theirs = grantham::distance(from, other);
            if own.zip(theirs).is_some_and(|(own, theirs)| own >= theirs) {
                return answer(
                    true,
                    format!(
                        "{} {name} of the same residue is known to be oncogenic ({source}), and this change differs from \
                         the reference at least as much (Grantham).",
                        self.gene
                    ),
                );
            }
            smaller = Some(name);
        }
        match smaller {
            Some(name) => answer(
                false,
                format!("{name} is known to be oncogenic, but this change differs less from the reference (Grantham)."),
            ),
            None => answer(
                false,
                format!("No other change of residue {number} is known to be oncogenic."),
            ),
        }
    }

    fn hotspot(&self, code: &str) -> Answer {
        let Some(hotspots) = self.knowledge.hotspots else {
            return open("No table of hotspots was given.");
        };
        if self.kind != Kind::Missense {
            return not_applicable("Hotspots are counted for substitutions of residues.");
        }
        let Some((_, number, to)) = self.name().as_deref().and_then(profile::substitution) else {
            return open("The change has no protein name.");
        };
        let Some((all, same)) = hotspots.at(self.gene, number, to) else {
            return answer(
                false,
                format!("Residue {number} of {} is no hotspot of the table.", self.gene),
            );
        };
        answer(
            hotspot_code(all, same) == Some(code),
            format!(
                "{all} tumours of the table change residue {number} of {}, {same} of them in this way.",
                self.gene
            ),
        )
    }

    /// OP1 and SBP1: every line that there is points the same way (protein for a missense change, and splicing).
    fn prediction(&self, towards_oncogenic: bool) -> Answer {
        let splice = self.variant.splice_delta.found().copied();
        let spliced = splice.is_some_and(|d| d >= RULES.limit("splice_pp3"));
        let unspliced = splice.is_some_and(|d| d <= RULES.limit("splice_bp4"));
        let delta = splice.map_or("no splice score is given".to_owned(), |d| format!("splice delta {d}"));
        match self.kind {
            Kind::Missense => {
                let Some(tool) = self.knowledge.missense_tool else {
                    return open("No missense predictor was chosen.");
                };
                let Some(score) = self.variant.score(tool.keys.iter().map(String::as_str)) else {
                    return open(format!("The input carries no {} score of the allele.", tool.name));
                };
                let side = tool.band(score).map(|(code, ..)| code);
                let met = if towards_oncogenic {
                    side == Some(Code::PP3)
                } else {
                    side == Some(Code::BP4) && !spliced
                };
                answer(met, format!("{} {score}, {delta}.", tool.name))
            }
            Kind::Synonymous | Kind::InFrame | Kind::Other => match splice {
                None => open("No splice score is given."),
                Some(_) => answer(
                    if towards_oncogenic { spliced } else { unspliced },
                    format!("The {delta}."),
                ),
            },
            _ => not_applicable("Predictors say nothing beside a loss of function."),
        }
    }

    fn frequency(&self, code: &str) -> Answer {
        match &self.variant.frequency {
            Lookup::NotEvaluated(reason) => open(format!("Frequency: {reason}.")),
            Lookup::Absent => answer(
                frequency_code(Some(0.0)) == Some(code),
                "The allele is absent from the population data, which cover the place.",
            ),
            Lookup::Found(found) if !found.filters.is_empty() => {
                open("The population record failed its own filters.".to_owned())
            }
            Lookup::Found(found) => match stated(found) {
                None => open("The population record states no frequency."),
                Some(value) => answer(
                    value > 0.0 && frequency_code(Some(value)) == Some(code),
                    format!("Population frequency {value}."),
                ),
            },
        }
    }

    /// SBP2: silent, no effect on splicing, not conserved.
    fn silent(&self) -> Answer {
        if self.kind != Kind::Synonymous {
            return not_applicable("The change is not silent.");
        }
        let (Some(delta), Some(phylop)) = (self.variant.splice_delta.found(), self.variant.phylop.found()) else {
            return open("A silent change needs a splice score and phyloP100way, and one is not given.");
        };
        let met = *delta <= RULES.limit("splice_bp4") && *phylop < RULES.bp7.phylop;
        answer(met, format!("Silent, splice delta {delta}, phyloP100way {phylop}."))
    }

    fn tier(&self, class: &OncogenicResult, criteria: &[SomaticCriterion]) -> Tiered {
        let none = |sentence: &str| Tiered {
            tier: None,
            sentence: sentence.to_owned(),
            deciding: Vec::new(),
            further: Vec::new(),
        };
        let Some(statements) = self.knowledge.statements else {
            return none("The tier was not evaluated: no statements on drugs, diagnosis or prognosis were given.");
        };
        if self.knowledge.tumours.is_empty() {
            return none("The tier was not evaluated: the tumour type was not stated.");
        }
        let drives = matches!(class.class, Oncogenicity::Oncogenic | Oncogenicity::LikelyOncogenic);
        let lost = criteria.iter().any(|c| c.code == "OVS1" && c.state == State::Met);
        let (mut counting, mut further) = (Vec::new(), Vec::new());
        for about in statements.by_gene.get(self.gene).into_iter().flatten() {
            if !about.change.matches(self.shown) {
                continue;
            }
            let counts = match about.change {
                Change::Any => drives,
                Change::Loss => lost,
                _ => true,
            };
            let mut statement = about.statement.clone();
            // One of the stated names, or the identifier: then it is about this tumour.
            let is_own = self.knowledge.tumours.iter().any(|name| {
                let number = name
                    .get(..5)
                    .filter(|p| p.eq_ignore_ascii_case("DOID:"))
                    .map(|_| name[5..].trim());
                name.trim().eq_ignore_ascii_case(statement.tumor.trim())
                    || number.is_some_and(|n| about.doid.as_deref() == Some(n))
            });
            if is_own {
                self.knowledge.tumours[0].clone_into(&mut statement.tumor);
            }
            if counts {
                counting.push(statement);
            } else {
                further.push(statement);
            }
        }
        let frequency = match &self.variant.frequency {
            Lookup::Found(found) if found.filters.is_empty() => stated(found),
            _ => None,
        };
        let tumour = self.knowledge.tumours[0].as_str();
        let (found, deciding) = tier(tumour, &counting, Some(class.class), frequency);
        let deciding: Vec<Statement> = deciding.into_iter().cloned().collect();
        further.extend(counting.iter().filter(|s| !deciding.contains(s)).cloned());
        let sentence = match found {
            Tier::IV => "No statement on the allele, and it is common or its class is (likely) benign.".to_owned(),
            Tier::III => "No statement on the allele in the data that were given.".to_owned(),
            Tier::IA | Tier::IB => format!(
                "{} of level A or B for this tumour type decide.",
                number(deciding.len())
            ),
            Tier::IIC => format!(
                "{} decide: of level C, or of level A or B for another tumour type.",
                number(deciding.len())
            ),
            Tier::IID => format!(
                "{} of level D (preclinical, case reports) decide.",
                number(deciding.len())
            ),
        };
        Tiered {
            tier: Some(found),
            sentence,
            deciding,
            further,
        }
    }
}

fn number(count: usize) -> String {
    format!("{count} statement{}", if count == 1 { "" } else { "s" })
}

fn words(role: super::Role) -> &'static str {
    match (role.oncogene, role.suppressor) {
        (true, true) => "an oncogene and tumour suppressor",
        (true, false) => "an oncogene",
        (false, true) => "a tumour suppressor",
        (false, false) => "of no role in tumours",
    }
}

/// The frequency that counts: the filtering one of the group with the highest, else the overall one.
fn stated(found: &Frequency) -> Option<f64> {
    found.filtering_frequency.or(found.frequency)
}

/// Puts what a person entered over what the rules said, which stays in the sentence.
fn enter(criteria: &mut [SomaticCriterion], entered: &Entered) {
    // `entered` was checked where it was read; what no longer reads counts for nothing.
    let Ok(codes) = oncogenicity(&entered.codes) else {
        return;
    };
    for (code, points) in codes.codes {
        if let Some(row) = criteria.iter_mut().find(|c| c.code == code) {
            let before = match row.state {
                State::Met => "met",
                State::NotMet => "not met",
                State::NotApplicable => "not applicable",
                State::NotEvaluated => "not evaluated",
            };
            row.sentence = format!(
                "Set by {}: {}. By rules {before}: {}",
                entered.by,
                entered.reason.trim_end_matches('.'),
                row.sentence
            );
            (row.state, row.points, row.set_by) = (State::Met, points, SetBy::User);
        }
    }
}

/// Of two criteria that rest on the same observation one counts: a person's before the rules', then the stronger.
fn settle(criteria: &mut [SomaticCriterion]) {
    for one in 0..criteria.len() {
        let Some(rule) = RULES.oncogenicity.iter().find(|r| r.code == criteria[one].code) else {
            continue;
        };
        for other in 0..criteria.len() {
            let excluded = rule.excludes.contains(&criteria[other].code);
            if !excluded || criteria[one].state != State::Met || criteria[other].state != State::Met {
                continue;
            }
            let weight = |c: &SomaticCriterion| (c.set_by == SetBy::User, c.points.abs());
            let (keep, drop) = if weight(&criteria[one]) >= weight(&criteria[other]) {
                (one, other)
            } else {
                (other, one)
            };
            let kept = criteria[keep].code.clone();
            let row = &mut criteria[drop];
            row.state = State::NotApplicable;
            row.points = 0;
            row.sentence = format!("{} ({kept} counts the same observation.)", row.sentence);
        }
    }
}

#[cfg(test)]
mod tests;
