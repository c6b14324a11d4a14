#!/usr/bin/env python3
"""Allele fractions: how many alleles of a known fraction `clinotype somatic` (and, for mitochondria, `clinotype call`)
finds, how many it makes up, and how right the fractions are; beside freebayes on the same files.

usage: benches/mixtures.py (real | depth | mito) [--shared DIR] [--binary FILE] [--seeds N] [--hold-out] [--no-peer]

real    mixtures of real reads, HG001 into HG002, and HG002 into HG001 (Genome in a Bottle, 100 kb of chromosome 20, at
        most 52x and 30x). A variant that the minor person has and the major one lacks is the "somatic" truth at its
        share (half of it if heterozygous); positions where both truths are reference are the negatives; variants of the
        major person are not counted, but their fraction is checked. Parameters are set from papers and reasoning alone;
        HG002 in HG001 is looked at last (--hold-out).
depth   simulated reads (`clinotype simulate`) of 20 kb of the same sequence at 500x and 1,000x, a minor person with drawn variants.
mito    a simulated mitochondrial genome at 1,000x whose minor molecules carry drawn variants; it is simulated as a ring,
        from the reference and from the reference turned by half.

Needs from Debian: samtools, bcftools, tabix, freebayes. Alleles are compared one by one after `bcftools norm -a -m-`.
"""
import argparse, collections, gzip, json, os, random, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASES = "ACGT"


def sh(command, cwd, **more):
    done = subprocess.run(["bash", "-o", "pipefail", "-ec", command], cwd=cwd, capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"failed: {command}\n{done.stderr[-2000:]}")
    return done.stdout


def fasta(path):
    name, parts, found = None, [], {}
    with gzip.open(path, "rt") if str(path).endswith("gz") else open(path) as lines:
        for line in lines:
            if line.startswith(">"):
                name = line[1:].split()[0]
                found[name] = parts = []
            else:
                parts.append(line.strip().upper())
    return {name: "".join(parts) for name, parts in found.items()}


def alleles(vcf, reference, folder):
    """(position, ref, alt) -> fields of the record, each allele alone, left-aligned."""
    text = sh(f"sed -e 's/^chr20/20/' -e 's/ID=chr20/ID=20/' <(bcftools view {vcf}) | bcftools norm -f {reference} -m- -a - 2>/dev/null"
              " | bcftools norm -d exact - 2>/dev/null", folder)
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        f = line.split("\t")
        if f[4] in ("*", ".", "<NON_REF>"):
            continue
        found.setdefault((int(f[1]), f[3], f[4]), f)
    return found


def field(f, name):
    keys = f[8].split(":")
    return f[9].split(":")[keys.index(name)] if name in keys else None


def info(f, name):
    for entry in f[7].split(";"):
        key, _, value = entry.partition("=")
        if key == name:
            return value
    return None


def bed(path):
    return [tuple(map(int, line.split()[1:3])) for line in open(path) if line.strip()]


def inside(position, regions):
    return any(a < position <= b for a, b in regions)


