#!/usr/bin/env python3
"""Calls on real reads thinned at random, beside bcftools and freebayes: the same reads for all, scored against GIAB truth.

usage: benches/accuracy.py [--seeds 20] [--full] [--shared ../shared] [--workers 2]

Sets: HG001 (NA12878) at 0.2 and 0.3 of its 52x, HG002 at 0.27 and 0.5 of its 30x; --full adds both at full depth.
HG001 starts from the BAM that GIAB's truth was scored with: pairs are drawn, mates and duplicates marked by samtools,
and all three callers read that one file. HG002 starts from FASTQ: pairs are drawn, the peers read `bwa mem | samtools
fixmate, sort, markdup`, Clinotype its own alignments. Scoring: `vcf_compare.py` (genotype match, QUAL >= 20, confident
regions). Needs the release build (`cargo build --release -p clinotype-cli`) and, from Debian, bwa, samtools, bcftools,
freebayes and tabix. Prints TP/FP/FN and F1 by set, kind and caller, pooled over the seeds.
"""
import argparse, contextlib, gzip, importlib.util, io, os, random, shutil, subprocess, sys, tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CALLERS = ["clinotype", "bcftools", "freebayes"]
SETS = [("HG001", 0.2), ("HG001", 0.3), ("HG002", 0.27), ("HG002", 0.5)]
FULL = [("HG001", 1.0), ("HG002", 1.0)]


def sh(command, cwd):
    done = subprocess.run(["bash", "-o", "pipefail", "-ec", command], cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"failed: {command}\n{done.stderr[-2000:]}")


def clinotype():
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "clinotype"


def thinned(source, target, fraction, seed):
    """Draws pairs by their number, so that both files keep the same ones."""
    draw = random.Random(f"{seed} {fraction}")
    kept, number = [], 0
    for mate in range(2):
        with gzip.open(source[mate], "rt") as reads, open(target[mate], "w") as out:
            for number, lines in enumerate(zip(*[reads] * 4)):
                if mate == 0:
                    kept.append(draw.random() < fraction)
                if kept[number]:
                    out.writelines(lines)


def marked(reads):
    return (
        f"{reads} | samtools fixmate -m -u - - | samtools sort -u - 2>/dev/null"
        " | samtools markdup - peers.bam && samtools index peers.bam"
    )


def one(job):
    """Calls one thinned set with all three, and gives the counts by caller and kind."""
    sample, fraction, seed, given, prepared = job
    data, reference = prepared[sample]["data"], prepared[sample]["reference"]
    with tempfile.TemporaryDirectory(dir=given["folder"]) as folder:
        build = "--build GRCh37"
        if sample == "HG001":
            draw = f"-s {seed}.{str(fraction).split('.')[1]}" if fraction < 1 else ""
            sh(marked(f"samtools view -b {draw} {data}/reads.bam | samtools collate -O -u - {folder}/c"), folder)
            ours = "peers.bam"
        else:
            mates = [f"{folder}/{mate}.fastq" for mate in "12"]
            thinned([data / "R1.fastq.gz", data / "R2.fastq.gz"], mates, fraction, seed)
            group = "'@RG\\tID:1\\tSM:S\\tPL:ILLUMINA\\tLB:1'"
            sh(marked(f"bwa mem -R {group} {reference} {' '.join(mates)} 2>/dev/null"), folder)
            sh(f"{clinotype()} align --quiet --threads 1 --reads {' '.join(mates)} --reference {reference}"
               " --sample S --out ours.bam", folder)
            ours = "ours.bam"
        sh(f"{clinotype()} call --quiet --threads 1 {build} --bam {ours} --reference {reference} --out clinotype.vcf.gz",
           folder)
        sh(f"bcftools mpileup -f {reference} peers.bam 2>/dev/null | bcftools call -mv -Oz -o bcftools.vcf.gz", folder)
        sh(f"freebayes -f {reference} peers.bam > freebayes.vcf && bgzip freebayes.vcf", folder)
        return {caller: score(given, prepared[sample], f"{folder}/{caller}.vcf.gz") for caller in CALLERS}


