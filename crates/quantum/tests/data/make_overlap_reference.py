#!/usr/bin/env python3
"""Overlap matrices of the GFN2 basis from tblite, for the tests of `quantum::integrals`.

    pip install tblite==0.8.0 numpy
    python make_overlap_reference.py > overlap_reference.json

The atoms stand where they give elements of every pair of angular momenta (iron and titanium have d shells below
their s and p, lead has six-function expansions); they are not molecules in equilibrium. Positions in bohr; rows and
columns in tblite's order of functions.
"""
import json

import numpy as np
from tblite.interface import Calculator

SYSTEMS = {
    "iron, sulphur, lead, carbon, hydrogen": (
        [26, 16, 82, 6, 1],
        [[0.1, -0.2, 0.3], [2.9, 1.7, -1.1], [-3.1, 2.4, 1.9], [0.7, -3.3, 1.4], [1.9, -4.1, 3.0]],
    ),
    "titanium, iodine, oxygen": (
        [22, 53, 8],
        [[0.0, 0.4, -0.2], [3.8, -2.2, 1.6], [-1.6, 1.8, 2.1]],
    ),
}

molecules = []
for name, (numbers, positions) in SYSTEMS.items():
    calculator = Calculator("GFN2-xTB", np.array(numbers), np.array(positions))
    calculator.set("save-integrals", 1)
    calculator.set("verbosity", 0)
    calculator.set("accuracy", 0.01)
    calculator.set("max-iter", 1000)
    overlap = calculator.singlepoint().get("overlap-matrix")
    molecules.append({
        "name": name,
        "numbers": numbers,
        "positions_bohr": positions,
        "overlap": [[round(float(x), 12) for x in row] for row in overlap],
    })
print(json.dumps({"source": "tblite 0.8.0, make_overlap_reference.py", "molecules": molecules}, separators=(",", ":")))
