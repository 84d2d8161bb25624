#!/usr/bin/env python3
"""Error against the total cost of labels: one rung, several at fixed ratios, co-kriging, and the planner's own choice.

    pip install numpy==2.4.6
    python bench/fidelity.py [--data ../shared/data] [--only hof,uvvis,qm7] [--seeds 5] [--json bench/fidelity.json]

The folder holds `hof29_ladder`, `uvvis_mf` and `qm7_mf`. Errors are mean absolute errors on structures of which no label of
any rung is known (or, where it says so, those of the lower rungs), over several random splits, with their standard
deviation. Everything is decided on training labels; the test structures only count at the end.

- Heats of formation of 1,694 molecules: PM7, then G4(MP2), then the experiment. SLATM rows (reduced to their leading
  principal components, without labels), energies of elements deducted.
- Absorption maxima of dyes: TD-DFT (vertical, gas), then the experiment in one solvent for each dye. Morgan counts; the
  molecule-disjoint test split of the source; rows with a wavelength of zero dropped.
- Atomisation energies of QM7: PBE0 with DFTB3 known for all, by difference learning and by co-kriging.

COSTS ARE ASSUMPTIONS, since no source ships timings. In hours of one processor core, with an experiment counted as what
its price would buy (a core hour at 0.02 euro): G4(MP2) of a molecule with six heavy atoms takes hours (its coupled
cluster part grows with the seventh power of the size; Curtiss et al., J. Chem. Phys. 127, 124105, 2007), PM7 about a second, TD-DFT of a dye with forty atoms about ten hours. A heat of combustion, with purification, or a dye
bought or made and measured, costs hundreds to thousands of euros: far above 10,000 core hours. The table takes a much
smaller price on purpose: the experiment at 100 times the dearest calculation, and again at 10 times.
"""

import argparse
import collections
import csv
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from facts import Facts

for library in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/examples/fidelity"
SYMBOLS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr".split()
)
NUMBERS = {symbol: i + 1 for i, symbol in enumerate(SYMBOLS)}
NANOMETRES = 1239.841984
SEARCH = 300
SECONDS = 1e9


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "../shared/data")
    parser.add_argument("--only", default="hof,uvvis,qm7")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1e9, help="start no further seed after these")
    parser.add_argument("--keep", type=pathlib.Path, help="folder of features and results, to go on from")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "bench/fidelity.json")
    options = parser.parse_args()
    global SECONDS
    SECONDS = options.seconds
    subprocess.run(
        ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "fidelity"], cwd=ROOT, check=True
    )
    facts = Facts("numpy")
    whole = options.only == parser.get_default("only")
    # Parts of the sets: beside what is there.
    figures = json.loads(options.json.read_text()) if options.json.exists() and not whole else {}
    for name in options.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            folder = options.keep / name if options.keep else pathlib.Path(folder)
            folder.mkdir(parents=True, exist_ok=True)
            figures[name] = {"hof": hof, "uvvis": uvvis, "qm7": qm7}[name](options.data, folder, options.seeds)
        show(name, figures[name])
        figures[name]["about"] = facts.so_far() | {"threads": 1, "seeds": [0, options.seeds - 1]}
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def read_csv(path):
    with gzip.open(path, "rt") as lines:
        return list(csv.DictReader(lines))


def read_geometries(path):
    structures = []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            next(lines)
            atoms = [next(lines).split() for _ in range(int(line))]
            numbers = [NUMBERS.get(atom[0], 0) for atom in atoms]
            structures.append((numbers, [[float(x) for x in atom[1:4]] for atom in atoms]))
    return structures


def write(path, *parts):
    numpy.concatenate([numpy.ravel(numpy.asarray(part, dtype=float)) for part in parts]).tofile(path)


