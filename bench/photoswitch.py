#!/usr/bin/env python3
"""Wavelengths of photoswitches (E isomer, pi-pi*) by Gaussian processes, by the published protocol.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 rdkit==2026.9.1
    python bench/photoswitch.py [--data ../shared/data/photoswitch/photoswitches.csv] [--no-peer] [--splits 20]

392 of 405 molecules have the label; 20 random splits of 80 and 20 percent (scikit-learn's `train_test_split`, seeds 0 to
19), means over the splits with standard errors. Published for a Gaussian process with the Tanimoto kernel on fragprints
(Morgan bits and RDKit's fragment counts): RMSE 20.9 nm, MAE 13.3 nm, R2 0.90 (Griffiths et al., Chem. Sci. 13, 13541,
2022). That model is run here too, on the same splits: RDKit's features, the similarity as in the paper (inner
products), hyper-parameters by maximising the likelihood with scipy. The features other than Morgan counts are counted by
the example (crates/learn/examples/intervals.rs says how). Writes bench/photoswitch.json.
"""

import argparse
import csv
import json
import os
import pathlib
import subprocess
import tempfile

from facts import Facts

for library in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
LABEL = "E isomer pi-pi* wavelength"
MODELS = [("morgan", "plain"), ("pairs", "plain"), ("groups", "plain"), ("joined", "plain"), ("groups", "exponential")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data/photoswitch/photoswitches.csv")
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--peer", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    build = ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "intervals"]
    subprocess.run(build, cwd=ROOT, check=True)
    facts = Facts("numpy", "scipy", "scikit-learn", "rdkit")
    rows = list(csv.reader(open(options.data)))
    column = next(i for i, name in enumerate(rows[0]) if name.startswith(LABEL))
    smiles = [row[rows[0].index("SMILES")] for row in rows[1:] if row[column]]
    labels = numpy.array([float(row[column]) for row in rows[1:] if row[column]])
    everything = numpy.arange(len(labels))
    splits = [train_test_split(everything, test_size=0.2, random_state=seed) for seed in range(options.splits)]
    figures = {}
    for features, form in MODELS:
        task = {"data": str(options.data), "features": features, "label": LABEL, "form": form}
        task["splits"] = [[part.tolist() for part in split] for split in splits]
        figures[f"joulery: {features}, {form}"] = summary(run(task))
    if options.peer:
        figures["RDKit fragprints, inner-product Tanimoto, scipy"] = summary(peer(smiles, labels, splits))
    print("| model | RMSE, nm | MAE, nm | R2 | coverage of 90 % | mean width, nm |\n|---|---|---|---|---|---|")
    print("| published, GP-Tanimoto on fragprints | 20.9 | 13.3 | 0.90 | | |")
    for name, figure in figures.items():
        cells = [f"{figure[key][0]:.3f} +- {figure[key][1]:.3f}" if key in figure else "" for key in KEYS]
        print(f"| {name} | " + " | ".join(cells) + " |")
    about = facts.so_far() | {"threads": 1, "seeds": [0, options.splits - 1], "labels": len(labels)}
    figures = {"about": about, "published": {"rmse": 20.9, "mae": 13.3, "r2": 0.90}, **figures}
    (ROOT / "bench/photoswitch.json").write_text(json.dumps(figures, indent=2) + "\n")


KEYS = ("rmse", "mae", "r2", "coverage", "width")


def run(task):
    program = ROOT / "target/release/examples/intervals"
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(task, file)
        file.flush()
        done = subprocess.run([program, f"@{file.name}"], check=True, stdout=subprocess.PIPE, text=True)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return [{**result, **result["conformal"]} for result in results]


def summary(results):
    known = [key for key in KEYS if key in results[0]]
    values = {key: numpy.array([result[key] for result in results]) for key in known}
    return {key: [float(v.mean()), float(v.std() / len(v) ** 0.5)] for key, v in values.items()}


def peer(smiles, labels, splits):
    from rdkit import Chem
    from rdkit.Chem import Fragments, rdFingerprintGenerator
    from scipy.optimize import minimize

    molecules = [Chem.MolFromSmiles(text) for text in smiles]
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=3, fpSize=2048)
    fragments = [work for name, work in sorted(vars(Fragments).items()) if name.startswith("fr_")]
    rows = numpy.array(
        [list(generator.GetFingerprint(m)) + [work(m) for work in fragments] for m in molecules], dtype=float
    )
    products = rows @ rows.T
    squares = numpy.diag(products)
    similarity = products / (squares[:, None] + squares[None, :] - products)
    results = []
    for train, test in splits:
        mean, deviation = labels[train].mean(), labels[train].std()
        y = (labels[train] - mean) / deviation
        matrix = similarity[numpy.ix_(train, train)]
        values, vectors = numpy.linalg.eigh(matrix)
        projected = vectors.T @ y

        def negative(point):
            total = numpy.exp(point[0]) * values + numpy.exp(point[1])
            return 0.5 * (projected**2 / total + numpy.log(total)).sum()

        signal, noise = numpy.exp(minimize(negative, numpy.log([1.0, 0.05]), method="L-BFGS-B").x)
        alpha = numpy.linalg.solve(signal * matrix + noise * numpy.eye(len(y)), y)
        errors = labels[test] - mean - deviation * signal * similarity[numpy.ix_(test, train)] @ alpha
        spread = ((labels[test] - labels[test].mean()) ** 2).sum()
        results.append(
            {
                "rmse": float(numpy.sqrt((errors**2).mean())),
                "mae": float(numpy.abs(errors).mean()),
                "r2": float(1.0 - (errors**2).sum() / spread),
            }
        )
    return results


if __name__ == "__main__":
    main()
