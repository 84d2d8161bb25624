#!/usr/bin/env python3
"""Fits boosted trees to properties by composition and to solubilities, and XGBoost to the same numbers.

    pip install numpy==2.4.6 xgboost==3.2.0 rdkit==2026.9.1 scikit-learn==1.9.1
    python bench/trees.py [--data ../shared/data] [--seeds 101,102,103] [--rounds 1000] [--only SETS] [--models NAMES]
                          [--cache FOLDER] [--json bench/trees.json]

Features by composition: fractions of elements, and mean, mean deviation, least, largest and range of 26 properties of
the elements, with blanks where a property is unknown. Molecules: counts of Morgan environments (radius 2, folded to
2048) and 24 descriptors by RDKit. Labels are split by formula (canonical SMILES): a fifth is asked, of the rest a tenth
is what XGBoost stops early on. All sides get the same numbers in the same run, in one thread; figures are processor
seconds, means over the seeds (sets above 50,000 rows: the first seed). The seeds are not those by which the defaults of
`BoostedTrees` were chosen.

XGBoost: learning rate 0.05, depth 6, half of the columns and 0.8 of the rows for each tree, `hist` with 256 bins, early
stopping after 50 rounds, at most `--rounds`. "one model" is the `trees` crate with the same settings. "surrogate" is
`learn::BoostedTrees`, all of it: search of hyper-parameters, five models, uncertainty; it learns from all labels that
XGBoost gets, those to stop early on included. "forest" is `learn::RandomForest`, uncertainty included; beside it
scikit-learn's of as many trees (200), a third of the columns for each decision and, as ours, at most 20,000 rows drawn for
each tree, from the same labels.
"""

import argparse
import csv
import gzip
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

from facts import Facts

for library in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROPERTIES = (
    "AtomicWeight Column CovalentRadius Electronegativity FirstIonizationEnergy ElectronAffinity GSbandgap GSenergy_pa "
    "GSmagmom GSvolume_pa MeltingT MendeleevNumber MiracleRadius NUnfilled NValence NdUnfilled NdValence NfValence "
    "NpUnfilled NpValence NsValence Polarizability Row SpaceGroupNumber Density BulkModulus"
).split()
DESCRIPTORS = (
    "MolWt MolLogP TPSA NumHDonors NumHAcceptors NumRotatableBonds RingCount NumAromaticRings FractionCSP3 "
    "HeavyAtomCount MolMR BertzCT BalabanJ LabuteASA HallKierAlpha Kappa1 Kappa2 Kappa3 Chi0v Chi1v NumHeteroatoms "
    "MaxPartialCharge MinPartialCharge qed"
).split()
COMPOSITIONS = ("steels_yield", "expt_gap", "castelli", "elasticity_log10K_VRH", "mp_gap", "mp_e_form")
MOLECULES = ("esol", "aqsoldb")
TOKEN = re.compile(r"([A-Z][a-z]?)|(\()|(\))|(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)")
SETTINGS = {
    "eta": 0.05, "max_depth": 6, "subsample": 0.8, "colsample_bytree": 0.5, "tree_method": "hist", "max_bin": 256,
    "nthread": 1,
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data", help="folder of the public sets")
    parser.add_argument("--seeds", default="101,102,103")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--only", default=",".join(COMPOSITIONS + MOLECULES))
    parser.add_argument("--models", default="xgboost,single,boosted,forest,sklearn_forest")
    parser.add_argument("--cache", type=pathlib.Path, help="keep features here")
    parser.add_argument("--speed", type=int, default=1_000_000, help="rows to time predictions with")
    parser.add_argument("--built", action="store_true", help="the example is built already")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "bench/trees.json")
    options = parser.parse_args()
    if not options.built:
        command = ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "trees"]
        subprocess.run(command, cwd=ROOT, check=True)
    options.seeds = [int(seed) for seed in options.seeds.split(",")]
    facts = Facts("numpy", "xgboost", "rdkit", "scikit-learn")
    figures = {"about": {}, "rounds": options.rounds, "seeds": options.seeds, "sets": {}}
    for name in options.only.split(","):
        figures["sets"][name] = one_set(name, options)
        print(f"{name} done", file=sys.stderr)
        figures["about"] = facts.so_far() | {"threads": 1}
        save(figures, options.json)
    if options.speed:
        figures["speed"] = program("speed", options.speed, 300)
    save(figures, options.json)
    show(figures)


def save(figures, path):
    path.write_text(json.dumps(figures, indent=2) + "\n")


