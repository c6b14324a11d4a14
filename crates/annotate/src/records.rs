//! A run of records annotated by one thread: the plain ones in a few steps, the others the general way.

use std::ops::Range;

use clinotype_genome::{Contig, Fault, Pos, Result, VariantKey};

use crate::{
    annotate::{self, Context},
    around::{Around, placements},
    bases::Bases,
    csq,
    edit::Allele,
    hgvs,
    sources::normalised,
    stretches::{Asked, Change, Unasked},
    vcf::{
        input::Batch,
        line::{Line, unusable},
        output,
        writer::{Packer, Piece, Placed, Wanted},
    },
};

/// Annotates the lines `row` of a batch; gives a piece for each output.
pub(crate) fn annotate(
    batch: &Batch,
    row: Range<usize>,
    outputs: &[Wanted],
    context: &Context<'_>,
) -> Result<Vec<Piece>> {
    let mut records = Vec::with_capacity(row.len());
    let mut text = String::with_capacity(row.len() * 600);
    let mut annotator = Annotator::new(context);
    for number in row {
        let raw = batch.line(number);
        let line = Line::parse(raw).map_err(|what| Fault::input(what).at(context.path))?;
        let index = annotator.contig(&line)?;
        annotator.record(&mut text, &line)?;
        let last = line.position.saturating_add((line.reference.len() as u32).max(1) - 1);
        // A symbolic allele reaches to its END.
        let end = line
            .info_value("END")
            .and_then(|e| e.parse::<u32>().ok())
            .map_or(last, |end| end.max(last));
        records.push(Placed {
            contig: index,
            position: line.position,
            end,
            stop: text.len(),
        });
    }
    let mut packer = outputs.iter().any(|(_, pack)| *pack).then(Packer::default);
    let mut pieces = Vec::with_capacity(outputs.len());
    // Tables are made from the text of the VCF, so its own piece, which takes the text, comes last.
    for (table, _) in outputs {
        let mut rows = String::new();
        if let Some(table) = table {
            let mut from = 0;
            for record in &records {
                table.rows(&mut rows, &text[from..record.stop])?;
                from = record.stop;
            }
        }
        pieces.push(Piece::new(rows.into_bytes(), Vec::new()));
    }
    if let Some(vcf) = outputs.iter().position(|(table, _)| table.is_none()) {
        pieces[vcf] = Piece::new(text.into_bytes(), records);
    }
    for (piece, (_, pack)) in pieces.iter_mut().zip(outputs) {
        if let Some(packer) = packer.as_mut().filter(|_| *pack) {
            piece.pack(packer)?;
        }
    }
    Ok(pieces)
}

/// One thread's state over a run of records.
pub(crate) struct Annotator<'a> {
    context: &'a Context<'a>,
    around: Around<'a>,
    /// The contig of the last record: its name in the file, its index and itself.
    contig: Option<(String, usize, &'a Contig)>,
    /// The INFO values of plain alleles on this contig.
    unasked: Option<Unasked>,
    entries: String,
    alternates: Vec<u8>,
}

impl<'a> Annotator<'a> {
    pub(crate) fn new(context: &'a Context<'a>) -> Self {
        Self {
            context,
            around: Around::new(context.in_use, context.bases, context.names, context.pick_order),
            contig: None,
            unasked: None,
            entries: String::new(),
            alternates: Vec::new(),
        }
    }

    /// Index of the reference's contig of a line.
    fn contig(&mut self, line: &Line<'_>) -> Result<usize> {
        if let Some((name, index, _)) = &self.contig
            && name == line.contig
        {
            return Ok(*index);
        }
        let changed = || Fault::input("the file changed while it was read").at(self.context.path);
        let index = *self.context.contigs.get(line.contig).ok_or_else(changed)?;
        let contig = self.context.bases.contigs().iter().nth(index).ok_or_else(changed)?;
        self.contig = Some((line.contig.to_owned(), index, contig));
        self.unasked = if self.context.asks() {
            None
        } else {
            let probe = VariantKey::new(&contig.name, Pos::from_zero_based(0), "A", "C");
            let named = if self.context.names {
                let allele = Allele::of(&probe, self.context.bases, contig.length)?;
                hgvs::dna::genomic(
                    &allele,
                    self.context.bases,
                    &contig.name,
                    contig.length,
                    self.context.build,
                )?
            } else {
                None
            };
            let mut text = String::new();
            csq::per_allele(&mut text, &[Some(annotate::values(self.context, index, &probe, named))]);
            Unasked::cut(&text, &probe)
        };
        Ok(index)
    }

    /// Appends one annotated line of the contig that was asked for last, if it can go the short way; nothing where it
    /// gives false.
    pub(crate) fn short(&mut self, out: &mut String, line: &Line<'_>) -> Result<bool> {
        let index = self.contig(line)?;
        let Some((_, _, contig)) = self.contig else {
            return Err(Fault::internal("a record was annotated before its contig was known"));
        };
        match self.substitutions(out, line, index, contig)? {
            Some(done) => Ok(done),
            None => self.alleles(out, line, index, contig),
        }
    }

    /// Appends one annotated line.
    fn record(&mut self, out: &mut String, line: &Line<'_>) -> Result<()> {
        if self.short(out, line)? {
            return Ok(());
        }
        let Some((_, index, contig)) = self.contig else {
            return Err(Fault::internal("a record was annotated before its contig was known"));
        };
        let start = line.position.saturating_sub(1);
        let end = start.saturating_add(line.reference.len() as u32);
        let window = self.around.go(&contig.name, start, end)?;
        annotate::record(out, line, index, contig, window, self.context)
    }

