#!/usr/bin/env python3
"""Makes magpie.json.gz: composition features of 200 formulas by matminer.

    pip install matminer==0.10.1
    python crates/features/tests/reference/make_magpie.py FOLDER

FOLDER has the sets of Matbench by formula as `<set>.csv.gz` with a column `formula` (Dunn et al., npj Comput. Mater. 6,
138 (2020), MIT licence; Materials Project data CC BY 4.0), of which an even spread of formulas is taken. A few with rare
elements, brackets and properties that are not known stand here.
"""

import csv
import gzip
import json
import pathlib
import sys
from importlib.metadata import version

from matminer.featurizers.composition import ElementProperty, Stoichiometry, ValenceOrbital
from pymatgen.core import Composition

SETS = {"expt_gap": 60, "glass": 30, "steels_yield": 10, "castelli": 20, "mp_e_form": 60}
MORE = """Xe XeF2 Ar He Fe0.5Ni0.5 Ca(OH)2 (Zr0.5Ti0.5)O2 K4Fe(CN)6 UO2 PuO2 Th3As4 Cf2O3 NaCl CsCl Al2(SO4)3 CrFeCoNiMn
Fe0.3333333Ni0.3333334 H2O Ba0.5Sr0.5Co0.8Fe0.2O3 HgTe""".split()


def formulas(folder):
    for name, count in SETS.items():
        with gzip.open(folder / f"{name}.csv.gz", "rt") as file:
            rows = [row["formula"] for row in csv.DictReader(file)]
        yield from (rows[k * len(rows) // count] for k in range(count))
    yield from MORE


def main():
    parts = [
        ElementProperty.from_preset("magpie"),
        Stoichiometry(p_list=(0, 2, 3, 5, 7, 10)),
        ValenceOrbital(props=("frac",)),
    ]
    records = []
    for formula in formulas(pathlib.Path(sys.argv[1])):
        values = [float(x) for part in parts for x in part.featurize(Composition(formula))]
        records.append({"formula": formula, "values": [float(f"{x:.13g}") for x in values]})
    document = {
        "versions": {package: version(package) for package in ("matminer", "pymatgen")},
        "labels": [label for part in parts for label in part.feature_labels()],
        "formulas": records,
    }
    target = pathlib.Path(__file__).with_name("magpie.json.gz")
    target.write_bytes(gzip.compress(json.dumps(document).encode(), mtime=0))
    print(len(records), "formulas")


main()
