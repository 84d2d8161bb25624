#!/usr/bin/env python3
"""Cuts the committed fixture of the quantum crate's tests out of the GFN2-xTB reference set.

    python3 bench/gfn2_fixture.py [--reference ../shared/data/gfn2_reference/gfn2_reference.json.gz]

The reference set holds results of tblite 0.8.0. The systems below were chosen to cover what can go wrong one by one:
each angular momentum, hydrogen alone, single atoms, hydrogen bonds, three-membered rings, hypervalence, anions and
multiple charges, radicals, high spin, metals of each row, lanthanides, heavy main-group elements, and one molecule of
drug size. The same input gives the same file, byte by byte. Python's standard library only.
"""

import argparse
import gzip
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "crates" / "quantum" / "tests" / "data" / "gfn2_fixture.json.gz"

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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared" / "data" / "gfn2_reference" / "gfn2_reference.json.gz"
    parser.add_argument("--reference", type=pathlib.Path, default=default)
    options = parser.parse_args()

    with gzip.open(options.reference, "rt") as stream:
        reference = json.load(stream)
    named = {}
    for molecule in reference["molecules"]:
        label = molecule["name"] or molecule["smiles"]
        # "C" is methane by SMILES and the carbon atom by name: the name wins, methane is covered by others.
        if label not in named or molecule["name"]:
            named[label] = molecule
    missing = [name for name in CHOSEN if name not in named]
    if missing:
        raise SystemExit(f"not in {options.reference}: {', '.join(missing)}")
    chosen = sorted((named[name] for name in CHOSEN), key=lambda m: m["id"])
    fixture = {
        "meta": {
            **reference["meta"],
            "provenance": f"{len(chosen)} of the {len(reference['molecules'])} systems of the GFN2-xTB reference set, "
            "computed with tblite 0.8.0 at accuracy 0.01; chosen by bench/gfn2_fixture.py",
        },
        "molecules": [{key: molecule.get(key) for key in KEPT} for molecule in chosen],
    }
    text = json.dumps(fixture, separators=(",", ":")).encode()
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    # No time of day in the header.
    OUTPUT.write_bytes(gzip.compress(text, 9, mtime=0))
    print(f"{OUTPUT.relative_to(ROOT)}: {len(chosen)} systems, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
