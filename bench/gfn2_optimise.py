#!/usr/bin/env python3
"""Relaxes drug-like molecules natively and with `xtb --opt`, and compares what it took and where it ended.

    scripts/setup && scripts/setup --bench
    .venv-bench/bin/python bench/gfn2_optimise.py [--quick] [--molecules 100] [--level normal]

The molecules are rows of the MOSES test split, evenly spaced, at MMFF geometries. Both sides get the same geometry
and level, one thread, one after the other molecule by molecule, so that a busy machine slows both.

- Processor time: of the `xtb` process with what it starts (its resource usage as the system counts it); natively of
  the relaxation inside one process, and once more as one process for each molecule.
- Energies: single points of tblite at both final geometries (accuracy 0.01), so that no program judges itself.
"""

import os

for name in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

import argparse
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

import gfn2_sets as sets

KCAL = 627.5094740631


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10 molecules")
    parser.add_argument("--molecules", type=int, default=100)
    parser.add_argument("--level", default="normal", choices=("loose", "normal", "tight"))
    parser.add_argument("--json", type=pathlib.Path, default=sets.ROOT / "bench" / "gfn2_optimise.json")
    options = parser.parse_args()
    if not shutil.which("xtb"):
        raise SystemExit("the xtb program is missing: run scripts/setup")
    program = sets.build("quantum", "gfn2_optimise")
    molecules = sets.drug_like(10 if options.quick else options.molecules)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for structure in molecules:
            rows.append(compare(structure, program, options.level, pathlib.Path(folder)))
    figures = summary(rows, options.level)
    show(figures)
    if not options.quick:
        options.json.write_text(json.dumps({**figures, "molecules": rows}, indent=1) + "\n")


def compare(structure, program, level, folder):
    row = {"id": structure.id, "atoms": len(structure.numbers)}
    sides = {"xtb": xtb(structure, level, folder), "native": native(structure, program, level, folder)}
    for name, finished in sides.items():
        positions = finished.pop("positions", None)
        row[name] = finished
        if positions is not None:
            finished["tblite_energy"] = float(sets.tblite_result(structure, 0.01, positions)[0])
    if all("tblite_energy" in row[name] for name in ("xtb", "native")):
        row["above_kcal"] = KCAL * (row["native"]["tblite_energy"] - row["xtb"]["tblite_energy"])
    return row


def waited(command, folder):
    """Runs a program: its output, exit code and processor seconds, those of its children included."""
    with open(folder / "output", "w+") as output:
        nothing = subprocess.DEVNULL
        child = subprocess.Popen(command, cwd=folder, stdout=output, stderr=nothing, stdin=nothing)
        _, status, usage = os.wait4(child.pid, 0)
        # The process is gone: Popen must not wait for it again.
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return output.read(), child.returncode, usage.ru_utime + usage.ru_stime


def xtb(structure, level, folder):
    place = folder / "xtb"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    sets.write_xyz([structure], place / "start.xyz")
    state = ["--chrg", str(structure.charge), "--uhf", str(structure.uhf)]
    output, code, seconds = waited(["xtb", "start.xyz", "--gfn", "2", "--opt", level, *state], place)
    found = re.search(r"GEOMETRY OPTIMIZATION CONVERGED AFTER (\d+) ITERATIONS", output)
    energy = re.findall(r"TOTAL ENERGY\s+(-?[\d.]+)", output)
    if code != 0 or not found or not energy:
        return {"cpu_seconds": seconds, "error": f"exit code {code}, {'not ' if not found else ''}converged"}
    final = sets.read_xyz((place / "xtbopt.xyz").read_text())[0]
    result = {"cpu_seconds": seconds, "energy": float(energy[-1]), "cycles": int(found[1])}
    return {**result, "positions": final.positions}


def native(structure, program, level, folder):
    place = folder / "native"
    place.mkdir(exist_ok=True)
    sets.write_xyz([structure], place / "start.xyz")
    output, code, seconds = waited([program, "start.xyz", "--level", level], place)
    if code != 0:
        return {"process_cpu_seconds": seconds, "error": f"exit code {code}"}
    return {**json.loads(output.splitlines()[0]), "process_cpu_seconds": seconds}


