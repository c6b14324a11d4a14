//! Names in, one JSON line each out.

use std::{
    io::{self, BufRead, BufWriter, Write},
    path::Path,
};

use clinotype_genome::{Fault, Reference, Result, fs};
use clinotype_jobs::{
    TranscriptSet,
    namer::{self, Answer, Namer, Sequences},
};
use serde::Serialize;

use crate::args::Hgvs;

/// The line printed for one name; its fields are described in the command's help.
#[derive(Serialize)]
struct Line<'a> {
    input: &'a str,
    normalized: Option<&'a str>,
    g: Option<&'a str>,
    c: Option<&'a str>,
    n: Option<&'a str>,
    r: Option<&'a str>,
    p: Option<&'a str>,
    transcript: Option<&'a str>,
    vcf: Option<Vcf<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<Other<'a>>,
    errors: &'a [String],
    notes: &'a [String],
}

#[derive(Serialize)]
struct Vcf<'a> {
    chrom: &'a str,
    pos: u32,
    #[serde(rename = "ref")]
    reference: &'a str,
    alt: &'a str,
}

#[derive(Serialize)]
struct Other<'a> {
    transcript: &'a str,
    name: Option<&'a str>,
    p: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of(answer: &'a Answer) -> Self {
        Self {
            input: &answer.input,
            normalized: answer.normalized.as_deref(),
            g: answer.g.as_deref(),
            c: answer.c.as_deref(),
            n: answer.n.as_deref(),
            r: answer.r.as_deref(),
            p: answer.p.as_deref(),
            transcript: answer.transcript.as_deref(),
            vcf: answer.vcf.as_ref().map(|v| Vcf {
                chrom: &v.chrom,
                pos: v.pos,
                reference: &v.reference,
                alt: &v.alternate,
            }),
            others: answer
                .others
                .iter()
                .map(|o| Other {
                    transcript: &o.transcript,
                    name: o.name.as_deref(),
                    p: o.p.as_deref(),
                })
                .collect(),
            errors: &answer.errors,
            notes: &answer.notes,
        }
    }
}

pub(crate) fn run(call: &Hgvs) -> Result<()> {
    let references = call.reference.iter().map(Reference::open).collect::<Result<_>>()?;
    let sequences = Sequences::of(references, call.build)?;
    let sets: Vec<TranscriptSet> = call
        .transcripts
        .iter()
        .map(|gff3| namer::read_transcripts(gff3, &sequences, call.build))
        .collect::<Result<_>>()?;
    let namer = Namer::new(&sequences, sets.iter().collect(), call.build);
    let mut out = Answers {
        out: BufWriter::new(io::stdout().lock()),
        wrong: 0,
    };
    for name in &call.names {
        out.print(&namer.name(name)?)?;
    }
    if let Some(path) = &call.input {
        let lines: Box<dyn BufRead> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            Box::new(fs::open_text(path)?)
        };
        for (line, number) in lines.lines().zip(1..) {
            let line = line.map_err(|e| Fault::io("read", path, e).line(number))?;
            let name = line.trim();
            if !name.is_empty() && !name.starts_with('#') {
                out.print(&namer.name(name)?)?;
            }
        }
    }
    out.out.flush().map_err(stdout)?;
    if call.strict && out.wrong > 0 {
        return Err(Fault::input(format!("{} names have errors", out.wrong)).hint("see `errors` in their lines"));
    }
    Ok(())
}

struct Answers<W: Write> {
    out: W,
    wrong: u64,
}

impl<W: Write> Answers<W> {
    fn print(&mut self, answer: &Answer) -> Result<()> {
        self.wrong += u64::from(!answer.errors.is_empty());
        serde_json::to_writer(&mut self.out, &Line::of(answer)).map_err(|e| stdout(e.into()))?;
        self.out.write_all(b"\n").map_err(stdout)
    }
}

fn stdout(error: io::Error) -> Fault {
    Fault::io("write", Path::new("standard output"), error)
}
