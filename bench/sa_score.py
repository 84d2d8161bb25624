#!/usr/bin/env python3
"""Processor time of the SA score, ours and RDKit's, on the same molecules in the same run.

    cargo build --release -p synthesis --example molecule_times
    python3 bench/sa_score.py [MOLECULES.smi]

Without a file the molecules are those of the frozen table of RDKit results. The time of RDKit is that of
sascorer.calculateScore on molecules that are read already, ours that of sa_score likewise; the reading is timed apart.
Needs rdkit. Writes bench/sa_score.json.
"""

import gzip
import json
import os
import subprocess
import sys
import time

import rdkit
from rdkit import Chem, RDConfig, RDLogger

sys.path.append(os.path.join(RDConfig.RDContribDir, "SA_Score"))
import sascorer  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = os.path.join(ROOT, "crates/matter/tests/data/rdkit_table.tsv.gz")
BINARY = os.path.join(ROOT, "target/release/examples/molecule_times")
ROUNDS = 3


def molecules():
    if len(sys.argv) > 1:
        with open(sys.argv[1]) as f:
            return [line.split()[0] for line in f if line.strip()]
    with gzip.open(TABLE, "rt") as f:
        return [line.split("\t")[0] for line in f if not line.startswith("# ")][1:]


def timed(work, items):
    start = time.process_time()
    results = [work(item) for item in items]
    return results, (time.process_time() - start) * 1e6 / len(items)


def main():
    RDLogger.DisableLog("rdApp.*")
    smiles = molecules()
    sascorer.readFragmentScores()
    best = {}
    for _ in range(ROUNDS):
        out = subprocess.run([BINARY], input="\n".join(smiles), capture_output=True, text=True, check=True).stdout
        ours = dict(line.split() for line in out.splitlines())
        mols, read = timed(Chem.MolFromSmiles, smiles)
        _, canonical = timed(Chem.MolToSmiles, mols)
        scores, score = timed(sascorer.calculateScore, mols)
        assert abs(sum(scores) / len(scores) - float(ours["mean"])) < 1e-6, "the scores differ"
        round_ = {
            "unpack_ms": float(ours["unpack_ms"]),
            "score_us": float(ours["score_us"]),
            "read_us": float(ours["read_us"]),
            "rdkit_score_us": score,
            "rdkit_read_us": read + canonical,
        }
        best = {key: min(value, best.get(key, value)) for key, value in round_.items()}
    result = {"molecules": len(smiles), "rdkit": rdkit.__version__, "rounds": ROUNDS}
    result |= {key: round(value, 1) for key, value in best.items()}
    result["score_ratio"] = round(best["rdkit_score_us"] / best["score_us"], 2)
    result["read_ratio"] = round(best["rdkit_read_us"] / best["read_us"], 2)
    with open(os.path.join(ROOT, "bench/sa_score.json"), "w") as f:
        f.write(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
