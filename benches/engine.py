#!/usr/bin/env python3
"""FASTQ to VCF: Clinotype beside `bwa mem | samtools fixmate, sort, markdup | freebayes`, on the same reads, in turn.

usage: benches/engine.py --reads R1 R2 --reference REF.fa[.gz] [--runs 5] [--threads 2]
                         [--truth T.vcf.gz --bed B.bed --compare vcf_compare.py]

Needs the release build (`cargo build --release -p clinotype-cli`) and, from Debian, bwa, samtools, freebayes and
tabix. Indexes of the reference (bwa, faidx, ours) are made before the first measured run, for both sides. Prints per
run the CPU seconds (user and system, children included), wall seconds and peak memory of the largest process, then
medians and the ratio of the medians. With a truth set the last calls of both are scored. Quote ratios: machines differ.
"""
import argparse, os, resource, shutil, statistics, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def measured(command, cwd):
    """CPU seconds, wall seconds and peak MB of a shell command, from a child of its own so that the peak is its own."""
    read, write = os.pipe()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        code = subprocess.run(["bash", "-o", "pipefail", "-ec", command], cwd=cwd, stdout=subprocess.DEVNULL).returncode
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write, f"{code} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    wall = time.monotonic() - start
    code, cpu, peak = os.read(read, 200).decode().split()
    os.close(read), os.close(write)
    if code != "0":
        sys.exit(f"failed: {command}")
    return float(cpu), wall, float(peak)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--reads", nargs=2, required=True, type=Path)
    arguments.add_argument("--reference", required=True, type=Path)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--truth", type=Path)
    arguments.add_argument("--bed", type=Path)
    arguments.add_argument("--compare", type=Path)
    given = arguments.parse_args()
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    clinotype = target / "release" / "clinotype"
    for tool in [clinotype, "bwa", "samtools", "freebayes", "bgzip", "tabix"]:
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing (see the text at the top of this file)")
    r1, r2 = (path.resolve() for path in given.reads)
    with tempfile.TemporaryDirectory() as folder:
        reference = f"{folder}/reference.fa"
        source = given.reference.resolve()
        subprocess.run(f"({'zcat' if source.suffix == '.gz' else 'cat'} {source}) > {reference}", shell=True, check=True)
        subprocess.run(["samtools", "faidx", reference], check=True)
        subprocess.run(["bwa", "index", reference], check=True, stderr=subprocess.DEVNULL)
        t = given.threads
        ours = (
            f"{clinotype} align --quiet --threads {t} --reads {r1} {r2} --reference {reference} --sample S --out ours.bam"
            f" && {clinotype} call --quiet --threads {t} --build GRCh37 --bam ours.bam --reference {reference} --out ours.vcf.gz"
        )
        # A reference that proves its build needs no assertion; one that proves another refuses it.
        if "GRCh38" in str(source) or "grch38" in str(source):
            ours = ours.replace("--build GRCh37", "--build GRCh38")
        peers = (
            f"bwa mem -t {t} -R '@RG\\tID:1\\tSM:S\\tPL:ILLUMINA\\tLB:1' {reference} {r1} {r2} 2>/dev/null"
            f" | samtools fixmate -m -u - - | samtools sort -u -@ {t} - 2>/dev/null | samtools markdup - peers.bam"
            f" && samtools index peers.bam && freebayes -f {reference} peers.bam > peers.vcf"
            f" && bgzip -f peers.vcf && tabix -f peers.vcf.gz"
        )
        measured(ours, folder), measured(peers, folder)
        rows = {"clinotype": [], "peers": []}
        for _ in range(given.runs):
            rows["clinotype"].append(measured(ours, folder))
            rows["peers"].append(measured(peers, folder))
        print(f"{'':12} {'CPU s':>8} {'wall s':>8} {'peak MB':>8}   (medians of {given.runs} runs in turn, {t} threads)")
        medians = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in rows.items()}
        for name, values in medians.items():
            print(f"{name:12} {values[0]:8.2f} {values[1]:8.2f} {values[2]:8.0f}")
        ratios = [a / b for a, b in zip(medians["clinotype"], medians["peers"])]
        print(f"{'ratio':12} {ratios[0]:8.2f} {ratios[1]:8.2f} {ratios[2]:8.2f}")
        if given.truth and given.compare:
            for name in ["ours", "peers"]:
                command = [sys.executable, given.compare, "--truth", given.truth, "--calls", f"{folder}/{name}.vcf.gz"]
                command += ["--reference", reference] + (["--bed", given.bed] if given.bed else [])
                print(name, subprocess.run(command, check=True, capture_output=True, text=True).stdout, sep="\n")


main()
