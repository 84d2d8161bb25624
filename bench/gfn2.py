#!/usr/bin/env python3
"""Times native GFN2-xTB and tblite, the same molecules in the same run, one thread each.

    scripts/setup --bench
    .venv-bench/bin/python bench/gfn2.py [--quick] [--rounds 5] [--json bench/gfn2.json]

- Energy and gradient of the organic molecules of the reference set by size class: a new calculator for every
  molecule on both sides ("cold"), and a second geometry, every coordinate moved by up to 0.01 bohr, from the last
  density ("restart"). Rounds alternate between the two programs, so that a busy machine slows both; per molecule the
  median over rounds and repetitions counts.
- About 100, 200 and 500 atoms: time, memory of a process that does this molecule alone, and the exponents in the
  number of atoms.
- Many molecules with one and two threads.

Processor time throughout, except for many molecules, where it is the clock.
"""

import os

# Before numpy and tblite are loaded: more threads make small molecules slower, not faster.
for name in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

import argparse
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import gfn2_sets as sets

REPEAT = 3
MOVE = 0.01


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="every fifth molecule, two rounds, at most 200 atoms")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=pathlib.Path, default=sets.ROOT / "bench" / "gfn2.json")
    parser.add_argument("--no-peer", action="store_true", help="only the native program")
    parser.add_argument("--child", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(tblite_alone(sets.read_xyz(options.child.read_text())[0])))
        return
    rounds = 2 if options.quick else options.rounds
    program = sets.build("quantum", "gfn2_times")

    figures = {"rounds": rounds, "repeat": REPEAT, "versions": versions()}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        organics = [s for s in sets.reference() if s.group == "organic" and sets.size_class(len(s.numbers))]
        if options.quick:
            organics = organics[::5]
        if organics:
            figures["classes"] = small(program, organics, rounds, folder, not options.no_peer)
            figures["throughput"] = throughput(program, organics, rounds, folder)
        sizes = (100, 200) if options.quick else (100, 200, 500)
        figures["large"] = large(program, sets.large(sizes), rounds, folder, not options.no_peer)
    show(figures)
    if not options.quick:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def versions():
    import importlib.metadata

    return {name: importlib.metadata.version(name) for name in ("tblite", "numpy", "rdkit")}


def native(program, path, *arguments):
    """Lines of the native program, and its summary. Nothing may fail here."""
    lines, summary = sets.native(program, path, *arguments)
    for line in lines:
        if "error" in line:
            raise SystemExit(f"{line['id']}: {line['error']}")
    return lines, summary


def moved(positions):
    """The same shift that `gfn2_times --move` makes, here in angstrom."""
    return [
        [x + MOVE * sets.BOHR * (2 * math.fmod((3 * i + k + 1) * 0.7548776662466927, 1) - 1) for k, x in enumerate(p)]
        for i, p in enumerate(positions)
    ]


def tblite_times(structure):
    """Processor seconds of tblite from nothing and after a small move, and the first energy."""
    import numpy
    from tblite.interface import Calculator

    numbers = numpy.array(structure.numbers)
    positions = numpy.array(structure.positions) / sets.BOHR
    second = numpy.array(moved(structure.positions)) / sets.BOHR
    start = time.process_time()
    calculator = Calculator("GFN2-xTB", numbers, positions, float(structure.charge), structure.uhf)
    calculator.set("verbosity", 0)
    result = calculator.singlepoint()
    energy = result.get("energy")
    result.get("gradient")
    cold = time.process_time() - start
    calculator.update(second)
    start = time.process_time()
    result = calculator.singlepoint(result)
    result.get("gradient")
    return cold, time.process_time() - start, float(energy)


