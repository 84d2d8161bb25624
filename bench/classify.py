#!/usr/bin/env python3
"""Learns classes by composition with `joulery train --classify`, XGBoost and a calibrated forest, and compares them.

    pip install numpy==2.4.6 xgboost==3.2.0 scikit-learn==1.9.1
    python bench/classify.py [--data ../shared/data] [--seeds 3] [--only SETS] [--cache FOLDER]
                             [--json bench/classify.json]

Labels are split by formula as in `bench/trees.py`: a fifth is asked, of the rest a tenth is what XGBoost stops early
on. `joulery` is the whole program, from a table of formulas to a model file and from that to a table of predictions:
its processor time includes features, a learning curve and its judgement on labels that it has not seen. "model alone"
is `learn::BoostedClassifier` on the very numbers that the peers get, the features of `bench/trees.py`; all sides learn
from the same labels, those to stop early on included (only XGBoost keeps them aside).

XGBoost: the settings of `bench/trees.py` with log loss, early stopping after 50 rounds; "Platt": its log odds with a
logistic curve fitted to the labels that it stopped early on. Forest: 300 trees of scikit-learn, calibrated by isotonic
regression in five folds (CalibratedClassifierCV).

Sets of classes at 90 %: joulery's are conformal; of the peers those with all classes that are needed for a probability
of 0.9 in sum. "sets hold" is the share of the asked of each class whose set holds it, "one class" the share of sets
with one class. Calibration error: ten ranges of equal width of the probability. Formulas with an element that no
formula to learn from has get no prediction by joulery; here they count with the share of yes and a set of both.
Of mp_is_metal 10,000 rows at random. One thread; processor seconds to train, means over the seeds.
"""

import argparse
import csv
import gzip
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import trees  # sets all libraries to one thread before they are loaded

import numpy

ROOT = trees.ROOT
SETS = {"expt_is_metal": None, "glass": None, "mp_is_metal": 10_000}
MODELS = ("joulery", "model alone", "XGBoost", "XGBoost, Platt", "forest, calibrated")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data", help="folder of the public sets")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--only", default=",".join(SETS))
    parser.add_argument("--cache", type=pathlib.Path, help="keep features here")
    parser.add_argument("--built", action="store_true", help="the programs are built already")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "bench/classify.json",
                        help="write the figures here; sets in it are kept")
    options = parser.parse_args()
    if not options.built:
        for what in (["-p", "learn", "--example", "trees"], ["-p", "joulery"]):
            subprocess.run(["cargo", "build", "--release", "-q", *what], cwd=ROOT, check=True)
    known = options.json.read_text() if options.json and options.json.exists() else '{"sets": {}}'
    figures = {"seeds": options.seeds, "sets": json.loads(known)["sets"]}
    for name in options.only.split(","):
        figures["sets"][name] = one_set(name, options)
        print(f"{name} done", file=sys.stderr)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=2) + "\n")
    show(figures)


def one_set(name, options):
    kept = options.cache / f"{name}.npz" if options.cache else None
    if kept and kept.exists():
        with numpy.load(kept) as file:
            features, labels, groups = file["X"], file["y"], file["g"]
    else:
        features, labels, groups = trees.compositions(name, options.data)
        if kept:
            numpy.savez(kept, X=features, y=labels, g=groups)
    with gzip.open(options.data / f"matbench_composition/{name}.csv.gz", "rt") as file:
        formulas = numpy.array([row["formula"] for row in csv.DictReader(file)])
    if SETS[name]:
        part = numpy.sort(numpy.random.default_rng(0).permutation(len(labels))[: SETS[name]])
        features, labels, formulas = features[part], labels[part], formulas[part]
        _, groups = numpy.unique(groups[part], return_inverse=True)
    runs = {model: [] for model in MODELS}
    for seed in range(options.seeds):
        parts = trees.split(groups, seed)
        known, test = numpy.concatenate(parts[:2]), parts[2]
        runs["joulery"].append(joulery(formulas, labels, known, test, seed))
        with tempfile.TemporaryDirectory() as folder:
            trees.export(features, labels, parts, pathlib.Path(folder))
            alone = trees.program("classifier", folder, 2000)
        seen = numpy.array(alone["probabilities"])
        runs["model alone"].append(judge(seen, labels[test], alone["fit"]))
        plain, platt = xgboost(features, labels, parts, options.rounds, seed)
        runs["XGBoost"].append(plain)
        runs["XGBoost, Platt"].append(platt)
        runs["forest, calibrated"].append(forest(features, labels, known, test, seed))
    result = {"rows": len(labels), "yes": float(labels.mean()), "formulas": int(groups.max()) + 1}
    for model, found in runs.items():
        result[model] = {key: mean([run.get(key) for run in found]) for key in found[0]}
    return result


def mean(values):
    values = [value for value in values if value is not None]
    return statistics.fmean(values) if values else None