    /// A record whose ALTs are all single bases, that no source is asked about and no combined reading has, in plain
    /// stretches. Appends nothing
    /// where it gives false: in another stretch; or `None`: another kind of record.
    fn substitutions(
        &mut self,
        out: &mut String,
        line: &Line<'_>,
        index: usize,
        contig: &'a Contig,
    ) -> Result<Option<bool>> {
        let (&[reference], alternates) = (line.reference.as_bytes(), line.alternates.as_bytes()) else {
            return Ok(None);
        };
        let (Some(unasked), Some(position)) = (&self.unasked, Pos::new(line.position)) else {
            return Ok(None);
        };
        if alternates.len().is_multiple_of(2) || self.context.haplotypes.has(index, line.position) {
            return Ok(None);
        }
        let reference = reference.to_ascii_uppercase();
        self.alternates.clear();
        for part in alternates.chunks(2) {
            let alternate = part[0].to_ascii_uppercase();
            if !matches!(alternate, b'A' | b'C' | b'G' | b'T')
                || alternate == reference
                || part.get(1).is_some_and(|c| *c != b',')
            {
                return Ok(None);
            }
            self.alternates.push(alternate);
        }
        let place = position.zero_based();
        let window = self.around.go(&contig.name, place, place + 1)?;
        if window.slice(place, place + 1) != Some(&[reference]) || reference == b'N' {
            return Ok(Some(false));
        }
        self.entries.clear();
        for (n, alternate) in self.alternates.iter().enumerate() {
            let text = [*alternate];
            let asked = Asked {
                text: std::str::from_utf8(&text).unwrap_or("N"),
                number: n + 1,
                change: Change::Base(place, reference, *alternate),
            };
            if !self.around.entries(&mut self.entries, &asked, place, place + 1)? {
                return Ok(Some(false));
            }
        }
        let any = output::start(out, line, |key| self.context.sources.has_key(key));
        if any {
            out.push(';');
        }
        out.push_str("CSQ=");
        out.push_str(&self.entries);
        unasked.write(out, position, reference, &self.alternates);
        out.push_str(line.tail);
        out.push('\n');
        Ok(Some(true))
    }

    /// Appends the entries of one allele: CSQ without its key.
    pub(crate) fn describe(
        &mut self,
        out: &mut String,
        contig: &'a Contig,
        position: Pos,
        reference: &str,
        alternate: &str,
    ) -> Result<()> {
        let from = position.zero_based();
        let to = from.saturating_add(reference.len() as u32);
        self.around.go(&contig.name, from, to)?;
        if let (&[r], &[a]) = (reference.as_bytes(), alternate.as_bytes()) {
            let asked = Asked {
                text: alternate,
                number: 1,
                change: Change::Base(from, r, a),
            };
            if self.around.entries(out, &asked, from, to)? {
                return Ok(());
            }
        }
        let window = self.around.go(&contig.name, from, to)?;
        let key = normalised(&VariantKey::new(&contig.name, position, reference, alternate), window)?;
        let variant = Allele::of(&key, window, contig.length)?;
        let allele = csq::vep_allele(reference, alternate, &[alternate]);
        let asked = Asked {
            text: &allele,
            number: 1,
            change: Change::Other(&variant),
        };
        let (low, high) = placements(&variant);
        if self.around.entries(out, &asked, low, high)? {
            return Ok(());
        }
        let window = self.around.go(&contig.name, from, to)?;
        annotate::consequences(out, &allele, 1, &variant, &contig.name, window, self.context)
    }

    /// A record of any plain alleles in plain stretches.
    fn alleles(&mut self, out: &mut String, line: &Line<'_>, index: usize, contig: &'a Contig) -> Result<bool> {
        let Some(start) = Pos::new(line.position) else {
            return Ok(false);
        };
        let from = start.zero_based();
        let to = from.saturating_add(line.reference.len() as u32);
        let window = self.around.go(&contig.name, from, to)?;
        let Some(ours) = window.slice(from, to) else {
            return Ok(false);
        };
        if ours.contains(&b'N') || !ours.eq_ignore_ascii_case(line.reference.as_bytes()) {
            return Ok(false);
        }
        if !self.around.is_plain(from, to, 1) {
            return Ok(false);
        }
        let all: Vec<&str> = line.alternates.split(',').collect();
        self.entries.clear();
        let mut values = Vec::with_capacity(all.len());
        let mut keys = vec![None; all.len()];
        for (number, alternate) in all.iter().enumerate() {
            if unusable(alternate).is_some() || alternate.eq_ignore_ascii_case(line.reference) {
                values.push(None);
                continue;
            }
            let window = self.around.go(&contig.name, from, to)?;
            let key = normalised(&VariantKey::new(&contig.name, start, line.reference, alternate), window)?;
            let variant = Allele::of(&key, window, contig.length)?;
            let named = if self.context.names {
                hgvs::dna::genomic(&variant, window, &contig.name, contig.length, self.context.build)?
            } else {
                None
            };
            let allele = csq::vep_allele(line.reference, alternate, &all);
            let asked = Asked {
                text: &allele,
                number: number + 1,
                change: Change::Other(&variant),
            };
            let (low, high) = placements(&variant);
            if !self.around.entries(&mut self.entries, &asked, low, high)? {
                return Ok(false);
            }
            values.push(Some(annotate::values(self.context, index, &key, named)));
            keys[number] = Some(key);
        }
        annotate::finish(out, line, index, &self.entries, &values, &keys, self.context);
        Ok(true)
    }
}