class Score:
    """Recall by expected fraction and depth, false alleles, and the error of the fractions."""

    def __init__(self):
        self.cells = collections.defaultdict(lambda: [0, 0])
        self.kinds = collections.defaultdict(lambda: [0, 0, 0])
        self.made_up = []
        self.off, self.covered = [], [0, 0]

    def add(self, truth, calls, depth_at, negatives, shared=()):
        """truth: allele -> expected fraction; calls: allele -> (fraction, low, high); negatives: allele -> bool."""
        for allele, expected in truth.items():
            kind = "SNV" if len(allele[1]) == len(allele[2]) else "indel"
            hit = allele in calls
            cell = self.cells[(cut(expected, (0.04, 0.075, 0.15, 0.3)), cut(depth_at(allele[0]), (30, 50, 80, 300, 700)))]
            for counts in (cell, self.kinds[kind]):
                counts[0] += hit
                counts[1] += 1
        for allele in calls:
            if allele not in truth and negatives(allele):
                self.made_up.append(allele)
                self.kinds["SNV" if len(allele[1]) == len(allele[2]) else "indel"][2] += 1
        for allele, expected in list(truth.items()) + list(shared):
            if allele in calls and calls[allele][0] is not None:
                fraction, low, high = calls[allele]
                self.off.append(abs(fraction - expected))
                if low is not None:
                    self.covered[0] += low <= expected <= high
                    self.covered[1] += 1

    def show(self, title):
        print(f"\n{title}", flush=True)
        for kind, (hit, all_, wrong) in sorted(self.kinds.items()):
            print(f"  {kind:6} recall {hit}/{all_} = {hit / max(all_, 1):.3f}   precision {hit}/{hit + wrong} = {hit / max(hit + wrong, 1):.3f}")
        for (fraction, depth), (hit, all_) in sorted(self.cells.items()):
            print(f"    fraction {fraction:12} depth {depth:10} {hit:4}/{all_:<4} {hit / all_:.2f}")
        if self.off:
            line = f"  fraction off by {sum(self.off) / len(self.off):.3f} on average ({len(self.off)} alleles)"
            if self.covered[1]:
                line += f"; the 95 % interval holds the expected one in {self.covered[0]}/{self.covered[1]} = {self.covered[0] / self.covered[1]:.3f}"
            print(line)


def cut(value, edges):
    low = 0
    for edge in edges:
        if value < edge:
            return f"{low:>5}-{edge}"
        low = edge
    return f"{low:>5}+"


def ours(folder, binary, bam, reference, name, extra=""):
    sh(f"{binary} somatic --quiet --bam {bam} --reference {reference} {extra} --out {name}.vcf.gz --summary {name}.json", folder)
    found = alleles(f"{name}.vcf.gz", reference, folder)
    number = lambda f, key: float(field(f, key))
    told = {a: (number(f, "AF"), number(f, "AFLO"), number(f, "AFHI")) for a, f in found.items()}
    passed = {a: told[a] for a, f in found.items() if f[6] == "PASS"}
    clustered = {a: told[a] for a, f in found.items() if f[6] in ("PASS", "clustered_events")}
    return passed, clustered, told, found


def peer(given, folder, bam, reference, name, region):
    if given.no_peer:
        return {}
    sh(f"freebayes --pooled-continuous -F 0.03 -C 2 -f {reference} -r {region} {bam} > {name}.fb.vcf", folder)
    by_quality = {}
    for least in (0, 1, 20):
        found = {}
        for a, f in alleles(f"{name}.fb.vcf", reference, folder).items():
            if float(f[5]) >= least:
                dp, ao = field(f, "DP"), field(f, "AO")
                found[a] = (int(ao.split(",")[0]) / int(dp) if dp and ao and dp != "." and ao != "." else None, None, None)
        by_quality[least] = found
    return by_quality


def depths(folder, bam, region):
    """Depth by position, as the caller counts it: mates once, mapping quality 20, base quality 10."""
    found = {}
    for line in sh(f"samtools depth -r {region} -q 10 -Q 20 -s {bam}", folder).splitlines():
        _, position, depth = line.split()
        found[int(position)] = int(depth)
    return lambda position: found.get(position, 0)