def joulery(formulas, labels, known, test, seed):
    program = ROOT / "target/release/joulery"

    def table(path, rows):
        with open(path, "w") as file:
            file.write("formula,label\n" + "".join(f"{formulas[i]},{int(labels[i])}\n" for i in rows))

    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{name}" for name in ("train.csv", "test.csv", "is.model")]
        table(paths[0], known)
        table(paths[1], test)
        command = ["train", paths[0], "--property", "label", "--classify", "--seed", str(seed), "-j", "1"]
        before = children()
        run = [program, *command, "--output", paths[2], "--json"]
        card = json.loads(subprocess.run(run, check=True, stdout=subprocess.PIPE).stdout)
        seconds = children() - before
        asked = subprocess.run([program, "predict", paths[2], paths[1], "-j", "1"], stdout=subprocess.PIPE, text=True)
        rows = list(csv.DictReader(asked.stdout.splitlines()))
    share = card["evaluation"]["class"]["share"]
    seen = numpy.array([float(row["probability"] or share) for row in rows])
    sets = [row["label"] or "either" for row in rows]
    truth = labels[test]
    result = judge(seen, truth, seconds, numpy.array([[s in ("no", "either"), s in ("yes", "either")] for s in sets]))
    own = card["evaluation"]["class"]
    result["said"] = own["log_loss"]
    result["said_held_yes"], result["said_held_no"] = own["sets"]["held_yes"], own["sets"]["held_no"]
    inside = numpy.array([row["in_domain"] == "true" for row in rows])
    wrong = (seen > 0.5) != (truth > 0.5)
    result["out_of_domain"] = float(1 - inside.mean())
    result["wrong_inside"] = float(wrong[inside].mean())
    result["wrong_outside"] = float(wrong[~inside].mean()) if (~inside).any() else None
    result["unpredicted"] = sum(not row["probability"] for row in rows)
    return result


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def xgboost(features, labels, parts, rounds, seed):
    import xgboost
    from sklearn.linear_model import LogisticRegression

    train, valid, test = parts
    start = time.process_time()
    known = xgboost.QuantileDMatrix(features[train], labels[train], nthread=1, max_bin=256)
    watched = xgboost.QuantileDMatrix(features[valid], labels[valid], nthread=1, max_bin=256, ref=known)
    settings = trees.SETTINGS | {"seed": seed, "objective": "binary:logistic", "eval_metric": "logloss"}
    model = xgboost.train(
        settings, known, rounds, evals=[(watched, "valid")], early_stopping_rounds=50, verbose_eval=False
    )
    fitted = time.process_time() - start

    def odds(rows):
        asked = xgboost.DMatrix(features[rows], nthread=1)
        return model.predict(asked, iteration_range=(0, model.best_iteration + 1), output_margin=True)

    curve = LogisticRegression(C=numpy.inf).fit(odds(valid)[:, None], labels[valid])
    platt = time.process_time() - start
    z = odds(test).astype(float)
    return (
        judge(1 / (1 + numpy.exp(-z)), labels[test], fitted),
        judge(curve.predict_proba(z[:, None])[:, 1], labels[test], platt),
    )


def forest(features, labels, known, test, seed):
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedKFold

    start = time.process_time()
    one = RandomForestClassifier(n_estimators=300, random_state=seed, n_jobs=1)
    # The sets are in alphabetical order: parts in a row would not be alike.
    parts = StratifiedKFold(5, shuffle=True, random_state=seed)
    model = CalibratedClassifierCV(one, method="isotonic", cv=parts, n_jobs=1).fit(features[known], labels[known])
    fitted = time.process_time() - start
    return judge(model.predict_proba(features[test])[:, 1], labels[test], fitted)


def judge(p, y, seconds, sets=None):
    """`sets`: for each structure whether no and yes are in it; by default those of the probabilities."""
    from sklearn.metrics import roc_auc_score

    if sets is None:
        sets = numpy.stack([p <= 0.9, p >= 0.1], axis=1)
    bounded = numpy.clip(p, 1e-12, 1 - 1e-12)
    ranges = numpy.minimum((p * 10).astype(int), 9)
    gaps = [abs((p[ranges == k] - y[ranges == k]).sum()) for k in range(10)]
    yes = y > 0.5
    return {
        "area": float(roc_auc_score(y, p)),
        "log_loss": float(-numpy.mean(numpy.where(yes, numpy.log(bounded), numpy.log1p(-bounded)))),
        "brier": float(numpy.mean((p - y) ** 2)),
        "accuracy": float(numpy.mean((p > 0.5) == yes)),
        "calibration_error": float(sum(gaps) / len(y)),
        "held_yes": float(sets[yes, 1].mean()),
        "held_no": float(sets[~yes, 0].mean()),
        "single": float((sets.sum(axis=1) == 1).mean()),
        "seconds": seconds,
    }


def show(figures):
    print(
        "| set | model | area | log loss | Brier | right class | calibration error | sets hold: yes, no | one class | train, CPU s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, found in figures["sets"].items():
        size = f"{name} ({found['rows']}, {100 * found['yes']:.0f} % yes)"
        for model in MODELS:
            own = found[model]
            held = f"{100 * own['held_yes']:.1f} %, {100 * own['held_no']:.1f} %"
            if model == "model alone":
                held = ""
            one = f"{100 * own['single']:.1f} %" if held else ""
            print(
                f"| {size} | {model} | {own['area']:.4f} | {own['log_loss']:.4f} | {own['brier']:.4f} | "
                f"{100 * own['accuracy']:.1f} % | {own['calibration_error']:.4f} | {held} | {one} | {own['seconds']:.2f} |"
            )
    print()
    for name, found in figures["sets"].items():
        own = found["joulery"]
        outside = "none" if own["wrong_outside"] is None else f"{100 * own['wrong_outside']:.1f} %"
        print(
            f"{name}: the card said log loss {own['said']:.4f}, sets hold {100 * own['said_held_yes']:.1f} % of yes and "
            f"{100 * own['said_held_no']:.1f} % of no; {100 * own['out_of_domain']:.1f} % outside the domain, wrong class "
            f"there {outside}, inside {100 * own['wrong_inside']:.1f} %; {own['unpredicted']:.1f} formulas with an unknown element."
        )


if __name__ == "__main__":
    main()
