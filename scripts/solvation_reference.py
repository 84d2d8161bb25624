#!/usr/bin/env python3
"""Makes crates/quantum/src/solvation/reference.json: ALPB energies and gradients at charges that are known.

    scripts/solvation_reference.py STRUCTURES

Needs tblite 0.8.0 and numpy. STRUCTURES is gfn2_reference.json.gz, of which some molecules are taken. They lose all
their valence electrons, so that the charge of every atom is the number of its valence electrons whatever the
solvent does, and the energy in solution minus the energy without is that of the solvation model at these charges.
"""
import gzip
import json
import pathlib
import sys
import tempfile
import tomllib

import numpy
from quantum_tables import SYMBOLS, Source
from tblite.interface import Calculator

BOHR = 0.529177210903
SOME = ["water", "acetonitrile", "dmso", "methanol", "toluene", "hexane"]
REST = ("acetone aniline benzaldehyde benzene cs2 chcl3 ch2cl2 ether dioxane dmf ethanol ethylacetate furane "
        "hexadecane nitromethane octanol woctanol phenol thf").split()
TARGET = pathlib.Path(__file__).resolve().parent.parent / "crates/quantum/src/solvation/reference.json"


def solve(numbers, positions, charge, solvent=None):
    calculator = Calculator("GFN2-xTB", numpy.array(numbers), numpy.array(positions), charge=charge, uhf=0)
    calculator.set("verbosity", 0)
    if solvent:
        calculator.add("alpb-solvation", solvent)
    return calculator.singlepoint()


def main():
    with tempfile.TemporaryDirectory() as folder:
        elements = tomllib.loads(Source(folder).text("dxtb/_src/param/gfn2/gfn2-xtb.toml"))["element"]
    valence = [round(sum(elements[s]["refocc"])) for s in SYMBOLS]
    molecules = json.load(gzip.open(sys.argv[1]))["molecules"]
    cases, seen = [], set()
    # molecules of at most 12 atoms, each with an element that none before had
    for molecule in sorted(molecules, key=lambda m: len(m["numbers"]), reverse=True):
        numbers = molecule["numbers"]
        if len(numbers) > 12 or set(numbers) <= seen:
            continue
        seen |= set(numbers)
        positions = [[round(x / BOHR, 5) for x in p] for p in molecule["positions_angstrom"]]
        charges = [valence[z - 1] for z in numbers]
        gas = solve(numbers, positions, sum(charges))
        assert abs(gas.get("charges") - charges).max() < 1e-12
        results = []
        count = len(cases)
        for solvent in SOME + REST if count == 0 else SOME if count < 4 else [SOME[count % 6]]:
            solution = solve(numbers, positions, sum(charges), solvent)
            gradient = solution.get("gradient") - gas.get("gradient")
            results.append({
                "solvent": solvent,
                "energy": round(float(solution.get("energy") - gas.get("energy")), 9),
                "gradient": [[round(float(x), 9) for x in g] for g in gradient],
            })
        cases.append({"numbers": numbers, "positions": positions, "charges": charges, "results": results})
    print(f"{len(cases)} molecules of {len(seen)} elements")
    source = "tblite 0.8.0 (PyPI) by scripts/solvation_reference.py; bohr, e, hartree, hartree/bohr"
    lines = [json.dumps(case, separators=(",", ":")) for case in cases]
    TARGET.write_text(json.dumps({"source": source})[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
