"""What does choosing by value buy? Replays the whole example space, computed once, under several rules.

Every rule runs the real `joulery run` with `table:` as the method (values and costs as they were computed), over
several seeds, up to a share of what the whole space costs. Printed and written to bench/value.json: the share of the
true top 1 % found against the joules spent, and how many times that is what random choice finds.

Usage: python3 bench/value.py [--seeds 10] [--share 0.10] [--rules ei_per_joule,ei,greedy,random] [--shortlist 10]
Needs the built binary (cargo build --release); Python's standard library only.
"""
import argparse
import concurrent.futures
import csv
import gzip
import json
import pathlib
import re
import sqlite3
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "examples" / "quinones" / "gfn2.csv.gz"
SHARES = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.10)
WATTS = 8.949  # the default conversion; only ratios matter here


def read_table(path):
    """Value (None: failed) and core-seconds of every molecule."""
    with gzip.open(path, "rt", newline="") as stream:
        rows = [r for r in csv.DictReader(line for line in stream if not line.startswith("#"))]
    return {
        r["smiles"]: (float(r["reduction_energy"]) if r["reduction_energy"] else None, float(r["core_seconds"]))
        for r in rows
    }


def spec(table, seed, rule, budget, args):
    text = (ROOT / "examples" / "quinones" / "campaign.toml").read_text()
    text = re.sub(r'(?m)^budget = .*$', f'budget = "{budget:.4f} J"', text)
    text = re.sub(r'(?m)^method = .*$', f'method = "table:{table}"', text)
    text = re.sub(r'(?m)^seed = .*$', f'seed = {seed}', text)
    text = re.sub(r'(?m)^acquisition = .*$', f'acquisition = "{rule}"', text)
    text = re.sub(r'(?m)^initial = .*$', f'initial = {args.initial}', text)
    text = re.sub(r'(?m)^batch = .*$', f'batch = {args.batch}', text)
    text = re.sub(r'(?m)^shortlist = .*$', f'shortlist = {args.shortlist}\nthreads = 1', text)
    # All of the space: the constraints would take a part of the top away.
    text = re.sub(r'(?ms)^\[constraints\].*?(?=^\[)', '', text)
    return text + '\n[engine]\ntable_cost = "core_seconds"\n'


def run(task):
    binary, table, seed, rule, budget, args = task
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "campaign.toml"
        path.write_text(spec(table, seed, rule, budget, args))
        done = subprocess.run([binary, "run", str(path), "--json"], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{rule}, seed {seed}: {done.stderr}")
        archive = next(pathlib.Path(folder).glob("*.joulery/archive.sqlite"))
        base = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
        found = base.execute(
            "SELECT s.smiles, r.core_seconds FROM results r JOIN structures s ON s.id = r.structure ORDER BY r.seq"
        ).fetchall()
        engine = base.execute("SELECT SUM(core_seconds) FROM charges WHERE kind = 'engine'").fetchone()[0]
        base.close()
        return rule, seed, found, engine


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--share", type=float, default=max(SHARES))
    parser.add_argument("--rules", default="ei_per_joule,ei,greedy,random")
    parser.add_argument("--shortlist", type=int, default=10)
    parser.add_argument("--initial", type=int, default=20)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--table", type=pathlib.Path, default=TABLE)
    parser.add_argument("--binary", default=str(ROOT / "target" / "release" / "joulery"))
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "bench" / "value.json")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()

    table = read_table(args.table)
    whole = sum(cost for _, cost in table.values())
    ranked = sorted((v, s) for s, (v, _) in table.items() if v is not None)
    top = {s for _, s in ranked[: max(1, round(0.01 * len(table)))]}
    # Engine work is real and charged too, so the budget is a little larger; shares count calculations alone and both.
    budget = args.share * whole * WATTS * 1.15 + 300
    rules = args.rules.split(",")
    tasks = [(args.binary, args.table, seed, rule, budget, args) for rule in rules for seed in range(args.seeds)]
    curves = {rule: {share: [] for share in SHARES} for rule in rules}
    engines = {rule: [] for rule in rules}
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for rule, _, found, engine in pool.map(run, tasks):
            engines[rule].append(engine)
            for share in SHARES:
                if share > args.share + 1e-9:
                    continue
                spent, hits = 0.0, 0
                for smiles, cost in found:
                    spent += cost
                    if spent > share * whole:
                        break
                    hits += smiles in top
                curves[rule][share].append(hits / len(top))

    print(f"{len(table)} molecules, {whole:.0f} core-seconds, {whole * WATTS / 3600:.2f} Wh in all; "
          f"{sum(v is None for v, _ in table.values())} failed; top 1 %: {len(top)}; {args.seeds} seeds")
    print("share of the true top 1 % found, mean (standard deviation over seeds), against the joules of calculations")
    print(f"{'joules':>8} " + "".join(f"{rule:>22}" for rule in rules) + "   random expects")
    result = {"molecules": len(table), "core_seconds": whole, "seeds": args.seeds, "top": len(top),
              "settings": {"shortlist": args.shortlist, "initial": args.initial, "batch": args.batch}, "rules": {}}
    for share in SHARES:
        if share > args.share + 1e-9:
            continue
        cells = []
        for rule in rules:
            values = curves[rule][share]
            mean, sd = statistics.mean(values), statistics.pstdev(values)
            cells.append(f"{100 * mean:>9.1f} % ({100 * sd:4.1f}) {mean / share:>3.0f}x")
            result["rules"].setdefault(rule, {})[str(share)] = {"mean": mean, "sd": sd, "times_random": mean / share}
        print(f"{100 * share:>6.0f} % " + "".join(f"{c:>22}" for c in cells) + f"{100 * share:>12.0f} %")
    for rule in rules:
        mean = statistics.mean(engines[rule])
        result["rules"][rule]["engine_core_seconds"] = mean
        print(f"engine of {rule}: {mean:.1f} core-seconds, {100 * mean / (args.share * whole):.1f} % of the calculations'")
    args.output.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