def one_set(name, options):
    kept = options.cache / f"{name}.npz" if options.cache else None
    if kept and kept.exists():
        with numpy.load(kept) as file:
            features, labels, groups = file["X"], file["y"], file["g"]
    else:
        features, labels, groups = molecules(name, options.data) if name in MOLECULES else compositions(name, options.data)
        if kept:
            numpy.savez(kept, X=features, y=labels, g=groups)
    result = {"rows": len(labels), "columns": features.shape[1], "spread": float(labels.std())}
    runs = {}
    for seed in options.seeds if len(labels) < 50_000 else options.seeds[:1]:
        parts = split(groups, seed)
        for model in options.models.split(","):
            if model == "xgboost":
                figures = xgboost(features, labels, parts, options.rounds, seed)
            elif model == "sklearn_forest":
                figures = sklearn_forest(features, labels, parts, seed)
            else:
                with tempfile.TemporaryDirectory() as folder:
                    export(features, labels, parts, pathlib.Path(folder))
                    figures = program(model, folder, options.rounds)
            runs.setdefault(model, []).append(figures)
    for model, list_of_runs in runs.items():
        keys = ("rmse", "mae", "fit", "rounds", "coverage_90", "predict_each")
        mean = {key: statistics.fmean(run[key] for run in list_of_runs) for key in keys if key in list_of_runs[0]}
        if model in ("boosted", "forest"):
            mean["hyper"] = [run["hyper"] for run in list_of_runs]
            for side in ("in_domain", "out_of_domain"):
                count = sum(run[side][0] for run in list_of_runs)
                mean[side] = {"rows": count, "mae": sum(run[side][0] * run[side][1] for run in list_of_runs) / max(count, 1)}
        peer = runs.get("sklearn_forest" if model == "forest" else "xgboost")
        if peer and not model == "sklearn_forest":
            mean["to_peer"] = {
                key: mean[key] / statistics.fmean(run[key] for run in peer) for key in ("rmse", "mae", "fit")
            }
        mean["runs"] = [{key: run[key] for key in ("rmse", "mae", "fit")} for run in list_of_runs]
        result[model] = mean
    return result