def small(program, organics, rounds, folder, peer):
    path = folder / "organics.xyz"
    sets.write_xyz(organics, path)
    cold = {"native": [[] for _ in organics], "tblite": [[] for _ in organics]}
    warm = {"native": [[] for _ in organics], "tblite": [[] for _ in organics]}
    parts = [([], []) for _ in organics]
    off = 0.0
    if peer:
        tblite_times(organics[0])  # loads what is loaded once
    for _ in range(rounds):
        lines, _ = native(program, path, "--repeat", REPEAT, "--move", MOVE)
        for k, line in enumerate(lines):
            cold["native"][k].append(line["cpu_seconds_energy"] + line["cpu_seconds_gradient"])
            warm["native"][k].append(line["cpu_seconds_restart"])
            parts[k][0].append(line["cpu_seconds_energy"])
            parts[k][1].append(line["cpu_seconds_gradient"])
        for k, structure in enumerate(organics if peer else []):
            runs = [tblite_times(structure) for _ in range(REPEAT)]
            cold["tblite"][k].append(statistics.median(r[0] for r in runs))
            warm["tblite"][k].append(statistics.median(r[1] for r in runs))
            off = max(off, abs(runs[0][2] - lines[k]["energy"]))
    classes = {}
    for k, structure in enumerate(organics):
        for name in (sets.size_class(len(structure.numbers)), "all"):
            classes.setdefault(name, []).append(k)

    def milliseconds(values, members):
        return 1e3 * statistics.median(statistics.median(values[k]) for k in members)

    table = {"largest_energy_difference": off if peer else None}
    for name in ("5-9", "10-14", "15-20", "21-30", "31-40", "all"):
        members = classes.get(name, [])
        if not members:
            continue
        row = {
            "molecules": len(members),
            "orbitals": statistics.median(lines[k]["orbitals"] for k in members),
            "cycles": statistics.mean(lines[k]["cycles"] for k in members),
            "cycles_restart": statistics.mean(lines[k]["cycles_restart"] for k in members),
            "native_ms": milliseconds(cold["native"], members),
            "native_energy_ms": milliseconds([p[0] for p in parts], members),
            "native_gradient_ms": milliseconds([p[1] for p in parts], members),
            "native_restart_ms": milliseconds(warm["native"], members),
        }
        if peer:
            ratios = [statistics.median(cold["native"][k]) / statistics.median(cold["tblite"][k]) for k in members]
            again = [statistics.median(warm["native"][k]) / statistics.median(warm["tblite"][k]) for k in members]
            row |= {
                "tblite_ms": milliseconds(cold["tblite"], members),
                "tblite_restart_ms": milliseconds(warm["tblite"], members),
                "ratio_median": statistics.median(ratios),
                "ratio_worst": max(ratios),
                "ratio_restart_median": statistics.median(again),
            }
        table[name] = row
    return table


def throughput(program, organics, rounds, folder):
    """Clock seconds for all molecules with one and with two threads, alternating; the best round of each."""
    path = folder / "many.xyz"
    sets.write_xyz(organics * 5, path)
    wall, cpu = {1: [], 2: []}, {1: [], 2: []}
    for _ in range(max(rounds, 3)):
        for threads in wall:
            _, summary = native(program, path, "--repeat", 1, "--threads", threads)
            wall[threads].append(summary["wall_seconds"])
            cpu[threads].append(summary["cpu_seconds"])
    best = {threads: min(times) for threads, times in wall.items()}
    return {
        "molecules": 5 * len(organics),
        "wall_seconds": best,
        "molecules_per_second": {threads: 5 * len(organics) / seconds for threads, seconds in best.items()},
        "speedup": best[1] / best[2],
        # What the threads cost each other, whatever else runs on the machine.
        "cpu_seconds": {threads: min(times) for threads, times in cpu.items()},
        "processors": os.cpu_count(),
        "load_average": os.getloadavg()[0],
    }


def tblite_alone(structure):
    """Processor seconds and memory of tblite in a process of its own, beyond what Python with tblite takes."""
    tblite_times(sets.alkane(1))
    # Linux forgets the largest resident memory when told so; importing numpy needs more than a small molecule.
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    before = resident()
    start = time.process_time()
    energy, _ = sets.tblite_result(structure)
    seconds = time.process_time() - start
    return {"cpu_seconds": seconds, "mebibytes": resident() - before, "energy": float(energy)}