def real(given, folder):
    data = given.shared / "data/reads"
    hg1, hg2 = data / "na12878-chr20-hg19", data / "hg002-chr20-b37"
    sh(f"zcat {hg2}/reference.fa.gz > r.fa && samtools faidx r.fa", folder)
    sh(f"samtools collate -u -O {hg1}/reads.bam c | samtools fastq -1 a1.fq.gz -2 a2.fq.gz -s /dev/null -0 /dev/null - 2>/dev/null", folder)
    sh(f"cp {hg2}/R1.fastq.gz b1.fq.gz; cp {hg2}/R2.fastq.gz b2.fq.gz", folder)
    for one in "ab":
        sh(f"{given.binary} align --quiet --reads {one}1.fq.gz {one}2.fq.gz --reference r.fa --sample MIX --out {one}.bam", folder)
    full = {"a": 52, "b": 30}
    truth = {"a": alleles(hg1 / "truth_nist_v3.3.2.vcf.gz", "r.fa", folder), "b": alleles(hg2 / "truth.vcf.gz", "r.fa", folder)}
    first, second = bed(hg1 / "confident_wide.bed"), bed(hg2 / "confident.bed")
    # Ten bases from the edges, where alleles may be written on either side.
    sure = lambda allele: all(inside(p, r) for r in (first, second) for p in (allele[0] - 10, allele[0] + len(allele[1]) + 10))
    copies = lambda f: sum(c not in "0." for c in f[9].split(":")[0].replace("|", "/").split("/"))
    names = {"a": "HG001", "b": "HG002"}
    for minor, major in [("b", "a") if given.hold_out else ("a", "b")]:
        scores = collections.defaultdict(Score)
        for share in (0.1, 0.2, 0.3, 0.5):
            depth = min(full[major] / (1 - share), full[minor] / share)
            for seed in range(1, given.seeds + 1):
                parts = []
                for who, want in ((minor, share * depth), (major, (1 - share) * depth)):
                    part = min(want / full[who], 0.9999)
                    name = f"{who}.part.bam"
                    sh(f"samtools view -b -s {seed + part:.4f} {who}.bam > {name}" if part < 0.999 else f"cp {who}.bam {name}", folder)
                    parts.append(name)
                sh(f"samtools merge -f -c -p mix.bam {' '.join(parts)} && samtools index mix.bam", folder)
                truths, germline = {}, []
                for allele in set(truth[minor]) | set(truth[major]):
                    if not sure(allele):
                        continue
                    few = copies(truth[minor][allele]) if allele in truth[minor] else 0
                    many = copies(truth[major][allele]) if allele in truth[major] else 0
                    expected = few / 2 * share + many / 2 * (1 - share)
                    if many == 0:
                        truths[allele] = expected
                    else:
                        germline.append((allele, expected))
                known = set(truth[minor]) | set(truth[major])
                negative = lambda allele: sure(allele) and allele not in known
                at = depths(folder, "mix.bam", "20:9999900-10100100")
                passed, clustered, told, found = ours(folder, given.binary, "mix.bam", "r.fa", "ours", "--build GRCh37")
                runs = {"clinotype PASS": passed, "clinotype PASS or clustered_events": clustered}
                for least, calls in peer(given, folder, "mix.bam", "r.fa", "peer", "20:9999900-10100100").items():
                    runs[f"freebayes QUAL>={least}"] = calls
                for name, calls in runs.items():
                    scores[name].add(truths, calls, at, negative, germline)
                if given.verbose:
                    for allele in truths:
                        if allele not in passed:
                            print("missed", share, seed, allele, f"{truths[allele]:.3f}", at(allele[0]), found.get(allele, [""] * 8)[6:8], file=sys.stderr)
                    for allele in passed:
                        if allele not in truths and negative(allele):
                            print("made up", share, seed, allele, found[allele][6:], file=sys.stderr)
        for name, score in scores.items():
            score.show(f"{names[minor]} in {names[major]}, shares .1 .2 .3 .5, {given.seeds} seed(s): {name}")


