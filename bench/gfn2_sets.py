"""Sets of molecules that the GFN2-xTB benchmarks share, made the same way every time.

A structure is (id, group, numbers, positions in angstrom, charge, unpaired electrons). Data that are not in the
repository are looked for in ../shared/data; what needs them is left out, with a message, where they are not.
"""

import csv
import gzip
import json
import math
import pathlib
import random
import re
import subprocess
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
CACHE = ROOT / "target" / "bench"
BOHR = 0.529177210903

SYMBOLS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb "
    "Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au "
    "Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr"
).split()
NUMBERS = {symbol: z for z, symbol in enumerate(SYMBOLS, 1)}


class Structure(NamedTuple):
    id: str
    group: str
    numbers: list
    positions: list
    charge: int = 0
    uhf: int = 0


def size_class(atoms):
    """The size classes of the reports."""
    for first, last in ((5, 9), (10, 14), (15, 20), (21, 30), (31, 40)):
        if first <= atoms <= last:
            return f"{first}-{last}"
    return None


def missing(path):
    if not path.exists():
        print(f"left out: {path.name} is not in {SHARED.relative_to(ROOT.parent)}", file=sys.stderr)
        return True
    return False


def reference(path=SHARED / "gfn2_reference" / "gfn2_reference.json.gz"):
    """The GFN2-xTB reference set; the group is its category."""
    if missing(path):
        return []
    with gzip.open(path, "rt") as stream:
        molecules = json.load(stream)["molecules"]
    return [
        Structure(str(m["id"]), m["category"], m["numbers"], m["positions_angstrom"], m["charge"], m["uhf"])
        for m in molecules
    ]


def mstore(path=SHARED / "qm_refs" / "mstore_structures.extxyz.gz"):
    """The molecular structures of mstore; the group is the collection. ICE10 and X23 are periodic.

    Amylose and polyalanine are in angstrom in their source and were taken for bohr in the copy: hydrogens lie 0.53
    angstrom from their atoms. Here they get their size back.
    """
    if missing(path):
        return []
    with gzip.open(path, "rt") as stream:
        structures = read_xyz(stream.read())
    structures = [s for s in structures if s.group not in ("ICE10", "X23")]
    # The spins of the f block count f electrons, which are core electrons in GFN2-xTB: once as they are, once low.
    low = [
        s._replace(id=f"{s.id}-low-spin", group="f-block, low spin", uhf=sum(valence(z) for z in s.numbers) % 2)
        for s in structures
        if s.group == "f-block" and max(s.numbers) <= 86
    ]
    return [unsqueezed(s) if s.group in ("Amylose", "Polyalanine") else s for s in structures] + low


def valence(number):
    """Valence electrons in GFN2-xTB of hydrogen, the halogens and the elements of the f block with their neighbours."""
    return 3 if 57 <= number <= 71 else {1: 1, 9: 7, 17: 7}[number]


def unsqueezed(structure):
    hydrogen = structure.positions[structure.numbers.index(1)]
    nearest = min(math.dist(hydrogen, p) for p in structure.positions if p is not hydrogen)
    return scaled(structure, 1 / 0.529177210544)._replace(id=structure.id) if nearest < 0.7 else structure


def read_xyz(text):
    """Structures of a file of concatenated (extended) XYZ."""
    lines = text.splitlines()
    structures, at = [], 0
    while at < len(lines) and lines[at].strip():
        atoms, comment = int(lines[at]), lines[at + 1]
        keys = {k: quoted or bare for k, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|(\S*))', comment)}
        rows = [line.split() for line in lines[at + 2 : at + 2 + atoms]]
        group = keys.get("collection") or keys.get("group", "")
        name = keys.get("id") or f"{group}/{keys.get('record', len(structures))}"
        numbers = [NUMBERS.get(r[0]) or int(r[0]) for r in rows]
        positions = [[float(x) for x in r[1:4]] for r in rows]
        structures.append(
            Structure(name, group, numbers, positions, int(keys.get("charge", 0)), int(keys.get("uhf", 0)))
        )
        at += 2 + atoms
    return structures


def write_xyz(structures, path):
    """As `gfn2_times` reads them. Full precision, so that both sides see the same geometry."""
    with open(path, "w") as stream:
        for s in structures:
            name, group = s.id.replace(" ", "_"), s.group.replace(" ", "_")
            stream.write(f"{len(s.numbers)}\nid={name} group={group} charge={s.charge} uhf={s.uhf}\n")
            for z, p in zip(s.numbers, s.positions):
                # The native side need not know symbols of elements that the method has not.
                name = SYMBOLS[z - 1] if z <= 86 else z
                stream.write(f"{name} {p[0]!r} {p[1]!r} {p[2]!r}\n")


def scaled(structure, factor):
    """Every distance multiplied by a factor."""
    positions = [[factor * x for x in p] for p in structure.positions]
    return structure._replace(id=f"{structure.id}*{factor}", positions=positions)


def alkane(carbons):
    """A straight chain in its all-anti conformation: CC 1.53, CH 1.09 angstrom, angles of a tetrahedron."""
    half = math.acos(-1 / 3) / 2
    step, height = 1.53 * math.sin(half), 1.53 * math.cos(half)
    across, up = 1.09 * math.sin(half), 1.09 * math.cos(half)
    numbers, positions = [], []
    for k in range(carbons):
        side = 1 if k % 2 else -1
        x, z = k * step, side * height / 2
        numbers += [6, 1, 1]
        positions += [[x, 0.0, z], [x, across, z + side * up], [x, -across, z + side * up]]
        for end, sign in ((0, -1), (carbons - 1, 1)):
            if k == end:
                numbers.append(1)
                positions.append([x + sign * across, 0.0, z - side * up])
    return Structure(f"C{carbons}H{2 * carbons + 2}", "alkane", numbers, positions)


