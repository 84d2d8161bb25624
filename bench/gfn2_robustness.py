#!/usr/bin/env python3
"""How often native GFN2-xTB gives a number, why not where it does not, and whether the number is right.

    scripts/setup --bench
    .venv-bench/bin/python bench/gfn2_robustness.py [--quick] [--json bench/gfn2_robustness.json]

Sets: 5,000 molecules of MOSES at MMFF geometries; the molecular structures of mstore; the reference set with every
distance multiplied by 0.7 to 3. The energy is compared with tblite's, for each structure of the smaller sets and for
every 25th drug-like molecule together with those that took unusually many cycles. tblite's energies are kept in
target/bench, so that only the first run pays for them.

"other" is a number that differs from tblite's by more than 1e-5 hartree: another self-consistent solution, or wrong.
Each is listed with the difference, the difference after both have converged further, and the largest charge of tblite's
solution: with stretched bonds the cubic term of GFN2-xTB has solutions with charges of several e, hartrees too low.
"""

import os

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

import argparse
import collections
import hashlib
import json
import pathlib
import statistics
import tempfile

import gfn2_sets as sets

FACTORS = (0.7, 0.8, 0.9, 1.2, 1.5, 2.0, 3.0)
SAME = 1e-5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="200 drug-like molecules, every tenth of the others")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--no-peer", action="store_true", help="do not compare with tblite")
    parser.add_argument("--peer-atoms", type=int, default=300, help="compare no larger structures")
    parser.add_argument("--json", type=pathlib.Path, default=sets.ROOT / "bench" / "gfn2_robustness.json")
    options = parser.parse_args()
    program = sets.build("quantum", "gfn2_times")
    step = 10 if options.quick else 1

    groups = {"MOSES, MMFF": sets.drug_like(200 if options.quick else 5000)}
    for structure in sets.mstore()[::step]:
        groups.setdefault(f"mstore {structure.group}", []).append(structure)
    reference = sets.reference()[::step]
    for factor in (1.0, *FACTORS):
        # A single atom has no distances.
        groups[f"reference x {factor:g}"] = [sets.scaled(s, factor) for s in reference if len(s.numbers) > 1]

    report = {}
    for name, structures in groups.items():
        if structures:
            report[name] = examine(name, structures, program, options)
            print(row(name, report[name]) if len(report) > 1 else HEAD + row(name, report[name]), flush=True)
    details(report)
    if not options.quick:
        options.json.write_text(json.dumps(report, indent=1) + "\n")


def examine(name, structures, program, options):
    lines, summary = run(program, structures, options.threads)
    converged = [line for line in lines if "error" not in line]
    cycles = [line["cycles"] for line in converged]
    usual = statistics.median(cycles) if cycles else 0
    result = {
        "structures": len(lines),
        "converged": len(converged),
        "cycles_mean": statistics.mean(cycles) if cycles else None,
        "cycles_largest": max(cycles, default=None),
        "cpu_seconds": summary["cpu_seconds"],
        "causes": dict(collections.Counter(line["kind"] for line in lines if "error" in line)),
        "failures": [{k: line[k] for k in ("id", "kind", "error")} for line in lines if "error" in line],
    }
    if options.no_peer:
        return result
    odd = {k for k, line in enumerate(lines) if "error" in line or line["cycles"] > 2 * usual}
    wanted = (k for k in range(len(lines)) if len(lines) < 1000 or k % 25 == 0 or k in odd)
    chosen = [k for k in wanted if lines[k]["atoms"] <= options.peer_atoms]
    peers = tblite_energies(name, [structures[k] for k in chosen])
    verdict = collections.Counter()
    others = []
    for k, peer in zip(chosen, peers):
        line = lines[k]
        if "error" in line:
            # An element that the method has not is no failure to converge.
            verdict["both error" if isinstance(peer, str) else "native error alone"] += 1
        elif isinstance(peer, str):
            verdict["tblite error alone"] += 1
        elif abs(line["energy"] - peer) <= SAME:
            verdict["same"] += 1
        else:
            verdict["other, native lower" if line["energy"] < peer else "other, native higher"] += 1
            others.append((k, line["energy"] - peer))
    further = tightened(program, structures, others, lines)
    return result | {"compared": len(chosen), "verdict": dict(verdict), "other": further}


