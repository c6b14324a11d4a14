#!/usr/bin/env python3
"""Calls on reads of made-up persons, beside bcftools and freebayes on the same reads, scored against what was drawn.

usage: benches/simulated.py [--depth 30] [--copies 0 1] [--seed 1] [--slices NAME ... | --panel] [--errors FILE]

The persons are drawn by `clinotype simulate` on real sequence (the shared `grch38-slices`, 6 Mb unless named
otherwise; --panel: every seventh slice of the gene panel, with all of the panel as reference, scored where no other
slice holds the same bases): single bases, indels up to 50 bp, clusters, changes of homopolymers and short tandem
repeats. --copies says how often a polymerase copied each molecule: with each, repeats slip at the rates of Shinde 2003
(Nucleic Acids Res 31:974); 0 is a library without PCR. False indels elsewhere: 8e-6 a base (Schirmer 2016, BMC
Bioinformatics 17:125). The peers read `bwa mem | samtools fixmate, sort, markdup`, Clinotype its own alignments. Prints TP/FP/FN and F1, how
stated genotype quality and observed genotype error agree, and how often the phase of a pair of neighbours is wrong.

Needs the release build (`cargo build --release -p clinotype-cli`), the shared data folder (`CLINOTYPE_SHARED`) and, from
Debian, bwa, samtools, bcftools, freebayes and tabix. References, reads and the peers' calls stay in `target/bench`.
"""
import argparse, os, shutil, sys, tempfile
from pathlib import Path

import scoring
from scoring import CALLERS, CLINOTYPE, SHARED, TARGET, sh

SLICES = ["chr3_10000000_13000000", "chr7_55000000_58000000"]
INDEL_ERROR = 8e-6


def apart(index):
    """Slices of the panel (`chr17:43024295-43217981`) that share no base with another."""
    slices = []
    for line in open(index):
        name, length = line.split("\t")[:2]
        chrom, start = name.split(":")[0], int(name.split(":")[1].split("-")[0])
        slices.append((chrom, start, start + int(length), name))
    shared, reach = set(), None
    for chrom, start, end, name in sorted(slices):
        if reach and reach[0] == chrom and start < reach[1]:
            shared |= {name, reach[2]}
        if not reach or reach[0] != chrom or end > reach[1]:
            reach = (chrom, end, name)
    return [(name, end - start) for _, start, end, name in slices if name not in shared]


def reference_of(slices):
    """One FASTA of the slices (or of the panel, for none) with its indexes, and a BED of what is simulated."""
    names = "-".join(slices) if len(slices) < 4 else f"{len(slices)}-slices"
    folder = TARGET / "bench" / (names or "panel")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "reference.fa.sa").exists():
        files = " ".join(f"{SHARED}/data/grch38-slices/{name}.fa.gz" for name in slices)
        files = files or f"{SHARED}/data/panel-grch38/grch38_slices.fa.gz"
        sh(f"zcat {files} > reference.fa && samtools faidx reference.fa && bwa index reference.fa 2>/dev/null", folder)
        every = 1 if slices else 7
        sh(f"awk -v OFS='\\t' 'NR % {every} == 0 {{print $1, 0, $2}}' reference.fa.fai > targets.bed", folder)
    return folder


def make(home, settings, folder):
    """Reads and truth of one person, and the peers' calls."""
    depth, copies, seed = settings
    sh(f"{CLINOTYPE} simulate --reference {home}/reference.fa --targets {home}/targets.bed --draw truth.vcf.gz --depth {depth}"
       f" --copies {copies} --indel-error {INDEL_ERROR} --seed {seed} --out 1.fastq.gz 2.fastq.gz", folder)
    group = "'@RG\\tID:1\\tSM:S\\tPL:ILLUMINA\\tLB:1'"
    sh(scoring.marked(f"bwa mem -t 2 -R {group} {home}/reference.fa 1.fastq.gz 2.fastq.gz 2>/dev/null"), folder)
    scoring.call_peers(home / "reference.fa", folder)


def phases(path):
    """Phased heterozygous records: (contig, set) and whether the alternate stands first, by the record's text."""
    found = {}
    with scoring.compare().opened(path) as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            f = line.rstrip("\n").split("\t")
            sample = dict(zip(f[8].split(":"), f[9].split(":")))
            if sample["GT"] in ("0|1", "1|0") and len(f[4].split(",")) == 1:
                found[(f[0], int(f[1]), f[3], f[4])] = (sample.get("PS", "0"), sample["GT"] == "1|0")
    return found


def switches(truth, calls):
    """Pairs of neighbours in one phase set that are in the truth, and those of them phased wrongly."""
    true, called = phases(truth), phases(calls)
    pairs = wrong = 0
    last = None
    for site in sorted(site for site in called if site in true):
        if last and last[0] == site[0] and called[last][0] == called[site][0]:
            pairs += 1
            wrong += (called[last][1] == called[site][1]) != (true[last][1] == true[site][1])
        last = site
    return pairs, wrong, len(called)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--depth", type=float, default=30)
    arguments.add_argument("--copies", type=float, nargs="+", default=[0, 1])
    arguments.add_argument("--seed", type=int, default=1)
    what = arguments.add_mutually_exclusive_group()
    what.add_argument("--slices", nargs="+", default=SLICES)
    what.add_argument("--panel", action="store_true")
    arguments.add_argument("--errors", type=Path, help="write our errors, one a line")
    given = arguments.parse_args()
    for tool in [CLINOTYPE, "bwa", "samtools", "bcftools", "freebayes", "bgzip"]:
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing (see the text at the top of this file)")
    home = reference_of([] if given.panel else given.slices)
    reference, bed = home / "reference.fa", None
    if given.panel:
        bed = home / "scored.bed"
        bed.write_text("".join(f"{name}\t0\t{length}\n" for name, length in apart(f"{reference}.fai")))
    pooled, verdicts, written = {}, [], []
    phased = []
    for copies in given.copies:
        name = f"{given.depth:g}x-{copies:g}-{given.seed}"
        kept = home / name
        if not kept.exists():
            part = Path(tempfile.mkdtemp(dir=home))
            make(home, (given.depth, copies, given.seed), part)
            os.rename(part, kept)
        with tempfile.TemporaryDirectory() as folder:
            sh(f"{CLINOTYPE} align --quiet --reads {kept}/1.fastq.gz {kept}/2.fastq.gz --reference {reference} --sample S"
               " --out ours.bam", folder)
            sh(f"{CLINOTYPE} call --quiet --build GRCh38 --bam ours.bam --reference {reference} --out clinotype.vcf.gz", folder)
            for caller in CALLERS:
                calls = f"{folder if caller == 'clinotype' else kept}/{caller}.vcf.gz"
                counts, said, errors = scoring.score(reference, kept / "truth.vcf.gz", bed, calls)
                for kind, values in counts.items():
                    pooled.setdefault((f"{given.depth:g}x copies {copies:g}", kind), {})[caller] = values
                if caller == "clinotype":
                    verdicts += said
                    written += [f"{name}\t{line}" for line in errors]
            phased.append((name, *switches(kept / "truth.vcf.gz", f"{folder}/clinotype.vcf.gz")))
    print(scoring.table(pooled))
    for name, pairs, wrong, records in phased:
        print(f"phase, {name}: {records} records phased; {wrong} of {pairs} neighbours switched ({wrong / max(1, pairs):.5f})")
    for kind in ["SNP", "INDEL"]:
        print(f"\n{kind}\n{scoring.calibration([v for v in verdicts if v[0] == kind])}")
    if given.errors:
        given.errors.write_text("\n".join(written) + "\n")


if __name__ == "__main__":
    main()
