#!/usr/bin/env python3
"""Learning curves on the 20,635 molecules of QM9 with geometry: energy U0 and gap (B3LYP), with time and energy per point.

    python bench/qm9.py [--data ../shared/data/qm9/qm9_geom_20k.extxyz.gz] [--sizes 1000,...,16000] [--splits 1]
                        [--properties u0,gap] [--watts 15]

2,000 molecules tested. U0: FCHL19 with the local Gaussian kernel on what energies of elements leave, so that its error is
that of the atomisation energy, kcal/mol. Gap: SLATM with the Laplacian kernel, eV. Hyper-parameters from training data.
One thread; joules are processor seconds (features of the training set, fit and prediction) times `--watts` a core, a
stated figure, not a measured one. 16,000 labels take some 9 GB and half an hour. Points are written to bench/qm9.json
as they come, and a run continues where the last one ended; `--again` computes all of them.
"""

import argparse
import json
import os
import pathlib
import subprocess

from facts import Facts

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROPERTIES = {
    "u0": {"representation": "fchl19", "shape": "gaussian", "label": "u0_Ha", "unit": 627.5094740631, "extensive": True},
    "gap": {
        "representation": "slatm", "shape": "laplacian", "label": "lumo_Ha", "less": ["homo_Ha"],
        "unit": 27.211386245988, "extensive": False,
    },
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data/qm9/qm9_geom_20k.extxyz.gz")
    parser.add_argument("--sizes", default="1000,2000,4000,8000,10000,16000")
    parser.add_argument("--splits", type=int, default=1)
    parser.add_argument("--properties", default="u0,gap")
    parser.add_argument("--again", action="store_true", help="compute the sizes named, known or not")
    parser.add_argument("--watts", type=float, default=15.0)
    options = parser.parse_args()
    build = ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "curves"]
    subprocess.run(build, cwd=ROOT, check=True)
    facts = Facts()
    path = ROOT / "bench/qm9.json"
    figures = json.loads(path.read_text()) if path.exists() else {}
    for name in filter(None, options.properties.split(",")):
        points = figures.setdefault(name, [])
        sizes = [int(size) for size in options.sizes.split(",")]
        known = {point["train"] for point in points} if not options.again else set()
        sizes = [size for size in sizes if size not in known]
        # Each size by itself: smaller ones need less memory. The same seed gives the same test set.
        for size in sizes:
            task = {**PROPERTIES[name], "geometries": str(options.data), "sizes": [size], "test": 2000}
            task.update(splits=options.splits, seed=1)
            command = [ROOT / "target/release/examples/curves", json.dumps(task)]
            environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
            done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
            points[:] = [point for point in points if point["train"] != size]
            points.extend({**json.loads(line), "code": facts.so_far()["code"]} for line in done.stdout.splitlines())
            points.sort(key=lambda point: point["train"])
            for point in points:
                point["joules"] = options.watts * processor(point)
            path.write_text(json.dumps(figures, indent=1) + "\n")
    print("| property | labels | MAE | RMSE | coverage of 90 % | fit, s | predict, ms/molecule | kJ | memory, MiB |")
    print("|---|---|---|---|---|---|---|---|---|")
    units = {"u0": "kcal/mol", "gap": "eV"}
    for name, points in figures.items():
        for p in points:
            seconds = processor(p)
            print(
                f"| {name}, {units[name]} | {p['train']} | {p['mae']:.3f} | {p['rmse']:.3f} | {p['coverage_90']:.3f} | "
                f"{p['cpu_fit']:.0f} | {1e3 * p['cpu_predict'] / p['test']:.1f} | {seconds * options.watts / 1e3:.1f} | "
                f"{p['peak_mebibytes']:.0f} |"
            )


def processor(point):
    """Processor seconds of a point: features, fit and predictions."""
    return point["cpu_describe"] + point["cpu_fit"] + point["cpu_predict"]


if __name__ == "__main__":
    main()