def summary(rows, level):
    both = [r for r in rows if "above_kcal" in r]
    above = [r["above_kcal"] for r in both]
    off = [abs(r["native"]["energy"] - r["native"]["tblite_energy"]) for r in both]
    sides = ("xtb", "native")
    figures = {
        "level": level,
        "molecules": len(rows),
        "compared": len(both),
        "failed": {name: [f"{r['id']}: {r[name]['error']}" for r in rows if "error" in r[name]] for name in sides},
        "largest_disagreement_with_tblite": max(off, default=None),
    }
    if not both:
        return figures

    def total(name, key):
        return sum(r[name][key] for r in both)

    return figures | {
        "atoms": statistics.median(r["atoms"] for r in both),
        "xtb_cpu_seconds": total("xtb", "cpu_seconds"),
        "native_cpu_seconds": total("native", "cpu_seconds"),
        "native_process_cpu_seconds": total("native", "process_cpu_seconds"),
        "ratio_total": total("native", "cpu_seconds") / total("xtb", "cpu_seconds"),
        "ratio_processes_total": total("native", "process_cpu_seconds") / total("xtb", "cpu_seconds"),
        "ratio_median": statistics.median(r["native"]["cpu_seconds"] / r["xtb"]["cpu_seconds"] for r in both),
        "ratio_worst": max(r["native"]["cpu_seconds"] / r["xtb"]["cpu_seconds"] for r in both),
        "xtb_cycles_mean": total("xtb", "cycles") / len(both),
        "native_gradients_mean": total("native", "gradients") / len(both),
        "above_kcal_median": statistics.median(above),
        "above_kcal_largest": max(above),
        "above_kcal_least": min(above),
        "share_within_0.1_above": sum(a <= 0.1 for a in above) / len(rows),
        "share_within_0.1_either_way": sum(abs(a) <= 0.1 for a in above) / len(rows),
        "worst": [f"{r['id']} {r['above_kcal']:+.2f}" for r in sorted(both, key=lambda r: -r["above_kcal"])[:8]],
    }


def show(f):
    failed = ", ".join(f"{name} {len(failures)}" for name, failures in f["failed"].items())
    print(f"{f['molecules']} molecules, level {f['level']}; failed: {failed}")
    for name, failures in f["failed"].items():
        for failure in failures[:10]:
            print(f"  {name}: {failure}")
    if not f["compared"]:
        return
    print("\n| | xtb --opt | native | native/xtb |\n|---|---|---|---|")
    print(f"| processor seconds, all | {f['xtb_cpu_seconds']:.2f} | {f['native_cpu_seconds']:.2f} "
          f"| **{f['ratio_total']:.2f}** |")
    print(f"| the same, a process for each | {f['xtb_cpu_seconds']:.2f} | {f['native_process_cpu_seconds']:.2f} "
          f"| {f['ratio_processes_total']:.2f} |")
    print(f"| per molecule, median (worst) | | | {f['ratio_median']:.2f} ({f['ratio_worst']:.2f}) |")
    print(f"| gradients, mean | {f['xtb_cycles_mean']:.1f} | {f['native_gradients_mean']:.1f} | |")
    print("\nfinal energy above xtb's (tblite at both geometries), kcal/mol: "
          f"median {f['above_kcal_median']:+.3f}, from {f['above_kcal_least']:+.2f} to {f['above_kcal_largest']:+.2f}; no more than 0.1 above for "
          f"{100 * f['share_within_0.1_above']:.0f} %, within 0.1 either way "
          f"{100 * f['share_within_0.1_either_way']:.0f} %")
    print(f"highest: {', '.join(f['worst'])}")
    print("largest difference between native and tblite at the same geometry: "
          f"{f['largest_disagreement_with_tblite']:.1e} hartree")


if __name__ == "__main__":
    main()