def drawn(sequence, every, seed, start, rng_indels=0.2):
    """Alleles drawn over a sequence, one per `every` bases: four in five SNVs, else indels of 1 to 6 bases."""
    dice = random.Random(seed)
    found = []
    for at in range(start + every // 2, len(sequence) - every // 2, every):
        position = at + dice.randrange(-every // 4, every // 4)
        base = sequence[position]
        if set(sequence[position - 2:position + 10]) - set(BASES):
            continue
        if dice.random() >= rng_indels:
            found.append((position, base, dice.choice([b for b in BASES if b != base])))
        elif dice.random() < 0.5:
            found.append((position, sequence[position:position + 1 + dice.randint(1, 6)], base))
        else:
            found.append((position, base, base + "".join(dice.choice(BASES) for _ in range(dice.randint(1, 6)))))
    return found


def write_vcf(path, contig, length, rows):
    with open(path, "w") as out:
        out.write(f"##fileformat=VCFv4.3\n##contig=<ID={contig},length={length}>\n")
        out.write('##FORMAT=<ID=GT,Number=1,Type=String,Description="GT">\n')
        out.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n")
        for (position, reference, alternate), genotype in sorted(rows):
            out.write(f"{contig}\t{position + 1}\t.\t{reference}\t{alternate}\t.\t.\t.\tGT\t{genotype}\n")


def simulated(binary, folder, reference, target, rows, contig, length, depth, seed, name):
    """FASTQ of a person with these alleles; (R1, R2)."""
    write_vcf(folder / f"{name}.vcf", contig, length, rows)
    sh(f"{binary} simulate --reference {reference} --targets {target} --variants {name}.vcf --depth {depth} --seed {seed}"
       f" --out {name}_1.fastq.gz {name}_2.fastq.gz", folder)
    return f"{name}_1.fastq.gz {name}_2.fastq.gz"


def depth(given, folder):
    source = given.shared / "data/reads/hg002-chr20-b37/reference.fa.gz"
    start, end = 10_020_000, 10_040_000
    sequence = fasta(source)["20"][start - 2000:end + 2000]
    (folder / "r.fa").write_text(f">20\n{sequence}\n")
    sh("samtools faidx r.fa", folder)
    (folder / "t.bed").write_text(f"20\t0\t{len(sequence)}\n")
    for total in (500, 1000):
        scores = collections.defaultdict(Score)
        for share in (0.06, 0.1, 0.2):
            for seed in range(1, given.seeds + 1):
                picked = drawn(sequence, 400, seed, 2000)
                rows = [(a, "1|1" if i % 2 else "0|1") for i, a in enumerate(picked)]
                one = simulated(given.binary, folder, "r.fa", "t.bed", rows, "20", len(sequence), total * share, seed, "minor")
                two = simulated(given.binary, folder, "r.fa", "t.bed", [], "20", len(sequence), total * (1 - share), seed + 100, "major")
                sh(f"{given.binary} align --quiet --reads {one} {two} --reference r.fa --sample MIX --out mix.bam", folder)
                sh("bcftools view minor.vcf -Oz -o t.vcf.gz && tabix -f t.vcf.gz", folder)
                expected = {a: share * (1 if f[9].startswith("1|1") else 0.5) for a, f in alleles("t.vcf.gz", "r.fa", folder).items()}
                at = depths(folder, "mix.bam", "20")
                passed, clustered, told, found = ours(folder, given.binary, "mix.bam", "r.fa", "ours", "--build GRCh37")
                runs = {"clinotype PASS": passed}
                for least, calls in peer(given, folder, "mix.bam", "r.fa", "peer", "20").items():
                    runs[f"freebayes QUAL>={least}"] = calls
                for name, calls in runs.items():
                    scores[name].add(expected, calls, at, lambda allele: True)
                if given.verbose:
                    for allele in expected:
                        if allele not in passed:
                            print("missed", share, seed, allele, expected[allele], found.get(allele, [""] * 8)[6:8], file=sys.stderr)
                    for allele in passed:
                        if allele not in expected:
                            print("made up", share, seed, allele, found[allele][6:], file=sys.stderr)
        for name, score in scores.items():
            score.show(f"simulated {total}x, minor share .06 .1 .2, {given.seeds} seed(s): {name}")


def mito(given, folder):
    sequence = fasta(given.shared / "data/reads/chrM/reference.fa")["chrM"]
    length, half = len(sequence), len(sequence) // 2
    turned = sequence[half:] + sequence[:half]
    for name, bases in (("r", sequence), ("turned", turned)):
        (folder / f"{name}.fa").write_text(f">chrM\n{bases}\n")
        sh(f"samtools faidx {name}.fa", folder)
    (folder / "t.bed").write_text(f"chrM\t0\t{length}\n")
    total = given.depth
    for share in (0.0, 0.03, 0.05, 0.1):
        scores = collections.defaultdict(Score)
        edge = Score()
        for seed in range(1, given.seeds + 1):
            picked = drawn(sequence, 150, seed, 0) if share else []
            # Some within 100 bases of the junction, told apart.
            near = [(p, sequence[p], "A" if sequence[p] != "A" else "G") for p in (30, length - 40)] if share else []
            picked = [a for a in picked if 100 <= a[0] and a[0] + len(a[1]) <= length - 100]
            reads = []
            for name, bases in (("r", sequence), ("turned", turned)):
                move = 0 if name == "r" else half
                rows = [((p + (length - move if p < move else -move), r, a), "1|1") for p, r, a in picked + near
                        if not p <= move <= p + len(r)]
                if share:
                    reads.append(simulated(given.binary, folder, f"{name}.fa", "t.bed", rows, "chrM", length, total * share / 2, seed, f"{name}_minor"))
                reads.append(simulated(given.binary, folder, f"{name}.fa", "t.bed", [], "chrM", length, total * (1 - share) / 2, seed + 50, f"{name}_major"))
            sh(f"{given.binary} align --quiet --reads {' '.join(reads)} --reference r.fa --sample MIX --out mix.bam", folder)
            write_vcf(folder / "truth.vcf", "chrM", length, [(a, "1|1") for a in picked])
            expected = {a: share for a in alleles("truth.vcf", "r.fa", folder)}
            at = depths(folder, "mix.bam", "chrM")
            sh(f"{given.binary} call --quiet --bam mix.bam --reference r.fa --out m.vcf.gz", folder)
            found = alleles("m.vcf.gz", "r.fa", folder)
            germline = {a: (float((field(f, "HF") or "0").split(",")[0]), None, None) for a, f in found.items()}
            junction = lambda a: a[0] <= 100 or a[0] > length - 100
            runs = {"clinotype call, any filter": germline,
                    "clinotype call PASS": {a: germline[a] for a, f in found.items() if f[6] == "PASS"}}
            if not given.call_only:
                passed, _, told, all_found = ours(folder, given.binary, "mix.bam", "r.fa", "ours")
                runs["clinotype somatic PASS"] = passed
                edge.add({(p + 1, r, a): share for p, r, a in near}, passed, at, lambda a: junction(a))
            for least, calls in peer(given, folder, "mix.bam", "r.fa", "peer", "chrM").items():
                runs[f"freebayes QUAL>={least}"] = calls
            for name, calls in runs.items():
                scores[name].add(expected, calls, at, lambda a: not junction(a))
            if given.verbose:
                for allele in expected:
                    if allele not in germline:
                        print("missed", share, seed, allele, at(allele[0]), file=sys.stderr)
                for allele in germline:
                    if allele not in expected and not junction(allele):
                        print("made up", share, seed, allele, found[allele][5:], file=sys.stderr)
        for name, score in scores.items():
            score.show(f"mitochondria {total}x, minor share {share}, {given.seeds} seed(s): {name}")
        if not given.call_only:
            edge.show(f"  within 100 bases of the junction, share {share}: clinotype somatic PASS")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=["real", "depth", "mito"])
    arguments.add_argument("--shared", type=Path, default=Path(os.environ.get("CLINOTYPE_SHARED", ROOT.parent / "shared")))
    arguments.add_argument("--binary", type=Path, default=ROOT / "target/release/clinotype")
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--depth", type=float, default=1000, help="depth of `mito`")
    arguments.add_argument("--hold-out", action="store_true", help="real: HG002 in HG001, looked at last")
    arguments.add_argument("--no-peer", action="store_true", help="leave out freebayes")
    arguments.add_argument("--call-only", action="store_true", help="mito: leave out `clinotype somatic`")
    arguments.add_argument("--verbose", action="store_true", help="each missed and each made-up allele, on stderr")
    given = arguments.parse_args()
    given.binary, given.shared = given.binary.resolve(), given.shared.resolve()
    with tempfile.TemporaryDirectory() as folder:
        {"real": real, "depth": depth, "mito": mito}[given.what](given, Path(folder))


main()