def slatm(folder, structures, components):
    """SLATM rows, as their leading principal components; their columns, and the share of the variance kept."""
    if (folder / "features.npz").exists():
        kept = numpy.load(folder / "features.npz")
        return kept["rows"], int(kept["columns"]), float(kept["share"])
    parts = [[len(structures)]]
    for numbers, positions in structures:
        parts += [[len(numbers)], numbers, positions]
    write(folder / "structures", *parts)
    subprocess.run([PROGRAM, "slatm", folder / "structures", folder / "rows"], check=True)
    columns = int(numpy.fromfile(folder / "rows", count=1)[0])
    rows = numpy.fromfile(folder / "rows", offset=8).reshape(-1, columns)
    os.remove(folder / "rows")
    rows -= rows.mean(axis=0)
    values, vectors = numpy.linalg.eigh(rows @ rows.T)
    values, vectors = values[::-1][:components], vectors[:, ::-1][:, :components]
    kept = values.sum() / (rows**2).sum()
    print(f"SLATM: {columns} columns, {components} components keep {100 * kept:.3f} %", file=sys.stderr)
    rows = vectors * numpy.sqrt(numpy.maximum(values, 0.0))
    numpy.savez(folder / "features.npz", rows=rows, columns=columns, share=kept)
    return rows, columns, kept


