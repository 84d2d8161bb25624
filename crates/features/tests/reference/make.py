#!/usr/bin/env python3
"""Makes reference.json.gz: representations of a few molecules by qmllib and dscribe.

    pip install numpy ase mpmath qmllib==1.2.0 dscribe==2.1.2
    python crates/features/tests/reference/make.py

Geometries are those of the G2 set in ase, with every coordinate moved by up to 0.05 angstrom so that no two atoms are
equal. Numbers are kept to 13 digits, and zero if below 1e-20 of the molecule's largest. dscribe's radial functions are
orthonormalised to 60 digits: rounding is magnified there, and the reference should not have that of one program.
"""

import gzip
import json
import pathlib
from importlib.metadata import version

import ase
import mpmath
import numpy
from ase.build import molecule
from dscribe.descriptors import SOAP, CoulombMatrix
from qmllib.representations import representations as qml

ELEMENTS = [1, 6, 8, 16, 17]
SIZE = 12
# Small, so that the file is: the number of columns goes with the square of n_max.
SOAP_SETTINGS = {"r_cut": 4.5, "n_max": 5, "l_max": 3, "sigma": 0.6}


def main():
    random = numpy.random.default_rng(20200131)
    molecules = []
    for name in ("CH3CHO", "CH3Cl", "CH3SH"):
        atoms = molecule(name)
        positions = numpy.round(atoms.positions + random.uniform(-0.05, 0.05, atoms.positions.shape), 6)
        molecules.append((name, atoms.numbers, positions))
    types = [[z] for z in ELEMENTS] + [[z, z] for z in ELEMENTS]
    types += [[a, b] for i, a in enumerate(ELEMENTS) for b in ELEMENTS[i + 1 :]]
    types += triples(types[len(ELEMENTS) :])
    soap = {average: SOAP(species=ELEMENTS, average=average, **SOAP_SETTINGS) for average in ("off", "outer", "inner")}
    for made in soap.values():
        made._betas = exact_betas(SOAP_SETTINGS["r_cut"], SOAP_SETTINGS["n_max"], SOAP_SETTINGS["l_max"])

    def matrix(numbers, positions, permutation):
        return CoulombMatrix(n_atoms_max=SIZE, permutation=permutation).create(ase.Atoms(numbers, positions))

    records = []
    for name, numbers, positions in molecules:
        values = {
            "coulomb-triangle": qml.generate_coulomb_matrix(numbers, positions, size=SIZE),
            "coulomb-square": matrix(numbers, positions, "sorted_l2"),
            "eigenvalues-value": qml.generate_coulomb_matrix_eigenvalue(numbers, positions, size=SIZE),
            "eigenvalues-magnitude": matrix(numbers, positions, "eigenspectrum"),
            "slatm": qml.generate_slatm(numbers, positions, types),
            "fchl19": qml.generate_fchl19(numbers, positions, elements=ELEMENTS),
        }
        if name == "CH3Cl":
            _, gradients = qml.generate_fchl19(numbers, positions, elements=ELEMENTS, gradients=True)
            values["fchl19-gradients"] = gradients.transpose(0, 2, 3, 1)
        for average, made in soap.items():
            values[f"soap-{average}"] = made.create(ase.Atoms(numbers, positions))
        flat = {key: rounded(numpy.asarray(value).ravel()) for key, value in values.items()}
        records.append({"name": name, "numbers": numbers.tolist(), "positions": positions.tolist(), **flat})
    document = {
        "versions": {package: version(package) for package in ("qmllib", "dscribe", "ase", "numpy")},
        "elements": ELEMENTS,
        "size": SIZE,
        "soap": SOAP_SETTINGS,
        "molecules": records,
    }
    target = pathlib.Path(__file__).parent / "reference.json.gz"
    target.write_bytes(gzip.compress(json.dumps(document).encode(), mtime=0))


def rounded(values):
    least = 1e-20 * numpy.abs(values).max()
    return [float(f"{x:.13g}") if abs(x) > least else 0 for x in values]


def triples(pairs):
    """The terms of three atoms in qmllib's order for elements in the order of their numbers."""
    found = []
    for a in ELEMENTS:
        for b, c in pairs:
            for term in ([a, b, c], [a, c, b], [b, a, c]):
                if term not in found and term[::-1] not in found:
                    found.append(term)
    return found


def exact_betas(r_cut, n_max, l_max):
    """dscribe's Loewdin coefficients of its radial functions, computed to 60 digits."""
    mpmath.mp.dps = 60
    betas = numpy.zeros((l_max + 1, n_max, n_max))
    ends = [mpmath.mpf(float(end)) for end in numpy.linspace(1, r_cut, n_max)]
    for l in range(l_max + 1):
        alphas = [-mpmath.log(mpmath.mpf("0.001") / end**l) / end**2 for end in ends]
        power = l + mpmath.mpf(3) / 2
        overlap = mpmath.matrix(n_max, n_max)
        for i, j in ((i, j) for i in range(n_max) for j in range(n_max)):
            overlap[i, j] = mpmath.gamma(power) / 2 * (alphas[i] + alphas[j]) ** -power
        values, vectors = mpmath.eigsy(overlap)
        root = vectors * mpmath.diag([1 / mpmath.sqrt(value) for value in values]) * vectors.T
        betas[l] = numpy.array(root.tolist(), dtype=float)
    return betas


main()
