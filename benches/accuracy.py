#!/usr/bin/env python3
"""Calls on real reads thinned at random, beside bcftools and freebayes: the same reads for all, scored against GIAB truth.

usage: benches/accuracy.py [--seeds 20] [--full] [--workers 2] [--errors FILE]

Sets: HG001 (NA12878) at 0.2 and 0.3 of its 52x, HG002 at 0.27 and 0.5 of its 30x; --full adds both at full depth.
HG001 starts from the BAM that GIAB's truth was scored with: pairs are drawn, mates and duplicates marked by samtools,
and all three callers read that one file. HG002 starts from FASTQ: pairs are drawn, the peers read `bwa mem | samtools
fixmate, sort, markdup`, Clinotype its own alignments. Prints TP/FP/FN and F1 by set, kind and caller, pooled over the
seeds, then how stated genotype quality and observed genotype error agree.

Needs the release build (`cargo build --release -p clinotype-cli`), the shared data folder (`CLINOTYPE_SHARED`) and, from
Debian, bwa, samtools, bcftools, freebayes and tabix. References with their indexes, drawn reads and the peers' calls
stay in `target/bench`: the first run makes them, later runs call with Clinotype only.
"""
import argparse, gzip, os, random, shutil, sys, tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import scoring
from scoring import CALLERS, CLINOTYPE, SHARED, TARGET, sh

SETS = [("HG001", 0.2), ("HG001", 0.3), ("HG002", 0.27), ("HG002", 0.5)]
FULL = [("HG001", 1.0), ("HG002", 1.0)]


def thinned(source, target, fraction, seed):
    """Draws pairs by their number, so that both files keep the same ones."""
    draw = random.Random(f"{seed} {fraction}")
    kept = []
    for mate in range(2):
        with gzip.open(source[mate], "rt") as reads, open(target[mate], "w") as out:
            for number, lines in enumerate(zip(*[reads] * 4)):
                if mate == 0:
                    kept.append(draw.random() < fraction)
                if kept[number]:
                    out.writelines(lines)


def make(sample, fraction, seed, prepared, folder):
    """The drawn reads, and the peers' calls of them."""
    data, reference = prepared["data"], prepared["reference"]
    if sample == "HG001":
        draw = f"-s {seed}.{str(fraction).split('.')[1]}" if fraction < 1 else ""
        sh(scoring.marked(f"samtools view -b {draw} {data}/reads.bam | samtools collate -O -u - ./c"), folder)
    else:
        thinned([data / "R1.fastq.gz", data / "R2.fastq.gz"], [folder / "1.fastq", folder / "2.fastq"], fraction, seed)
        group = "'@RG\\tID:1\\tSM:S\\tPL:ILLUMINA\\tLB:1'"
        sh(scoring.marked(f"bwa mem -R {group} {reference} 1.fastq 2.fastq 2>/dev/null"), folder)
    scoring.call_peers(reference, folder)


def one(job):
    """Counts by caller and kind of one drawn set, and the verdict on each of our calls."""
    sample, fraction, seed, prepared = job
    kept = TARGET / "bench" / "thinned" / f"{sample}-{fraction}-{seed}"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=kept.parent))
        make(sample, fraction, seed, prepared, part)
        os.rename(part, kept)
    reference = prepared["reference"]
    with tempfile.TemporaryDirectory() as folder:
        bam = kept / "peers.bam"
        if sample == "HG002":
            bam = f"{folder}/ours.bam"
            sh(f"{CLINOTYPE} align --quiet --threads 1 --reads {kept}/1.fastq {kept}/2.fastq --reference {reference}"
               f" --sample S --out {bam}", folder)
        sh(f"{CLINOTYPE} call --quiet --threads 1 --build GRCh37 --bam {bam} --reference {reference}"
           " --out clinotype.vcf.gz", folder)
        counts, verdicts, errors = {}, [], []
        for caller in CALLERS:
            calls = f"{folder if caller == 'clinotype' else kept}/{caller}.vcf.gz"
            got = scoring.score(reference, prepared["truth"], prepared["bed"], calls)
            counts[caller] = got[0]
            if caller == "clinotype":
                _, verdicts, errors = got
        return counts, verdicts, errors


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=20)
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--errors", type=Path, help="write our errors, one a line")
    given = arguments.parse_args()
    for tool in [CLINOTYPE, "bwa", "samtools", "bcftools", "freebayes", "bgzip"]:
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing (see the text at the top of this file)")
    reads, kept = SHARED / "data" / "reads", TARGET / "bench"
    places = {
        "HG001": (reads / "na12878-chr20-hg19", "truth_nist_v3.3.2.vcf.gz", "confident_wide.bed"),
        "HG002": (reads / "hg002-chr20-b37", "truth.vcf.gz", "confident.bed"),
    }
    kept.mkdir(exist_ok=True)
    prepared = {}
    for sample, (data, truth, bed) in places.items():
        reference = kept / f"{sample}.fa"
        if not reference.exists():
            sh(f"zcat {data}/reference.fa.gz > {reference}.part && mv {reference}.part {reference}", kept)
            sh(f"samtools faidx {reference}", kept)
        # Nearly all of the chromosome is N, which bwa indexes for some minutes.
        if sample == "HG002" and not Path(f"{reference}.sa").exists():
            sh(f"bwa index {reference} 2>/dev/null", kept)
        prepared[sample] = {"data": data, "reference": reference, "truth": data / truth, "bed": data / bed}
    sets = [(s, f, seed) for s, f in SETS for seed in range(1, given.seeds + 1)]
    sets += [(s, f, 0) for s, f in FULL] if given.full else []
    jobs = [(*job, prepared[job[0]]) for job in sets]
    # Ours makes its index beside the reference in the first run of a sample: not by two at once.
    first = next(number for number, job in enumerate(jobs) if job[0] == "HG002")
    results = {first: one(jobs[first])}
    with ProcessPoolExecutor(given.workers) as pool:
        others = [number for number in range(len(jobs)) if number != first]
        results.update(zip(others, pool.map(one, [jobs[number] for number in others])))
    pooled, verdicts, errors, written = {}, [], {}, []
    for number, (sample, fraction, seed) in enumerate(sets):
        counts, said, wrong = results[number]
        verdicts += said
        written += [f"{sample}\t{fraction}\t{seed}\t{line}" for line in wrong]
        for caller, kinds in counts.items():
            for kind, values in kinds.items():
                row = pooled.setdefault((f"{sample} x{fraction}", kind), {}).setdefault(caller, [0, 0, 0])
                row[:] = [a + b for a, b in zip(row, values)]
                if fraction < 1:
                    errors.setdefault(kind, dict.fromkeys(CALLERS, 0))[caller] += values[1] + values[2]
    print(scoring.table(pooled))
    for kind, callers in errors.items():
        print(f"FP+FN, thinned, {kind}: " + ", ".join(f"{caller} {callers[caller]}" for caller in CALLERS))
    for kind in ["SNP", "INDEL"]:
        print(f"\n{kind}\n{scoring.calibration([v for v in verdicts if v[0] == kind])}")
    print(f"\nall\n{scoring.calibration(verdicts)}")
    if given.errors:
        given.errors.write_text("\n".join(written) + "\n")


if __name__ == "__main__":
    main()
