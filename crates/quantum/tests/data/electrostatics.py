"""Writes electrostatics.json: charges, moments and electrostatic energies of GFN2-xTB by atoms.

Run as `python electrostatics.py gfn2_reference.json.gz`, with that file of the GFN2 reference set, numpy and
tblite 0.8.0 (PyPI). tblite is only run: its `xtbml_xyz` post-processing gives shell populations, atomic dipole and
quadrupole moments, and the energies of each atom, E_ies_ixc (second and third order) and E_axc (multipoles with
themselves) among them. Its E_aes (charges and multipoles of different atoms) divides each pair's energy evenly, unlike
tblite's atomic energies, so that term is taken as what the other terms leave of those. Geometries of the set are moved by random 0.1 bohr, so
that no moment vanishes by symmetry. Coordination numbers (double-exponential, J. Chem. Theory Comput. 2019, 15,
1652, section 2.1) are computed here, from the radii of tad-mctc 0.11.3 (Apache-2.0).
"""

import gzip
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from tblite.interface import Calculator

NAMES = ["CC(N)C(=O)O", "CS(C)=O", "[CH3][Hg][CH3]", "C[Se]C", "Ni(CO)4", "IF6-", "LuCl3", "Fe(CO)5", "AuCl4-",
         "OsO4", "HAtX", "He2", "ZnCl4 2-", "[Cl][Sn]([Cl])([Cl])[Cl]"]
BOHR = 0.529177210903
# angstrom, Pyykko and Atsumi (Chem. Eur. J. 2009, 15, 188), metals reduced by a tenth
RADII = {1: 0.32, 2: 0.46, 6: 0.75, 7: 0.71, 8: 0.63, 9: 0.64, 16: 1.02, 17: 0.99, 26: 1.04, 28: 0.99, 30: 1.09, 34: 1.1,
         50: 1.26, 53: 1.32, 71: 1.46, 76: 1.16, 79: 1.13, 80: 1.32, 85: 1.38}
COMPONENTS = ["xx", "xy", "yy", "xz", "yz", "zz"]


def coordination_numbers(numbers, positions):
    distances = np.linalg.norm(positions[:, None] - positions[None, :], axis=-1)
    np.fill_diagonal(distances, np.inf)
    radii = np.array([RADII[z] for z in numbers]) * 4 / 3 / BOHR
    sums = radii[:, None] + radii[None, :]
    count = lambda steepness, r0: 1 / (1 + np.exp(-steepness * (r0 / distances - 1)))
    return (count(10, sums) * count(20, sums + 2)).sum(axis=1)


def molecule(entry, random):
    numbers = np.array(entry["numbers"])
    positions = np.array(entry["positions_angstrom"]) / BOHR
    positions += random.uniform(-0.1, 0.1, positions.shape)
    calculator = Calculator("GFN2-xTB", numbers, positions, charge=entry["charge"], uhf=entry["uhf"])
    calculator.set("verbosity", 0)
    calculator.set("accuracy", 1e-4)
    calculator.set("max-iter", 1000)
    calculator.add("xtbml_xyz")
    result = calculator.singlepoint()
    found = {k: np.array(v) for k, v in result.get("post-processing-dict").items()}
    others = sum(found[f"E_{term}"] for term in ["eht", "rep", "ies_ixc", "axc", "disp2", "disp3"])
    multipoles = result.get("energies") - others
    # fails where partial occupations add their entropy
    assert abs(multipoles.sum() - found["E_aes"].sum()) < 1e-12
    table = lambda name, suffixes: np.stack([found[f"{name}_{s}"] for s in suffixes], axis=1).tolist()
    return {
        "name": entry.get("smiles") or entry["name"],
        "numbers": numbers.tolist(),
        "positions": positions.tolist(),
        "cn": coordination_numbers(numbers, positions).tolist(),
        # s, p, d; zero where an element lacks the shell
        "populations": np.stack([found.get(f"p_{l}", 0 * found["q_A"]) for l in "spd"], axis=1).tolist(),
        "charges": found["q_A"].tolist(),
        "dipoles": table("dipm_A", "xyz"),
        "quadrupoles": table("qm_A", COMPONENTS),
        "second_and_third_order": found["E_ies_ixc"].tolist(),
        "multipoles": multipoles.tolist(),
        "multipoles_on_site": found["E_axc"].tolist(),
    }


def main():
    entries = json.load(gzip.open(sys.argv[1]))["molecules"]
    random = np.random.default_rng(31)
    named = {entry.get("smiles") or entry["name"]: entry for entry in entries}
    molecules = [molecule(named[name], random) for name in NAMES]
    text = ",\n".join(json.dumps(m) for m in molecules)
    versions = f"tblite {version('tblite')}, numpy {np.__version__}"
    source = f"written by electrostatics.py with {versions}"
    Path(__file__).with_suffix(".json").write_text(f'{{"source": "{source}", "molecules": [\n{text}\n]}}\n')


main()
