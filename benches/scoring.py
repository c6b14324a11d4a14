"""What the comparisons share: running commands, scoring calls, stated against observed genotype error.

Scoring is `vcf_compare.py` of the shared tools (genotype match by the haplotypes that are made, PASS, QUAL >= 20,
confident regions); here its parts are used, so that every call's own verdict is at hand.
"""
import gzip, importlib.util, os, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CLINOTYPE_SHARED", ROOT.parent / "shared")).resolve()
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
CLINOTYPE = Path(os.environ.get("CLINOTYPE_BINARY", TARGET / "release" / "clinotype"))
CALLERS = ["clinotype", "bcftools", "freebayes"]
# Lower ends of the bins of GQ.
BINS = [0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 99]


def sh(command, cwd):
    done = subprocess.run(["bash", "-o", "pipefail", "-ec", command], cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"failed: {command}\n{done.stderr[-2000:]}")


def marked(reads):
    """Mates and duplicates marked and sorted, as `peers.bam` with its index."""
    return (
        f"{reads} | samtools fixmate -m -u - - | samtools sort -u - 2>/dev/null"
        " | samtools markdup - peers.bam && samtools index peers.bam"
    )


def call_peers(reference, cwd):
    sh(f"bcftools mpileup -f {reference} peers.bam 2>/dev/null | bcftools call -mv -Oz -o bcftools.vcf.gz", cwd)
    sh(f"freebayes -f {reference} peers.bam > freebayes.vcf && bgzip -f freebayes.vcf", cwd)


LOADED = {}


def compare():
    if "compare" not in LOADED:
        spec = importlib.util.spec_from_file_location("vcf_compare", SHARED / "tools" / "vcf_compare.py")
        LOADED["compare"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(LOADED["compare"])
    return LOADED["compare"]


def genotype_qualities(calls):
    """GQ by what `vcf_compare.py` calls a record."""
    found = {}
    with gzip.open(calls, "rt") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            f = line.rstrip("\n").split("\t")
            sample = dict(zip(f[8].split(":"), f[9].split(":")))
            found[f"{f[0]}:{f[1]} {f[3]}>{f[4]}"] = sample.get("GQ")
    return found


def score(reference, truth, bed, calls):
    """Counts TP, FP, FN by kind; and for each call inside the regions its GQ and whether it is right."""
    tool = compare()
    if reference not in LOADED:
        LOADED[reference] = tool.read_fasta(reference)
    sequences, regions = LOADED[reference], tool.read_bed(bed) if bed else None
    true = tool.read_vcf(truth, regions, None, False)
    called = tool.read_vcf(calls, regions, 20, False)
    qualities = genotype_qualities(calls)
    counts, verdicts, errors = {"SNP": [0, 0, 0], "INDEL": [0, 0, 0]}, [], []
    items = sorted([(r["chrom"], r["start"], r["end"], 0, i) for i, r in enumerate(true)]
                   + [(r["chrom"], r["start"], r["end"], 1, i) for i, r in enumerate(called)])
    groups, reach = [], None
    for chrom, start, end, side, number in items:
        if reach is None or chrom != reach[0] or start > reach[1] + 30:
            groups.append((chrom, [], []))
            reach = (chrom, end)
        groups[-1][1 + side].append((true, called)[side][number])
        reach = (chrom, max(reach[1], end))
    for chrom, t, c in groups:
        kept_t, kept_c = tool.match_group(sequences[chrom], t, c)
        for i, r in enumerate(t):
            counts["SNP" if r["snp"] else "INDEL"][0 if i in kept_t else 2] += 1
            if i not in kept_t:
                errors.append(f"FN\t{r['text']}")
        for j, r in enumerate(c):
            if j not in kept_c:
                counts["SNP" if r["snp"] else "INDEL"][1] += 1
                errors.append(f"FP\t{r['text']}")
            gq = qualities.get(r["text"].rsplit(" ", 1)[0])
            if gq not in (None, "."):
                verdicts.append(("SNP" if r["snp"] else "INDEL", float(gq), j in kept_c))
    return counts, verdicts, errors


def f1(counts):
    tp, fp, fn = counts
    return 2 * tp / max(1, 2 * tp + fp + fn)


def calibration(verdicts):
    """The table of stated and observed genotype errors, as text."""
    rows = [f"{'GQ':>8} {'calls':>8} {'stated':>9} {'observed':>9} {'ratio':>6}   (errors; judged from 20 stated on)"]
    for low, high in zip(BINS, BINS[1:] + [1000]):
        inside = [right for _, gq, right in verdicts if low <= gq < high]
        stated = sum(10 ** (-gq / 10) for _, gq, _ in verdicts if low <= gq < high)
        observed = sum(not right for right in inside)
        if inside:
            judged = f"{observed / stated:6.2f}" if stated >= 20 else "     -"
            rows.append(f"{low:>3}-{min(high, 100) - 1:<4} {len(inside):>8} {stated:9.1f} {observed:>9} {judged}")
    return "\n".join(rows)


def table(pooled):
    """Rows of TP/FP/FN and F1: pooled[(set, kind)][caller] = counts."""
    rows = [f"{'set':14} {'kind':6}" + "".join(f" {caller:>26}" for caller in CALLERS)]
    for (name, kind), callers in pooled.items():
        row = f"{name:14} {kind:6}"
        for caller in CALLERS:
            row += f" {'/'.join(map(str, callers[caller])):>18} {f1(callers[caller]):7.4f}"
        rows.append(row)
    return "\n".join(rows)