def program(*arguments):
    command = [ROOT / "target/release/examples/trees", *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def xgboost(features, labels, parts, rounds, seed):
    import xgboost

    train, valid, test = parts
    start = time.process_time()
    known = xgboost.QuantileDMatrix(features[train], labels[train], nthread=1, max_bin=256)
    watched = xgboost.QuantileDMatrix(features[valid], labels[valid], nthread=1, max_bin=256, ref=known)
    settings = SETTINGS | {"seed": seed}
    model = xgboost.train(
        settings, known, rounds, evals=[(watched, "valid")], early_stopping_rounds=50, verbose_eval=False
    )
    fitted = time.process_time() - start
    best = model.best_iteration + 1
    asked = xgboost.DMatrix(features[test], nthread=1)
    errors = model.predict(asked, iteration_range=(0, best)) - labels[test]
    rmse, mae = numpy.sqrt(numpy.mean(errors**2)), numpy.mean(numpy.abs(errors))
    return {"rmse": float(rmse), "mae": float(mae), "fit": fitted, "rounds": best}


def sklearn_forest(features, labels, parts, seed):
    from sklearn.ensemble import RandomForestRegressor

    train, valid, test = parts
    known = numpy.concatenate([train, valid])
    start = time.process_time()
    drawn = min(len(known), 20_000)
    model = RandomForestRegressor(200, max_features=1 / 3, max_samples=drawn, n_jobs=1, random_state=seed)
    model.fit(features[known], labels[known])
    fitted = time.process_time()
    errors = model.predict(features[test]) - labels[test]
    asked = time.process_time()
    rmse, mae = numpy.sqrt(numpy.mean(errors**2)), numpy.mean(numpy.abs(errors))
    each = (asked - fitted) / len(test)
    return {"rmse": float(rmse), "mae": float(mae), "fit": fitted - start, "predict_each": each}


def split(groups, seed):
    """Rows to learn from, to stop early on and to be asked: 0.72, 0.08 and 0.2 of the groups."""
    order = numpy.random.default_rng(seed).permutation(groups.max() + 1)
    place = numpy.empty(len(order), int)
    place[order] = numpy.arange(len(order))
    place = place[groups]
    test, valid = int(0.2 * len(order)), int(0.28 * len(order))
    masks = (place >= valid, (place >= test) & (place < valid), place < test)
    return [numpy.flatnonzero(mask) for mask in masks]


def export(features, labels, parts, folder):
    order = numpy.concatenate(parts)
    features[order].astype("<f4").tofile(folder / "x")
    labels[order].astype("<f8").tofile(folder / "y")
    (folder / "meta").write_text(" ".join(map(str, [features.shape[1], *map(len, parts)])))


def composition(formula):
    """Fractions of elements of a formula with brackets and decimal numbers."""
    stack, last = [{}], []
    for element, opening, closing, number in TOKEN.findall(formula):
        if element:
            last = [(element, 1.0)]
            stack[-1][element] = stack[-1].get(element, 0.0) + 1.0
        elif opening:
            stack.append({})
        elif closing:
            last = list(stack.pop().items())
            for name, count in last:
                stack[-1][name] = stack[-1].get(name, 0.0) + count
        else:
            for name, count in last:
                stack[-1][name] += count * (float(number) - 1.0)
    total = sum(stack[0].values())
    return {name: count / total for name, count in stack[0].items() if count > 0}


def compositions(name, data):
    with open(data / "elements/magpie_elements.csv") as file:
        elements = list(csv.DictReader(file))
    table = numpy.array([[float(row[p]) if row[p] else numpy.nan for p in PROPERTIES] for row in elements])
    index = {row["symbol"]: i for i, row in enumerate(elements)}
    with gzip.open(data / f"matbench_composition/{name}.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    fractions = numpy.zeros((len(rows), len(index)), dtype=numpy.float32)
    statistics_of = numpy.zeros((len(rows), 5 * len(PROPERTIES) + 2), dtype=numpy.float32)
    known, groups = {}, []
    for i, row in enumerate(rows):
        parts = composition(row["formula"])
        groups.append(known.setdefault(tuple(sorted((e, round(f, 6)) for e, f in parts.items())), len(known)))
        which, weights = [index[e] for e in parts], numpy.array(list(parts.values()))
        values = table[which]
        mean = weights @ values
        deviation = weights @ numpy.abs(values - mean)
        least, largest = values.min(axis=0), values.max(axis=0)
        fractions[i, which] = weights
        more = [len(parts), numpy.sqrt(weights @ weights)]
        statistics_of[i] = numpy.concatenate([mean, deviation, least, largest, largest - least, more])
    present = (fractions > 0).any(axis=0)
    labels = numpy.array([float(row["target"]) for row in rows])
    return numpy.hstack([fractions[:, present], statistics_of]), labels, numpy.array(groups)


def molecules(name, data):
    from rdkit import Chem, RDLogger
    from rdkit.Chem import Descriptors, rdFingerprintGenerator

    RDLogger.DisableLog("rdApp.*")
    folder = data / "solubility_props"
    if name == "esol":
        with open(folder / "esol_delaney.csv") as file:
            pairs = [(r["smiles"], r["measured log solubility in mols per litre"]) for r in csv.DictReader(file)]
    else:
        with gzip.open(folder / "aqsoldb_9982.csv.gz", "rt") as file:
            pairs = [(row["smiles"], row["target"]) for row in csv.DictReader(file)]
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    functions = dict(Descriptors.descList)
    features, labels, known, groups = [], [], {}, []
    for smiles, label in pairs:
        molecule = Chem.MolFromSmiles(smiles)
        if molecule is None:
            continue
        numbers = numpy.array([functions[d](molecule) for d in DESCRIPTORS], dtype=numpy.float32)
        numbers[~numpy.isfinite(numbers)] = numpy.nan
        counts = generator.GetCountFingerprintAsNumPy(molecule).astype(numpy.float32)
        features.append(numpy.concatenate([numbers, counts]))
        labels.append(float(label))
        groups.append(known.setdefault(Chem.MolToSmiles(molecule), len(known)))
    return numpy.array(features), numpy.array(labels), numpy.array(groups)


def show(figures):
    names = {"xgboost": "XGBoost", "single": "one model", "boosted": "surrogate", "forest": "forest", "sklearn_forest": "scikit-learn's forest"}
    print("| set | rows x columns | model | RMSE | MAE | to XGBoost's RMSE, MAE | fit, CPU s | 90 % intervals hold | us a row |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, found in figures["sets"].items():
        for model, label in names.items():
            if model not in found:
                continue
            own, peer = found[model], found.get("xgboost", found[model])
            ratio = f"{own['rmse'] / peer['rmse']:.3f}, {own['mae'] / peer['mae']:.3f}"
            held = f"{100 * own['coverage_90']:.1f} %" if "coverage_90" in own else ""
            each = f"{1e6 * own['predict_each']:.0f}" if "predict_each" in own else ""
            size = f"{found['rows']} x {found['columns']}"
            print(
                f"| {name} | {size} | {label} | {own['rmse']:.4g} | {own['mae']:.4g} | {ratio} | {own['fit']:.2f} | {held} | {each} |"
            )
    if "speed" in figures:
        speed = figures["speed"]
        print(
            f"\n{speed['rows']} rows of 2048 counts: {speed['microseconds']:.1f} us a row for {speed['trees']} trees; "
            f"{speed['surrogate_microseconds']:.1f} us with uncertainty and domain for {speed['surrogate_trees']}."
        )


if __name__ == "__main__":
    main()