def run(folder, tasks):
    """Results of all tasks; those in the folder already are not asked again."""
    kept = folder / "results.jsonl"
    known = {}
    if kept.exists():
        known = dict(json.loads(line) for line in kept.read_text().splitlines())
    keys = [json.dumps(task, sort_keys=True) for task in tasks]
    missing = [key for key in keys if key not in known]
    (folder / "tasks.json").write_text("[" + ",".join(missing) + "]")
    with kept.open("a") as out:
        command = [PROGRAM, "run", folder / "data", folder / "tasks.json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            for key, line in zip(missing, program.stdout):
                known[key] = json.loads(line)
                out.write(json.dumps([key, known[key]]) + "\n")
                out.flush()
        if program.returncode:
            raise SystemExit(f"the program ended with {program.returncode}")
    return [known[key] for key in keys]


def mae(means, truth):
    return float(numpy.mean(numpy.abs(numpy.asarray(means) - truth)))


def sweep(folder, labels, names, pools, tests, costs, sizes, ratios, planner):
    """All methods for all seeds; the rungs are columns of `labels`, lowest first."""
    top = len(names) - 1
    all_rungs = list(range(top + 1))
    points = collections.defaultdict(list)
    pilots = []
    start = time.monotonic()
    for seed, (pool, test) in enumerate(zip(pools, tests)):
        truth = labels[test, top]
        tasks, keys = [], []

        def ask(name, method, train, rungs=all_rungs, test=test, keys=keys, tasks=tasks, **more):
            task = {"method": method, "train": [list(map(int, rows)) for rows in train], "rungs": rungs}
            tasks.append(task | {"test": list(map(int, test)), "search_limit": SEARCH} | more)
            keys.append((name, [len(rows) for rows in train]))

        for size in sizes:
            if size > len(pool):
                continue
            ask("single", "cokriging", [pool[:size]], [top])
            if size <= 200:
                ask("single (KernelGp)", "gp", [pool[:size]], [top])
        for size in ratios["top"]:
            train = [pool[: min(len(pool), round(size * factor))] for factor in ratios["fixed"]]
            if size <= ratios["most"]:
                ask("fixed ratio, +1 -1", "telescoping", train)
                ask("fixed ratio, optimised", "combination", train)
            ask("fixed ratio, co-kriging", "cokriging", train)
            train = [pool[: min(len(pool), round(size * factor))] for factor in ratios["wide"]]
            ask("co-kriging", "cokriging", train)
            ask("co-kriging, lower known", "cokriging", train, known=list(range(top)))
        for cost in list(costs)[:1]:
            ask(
                f"planner, {cost}", "planner", [pool[: planner["most"][m]] for m in all_rungs],
                costs=costs[cost], start=planner["start"], target=planner["target"],
                budget=planner["budget"] * costs[cost][top],
            )  # fmt: skip
        few = planner["start"][top]
        for cost in costs:
            task = {"method": "pilot", "train": [list(map(int, pool[:few]))], "rungs": [top - 1, top], "test": []}
            tasks.append(task | {"costs": costs[cost][top - 1 :]})
            keys.append((f"pilot, {cost}", few))
        for (name, count), result in zip(keys, run(folder, tasks)):
            if name.startswith("pilot"):
                pilots.append({"seed": seed, "name": name, **result})
            elif name.startswith("planner"):
                cost = name.split(", ")[1]
                for number, step in enumerate(result["steps"]):
                    points[name, number].append(
                        {"labels": step["labels"], "cost": {cost: step["cost"] / costs[cost][top]},
                         "mae": mae(step["mean"], truth), "plan": step["plan"], "seed": seed}
                    )  # fmt: skip
            else:
                price = {
                    key: sum(n * c for n, c in zip([0] * (top + 1 - len(count)) + count, value)) / value[top]
                    for key, value in costs.items()
                }
                inside = numpy.abs(numpy.array(result["mean"]) - truth) <= 1.6448536 * numpy.array(result["sd"])
                point = {"labels": count, "cost": price, "mae": mae(result["mean"], truth), "seed": seed}
                points[name, tuple(count)].append(point | {"coverage_90": float(inside.mean())})
        print(f"seed {seed} done", file=sys.stderr)
        if time.monotonic() - start > SECONDS:
            break
    table = []
    for (name, _), list_of in points.items():
        errors = [point["mae"] for point in list_of]
        price = {key: float(numpy.mean([p["cost"][key] for p in list_of])) for key in list_of[0]["cost"]}
        labels_of = numpy.mean([p["labels"] for p in list_of], axis=0).round().astype(int).tolist()
        row = {"method": name, "labels": labels_of, "cost": price, "seeds": len(errors)}
        row |= {"mae": float(numpy.mean(errors)), "spread": float(numpy.std(errors))}
        if "coverage_90" in list_of[0]:
            row["coverage_90"] = float(numpy.mean([p["coverage_90"] for p in list_of]))
        table.append(row)
    raw = [{"method": name, "points": list_of} for (name, _), list_of in points.items() if "planner" in name]
    return {"rungs": names, "costs": costs, "table": table, "planner": raw, "pilots": pilots,
            "savings": savings(table, costs)}  # fmt: skip


def savings(table, costs):
    """Cost of the better single-rung model over that of each other point, at equal error.

    The cost of a single rung at an error is read off its curve, straight between points in logarithms.
    """
    single = collections.defaultdict(lambda: numpy.inf)
    out = []
    for cost in costs:
        for row in table:
            if row["method"].startswith("single"):
                single[row["labels"][-1]] = min(single[row["labels"][-1]], row["mae"])
        sizes = sorted(single)
        errors = numpy.minimum.accumulate([single[n] for n in sizes])
        for row in table:
            if row["method"].startswith("single") or cost not in row["cost"]:
                continue
            if row["mae"] < errors[-1]:
                labels, bound = float(sizes[-1]), True
            elif row["mae"] > errors[0]:
                continue
            else:
                order = slice(None, None, -1)
                labels = float(numpy.exp(numpy.interp(
                    numpy.log(row["mae"]), numpy.log(errors[order]), numpy.log(sizes[order])
                )))  # fmt: skip
                bound = False
            out.append(
                {"costs": cost, "method": row["method"], "labels": row["labels"], "mae": row["mae"],
                 "spread": row["spread"], "cost": row["cost"][cost], "single_cost": labels,
                 "times_cheaper": labels / row["cost"][cost], "at_least": bound}
            )  # fmt: skip
    return out


def hof(data, folder, seeds):
    names = ["PM7_kcal_mol", "G4(MP2)_kcal_mol", "Expt_kcal_mol"]
    rows = read_csv(data / "hof29_ladder/hof_29methods.csv.gz")
    structures = read_geometries(data / "hof29_ladder/hof_geometries.extxyz.gz")
    common = {NUMBERS[symbol] for symbol in "H C N O F S Cl".split()}
    whole = [
        i for i, (row, structure) in enumerate(zip(rows, structures))
        if all(row[name] for name in names) and set(structure[0]) <= common
    ]  # fmt: skip
    structures = [structures[i] for i in whole]
    labels = numpy.array([[float(rows[i][name]) for name in names] for i in whole])
    features, columns, kept = slatm(folder, structures, 400)
    elements = [part for numbers, _ in structures for part in ([len(numbers)], numbers)]
    write(folder / "data", [0, len(whole), features.shape[1], 3, 1], features, *elements, labels.T)
    # The first 25 of the pool have every element once, or nothing could be said of it.
    orders = [numpy.random.default_rng(seed).permutation(len(whole)) for seed in range(seeds)]
    for order in orders:
        for place, element in enumerate(sorted(common)):
            if not any(element in structures[i][0] for i in order[300:325]):
                other = next(k for k in range(325, 900) if element in structures[order[k]][0])
                order[[324 - place, other]] = order[[other, 324 - place]]
    costs = {"experiment 100 x": [0.0003, 1.0, 100.0], "experiment 10 x": [0.0003, 1.0, 10.0]}
    result = sweep(
        folder, labels, ["PM7", "G4(MP2)", "experiment"],
        [order[300:900] for order in orders], [order[:300] for order in orders], costs,
        sizes=[25, 50, 100, 200, 400, 600],
        ratios={"top": [10, 20, 40, 80], "most": 40, "fixed": [16, 4, 1], "wide": [1e9, 10, 1]},
        planner={"start": [60, 20, 10], "most": [600] * 3, "target": 4.0, "budget": 150},
    )  # fmt: skip
    direct = {name: mae(labels[:, i], labels[:, 2]) for i, name in enumerate(["PM7", "G4(MP2)"])}
    return result | {"unit": "kcal/mol", "structures": len(whole), "columns": columns, "kept": kept, "direct": direct}


def uvvis(data, folder, seeds):
    theory = {}
    for row in read_csv(data / "uvvis_mf/tddft_wb97xd3_highest_peak.csv.gz"):
        theory[row["smiles"]] = float(row["e_max_osc_tddft_eV"])
    rows = [
        row for row in read_csv(data / "uvvis_mf/expt_lambda_max_group_by_smiles.csv.gz")
        if float(row["lambda_max_abs_expt_nm"]) > 0.0 and row["smiles"] in theory
    ]  # fmt: skip
    # One row for each dye: that in the solvent most common overall.
    common = collections.Counter(row["solvent_smiles"] for row in rows)
    dyes = {}
    for row in rows:
        other = dyes.get(row["smiles"])
        if other is None or common[row["solvent_smiles"]] > common[other["solvent_smiles"]]:
            dyes[row["smiles"]] = row
    dyes = list(dyes.values())
    (folder / "smiles").write_text("".join(dye["smiles"] + "\n" for dye in dyes))
    subprocess.run([PROGRAM, "morgan", folder / "smiles", folder / "counts"], check=True)
    numbers, at, counts = numpy.fromfile(folder / "counts"), 0, []
    for _ in dyes:
        size = int(numbers[at])
        counts.append(numbers[at : at + 1 + 2 * size])
        at += 1 + 2 * size
    readable = [i for i in range(len(dyes)) if counts[i][0] > 0]
    labels = numpy.array(
        [[theory[dyes[i]["smiles"]], NANOMETRES / float(dyes[i]["lambda_max_abs_expt_nm"])] for i in readable]
    )
    write(folder / "data", [1, len(readable), 0, 2, 0], *[counts[i] for i in readable], labels.T)
    split = numpy.array([dyes[i]["split"] for i in readable])
    pool, test = numpy.flatnonzero(split == "train"), numpy.flatnonzero(split == "test")
    test = numpy.random.default_rng(7).permutation(test)[:400]
    orders = [numpy.random.default_rng(seed).permutation(pool)[:1200] for seed in range(seeds)]
    costs = {"experiment 100 x": [1.0, 100.0], "experiment 10 x": [1.0, 10.0]}
    result = sweep(
        folder, labels, ["TD-DFT", "experiment"], orders, [test] * seeds, costs,
        sizes=[50, 100, 200, 400, 800, 1200],
        ratios={"top": [25, 50, 100], "most": 100, "fixed": [4, 1], "wide": [12, 1]},
        planner={"start": [100, 20], "most": [1200, 1200], "target": 0.30, "budget": 400},
    )  # fmt: skip
    return result | {"unit": "eV", "structures": len(readable), "test": len(test)}


def qm7(data, folder, seeds):
    rows = read_csv(data / "qm7_mf/qm7_pbe0_dftb3.csv.gz")
    structures = read_geometries(data / "qm7_mf/qm7_pbe0_dftb3.extxyz.gz")
    chosen = numpy.sort(numpy.random.default_rng(9).permutation(len(rows))[:4000])
    structures = [structures[i] for i in chosen]
    labels = numpy.array(
        [[float(rows[i]["hof_dftb3_kcal_mol"]), float(rows[i]["hof_pbe0_kcal_mol"])] for i in chosen]
    )
    features, columns, kept = slatm(folder, structures, 500)
    elements = [part for numbers, _ in structures for part in ([len(numbers)], numbers)]
    write(folder / "data", [0, len(chosen), features.shape[1], 2, 1], features, *elements, labels.T)
    table = collections.defaultdict(list)
    for seed in range(seeds):
        order = numpy.random.default_rng(seed).permutation(len(chosen)).tolist()
        test, pool = order[:1000], order[1000:]
        tasks, keys = [], []
        for size in (100, 500, 1000):
            base = {"test": test, "search_limit": SEARCH}
            low = pool[: max(size, 1000)]
            tasks += [
                base | {"method": "gp", "train": [pool[:size]], "rungs": [1]},
                base | {"method": "difference", "train": [pool[:size]], "rungs": [0, 1]},
                base | {"method": "cokriging", "train": [low, pool[:size]], "rungs": [0, 1], "known": [0]},
                base | {"method": "cokriging", "train": [low, pool[:size]], "rungs": [0, 1]},
            ]
            names = ["direct", "difference", "co-kriging, DFTB3 known", "co-kriging"]
            keys += [(name, size) for name in names]
        for key, result in zip(keys, run(folder, tasks)):
            table[key].append(mae(result["mean"], labels[test, 1]))
        print(f"seed {seed} done", file=sys.stderr)
    lines = [
        {"method": name, "labels": size, "mae": float(numpy.mean(e)), "spread": float(numpy.std(e))}
        for (name, size), e in table.items()
    ]
    return {"unit": "kcal/mol", "table": lines, "columns": columns, "kept": kept}


def show(name, figures):
    print(f"\n## {name} ({figures['unit']})\n")
    if name == "qm7":
        print("| method | PBE0 labels | MAE | spread |\n|---|---|---|---|")
        for row in figures["table"]:
            print(f"| {row['method']} | {row['labels']} | {row['mae']:.2f} | {row['spread']:.2f} |")
        return
    keys = list(figures["costs"])
    print(f"Costs are assumptions ({', '.join(figures['rungs'])}): {figures['costs']}; in experiments.\n")
    print("| method | labels | " + " | ".join(f"cost ({key})" for key in keys) + " | MAE | spread | held by 90 % |")
    print("|---|---|" + "---|" * len(keys) + "---|---|---|")
    for row in figures["table"]:
        prices = " | ".join(f"{row['cost'][key]:.1f}" if key in row["cost"] else "" for key in keys)
        held = f"{100 * row['coverage_90']:.0f} %" if "coverage_90" in row else ""
        labels = " + ".join(map(str, row["labels"]))
        print(f"| {row['method']} | {labels} | {prices} | {row['mae']:.3f} | {row['spread']:.3f} | {held} |")
    print("\n| costs | method | labels | cost | MAE | single rung needs | times cheaper |\n|---|---|---|---|---|---|---|")
    for row in figures["savings"]:
        labels = " + ".join(map(str, row["labels"]))
        least = "> " if row["at_least"] else ""
        print(
            f"| {row['costs']} | {row['method']} | {labels} | {row['cost']:.1f} | {row['mae']:.3f} "
            f"| {least}{row['single_cost']:.0f} | {least}{row['times_cheaper']:.1f} |"
        )
    for pilot in figures["pilots"]:
        low, high = pilot["saving_interval"]
        print(
            f"{pilot['name']}, seed {pilot['seed']}, {pilot['pairs']} pairs: r = {pilot['correlation']:.3f}, saving "
            f"{pilot['saving']:.1f} ({low:.1f} to {high:.1f}), {pilot['verdict']}"
        )


if __name__ == "__main__":
    sys.exit(main())
