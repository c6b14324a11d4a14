#!/usr/bin/env python3
"""Speed of annotation beside its peers, on the same variants and the same transcripts.

    nice cargo build --release -p clinotype-annotate --examples
    benches/annotation.py --data ../shared/data --work /tmp/annotation

Makes, from the panel of 562 clinical genes, one contig per gene with its transcripts, and about half a million variants
spread evenly over them: 88 % substitutions, 6 % deletions, 5 % insertions, 1 % of two or three bases. Then runs, one
after the other and each on one thread, our example `throughput` (with names, without, and in memory alone), `bcftools
csq -l` and snpEff where they are installed, and prints CPU seconds (user and system of the child), records per second and
the ratio to ours. CPU seconds are read because the machine may be shared; the smallest of --repeat runs counts.

--dense N lays N slightly different models on each other under every gene's place and makes --genome variants on a
synthetic genome of 24 contigs, to measure time and memory of a whole genome on two threads.

Standard library only. snpEff's database of the panel is built once under --work.
"""
import argparse
import gzip
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time

COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


def fasta(path):
    name, parts = None, []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            if line.startswith(">"):
                if name:
                    yield name, "".join(parts).upper()
                name, parts = line[1:].split()[0], []
            else:
                parts.append(line.strip())
    if name:
        yield name, "".join(parts).upper()


def write_fasta(handle, index, name, bases, width=100):
    handle.write(f">{name}\n")
    start = handle.tell()
    for at in range(0, len(bases), width):
        handle.write(bases[at : at + width] + "\n")
    index.write(f"{name}\t{len(bases)}\t{start}\t{width}\t{width + 1}\n")


def variants(rng, bases, step, first=1):
    """(1-based position, REF, ALT), sorted, about one in `step` bases."""
    at = first + rng.randrange(step)
    while at + 10 < len(bases):
        kind = rng.random()
        length = 1
        if kind >= 0.99:
            length = rng.choice((2, 3))
        elif 0.88 <= kind < 0.94:
            length = 1 + rng.choice((1, 1, 1, 2, 3, 4, 6))
        reference = bases[at - 1 : at - 1 + length]
        if "N" not in reference:
            if kind < 0.88 or kind >= 0.99:
                alternate = "".join(rng.choice([b for b in "ACGT" if b != r]) for r in reference)
            elif kind < 0.94:
                alternate = reference[0]
            else:
                copied = rng.random() < 0.5
                count = rng.choice((1, 1, 1, 2, 3, 6))
                added = bases[at : at + count] if copied else "".join(rng.choice("ACGT") for _ in range(count))
                alternate = reference + added
            yield at, reference, alternate
        at += 1 + rng.randrange(2 * step - 1)


HEAD = '##fileformat=VCFv4.3\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">\n'
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"