def resident():
    """Largest resident memory of this process, MiB."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def large(program, structures, rounds, folder, peer):
    rows = []
    tiny = folder / "tiny.xyz"
    sets.write_xyz([sets.alkane(1)], tiny)
    _, empty = native(program, tiny, "--repeat", 1)
    for structure in structures:
        path = folder / "large.xyz"
        sets.write_xyz([structure], path)
        found = {"native": [], "tblite": []}
        # Noise is no trouble where one run takes half a minute.
        for _ in range(1 if len(structure.numbers) > 300 else min(rounds, 3)):
            lines, summary = native(program, path, "--repeat", 1)
            line = lines[0]
            seconds = line["cpu_seconds_energy"] + line["cpu_seconds_gradient"]
            found["native"].append((seconds, summary["peak_mebibytes"] - empty["peak_mebibytes"]))
            if peer:
                done = subprocess.run([sys.executable, __file__, "--child", path], check=True, stdout=subprocess.PIPE)
                other = json.loads(done.stdout)
                found["tblite"].append((other["cpu_seconds"], other["mebibytes"]))
        row = {"id": structure.id, "group": structure.group, "atoms": len(structure.numbers)}
        row |= {"orbitals": line["orbitals"], "cycles": line["cycles"]}
        for name, runs in found.items():
            if runs:
                row[f"{name}_seconds"] = statistics.median(r[0] for r in runs)
                row[f"{name}_mebibytes"] = statistics.median(r[1] for r in runs)
        if peer:
            row["energy_difference"] = line["energy"] - other["energy"]
            row["ratio"] = row["native_seconds"] / row["tblite_seconds"]
        rows.append(row)
    exponents = {}
    for group in dict.fromkeys(row["group"] for row in rows):
        members = [row for row in rows if row["group"] == group]
        for key in ("native_seconds", "tblite_seconds", "native_mebibytes", "tblite_mebibytes"):
            points = [(math.log(r["atoms"]), math.log(r[key])) for r in members if r.get(key, 0) > 0]
            if len(points) > 1:
                x, y = zip(*points)
                exponents.setdefault(group, {})[key] = statistics.linear_regression(x, y).slope
    return {"molecules": rows, "exponents": exponents}


def show(figures):
    print(f"tblite {figures['versions']['tblite']}, {figures['rounds']} rounds of {figures['repeat']} repetitions, "
          f"processor time, one thread\n")
    classes = figures.get("classes")
    if classes:
        print("| atoms | molecules | orbitals | cycles (restart) | native ms (energy + gradient) | tblite ms "
              "| native/tblite, median (worst) | restart: native ms | tblite ms | native/tblite |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        for name, r in classes.items():
            if not isinstance(r, dict):
                continue
            print(f"| {name} | {r['molecules']} | {r['orbitals']:g} | {r['cycles']:.1f} ({r['cycles_restart']:.1f}) "
                  f"| {r['native_ms']:.2f} ({r['native_energy_ms']:.2f} + {r['native_gradient_ms']:.2f}) "
                  f"| {r.get('tblite_ms', math.nan):.2f} | **{r.get('ratio_median', math.nan):.2f}** "
                  f"({r.get('ratio_worst', math.nan):.2f}) | {r['native_restart_ms']:.2f} "
                  f"| {r.get('tblite_restart_ms', math.nan):.2f} | {r.get('ratio_restart_median', math.nan):.2f} |")
        if classes["largest_energy_difference"] is not None:
            print(f"\nlargest difference of an energy: {classes['largest_energy_difference']:.1e} hartree")
        t = figures["throughput"]
        print(f"\n{t['molecules']} molecules: {t['molecules_per_second'][1]:.0f} per second with one thread, "
              f"{t['molecules_per_second'][2]:.0f} with two: {t['speedup']:.2f} times "
              f"({t['processors']} processors, load {t['load_average']:.1f}); "
              f"processor seconds {t['cpu_seconds'][1]:.2f} and {t['cpu_seconds'][2]:.2f}")
    print("\n| system | atoms | orbitals | cycles | native s | tblite s | native/tblite | native MiB | tblite MiB "
          "| energy off |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for r in figures["large"]["molecules"]:
        print(f"| {r['group']} {r['id']} | {r['atoms']} | {r['orbitals']} | {r['cycles']} | {r['native_seconds']:.2f} "
              f"| {r.get('tblite_seconds', math.nan):.2f} | **{r.get('ratio', math.nan):.2f}** "
              f"| {r['native_mebibytes']:.0f} | {r.get('tblite_mebibytes', math.nan):.0f} "
              f"| {r.get('energy_difference', math.nan):.0e} |")
    print("\n| exponent in the number of atoms | native time | tblite time | native memory | tblite memory |")
    print("|---|---|---|---|---|")
    for group, e in figures["large"]["exponents"].items():
        keys = ("native_seconds", "tblite_seconds", "native_mebibytes", "tblite_mebibytes")
        print(f"| {group} | " + " | ".join(f"{e.get(key, math.nan):.2f}" for key in keys) + " |")


if __name__ == "__main__":
    main()
