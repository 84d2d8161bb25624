#!/usr/bin/env python3
"""Atomisation energies of QM7 (PBE0) by Gaussian processes, direct and as differences to DFTB3.

    python bench/qm7.py [--data ../shared/data/qm7_mf/qm7_pbe0_dftb3.extxyz.gz] [--splits 5] [--sizes 100,...,2000]
                        [--representations fchl19,slatm] [--targets direct,dftb]

7,101 molecules, 1,000 tested, `--splits` random splits (seeds 1, 2, ...), one thread. FCHL19 with the local Gaussian
kernel, SLATM with the Gaussian kernel, both on what energies of elements (least squares, from training data) leave. Length
scale, signal and noise maximise the marginal likelihood of training data. Means over the splits with standard deviations.
Prints a table and writes bench/qm7.json after every curve.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess

from facts import Facts

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data/qm7_mf/qm7_pbe0_dftb3.extxyz.gz")
    parser.add_argument("--sizes", default="100,200,500,1000,2000")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--representations", default="fchl19,slatm")
    parser.add_argument("--targets", default="direct,dftb")
    options = parser.parse_args()
    build = ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "curves"]
    subprocess.run(build, cwd=ROOT, check=True)
    facts = Facts()
    figures = {"about": {}}
    for representation in options.representations.split(","):
        for target in options.targets.split(","):
            task = {
                "geometries": str(options.data), "representation": representation, "shape": "gaussian",
                "label": "hof_pbe0_kcal_mol", "less": ["hof_dftb3_kcal_mol"] if target == "dftb" else [],
                "unit": 1.0, "extensive": True, "sizes": [int(n) for n in options.sizes.split(",")],
                "test": 1000, "splits": options.splits, "seed": 1,
            }  # fmt: skip
            command = [ROOT / "target/release/examples/curves", json.dumps(task)]
            environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
            done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
            figures[f"{representation}, {target}"] = [json.loads(line) for line in done.stdout.splitlines()]
            figures["about"] = facts.so_far() | {"threads": 1, "seeds": [1, options.splits], "means": means(figures)}
            (ROOT / "bench/qm7.json").write_text(json.dumps(figures, indent=1) + "\n")
    print("| model | labels | splits | MAE, kcal/mol | coverage of 90 % | fit, s | predict, ms/molecule |")
    print("|---|---|---|---|---|---|---|")
    for name, results in list(figures.items())[1:]:
        for size in sorted({result["train"] for result in results}):
            some = [result for result in results if result["train"] == size]
            mean = lambda key: statistics.mean(result[key] for result in some)  # noqa: E731, B023
            spread = statistics.stdev(r["mae"] for r in some) if len(some) > 1 else 0.0
            print(
                f"| {name} | {size} | {len(some)} | {mean('mae'):.3f} +- {spread:.3f} | {mean('coverage_90'):.3f} | "
                f"{mean('cpu_fit'):.1f} | {1e3 * mean('cpu_predict') / some[0]['test']:.1f} |"
            )


def means(figures):
    """Errors at the largest number of labels, kcal/mol."""
    largest = {}
    for name, results in list(figures.items())[1:]:
        most = max(result["train"] for result in results)
        errors = [result["mae"] for result in results if result["train"] == most]
        largest[name] = {"labels": most, "splits": len(errors), "mae": statistics.mean(errors)}
    return largest


if __name__ == "__main__":
    main()