def run(program, structures, threads, accuracy=1.0):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "structures.xyz"
        sets.write_xyz(structures, path)
        return sets.native(program, path, "--repeat", 1, "--threads", threads, "--accuracy", accuracy)


def tightened(program, structures, others, lines):
    """For structures with another energy than tblite's: what both say when they converge further."""
    if not others:
        return []
    again, _ = run(program, [structures[k] for k, _ in others], 1, 0.01)
    found = []
    for (k, difference), line in zip(others, again):
        entry = {"id": lines[k]["id"], "difference": difference, "cycles": lines[k]["cycles"]}
        if "error" in line:
            entry["native_tight"] = line["error"]
        else:
            entry["native_change"] = line["energy"] - lines[k]["energy"]
        try:
            tight = sets.tblite(structures[k], 0.01)
            entry["tblite_largest_charge"] = float(max(tight.get("charges"), key=abs))
            if "error" not in line:
                entry["tight_difference"] = line["energy"] - float(tight.get("energy"))
        except RuntimeError as error:
            entry["tblite_tight"] = str(error).strip() or "error"
        found.append(entry)
    return found


def tblite_energy(structure, accuracy=1.0):
    """The energy, or the message of the error."""
    try:
        energy = float(sets.tblite_result(structure, accuracy)[0])
    except RuntimeError as error:
        return str(error).strip() or "error"
    return energy if energy == energy else "not a number"


def tblite_energies(name, structures):
    """tblite's energies, kept by set and geometry."""
    path = sets.CACHE / f"tblite_{''.join(c if c.isalnum() else '_' for c in name)}.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    new = False
    keys = [hashlib.sha256(repr(s).encode()).hexdigest()[:16] for s in structures]
    for key, s in zip(keys, structures):
        if key not in known:
            known[key] = tblite_energy(s)
            new = True
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known))
    return [known[key] for key in keys]


VERDICTS = (
    "same", "other, native lower", "other, native higher", "native error alone", "tblite error alone", "both error"
)
HEAD = (
    "| set | structures | converged | cycles mean (largest) | causes of failure | compared | "
    + " | ".join(VERDICTS) + " |\n|" + "---|" * (6 + len(VERDICTS)) + "\n"
)


def row(name, r):
    causes = ", ".join(f"{cause} {count}" for cause, count in r["causes"].items()) or "-"
    mean = f"{r['cycles_mean']:.1f} ({r['cycles_largest']})" if r["cycles_mean"] else "-"
    verdict = " | ".join(str(r.get("verdict", {}).get(v, 0)) for v in VERDICTS)
    share = 100 * r["converged"] / r["structures"]
    return (f"| {name} | {r['structures']} | {r['converged']} ({share:.2f} %) | {mean} | {causes} "
            f"| {r.get('compared', 0)} | {verdict} |")


def details(report):
    for name, r in report.items():
        for failure in r["failures"][:3]:
            print(f"\n{name}, {failure['id']}: {failure['error']}", end="")
        for other in r.get("other", [])[:10]:
            after = "one of both fails"
            if "tight_difference" in other:
                after = f"{other['tight_difference']:+.2e}"
            charge = ""
            if "tblite_largest_charge" in other:
                charge = f", where tblite has a charge of {other['tblite_largest_charge']:+.1f} e"
            print(f"\n{name}, {other['id']}: {other['difference']:+.2e} hartree from tblite's after {other['cycles']} "
                  f"cycles; converged further {after}{charge}", end="")
    print()


if __name__ == "__main__":
    main()