SEQUENCES = {}


def score(given, prepared, calls):
    spec = importlib.util.spec_from_file_location("vcf_compare", given["compare"])
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    read = compare.read_fasta

    def cached(path):
        # The same reference is read for every set: once is enough.
        if path not in SEQUENCES:
            SEQUENCES[path] = read(path)
        return SEQUENCES[path]

    compare.read_fasta = cached
    said = io.StringIO()
    sys.argv = ["vcf_compare.py", "--truth", str(prepared["truth"]), "--bed", str(prepared["bed"]),
                "--calls", calls, "--reference", str(prepared["reference"])]
    with contextlib.redirect_stdout(said):
        compare.main()
    counts = {}
    for line in said.getvalue().splitlines():
        kind, *fields = line.split("\t")
        numbers = dict(field.split("=") for field in fields)
        counts[kind] = [int(numbers[name]) for name in ("TP", "FP", "FN")]
    return counts


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=20)
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--shared", type=Path, default=Path(os.environ.get("CLINOTYPE_SHARED", ROOT.parent / "shared")))
    given = arguments.parse_args()
    for tool in [clinotype(), "bwa", "samtools", "bcftools", "freebayes", "bgzip"]:
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing (see the text at the top of this file)")
    reads = given.shared.resolve() / "data" / "reads"
    places = {
        "HG001": (reads / "na12878-chr20-hg19", "truth_nist_v3.3.2.vcf.gz", "confident_wide.bed"),
        "HG002": (reads / "hg002-chr20-b37", "truth.vcf.gz", "confident.bed"),
    }
    with tempfile.TemporaryDirectory() as folder:
        prepared = {}
        for sample, (data, truth, bed) in places.items():
            reference = f"{folder}/{sample}.fa"
            sh(f"zcat {data}/reference.fa.gz > {reference} && samtools faidx {reference}", folder)
            if sample == "HG002":
                sh(f"bwa index {reference} 2>/dev/null", folder)
            prepared[sample] = {"data": data, "reference": reference, "truth": data / truth, "bed": data / bed}
        settings = {"folder": folder, "compare": given.shared.resolve() / "tools" / "vcf_compare.py"}
        jobs = [(s, f, seed, settings, prepared) for s, f in SETS for seed in range(1, given.seeds + 1)]
        jobs += [(s, f, 0, settings, prepared) for s, f in FULL] if given.full else []
        # Ours makes its index beside the reference in the first run of a sample: not by two at once.
        first = next(job for job in jobs if job[0] == "HG002")
        results = {jobs.index(first): one(first)}
        with ProcessPoolExecutor(given.workers) as pool:
            others = [number for number in range(len(jobs)) if number not in results]
            results.update(zip(others, pool.map(one, [jobs[number] for number in others])))
    pooled = {}
    for number, (sample, fraction, *_) in enumerate(jobs):
        for caller, kinds in results[number].items():
            for kind, counts in kinds.items():
                total = pooled.setdefault((sample, fraction, kind), {}).setdefault(caller, [0, 0, 0])
                pooled[sample, fraction, kind][caller] = [a + b for a, b in zip(total, counts)]
    print(f"{'set':12} {'kind':6}" + "".join(f" {caller:>26}" for caller in CALLERS))
    errors = {}
    for (sample, fraction, kind), callers in pooled.items():
        row = f"{sample} x{fraction:<6} {kind:6}"
        for caller in CALLERS:
            tp, fp, fn = callers[caller]
            row += f" {f'{tp}/{fp}/{fn}':>18} {2 * tp / max(1, 2 * tp + fp + fn):7.4f}"
            if fraction < 1:
                errors.setdefault(kind, dict.fromkeys(CALLERS, 0))[caller] += fp + fn
        print(row)
    for kind, callers in errors.items():
        print(f"FP+FN, thinned, {kind}: " + ", ".join(f"{caller} {callers[caller]}" for caller in CALLERS))


if __name__ == "__main__":
    main()
