#!/usr/bin/env python3
"""Interpretation of a whole genome: five million annotated alleles to criteria, classes and a ranked list of genes.

    nice cargo build --release -p clinotype-cli
    benches/interpret.py --hpo DIR --work /tmp/interpret [--count 5000000] [--threads 2]

Makes the dense genome of `annotation.py` (ten transcripts a gene, made-up bases), annotates it, then runs `interpret` and
`rank` and prints for each the seconds by the clock, the CPU seconds (user and system of the child) and its greatest memory.
DIR holds HPO's files, as `clinotype rank --hpo` takes them. An existing work folder is used again.

Standard library only.
"""
import argparse
import os
import subprocess
import time

import annotation


def measured(name, command):
    """Runs a command to its end and prints what it took."""
    start = time.monotonic()
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    clock = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"{name} ended with status {os.waitstatus_to_exitcode(status)}")
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{name:10} {clock:7.1f} s by the clock {cpu:7.1f} CPU-s {usage.ru_maxrss / 1024:7.0f} MB", flush=True)
    return clock


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clinotype", default="target/release/clinotype")
    parser.add_argument("--hpo", required=True)
    parser.add_argument("--work", default="/tmp/interpret")
    parser.add_argument("--count", type=int, default=5_000_000)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    os.makedirs(given.work, exist_ok=True)
    place = lambda name: os.path.join(given.work, name)
    if not os.path.exists(place("dense.gff3")):
        annotation.dense(given.work, given.count, 10, 310)
    reference, transcripts, vcf = place("dense.fa"), place("dense.gff3"), place("annotated.vcf.gz")
    binary = os.path.abspath(given.clinotype)
    common = ["--reference", reference, "--transcripts", transcripts, "--threads", given.threads]
    if not os.path.exists(vcf):
        measured("annotate", [binary, "annotate", "--vcf", place("dense.vcf"), "--build", "GRCh38", "--out", vcf, *common])
    made = place("interpretation.json")
    both = measured("interpret", [binary, "interpret", "--vcf", vcf, "--out", made, *common])
    both += measured("rank", [binary, "rank", "--vcf", vcf, "--hpo", given.hpo, "--terms", "HP:0001083,HP:0002616",
                              "--sex", "female", "--out", place("rank.json")])
    print(f"{'together':10} {both:7.1f} s by the clock")
    for path, words in ((made, '"input":'),):
        first = next(line for line in open(path) if words in line)
        print("alleles:", first.strip().rstrip(",").split()[-1])


if __name__ == "__main__":
    main()
