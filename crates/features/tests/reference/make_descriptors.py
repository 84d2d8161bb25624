#!/usr/bin/env python3
"""Makes descriptors.json.gz: descriptors and Morgan fingerprints of 200 molecules by RDKit.

    pip install rdkit==2026.9.1
    python crates/features/tests/reference/make_descriptors.py MOSES.csv.gz QM9.csv.gz AQSOLDB.csv.gz

Takes an even spread over the test set of MOSES (Polykovskiy et al., Front. Pharmacol. 11, 565644 (2020), MIT licence),
QM9 (Ramakrishnan et al., Sci. Data 1, 140022 (2014)) and AqSolDB (Sorkun et al., Sci. Data 6, 143 (2019)), which has
salts and metals; and some molecules with isotopes, radicals and rings in rings, which stand here.
"""

import csv
import gzip
import json
import pathlib
import sys

import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem import Descriptors, rdFingerprintGenerator

COUNTS = (70, 50, 50)
MORE = """C [H][H] [2H]C([2H])O [He] [Na+].[Cl-] O=C([O-])C.[Na+] C1CC1 FC1CO1 C1CC2CC12 C12C3C4C1C5C2C3C45 C1CC11CC1 OC1CCC1
CC(=O)Nc1ccccc1 c1ccc2[nH]ccc2c1 O=S(=O)(N)c1ccccc1 CP(=O)(O)O C[Si](C)(C)C Cl[Pt]Cl C[N+](C)(C)C [O-][n+]1ccccc1
FC(F)(F)c1cc(Br)c(I)s1 C#CC=C=O C1CCCCCCCCCCC1 OB(O)c1ccccc1 [CH3] [13CH4] C[Se]C NCC(=O)NCC(=O)O N C1COCCOCCOCCO1""".split()
NAMES = """MolWt HeavyAtomCount NumHDonors NumHAcceptors TPSA MolLogP MolMR NumRotatableBonds RingCount NumAromaticRings
NumAliphaticRings NumSaturatedRings NumHeterocycles NumAromaticHeterocycles FractionCSP3 LabuteASA Chi0 Chi1 Chi0n Chi1n
Chi2n Chi3n Chi4n Chi0v Chi1v Chi2v Chi3v Chi4v Kappa1 Kappa2 Kappa3 HallKierAlpha BalabanJ NumHeteroatoms
NumValenceElectrons NHOHCount NOCount NumAmideBonds NumSpiroAtoms""".split()
ELEMENTS = "C N O F P S Cl Br I".split()


def smiles():
    for path, count in zip(sys.argv[1:], COUNTS):
        with gzip.open(path, "rt") as file:
            reader = csv.DictReader(file)
            column = next(name for name in reader.fieldnames if name.lower() == "smiles")
            rows = [row[column] for row in reader]
        yield from (rows[k * len(rows) // count] for k in range(count))
    yield from MORE


def main():
    RDLogger.DisableLog("rdApp.*")
    functions = dict(Descriptors.descList)
    generators = {
        "bits-r2-2048": rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048),
        "bits-r3-512": rdFingerprintGenerator.GetMorganGenerator(radius=3, fpSize=512),
    }
    records = []
    for text in smiles():
        molecule = Chem.MolFromSmiles(text)
        symbols = [atom.GetSymbol() for atom in molecule.GetAtoms()]
        values = [functions[name](molecule) for name in NAMES] + [Chem.GetFormalCharge(molecule)]
        values += [symbols.count(element) for element in ELEMENTS]
        values.append(sum(symbol not in ELEMENTS + ["H"] for symbol in symbols))
        record = {"smiles": text, "values": [float(f"{value:.15g}") for value in values]}
        for name, generator in generators.items():
            record[name] = list(generator.GetFingerprint(molecule).GetOnBits())
        counts = generators["bits-r2-2048"].GetCountFingerprint(molecule).GetNonzeroElements()
        record["counts-r2-2048"] = sorted(counts.items())
        records.append(record)
    document = {
        "rdkit": rdkit.__version__,
        "names": NAMES + ["FormalCharge"] + [f"Count{element}" for element in ELEMENTS + ["Other"]],
        "molecules": records,
    }
    target = pathlib.Path(__file__).with_name("descriptors.json.gz")
    target.write_bytes(gzip.compress(json.dumps(document).encode(), mtime=0))
    print(len(records), "molecules")


main()
