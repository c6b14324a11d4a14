//! The layout-free document: what is said, in which order, and in which voice. Both backends render it as it stands.

use clinotype_case::criterion::Class;
use clinotype_case::finding::Outcome;

/// A whole report.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    /// Title for metadata and the window; holds no patient data.
    pub(crate) title: String,
    /// When the report was made, `20261120130500`, for the metadata; empty where the time has another form.
    pub(crate) created: String,
    /// What stands on every page.
    pub(crate) running: Running,
    /// The content in reading order.
    pub(crate) blocks: Vec<Block>,
}

/// What stands on every page besides `page x of y`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Running {
    /// Who: name, identifiers, birth date, sex; or UNIDENTIFIED and the sample.
    pub(crate) identity: String,
    /// State of the report, for example `DRAFT - NOT REVIEWED`.
    pub(crate) state: String,
    /// Report id, version, software, build.
    pub(crate) report: String,
}

/// A part of the document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// The laboratory's name, and what else is known of it.
    Letterhead { name: String, lines: Vec<String> },
    /// Label and value in a grid.
    Identifiers(Vec<(String, Text)>),
    /// A heading; level 1 numbered sections, level 2 parts of them.
    Heading { level: u8, text: String },
    /// Running text.
    Paragraph(Text),
    /// What a reader must not miss.
    Notice(Text),
    /// The answer.
    Banner(Banner),
    /// A list.
    List { ordered: bool, items: Vec<Text> },
    /// Label and value, one below the other.
    Pairs(Vec<(String, Text)>),
    /// A table.
    Table(Table),
    /// The sum of points on its scale.
    Rail(Rail),
    /// Who wrote, reviewed and approved.
    Signatures(Vec<(String, String)>),
    /// What follows begins on a new page.
    PageBreak,
    /// The last line of a report.
    End(String),
}

/// The answer, in words first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Banner {
    /// Gives colour and mark; the words stand in the title.
    pub(crate) outcome: Outcome,
    /// `POSITIVE: a pathogenic variant explains the indication`.
    pub(crate) title: String,
    /// Further lines.
    pub(crate) lines: Vec<Text>,
}

/// A table whose header repeats on every page and whose rows are not split.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    /// What it is, for readers who do not see it; also a heading where `heading` blocks do not say it.
    pub(crate) caption: String,
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// Rows; as many cells as columns.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    /// Its head.
    pub(crate) head: String,
    /// Share of the width.
    pub(crate) weight: f32,
    /// Figures are set to the right.
    pub(crate) figures: bool,
}

/// A cell: lines one below the other.
pub(crate) type Cell = Vec<Line>;

/// A line of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Line {
    /// Text.
    Text(Text),
    /// The five-step mark and the class in words.
    Class(Class),
}

/// Points and where the class boundaries lie.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rail {
    /// The sum.
    pub(crate) points: i32,
    /// The class that was concluded.
    pub(crate) class: Class,
    /// The same in words.
    pub(crate) words: String,
}

/// Running text in one or more voices.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Text(pub(crate) Vec<Span>);

/// A stretch of text in one voice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    /// The words; no control characters (see [`visible`]).
    pub(crate) text: String,
    /// How they are set.
    pub(crate) voice: Voice,
}

/// How a stretch of text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Voice {
    /// Body.
    Plain,
    /// Emphasis.
    Strong,
    /// Less important.
    Quiet,
    /// HGVS, alleles, coordinates, accessions.
    Sequence,
    /// The same, less important.
    QuietSequence,
}

impl Text {
    /// Body text.
    pub(crate) fn plain(text: impl AsRef<str>) -> Self {
        Self::default().and(Voice::Plain, text)
    }
    /// Text in one voice.
    pub(crate) fn of(voice: Voice, text: impl AsRef<str>) -> Self {
        Self::default().and(voice, text)
    }
    /// Adds a stretch.
    pub(crate) fn and(mut self, voice: Voice, text: impl AsRef<str>) -> Self {
        self.0.push(Span {
            text: visible(text.as_ref()),
            voice,
        });
        self
    }
    /// The words alone.
    pub(crate) fn words(&self) -> String {
        self.0.iter().map(|s| s.text.as_str()).collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}
impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

/// A line of a cell.
pub(crate) fn line(voice: Voice, text: impl AsRef<str>) -> Line {
    Line::Text(Text::of(voice, text))
}

/// A cell of one line.
pub(crate) fn cell(text: impl AsRef<str>) -> Cell {
    vec![line(Voice::Plain, text)]
}

/// A column of words.
pub(crate) fn words(head: &str, weight: f32) -> Column {
    Column {
        head: head.to_owned(),
        weight,
        figures: false,
    }
}

/// A column of figures.
pub(crate) fn figures(head: &str, weight: f32) -> Column {
    Column {
        head: head.to_owned(),
        weight,
        figures: true,
    }
}

/// Makes every character seen: white space other than the no-break space becomes a space, and what prints nothing or turns the reading direction
/// (controls, zero-width and bidirectional marks) becomes `[U+XXXX]`. Two names that differ must look different.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
                out.push(' ');
            }
            _ if is_unseen(c) => out.push_str(&code_point(c)),
            _ => out.push(c),
        }
    }
    out
}

/// `[U+05D0]`.
pub(crate) fn code_point(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

/// Controls, format characters and fillers (Unicode 16: Cc, Cf, and Default_Ignorable_Code_Point), line separators.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}' | '\u{1160}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

impl Document {
    /// Every sentence, label and cell in reading order, without what repeats on every page.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut all = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Letterhead { name, lines } => {
                    all.push(name.clone());
                    all.extend(lines.iter().cloned());
                }
                Block::Identifiers(pairs) | Block::Pairs(pairs) => {
                    all.extend(pairs.iter().flat_map(|(label, value)| [label.clone(), value.words()]));
                }
                Block::Heading { text, .. } | Block::End(text) => all.push(text.clone()),
                Block::Paragraph(text) | Block::Notice(text) => all.push(text.words()),
                Block::Banner(banner) => {
                    all.push(banner.title.clone());
                    all.extend(banner.lines.iter().map(Text::words));
                }
                Block::List { items, .. } => all.extend(items.iter().map(Text::words)),
                Block::Table(table) => {
                    all.extend(table.columns.iter().map(|c| c.head.clone()));
                    all.extend(table.rows.iter().flatten().flatten().map(|line| match line {
                        Line::Text(text) => text.words(),
                        Line::Class(class) => class.words().to_owned(),
                    }));
                }
                Block::Rail(rail) => all.push(rail.words.clone()),
                Block::Signatures(lines) => all.extend(lines.iter().flat_map(|(a, b)| [a.clone(), b.clone()])),
                Block::PageBreak => {}
            }
        }
        all
    }
}
