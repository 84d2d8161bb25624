#!/usr/bin/env python3
"""Makes the committed fixtures of the quantum crate's tests from the GFN2-xTB reference set.

    .venv-bench/bin/python bench/gfn2_fixture.py

- `gfn2_fixture.json.gz`: some systems of the set, as they are. They were chosen to cover what can go wrong one by
  one: each angular momentum, hydrogen alone, single atoms, hydrogen bonds, three-membered rings, hypervalence, anions
  and multiple charges, radicals, high spin, metals of each row, lanthanides, heavy main-group elements, and a drug.
- `gfn2_alpb.json.gz`: the same systems in six solvents (ALPB), computed with tblite: energies in each, and gradients
  in one of them, in turn.

The same input gives the same files, byte by byte.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import gzip
import json

import numpy

import gfn2_sets as sets

DATA = sets.ROOT / "crates" / "quantum" / "tests" / "data"

# By name, or SMILES where the reference has no name.
CHOSEN = [
    # organic
    "[H][H]", "O", "C1CC1", "C#N", "CS(C)=O", "NCC(=O)O", "CC(=O)Oc1ccccc1C(=O)O",
    # charged
    "[N-]=[N+]=[N-]", "O=S(=O)([O-])[O-]", "C[N+](C)(C)C", "Al(H2O)6 3+", "I3-", "HF2-", "Na+",
    # radicals and atoms
    "[CH3]", "O=[N+][O-]", "C[S]", "H", "C", "Ar",
    # main group
    "XeF4", "SeF6", "CsI", "C[Te]C", "[CH3][Pb]([CH3])([CH3])[CH3]", "BiCl3", "HAtX", "B1NBNBN1", "BaO",
    # metals
    "TiCl4", "CuCl4 2-", "FeCl4-", "FeCl2", "W(CO)6", "CeF4", "LuCl3", "AuCl4-", "PtCl4 2-", "[CH3][Hg][CH3]",
    "FeCp2+", "Fe(CN)6 4-",
]
KEPT = ("id", "smiles", "name", "charge", "uhf", "category", "numbers", "positions_angstrom", "gfn2", "gfn2_alpb_water")

SOLVENTS = ("water", "acetonitrile", "dmso", "methanol", "toluene", "hexane")


def main():
    with gzip.open(sets.SHARED / "gfn2_reference" / "gfn2_reference.json.gz", "rt") as stream:
        reference = json.load(stream)
    named = {}
    for molecule in reference["molecules"]:
        label = molecule["name"] or molecule["smiles"]
        # "C" is methane by SMILES and the carbon atom by name: the name wins, methane is covered by others.
        if label not in named or molecule["name"]:
            named[label] = molecule
    missing = [name for name in CHOSEN if name not in named]
    if missing:
        raise SystemExit(f"not in the reference set: {', '.join(missing)}")
    chosen = sorted((named[name] for name in CHOSEN), key=lambda m: m["id"])
    provenance = (
        f"{len(chosen)} of the {len(reference['molecules'])} systems of the GFN2-xTB reference set, "
        "computed with tblite 0.8.0 at accuracy 0.01; chosen by bench/gfn2_fixture.py"
    )
    molecules = [{key: molecule.get(key) for key in KEPT} for molecule in chosen]
    write("gfn2_fixture.json.gz", {"meta": {**reference["meta"], "provenance": provenance}, "molecules": molecules})
    solvated = [in_solvents(molecule, SOLVENTS[k % len(SOLVENTS)]) for k, molecule in enumerate(chosen)]
    write("gfn2_alpb.json.gz", {"provenance": provenance.replace("0.01", "1e-4"), "molecules": solvated})


def in_solvents(molecule, chosen):
    entry = {"id": molecule["id"], "energies": {}, "gradient_in": chosen}
    for solvent in SOLVENTS:
        result = tblite(molecule, solvent)
        entry["energies"][solvent] = float(result.get("energy"))
        if solvent == chosen:
            entry["gradient"] = [[round(float(x), 10) for x in row] for row in result.get("gradient")]
    return entry


def tblite(molecule, solvent):
    from tblite.interface import Calculator

    positions = numpy.array(molecule["positions_angstrom"]) / sets.BOHR
    numbers = numpy.array(molecule["numbers"])
    calculator = Calculator("GFN2-xTB", numbers, positions, float(molecule["charge"]), molecule["uhf"])
    calculator.set("verbosity", 0)
    calculator.set("accuracy", 1e-4)
    calculator.set("max-iter", 500)
    calculator.add("alpb-solvation", solvent)
    return calculator.singlepoint()


def write(name, content):
    path = DATA / name
    # No time of day in the header.
    path.write_bytes(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 9, mtime=0))
    print(f"{path.relative_to(sets.ROOT)}: {len(content['molecules'])} systems, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
