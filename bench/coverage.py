#!/usr/bin/env python3
"""Coverage and width of 90 % intervals of Gaussian processes on four sets.

    pip install numpy==2.4.6
    python bench/coverage.py [--shared ../shared/data] [--seeds 5] [--only photoswitch,esol,qm7,qm9_gap]

Each set is split at random, `--seeds` times (photoswitches and ESOL four times as often: they are small). Of each model
three kinds of intervals:

- plain: mean +- 1.645 sd of the Gaussian process with its hyper-parameters at the maximum of the likelihood;
- conformal: the same sd times the quantile of the leave-one-out scores;
- local: conformal and weighted by the errors expected near a structure (`LocalConformal`).

Widths are means over the structures tested, in the unit of the labels. "plain at 90 %" is the width that plain
intervals would have if one factor, found from the very labels tested, made them hold exactly 90 %: nobody has that
factor, but only beside it do widths compare: plain intervals that hold too little are narrow. Writes
bench/coverage.json; with `--only`, beside what is there.
"""

import argparse
import csv
import gzip
import json
import os
import pathlib
import subprocess
import tempfile

from facts import Facts

os.environ["RAYON_NUM_THREADS"] = "1"

import numpy  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
SETS = {
    "photoswitch": {
        "data": "photoswitch/photoswitches.csv", "features": "joined", "form": "plain",
        "label": "E isomer pi-pi* wavelength", "train": 313, "test": 79, "unit": 1.0, "name": "E pi-pi*, nm",
    },
    "esol": {
        "data": "solubility_props/esol_delaney.csv", "features": "joined", "form": "exponential",
        "label": "measured log solubility", "train": 902, "test": 226, "unit": 1.0, "name": "log10 solubility",
    },
    "qm7": {
        "data": "qm7_mf/qm7_pbe0_dftb3.extxyz.gz", "features": "slatm", "form": "gaussian", "extensive": True,
        "label": "hof_pbe0_kcal_mol", "train": 500, "test": 1000, "unit": 1.0, "name": "energy, kcal/mol",
    },
    "qm9_gap": {
        "data": "qm9/qm9_geom_20k.extxyz.gz", "features": "slatm", "form": "laplacian", "less": ["homo_Ha"],
        "label": "lumo_Ha", "train": 500, "test": 1000, "unit": 27.211386, "name": "gap, eV",
    },
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT / "../shared/data")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default=",".join(SETS))
    options = parser.parse_args()
    build = ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "intervals"]
    subprocess.run(build, cwd=ROOT, check=True)
    facts = Facts("numpy")
    path = ROOT / "bench/coverage.json"
    figures = json.loads(path.read_text()) if path.exists() and options.only != ",".join(SETS) else {}
    for name in options.only.split(","):
        task = dict(SETS[name])
        data, train, test, unit = options.shared / task.pop("data"), task.pop("train"), task.pop("test"), task.pop("unit")
        rows = count(data, task["label"])
        splits = []
        for seed in range(options.seeds * (4 if rows < 2000 else 1)):
            order = numpy.random.default_rng(seed).permutation(rows)
            splits.append([order[:train].tolist(), order[train : train + test].tolist()])
        results = run({**task, "data": str(data), "splits": splits})
        mean = lambda *keys: float(numpy.mean([dig(result, keys) for result in results]))  # noqa: E731
        figures[name] = {
            "label": task["name"], "train": train, "test": test, "splits": len(splits), "mae": unit * mean("mae"),
            "plain": {"coverage": mean("plain", "coverage"), "width": unit * mean("plain", "width"),
                      "width_at_90": unit * mean("plain", "width_at_90")},
            "conformal": {"coverage": mean("conformal", "coverage"), "width": unit * mean("conformal", "width")},
            "local": {"coverage": mean("local", "coverage"), "width": unit * mean("local", "width")},
            "width_to_plain": {kind: mean(kind, "width") / mean("plain", "width") for kind in ("conformal", "local")},
            "width_to_plain_at_90": {
                kind: mean(kind, "width") / mean("plain", "width_at_90") for kind in ("conformal", "local")
            },
            "choices": [[r["local"]["choice"]["exponent"], r["local"]["choice"]["share"]] for r in results],
        }  # fmt: skip
        about = facts.so_far() | {"threads": 1, "seeds": "0 to splits - 1"}
        figures = {"about": about} | figures | {"about": about}
        path.write_text(json.dumps(figures, indent=2) + "\n")
    show(figures)


def dig(value, keys):
    for key in keys:
        value = value[key]
    return value


def count(path, label):
    """Labelled rows of a file."""
    if path.suffix == ".csv":
        rows = list(csv.reader(open(path)))
        column = next(i for i, name in enumerate(rows[0]) if name.startswith(label))
        return sum(1 for row in rows[1:] if row[column])
    return sum(1 for line in gzip.open(path, "rt") if label + "=" in line)


def run(task):
    program = ROOT / "target/release/examples/intervals"
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(task, file)
        file.flush()
        done = subprocess.run([program, f"@{file.name}"], check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def show(figures):
    print("| set | labels | splits | MAE | plain: coverage, width | plain at 90 %: width | conformal | local |")
    print("|---|---|---|---|---|---|---|---|")
    for name, f in figures.items():
        if name == "about":
            continue
        pair = lambda kind: f"{100 * f[kind]['coverage']:.1f} %, {f[kind]['width']:.3g}"  # noqa: E731
        first = f"| {name}: {f['label']} | {f['train']} | {f['splits']} | {f['mae']:.3g} | {pair('plain')}"
        print(f"{first} | {f['plain']['width_at_90']:.3g} | {pair('conformal')} | {pair('local')} |")


if __name__ == "__main__":
    main()
