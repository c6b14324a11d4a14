#!/usr/bin/env python3
"""Whether recalibrating base qualities would help: the same reads called as they are and with recalibrated qualities.

usage: benches/recalibration.py [--seeds 5]

Learns, from the full depth of HG001 and of HG002 (real reads, confident regions less the truth's variants), how often a
base of each stated quality and machine cycle is wrong, as GATK's BaseRecalibrator does (DePristo 2011, Nat Genet 43:491;
covariates: stated quality, cycle in tens, mate; shrunk towards the stated quality's own rate). Prints stated and
observed quality, then TP/FP/FN of Clinotype on the thinned sets of `benches/accuracy.py` both ways. Run that first: it
makes the thinned sets. Learning from the truth's own regions flatters recalibration; a laboratory has no truth.
"""
import argparse, math, re, subprocess, tempfile
from collections import defaultdict
from pathlib import Path

import scoring
from scoring import CLINOTYPE, SHARED, TARGET, sh

PLACES = {
    "HG001": (["0.2", "0.3"], "na12878-chr20-hg19", "truth_nist_v3.3.2.vcf.gz", "confident_wide.bed"),
    "HG002": (["0.27", "0.5"], "hg002-chr20-b37", "truth.vcf.gz", "confident.bed"),
}
UNUSABLE = 0x4 | 0x100 | 0x200 | 0x400 | 0x800


def alignments(bam):
    text = subprocess.run(["samtools", "view", "-h", bam], check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        yield line if line.startswith("@") else line.split("\t")


def placed(cigar, start):
    """Pairs of read offset and 0-based reference position of the aligned bases."""
    offset, position = 0, start
    for length, op in re.findall(r"(\d+)([MIDNSHP=X])", cigar):
        length = int(length)
        if op in "M=X":
            yield from zip(range(offset, offset + length), range(position, position + length))
        if op in "M=XIS":
            offset += length
        if op in "M=XDN":
            position += length


def covariates(fields, offset):
    flag, length = int(fields[1]), len(fields[9])
    cycle = length - 1 - offset if flag & 16 else offset
    return ord(fields[10][offset]) - 33, cycle // 10, bool(flag & 128)


def learn(bam, sequence, usable):
    seen = defaultdict(lambda: [0, 0])
    for fields in alignments(bam):
        if isinstance(fields, str) or int(fields[1]) & UNUSABLE or int(fields[4]) < 20:
            continue
        for offset, position in placed(fields[5], int(fields[3]) - 1):
            base = fields[9][offset]
            if position in usable and base != "N":
                counts = seen[covariates(fields, offset)]
                counts[0] += base != sequence[position]
                counts[1] += 1
    by_quality = defaultdict(lambda: [0, 0])
    for (quality, *_), (wrong, all_) in seen.items():
        by_quality[quality][0] += wrong
        by_quality[quality][1] += all_
    # A bin of few bases takes the rate of its quality: 1,000 bases' worth of it.
    table = {}
    for key, (wrong, all_) in seen.items():
        rate = (by_quality[key[0]][0] + 1) / (by_quality[key[0]][1] + 2)
        table[key] = max(2, min(45, round(-10 * math.log10((wrong + 1000 * rate) / (all_ + 1000)))))
    return table, by_quality


def rewrite(bam, table, out, folder):
    lines = []
    for fields in alignments(bam):
        if not isinstance(fields, str):
            quality = [chr(33 + table.get(covariates(fields, o), ord(q) - 33)) for o, q in enumerate(fields[10])]
            fields = "\t".join(fields[:10] + ["".join(quality)] + fields[11:])
        lines.append(fields)
    Path(f"{folder}/r.sam").write_text("\n".join(lines) + "\n")
    sh(f"samtools view -b -o {out} r.sam && samtools index {out}", folder)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=5)
    given = arguments.parse_args()
    tool = scoring.compare()
    for sample, (fractions, name, truth, bed) in PLACES.items():
        data, reference = SHARED / "data" / "reads" / name, TARGET / "bench" / f"{sample}.fa"
        truth, bed = data / truth, data / bed
        sequence = next(s for s in tool.read_fasta(reference).values())
        usable = {p for spans in tool.read_bed(bed).values() for a, b in spans for p in range(a, b)}
        for record in tool.read_vcf(truth, None, None, False):
            usable -= set(range(record["start"] - 5, record["end"] + 5))
        full = TARGET / "bench" / "thinned" / f"{sample}-1.0-0" / "peers.bam"
        table, by_quality = learn(full, sequence, usable)
        print(f"{sample}: stated quality, bases, observed quality")
        for quality, (wrong, all_) in sorted(by_quality.items()):
            if all_ >= 2000:
                print(f"  {quality:3} {all_:9} {-10 * math.log10((wrong + 1) / (all_ + 2)):6.1f}")
        for fraction in fractions:
            totals = {way: {kind: [0, 0, 0] for kind in ("SNP", "INDEL")} for way in ("as they are", "recalibrated")}
            for seed in range(1, given.seeds + 1):
                kept = TARGET / "bench" / "thinned" / f"{sample}-{fraction}-{seed}"
                with tempfile.TemporaryDirectory() as folder:
                    rewrite(kept / "peers.bam", table, f"{folder}/r.bam", folder)
                    for way, bam in [("as they are", kept / "peers.bam"), ("recalibrated", f"{folder}/r.bam")]:
                        sh(f"{CLINOTYPE} call --quiet --threads 1 --build GRCh37 --bam {bam} --reference {reference}"
                           " --out c.vcf.gz", folder)
                        counts, _, _ = scoring.score(reference, truth, bed, f"{folder}/c.vcf.gz")
                        for kind, values in counts.items():
                            totals[way][kind] = [a + b for a, b in zip(totals[way][kind], values)]
            for way, kinds in totals.items():
                print(f"  {sample} x{fraction} {way:12} " + "  ".join(
                    f"{kind} {'/'.join(map(str, v))} F1 {scoring.f1(v):.4f}" for kind, v in kinds.items()))


if __name__ == "__main__":
    main()