def panel(data, work, count):
    """The panel as one contig per gene: (FASTA, GFF3, VCF, number of variants)."""
    fa, gff, vcf = (os.path.join(work, "panel" + e) for e in (".fa", ".gff3", ".vcf"))
    slices = dict(fasta(os.path.join(data, "panel-grch38/grch38_slices.fa.gz")))
    places = {}
    with open(os.path.join(data, "panel-grch38/placements.tsv")) as rows:
        columns = next(rows).rstrip("\n").split("\t")
        for row in rows:
            row = dict(zip(columns, row.rstrip("\n").split("\t")))
            name = f"{row['chrom']}:{row['start']}-{row['end']}"
            if name in slices:
                places[row["lrg"]] = (name, int(row["start"]))
    total = sum(len(slices[name]) for name, _ in places.values())
    rng = random.Random(5)
    number = 0
    with open(fa, "w") as bases, open(fa + ".fai", "w") as index, open(vcf, "w") as out:
        out.write(HEAD + "".join(f"##contig=<ID={lrg},length={len(slices[n])}>\n" for lrg, (n, _) in places.items()) + COLUMNS)
        for lrg, (name, _) in places.items():
            write_fasta(bases, index, lrg, slices[name])
            for at, ref, alt in variants(rng, slices[name], max(2, total // count)):
                number += 1
                out.write(f"{lrg}\t{at}\t.\t{ref}\t{alt}\t50\tPASS\tDP=30\tGT:AD:DP\t0/1:15,15:30\n")
    rows = {}
    with gzip.open(os.path.join(data, "panel-grch38/panel.grch38.sorted.gff3.gz"), "rt") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            if len(columns) != 9:
                continue
            parent = re.search(r"Parent=transcript:([^;]+)", columns[8])
            own = re.search(r"transcript_id=([^;]+)", columns[8])
            gene = re.search(r"ID=gene:(LRG_\d+t\d+)", columns[8])
            rows.setdefault((parent or own or gene).group(1), []).append(columns)
    with gzip.open(os.path.join(data, "panel-grch38/panel.grch38.sorted.gff3.gz"), "rt") as lines:
        of = {}
        for line in lines:
            found = re.search(r"transcript_id=([^;]+).*lrg=(LRG_\d+)(t\d+)", line)
            if found:
                of[found.group(1)] = (found.group(2), found.group(2) + found.group(3))
    with open(gff, "w") as out:
        out.write("##gff-version 3\n")
        for accession, (lrg, gene) in of.items():
            if lrg not in places:
                continue
            start = places[lrg][1]
            for columns in rows.get(gene, []) + rows[accession]:
                columns = list(columns)
                columns[0] = lrg
                columns[3], columns[4] = (str(int(c) - start + 1) for c in columns[3:5])
                out.write("\t".join(columns) + "\n")
    return fa, gff, vcf, number


def dense(work, count, times, megabases):
    """A synthetic genome: 24 contigs, `times` 14 models per megabase, `count` variants."""
    fa, gff, vcf = (os.path.join(work, "dense" + e) for e in (".fa", ".gff3", ".vcf"))
    rng = random.Random(6)
    per = megabases * 1_000_000 // 24
    with open(fa, "w") as bases, open(fa + ".fai", "w") as index, open(gff, "w") as models, open(vcf, "w") as out:
        models.write("##gff-version 3\n")
        out.write(HEAD + "".join(f"##contig=<ID=s{n},length={per}>\n" for n in range(1, 25)) + COLUMNS)
        for n in range(1, 25):
            contig = "".join(rng.choices("ACGT", k=per))
            # A gene of about 60 kb, 12 exons of 150 bases; ten models each, of which every one leaves other exons out.
            contig = list(contig)
            genes = max(1, 14 * times * (per // 1_000_000) // 10)
            for g in range(genes):
                name, strand = f"S{n}G{g}", rng.choice("+-")
                start = rng.randrange(1000, per - 70_000)
                exons = [(start + k * 5400, start + k * 5400 + 150) for k in range(12)]
                for a, b in zip(exons, exons[1:]):
                    left, right = ("GT", "AG") if strand == "+" else ("CT", "AC")
                    contig[a[1] : a[1] + 2] = left
                    contig[b[0] - 2 : b[0]] = right
                # Every model begins at the same codon.
                if strand == "+":
                    contig[start : start + 3] = "ATG"
                else:
                    contig[exons[-1][1] - 3 : exons[-1][1]] = "CAT"
                models.write(f"s{n}\tx\tgene\t{start + 1}\t{exons[-1][1]}\t.\t{strand}\t.\tID=gene:{name};Name={name}\n")
                for m in range(10):
                    left_out = set(rng.sample(range(1, 11), 2))
                    kept = [e for k, e in enumerate(exons) if k not in left_out]
                    t = f"T{n}_{g}_{m}"
                    models.write(f"s{n}\tx\tmRNA\t{start + 1}\t{exons[-1][1]}\t.\t{strand}\t.\tID=transcript:{t};Parent=gene:{name};biotype=protein_coding;version=1\n")
                    order = kept if strand == "+" else kept[::-1]
                    done = 0
                    for a, b in order:
                        models.write(f"s{n}\tx\texon\t{a + 1}\t{b}\t.\t{strand}\t.\tParent=transcript:{t}\n")
                        models.write(f"s{n}\tx\tCDS\t{a + 1}\t{b}\t.\t{strand}\t{-done % 3}\tParent=transcript:{t};protein_id=P{t}\n")
                        done += b - a
            contig = "".join(contig)
            write_fasta(bases, index, f"s{n}", contig)
            for at, ref, alt in variants(rng, contig, max(2, megabases * 1_000_000 // count)):
                out.write(f"s{n}\t{at}\t.\t{ref}\t{alt}\t50\tPASS\tDP=30\tGT:AD:DP\t0/1:15,15:30\n")
    return fa, gff, vcf


def cpu(command, repeat=1, **keywords):
    """(CPU seconds, wall seconds, peak MB, output) of a command; the run with the least CPU."""
    best = None
    for _ in range(repeat):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(["/usr/bin/time", "-f", "%M kB"] + command if os.path.exists("/usr/bin/time") else command, stderr=subprocess.PIPE, text=True, check=False, **keywords)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr[-2000:]}")
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        peak = re.search(r"(\d+) kB", done.stderr)
        result = (used, time.monotonic() - started, int(peak.group(1)) / 1000 if peak else after.ru_maxrss / 1000, done.stdout)
        best = min(best or result, result)
    return best


def show(name, count, result, ours=None):
    used, wall, peak, _ = result
    ratio = f"{used / ours:8.1f} x ours" if ours else ""
    print(f"{name:34} {used:8.2f} s CPU {wall:8.2f} s wall {count / used:12,.0f} records/s {peak:8.0f} MB {ratio}", flush=True)


def snpeff(work, fa, gff, jar):
    """Builds snpEff's database of the panel; gives the command."""
    home = os.path.join(work, "snpeff")
    folder = os.path.join(home, "data", "panel")
    config = os.path.join(home, "snpEff.config")
    command = ["java", "-Xmx4g", "-XX:ActiveProcessorCount=1", "-jar", jar]
    if not os.path.exists(os.path.join(folder, "snpEffectPredictor.bin")):
        os.makedirs(folder, exist_ok=True)
        shutil.copy(fa, os.path.join(folder, "sequences.fa"))
        shutil.copy(gff, os.path.join(folder, "genes.gff"))
        with open(config, "w") as out:
            out.write(f"data.dir = {home}/data\npanel.genome : panel\n")
        subprocess.run(command + ["build", "-c", config, "-gff3", "-noCheckCds", "-noCheckProtein", "panel"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return command + ["ann", "-c", config, "-noStats", "-noLog", "panel"]


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    words.add_argument("--data", default="../shared/data", help="the shared data")
    words.add_argument("--work", default="/tmp/annotation", help="folder for what is made")
    words.add_argument("--example", default="target/release/examples/throughput", help="our example program")
    words.add_argument("--variants", type=int, default=498_000)
    words.add_argument("--repeat", type=int, default=3)
    words.add_argument("--snpeff", default=next((p for p in ("/usr/share/java/snpEff.jar", "/usr/share/java/snpeff.jar") if os.path.exists(p)), None), help="snpEff's jar")
    words.add_argument("--dense", type=int, default=0, help="measure a synthetic genome with models this many times as dense as the panel's 14 per megabase")
    words.add_argument("--genome", type=int, default=5_000_000, help="variants of that genome")
    words.add_argument("--megabases", type=int, default=310, help="size of that genome")
    call = words.parse_args()
    os.makedirs(call.work, exist_ok=True)
    if call.dense:
        fa, gff, vcf = (os.path.join(call.work, "dense" + e) for e in (".fa", ".gff3", ".vcf"))
        if not os.path.exists(vcf):
            dense(call.work, call.genome, call.dense, call.megabases)
        for out in ("out.vcf.gz", "out.vcf"):
            result = cpu([call.example, "--vcf", vcf, "--reference", fa, "--transcripts", gff, "--out", os.path.join(call.work, out), "--threads", "2"], stdout=subprocess.PIPE)
            show(f"ours, {call.genome} records, to {out}", call.genome, result)
            print(result[3])
        return
    made = os.path.join(call.work, "count")
    if os.path.exists(made):
        fa, gff, vcf = (os.path.join(call.work, "panel" + e) for e in (".fa", ".gff3", ".vcf"))
        count = int(open(made).read())
    else:
        fa, gff, vcf, count = panel(call.data, call.work, call.variants)
        with open(made, "w") as out:
            out.write(str(count))
    print(f"{count} variants")
    basic = [call.example, "--vcf", vcf, "--reference", fa, "--transcripts", gff, "--threads", "1"]
    out = os.path.join(call.work, "out.vcf")
    subprocess.run(basic + ["--out", out], check=True, stdout=subprocess.DEVNULL)  # files come into memory
    ours = cpu(basic + ["--out", out], call.repeat, stdout=subprocess.PIPE)
    show("ours, VCF to VCF, HGVS", count, ours)
    packed = cpu(basic + ["--out", out + ".gz"], call.repeat, stdout=subprocess.PIPE)
    show("ours, VCF to VCF.gz, HGVS", count, packed)
    plain = cpu(basic + ["--out", out, "--no-hgvs"], call.repeat, stdout=subprocess.PIPE)
    show("ours, VCF to VCF, no HGVS", count, plain)
    memory = cpu(basic + ["--in-memory"], call.repeat, stdout=subprocess.PIPE)
    found = re.search(r"([\d.]+) s CPU for the alleles alone", memory[3])
    inner = float(found.group(1)) if found else memory[0]
    print(f"{'ours, alleles in memory, HGVS':34} {inner:8.2f} s CPU {'':15} {count / inner:12,.0f} records/s")
    if shutil.which("bcftools"):
        csq = cpu(["bcftools", "csq", "--force", "-l", "-f", fa, "-g", gff, vcf, "-o", os.path.join(call.work, "csq.vcf")], call.repeat)
        show("bcftools csq -l", count, csq, plain[0])
    if call.snpeff and shutil.which("java"):
        command = snpeff(call.work, fa, gff, call.snpeff)
        with open(os.path.join(call.work, "snpeff.vcf"), "w") as target:
            result = cpu(command + [vcf], 1, stdout=target)
        show("snpEff", count, result, ours[0])
        print(f"{'':34} {result[0] / inner:.1f} x ours without parsing and writing")


if __name__ == "__main__":
    main()
