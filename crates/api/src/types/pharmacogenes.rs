//! The pharmacogenes page.

wire! {
/// The pharmacogenes of a case's newest run.
pub struct PharmacogenesView {
    /// Whether the run called them. All else is empty where it did not.
    pub called: bool,
    /// Build of the genotypes.
    pub build: Option<String>,
    /// Current medicines, the most urgent first; absent: nobody stated any.
    pub medications: Option<Vec<MedicineAlert>>,
    /// Genes by name, those without a result too.
    pub genes: Vec<PharmacogeneView>,
    /// Drugs by name.
    pub drugs: Vec<DrugView>,
    /// Copies of CYP2D6 by read depth (research), in words.
    pub copies: Option<String>,
    /// What holds for every result.
    pub limits: Vec<String>,
    /// Rule tables and releases.
    pub releases: Vec<super::ReleaseView>,
}

/// How urgent guidance is.
#[derive(Copy, Eq)]
#[serde(rename_all = "snake_case")]
pub enum GuidanceLevel {
    /// No guidance under this name.
    Unknown,
    /// The genotype changes nothing.
    NoChange,
    /// The guideline makes no recommendation for the genotype.
    NoRecommendation,
    /// A gene that the guideline needs is not called.
    NotEvaluated,
    /// The guideline gives advice.
    Advice,
    /// The guideline names another drug.
    AlternateDrug,
}

/// A medicine that the patient takes.
pub struct MedicineAlert {
    /// As it was given.
    pub medication: String,
    /// Drug of the guidance, where one was recognised.
    pub drug: Option<String>,
    /// How urgent.
    pub level: GuidanceLevel,
    /// The level in words.
    pub words: String,
    /// One sentence.
    pub text: String,
}

/// A gene.
pub struct PharmacogeneView {
    /// Symbol.
    pub gene: String,
    /// Whether it has a result.
    pub called: bool,
    /// Diplotypes that fit, or alleles found.
    pub diplotypes: Vec<String>,
    /// Diplotypes that recommendations are looked up with.
    pub looked_up: Vec<String>,
    /// Phenotypes, each once.
    pub phenotypes: Vec<String>,
    /// Activity scores, each once.
    pub activity_scores: Vec<String>,
    /// How it was called, or why not.
    pub how: String,
    /// Positions of the definition.
    pub positions: u32,
    /// Those without a genotype.
    pub missing: Vec<MissingView>,
    /// Alleles that cannot be told for that.
    pub uncallable: Vec<String>,
    /// Messages and cautions.
    pub notes: Vec<String>,
    /// Other diplotypes that fit, and what each would change.
    pub alternatives: Vec<AlternativeView>,
    /// Drugs with guidance.
    pub drugs: Vec<String>,
}

/// A position without a genotype.
pub struct MissingView {
    /// dbSNP id or place.
    pub name: String,
    /// 1-based position.
    pub position: u32,
    /// Alleles that need it.
    pub alleles: Vec<String>,
    /// Why.
    pub reason: String,
    /// Whether it belongs to an AMP tier 1 allele.
    pub tier1: bool,
}

/// Another diplotype that fits.
pub struct AlternativeView {
    /// Label.
    pub label: String,
    /// The difference in words.
    pub difference: String,
    /// Whether it changes phenotype or activity score.
    pub changes: bool,
}

/// A drug.
pub struct DrugView {
    /// Name.
    pub drug: String,
    /// The most that its guidelines ask for.
    pub level: GuidanceLevel,
    /// The level in words.
    pub words: String,
    /// Guidelines.
    pub guidelines: Vec<GuidelineView>,
    /// Messages that concern the drug.
    pub notes: Vec<String>,
}

/// A guideline.
pub struct GuidelineView {
    /// Who made it.
    pub source: String,
    /// Subject.
    pub name: String,
    /// Date of its content.
    pub date: String,
    /// Genes that it needs.
    pub genes: Vec<String>,
    /// Those of them without a result.
    pub open: Vec<String>,
    /// PubMed ids.
    pub references: Vec<String>,
    /// Recommendations.
    pub recommendations: Vec<RecommendationView>,
    /// Why there are none.
    pub why_none: Option<String>,
}

/// A recommendation.
pub struct RecommendationView {
    /// Population.
    pub population: String,
    /// Strength.
    pub strength: String,
    /// How urgent.
    pub level: GuidanceLevel,
    /// What the genotype means.
    pub implications: Vec<String>,
    /// Text.
    pub text: String,
}
}
