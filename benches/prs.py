#!/usr/bin/env python3
"""Speed of a polygenic score beside plink2, on the same genotypes and the same weights.

    nice cargo build --release -p clinotype-cli
    benches/prs.py --rows 1000000 --work /tmp/prs

Makes a VCF of one made-up person (BGZF where `bgzip` is installed) with --rows times 1.1 sites on 22 contigs, A/T and C/G
left out, and a scoring file of --rows rows of which nine of ten are on a site of the VCF. Then runs `clinotype prs` and
plink2 (`--vcf --score`, which reads the VCF as we do, and `--pfile --score` on files that an earlier command made from it),
each on one thread, and prints CPU seconds (user and system of the child), the ratio to ours, and whether the sums agree to
the six digits that plink2 prints. plink2 does not look for the other strand or count why a row is left out. The smallest of --repeat runs counts.

Standard library only.
"""
import argparse
import gzip
import json
import os
import random
import resource
import shutil
import subprocess
import sys

LENGTHS = [248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717, 133797422, 135086622,
           133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167, 46709983, 50818468]
PAIRS = ["AC", "AG", "CA", "CT", "GA", "GT", "TC", "TG"]


def make(work, rows, seed):
    rng = random.Random(seed)
    vcf, score, ids = (os.path.join(work, name) for name in ("person.vcf", "score.txt.gz", "plink.score"))
    sites = int(rows * 1.1)
    step = sum(LENGTHS) // sites
    scored = 0
    with open(vcf, "w") as v, gzip.open(score, "wt", compresslevel=1) as s, open(ids, "w") as p:
        v.write("##fileformat=VCFv4.3\n")
        for number, length in enumerate(LENGTHS, 1):
            v.write(f"##contig=<ID=chr{number},length={length}>\n")
        v.write('##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n')
        v.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n")
        s.write("###PGS CATALOG SCORING FILE - see https://www.pgscatalog.org/downloads/#dl_ftp_scoring for additional information\n")
        s.write(f"#format_version=2.0\n#pgs_id=BENCH1\n#pgs_name=bench\n#genome_build=GRCh38\n#variants_number={rows}\n#weight_type=beta\n")
        s.write("chr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\n")
        for number, length in enumerate(LENGTHS, 1):
            at = 10_000
            while at < length - 10_000:
                pair = rng.choice(PAIRS)
                weight = f"{rng.gauss(0, 0.01):.8f}"
                effect, other = (pair[1], pair[0]) if rng.random() < 0.5 else (pair[0], pair[1])
                wanted = scored < rows and rng.random() < rows / sites
                known = not wanted or rng.random() < 0.9
                if known:
                    genotype = rng.choices(("0/0", "0/1", "1/1"), (50, 35, 15))[0]
                    v.write(f"chr{number}\t{at}\tchr{number}:{at}:{pair[0]}:{pair[1]}\t{pair[0]}\t{pair[1]}\t50\tPASS\t.\tGT\t{genotype}\n")
                if wanted:
                    scored += 1
                    s.write(f"{number}\t{at}\t{effect}\t{other}\t{weight}\n")
                    if known:
                        p.write(f"chr{number}:{at}:{pair[0]}:{pair[1]}\t{effect}\t{weight}\n")
                at += rng.randrange(1, 2 * step)
    if shutil.which("bgzip"):
        subprocess.run(["bgzip", "-f", vcf], check=True)
        vcf += ".gz"
    return vcf, score, ids


def cpu(command, repeat):
    best = None
    for _ in range(repeat):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stdout}")
        spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        best = spent if best is None else min(best, spent)
    return best


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--clinotype", default="target/release/clinotype")
    args.add_argument("--plink2", default="plink2")
    args.add_argument("--rows", type=int, default=1_000_000)
    args.add_argument("--work", default="/tmp/clinotype-prs-bench")
    args.add_argument("--repeat", type=int, default=3)
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    os.makedirs(args.work, exist_ok=True)
    vcf, score, ids = make(args.work, args.rows, args.seed)
    out = os.path.join(args.work, "prs.json")
    ours = cpu([args.clinotype, "prs", "--vcf", vcf, "--score", score, "--out", out, "--threads", "1"], args.repeat)
    print(f"clinotype prs                {ours:7.2f} CPU-s")
    if not shutil.which(args.plink2):
        print("plink2 is not installed: no comparison")
        return
    to = os.path.join(args.work, "plink")
    common = ["--threads", "1", "--out", to]
    sums = ["--score", ids, "1", "2", "3", "no-mean-imputation", "cols=+scoresums"]
    # From the VCF in one command, as ours; and with the conversion done before.
    whole = cpu([args.plink2, "--vcf", vcf, "--allow-extra-chr", "--bad-freqs"] + sums + common, args.repeat)
    print(f"plink2 --vcf --score         {whole:7.2f} CPU-s   {whole / ours:.2f} x ours")
    convert = cpu([args.plink2, "--vcf", vcf, "--make-pgen"] + common, args.repeat)
    pfile = cpu([args.plink2, "--pfile", to, "--bad-freqs"] + sums + common, args.repeat)
    print(f"plink2 --make-pgen           {convert:7.2f} CPU-s")
    print(f"plink2 --pfile --score       {pfile:7.2f} CPU-s   {pfile / ours:.2f} x ours")
    with open(to + ".sscore") as lines:
        head, row = (line.rstrip("\n").split("\t") for line in lines)
    theirs = float(row[head.index("SCORE1_SUM")])
    with open(out) as text:
        sums = json.load(text)["scores"][0]["samples"][0]
    # plink2 prints six digits.
    agree = abs(theirs - sums["sum"]) <= max(1e-6, abs(theirs) * 1e-5)
    print(f"{sums['scored']} rows scored; sums: plink2 {theirs}, clinotype {sums['sum']:.6f}: {'equal' if agree else 'DIFFERENT'}")


if __name__ == "__main__":
    main()
