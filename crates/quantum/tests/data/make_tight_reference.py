#!/usr/bin/env python3
"""Quadrupoles and bond orders by tblite with tightly converged charges, for all systems of gfn2_reference.

    python3 make_tight_reference.py SHARED/gfn2_reference/gfn2_reference.json.gz gfn2_tight.json.gz

The reference set was computed with `accuracy` 0.01: its charges are converged to about 1e-7 e, its quadrupoles
therefore only to some 1e-5 e bohr^2. Here `accuracy` is 1e-4. For open shells the set holds sums over an axis of
the bond orders that is no spin axis; here the matrix of the first channel (both spins together) is stored, lower
triangle by rows.

Versions: tblite 0.8.0, numpy 2.
"""
import gzip
import json
import sys

import numpy
from tblite.interface import Calculator

source, target = sys.argv[1:]
out = []
for molecule in json.load(gzip.open(source))["molecules"]:
    numbers = numpy.array(molecule["numbers"])
    positions = numpy.array(molecule["positions_angstrom"]) / 0.529177210903
    calculator = Calculator("GFN2-xTB", numbers, positions, molecule["charge"], molecule["uhf"])
    calculator.set("verbosity", 0)
    calculator.set("accuracy", 1e-4)
    calculator.set("max-iter", 1000)
    result = calculator.singlepoint()
    entry = {"id": molecule["id"], "quadrupole": [round(float(x), 8) for x in result.get("quadrupole")]}
    orders = result.get("bond-orders")
    n = len(numbers)
    if orders.size == 2 * n * n:
        first = orders.ravel()[: n * n].reshape(n, n)
        entry["bond_orders"] = [round(float(first[i, j]), 8) for i in range(n) for j in range(i)]
    out.append(entry)
with gzip.GzipFile(target, "wb", mtime=0) as file:
    file.write(json.dumps(out, separators=(",", ":")).encode())
