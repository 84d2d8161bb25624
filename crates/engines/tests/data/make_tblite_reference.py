"""Picks a few systems out of the shared GFN2 reference set (tblite 0.8.0, accuracy 0.01, 300 K).

Usage: python make_tblite_reference.py ../shared/data/gfn2_reference/gfn2_reference.json.gz > tblite_reference.json
The set's SOURCE.md says how its numbers were computed; they are results of own computations.
"""
import gzip
import json
import sys

PER_CATEGORY = 3
MAX_ATOMS = 24

molecules = json.load(gzip.open(sys.argv[1], "rt"))["molecules"]
picked = []
for category in ("organic", "charged", "radical", "maingroup", "metal"):
    fitting = [m for m in molecules if m["category"] == category and len(m["numbers"]) <= MAX_ATOMS]
    step = max(1, len(fitting) // PER_CATEGORY)
    for m in fitting[::step][:PER_CATEGORY]:
        g = m["gfn2"]
        picked.append({
            "id": m["id"], "charge": m["charge"], "uhf": m["uhf"], "numbers": m["numbers"],
            "positions_angstrom": m["positions_angstrom"], "energy": g["energy"], "gradient": g["gradient"],
            "charges": g["charges"], "dipole": g["dipole"], "homo": g.get("homo"), "lumo": g.get("lumo"),
        })
json.dump(picked, sys.stdout)