def water(molecules):
    """Water on a cubic lattice of 3.1 angstrom, about the density of the liquid, turned at random (fixed seed)."""
    draw = random.Random(molecules)
    edge = math.ceil(molecules ** (1 / 3))
    sites = sorted(
        ((i, j, k) for i in range(edge) for j in range(edge) for k in range(edge)),
        key=lambda s: (sum((x - (edge - 1) / 2) ** 2 for x in s), s),
    )[:molecules]
    numbers, positions = [], []
    angle = math.radians(104.5) / 2
    for site in sites:
        q = [draw.gauss(0, 1) for _ in range(4)]
        norm = math.sqrt(sum(x * x for x in q))
        a, b, c, d = (x / norm for x in q)
        turn = (
            (a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)),
            (2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b)),
            (2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d),
        )
        y, z = 0.96 * math.sin(angle), 0.96 * math.cos(angle)
        for number, local in ((8, (0, 0, 0)), (1, (0, y, z)), (1, (0, -y, z))):
            numbers.append(number)
            positions.append([3.1 * s + sum(t * x for t, x in zip(row, local)) for s, row in zip(site, turn)])
    return Structure(f"({molecules} H2O)", "water", numbers, positions)


def large(sizes):
    """About these many atoms each: alkanes, water, and, where mstore is there, its helices and amylose."""
    structures = []
    for atoms in sizes:
        structures.append(alkane(round((atoms - 2) / 3)))
        structures.append(water(round(atoms / 3)))
    families = [s for s in mstore() if s.group in ("Polyalanine", "Amylose")]
    for group in ("Polyalanine", "Amylose"):
        members = [s for s in families if s.group == group]
        for atoms in sizes if members else []:
            nearest = min(members, key=lambda s: abs(math.log(len(s.numbers) / atoms)))
            if nearest not in structures:
                structures.append(nearest)
    return structures


def smiles(count, path=SHARED / "moses" / "test.csv.gz"):
    """`count` molecules of the MOSES test split, evenly over its rows."""
    if missing(path):
        return []
    with gzip.open(path, "rt", newline="") as stream:
        rows = [row[0] for row in csv.reader(stream)][1:]
    every = len(rows) / count
    return [rows[int(k * every)] for k in range(count)]


def drug_like(count):
    """Molecules of MOSES in geometries of RDKit: ETKDG with seed 42, then MMFF94 until it is converged.

    Cached in target/bench, since RDKit takes minutes for thousands.
    """
    path = CACHE / f"moses_mmff_{count}.xyz"
    if not path.exists():
        chosen = smiles(count)
        if not chosen:
            return []
        from rdkit import Chem, RDLogger
        from rdkit.Chem import AllChem

        RDLogger.DisableLog("rdApp.*")
        structures, failed = [], []
        for k, text in enumerate(chosen):
            molecule = Chem.AddHs(Chem.MolFromSmiles(text))
            settings = AllChem.ETKDGv3()
            settings.randomSeed = 42
            embedded = AllChem.EmbedMolecule(molecule, settings) == 0
            if not embedded or AllChem.MMFFOptimizeMolecule(molecule, maxIters=2000) == -1:
                failed.append(text)
                continue
            numbers = [a.GetAtomicNum() for a in molecule.GetAtoms()]
            positions = molecule.GetConformer().GetPositions().tolist()
            structures.append(Structure(f"moses-{k}", "drug-like", numbers, positions, Chem.GetFormalCharge(molecule)))
        if failed:
            print(f"RDKit made no geometry for {len(failed)} of {count}: {' '.join(failed)}", file=sys.stderr)
        CACHE.mkdir(parents=True, exist_ok=True)
        write_xyz(structures, path)
    return read_xyz(path.read_text())


def build(package, example):
    """Builds an example program and returns its path."""
    command = ["cargo", "build", "--release", "--locked", "-q", "-p", package, "--example", example]
    subprocess.run(command, cwd=ROOT, check=True)
    return ROOT / "target" / "release" / "examples" / example


def native(program, path, *arguments):
    """Lines of `gfn2_times`, and its summary."""
    done = subprocess.run([program, path, *map(str, arguments)], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()], json.loads(done.stderr.splitlines()[-1])


def tblite(structure, accuracy=1.0, positions=None):
    """The result of tblite from nothing. Raises where tblite does."""
    import numpy
    from tblite.interface import Calculator

    positions = numpy.array(structure.positions if positions is None else positions) / BOHR
    numbers = numpy.array(structure.numbers)
    calculator = Calculator("GFN2-xTB", numbers, positions, float(structure.charge), structure.uhf)
    calculator.set("verbosity", 0)
    if accuracy != 1.0:
        calculator.set("accuracy", accuracy)
    return calculator.singlepoint()


def tblite_result(structure, accuracy=1.0, positions=None):
    """Its energy (hartree) and gradient (hartree/bohr)."""
    result = tblite(structure, accuracy, positions)
    return result.get("energy"), result.get("gradient")
