#!/usr/bin/env python3
"""Screens 1,000,000 SMILES with Morgan counts and boosted trees, with two threads.

    python3 bench/screening.py [--lines 1000000] [--threads 2] [--json bench/screening.json]

The library: the molecules of ../shared/data/moses, and to fill up the same with one to three carbons in front, all lines
distinct. The model: AqSolDB (../shared/data/solubility_props), trained by `joulery train`. Clock, processor time and
memory are those of the process `joulery screen`, parsing included. Two shards, merged, must give the same result.
"""

import argparse
import csv
import gzip
import json
import os
import pathlib
import subprocess
import tempfile
import time

from facts import Facts

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
TOP = 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "bench" / "screening.json")
    options = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--locked", "-q", "-p", "joulery"], cwd=ROOT, check=True)
    facts = Facts()
    program = ROOT / "target" / "release" / "joulery"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        library = folder / "library.smi"
        lines = write_library(library, options.lines)
        model = folder / "solubility.model"
        data = DATA / "solubility_props" / "aqsoldb_9982.csv.gz"
        choice = ["--skip-bad", "--features", "morgan", "--model", "boosted-trees"]
        card = run([program, "train", data, "--property", "target", "--unit", "1", *choice, "--output", model, "--json"])
        trees = json.loads(card["stdout"])["hyper_parameters"]["rounds"]

        common = ["--top", TOP, "--maximise", "--threads", options.threads]
        whole = run([program, "screen", model, library, *common, "--out", folder / "top.csv"])
        parts = []
        for shard in (1, 2):
            part = folder / f"part{shard}.json"
            run([program, "screen", model, library, *common, "--shard", f"{shard}/2", "--out", part])
            parts.append(part)
        run([program, "screen", "--merge", *parts, "--out", folder / "merged.csv"])
        same = (folder / "top.csv").read_bytes() == (folder / "merged.csv").read_bytes()

    figures = {
        "lines": lines,
        "threads": options.threads,
        "trees": f"5 x {trees}",
        "clock_seconds": whole["clock"],
        "cpu_seconds": whole["cpu"],
        "peak_mebibytes": whole["mebibytes"],
        "load_average": os.getloadavg()[0],
        "lines_per_second": lines / whole["clock"],
        "shards_equal": same,
        "about": facts.so_far(),
    }
    options.json.write_text(json.dumps(figures, indent=1) + "\n")
    print("| lines | trees | threads | clock s | processor s | MiB | two shards merged |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {lines:,} | {figures['trees']} | {options.threads} | {whole['clock']:.0f} | {whole['cpu']:.0f} "
        f"| {whole['mebibytes']:.0f} | {'the same' if same else 'NOT the same'} |"
    )


def write_library(path, lines):
    """Distinct SMILES, one per line; how many."""
    molecules = []
    for name in ("train_every6th", "test", "test_scaffolds"):
        with gzip.open(DATA / "moses" / f"{name}.csv.gz", "rt") as stream:
            molecules += [row[0] for row in csv.reader(stream)][1:]
    seen = dict.fromkeys(molecules)
    for prefix in ("C", "CC", "CCC"):
        seen.update(dict.fromkeys(prefix + smiles for smiles in molecules))
    chosen = list(seen)[:lines]
    path.write_text("\n".join(chosen) + "\n")
    return len(chosen)


def run(command):
    """Output, clock and processor seconds, and largest memory of a process."""
    start = time.monotonic()
    # `wait4` gives what this child used, not all children together.
    child = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{command[1]} ended with exit code {child.returncode}")
    return {
        "stdout": output.decode(),
        "clock": time.monotonic() - start,
        "cpu": usage.ru_utime + usage.ru_stime,
        "mebibytes": usage.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
