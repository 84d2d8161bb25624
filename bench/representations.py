#!/usr/bin/env python3
"""Times representations of molecules, and the same by qmllib, dscribe and RDKit; compares the numbers.

    pip install -r bench/requirements-kernels.txt   (or scripts/setup --bench-kernels)
    python bench/representations.py [--geometries ../shared/data/qm9/qm9_geom_20k.extxyz.gz]
                                    [--smiles ../shared/data/moses/test.csv.gz] [--molecules 1000] [--compared 200]
                                    [--repeats 5] [--heavy 6 9] [--json bench/representations.json]

Takes molecules with the given numbers of heavy atoms, spread evenly over the file. Both sides get the same ones in the
same run, one thread; processor microseconds per molecule, median over the repeats (the peers: of the compared molecules
where a method is slow). The largest relative difference is over all numbers above a millionth of the largest number of
the molecule; the absolute difference is over all numbers, as a fraction of that largest one.

Orthonormal radial functions of SOAP are sums of nearly dependent ones, which magnifies rounding to about 1e-10 of the
largest number on both sides. SOAP is therefore compared twice: with dscribe as it is, and with dscribe's coefficients
computed to 60 digits. The absolute difference is the one to look at.

Fingerprints and descriptors are those of as many molecules of FILE.csv.gz (column SMILES, such as the test set of MOSES),
spread evenly; descriptors are compared number by number with RDKit's functions of the same names. RDKit is called from
Python, as its users do, which costs it about a microsecond for each number.
"""

import argparse
import csv
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from facts import Facts

ROOT = pathlib.Path(__file__).resolve().parent.parent
NUMBERS = {"H": 1, "C": 6, "N": 7, "O": 8, "F": 9, "S": 16, "Cl": 17, "Br": 35, "I": 53}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data = ROOT / "../shared/data"
    help_of = "(gzipped) XYZ; symbol x y z first in each line"
    parser.add_argument("--geometries", type=pathlib.Path, default=data / "qm9/qm9_geom_20k.extxyz.gz", help=help_of)
    help_of = "gzipped CSV with a column SMILES"
    parser.add_argument("--smiles", type=pathlib.Path, default=data / "moses/test.csv.gz", help=help_of)
    parser.add_argument("--molecules", type=int, default=1000)
    parser.add_argument("--compared", type=int, default=200)
    parser.add_argument("--gradients", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--heavy", type=int, nargs=2, default=(6, 9), metavar=("LEAST", "MOST"))
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "bench/representations.json")
    parser.add_argument("--child", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(peers(options)))
        return
    examples = ["--example", "representations", "--example", "graphs"]
    command = ["cargo", "build", "--release", "-q", "-p", "features", *examples]
    subprocess.run(command, cwd=ROOT, check=True)
    facts = Facts("numpy", "scipy", "ase", "mpmath", "qmllib", "dscribe", "rdkit")
    counts = {name: getattr(options, name) for name in ("repeats", "gradients", "compared")}
    flags = [text for name, count in counts.items() for text in (f"--{name}", str(count))]
    with tempfile.TemporaryDirectory() as folder:
        chosen = pathlib.Path(folder) / "geometries.xyz"
        least, most = options.heavy
        heavy = lambda atoms: sum(symbol != "H" for symbol, *_ in atoms)
        molecules = [atoms for atoms in read(options.geometries) if least <= heavy(atoms) <= most]
        with open(chosen, "w") as out:
            for atoms in spread(molecules, options.molecules):
                out.write(f"{len(atoms)}\n\n" + "".join(" ".join(atom) + "\n" for atom in atoms))
        program = ROOT / "target/release/examples/representations"
        joulery = run([program, "--geometries", chosen, "--export", folder, *flags], RAYON_NUM_THREADS=1)
        if options.smiles.exists():
            with gzip.open(options.smiles, "rt") as lines:
                smiles = [row["SMILES"] for row in csv.DictReader(lines)]
            listed = pathlib.Path(folder) / "smiles.txt"
            listed.write_text("".join(f"{text}\n" for text in spread(smiles, options.molecules)))
            program = ROOT / "target/release/examples/graphs"
            flags_of_graphs = ["--repeats", options.repeats, "--export", folder]
            joulery["graphs"] = run([program, "--smiles", listed, *flags_of_graphs], RAYON_NUM_THREADS=1)
        (pathlib.Path(folder) / "report.json").write_text(json.dumps(joulery))
        limits = {f"{name}_NUM_THREADS": 1 for name in ("OPENBLAS", "OMP", "MKL")}
        other = run([sys.executable, __file__, "--child", folder, *flags], **limits)
    timed = times(joulery)
    ratios = {name: timed[name] / peer["cpu_microseconds"] for name, peer in other["figures"].items()}
    figures = {"about": facts.so_far() | {"threads": 1}, "time_to_peer": ratios, "joulery": joulery, "peers": other}
    options.json.write_text(json.dumps(figures, indent=2) + "\n")
    show(figures)


def run(command, **environment):
    environment = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    done = subprocess.run(list(map(str, command)), env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def read(path):
    """Symbol, x, y, z as text for each atom of each molecule."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt") as lines:
        for head in lines:
            next(lines)
            yield [next(lines).split()[:4] for _ in range(int(head))]


def spread(items, count):
    count = min(count, len(items))
    return [items[k * len(items) // count] for k in range(count)]


def times(joulery):
    """Processor microseconds of a molecule for each representation."""
    timed = {name: figure["spent"] for name, figure in joulery["figures"].items()}
    timed.update(joulery.get("graphs", {}).get("figures", {}))
    return {name: figure["cpu_microseconds"] for name, figure in timed.items()}


def show(figures):
    joulery, other = figures["joulery"], figures["peers"]
    mean = joulery["atoms"] / joulery["molecules"]
    print(f"{joulery['molecules']} molecules, {mean:.1f} atoms on average")
    print("1 thread; processor microseconds a molecule\n")
    print(f"{'':32s}{'joulery':>10s}{'peer':>10s}{'ratio':>8s}  {'relative':>9s}{'absolute':>9s}  peer")
    timed = times(joulery)
    for name, peer in other["figures"].items():
        ours = timed[name]
        theirs = peer["cpu_microseconds"]
        text = f"{name:32s}{ours:10.1f}{theirs:10.1f}{theirs / ours:8.1f}"
        if "relative" in peer:
            text += f"  {peer['relative']:9.1e}{peer['absolute']:9.1e}"
            if "with_exact_basis" in peer:
                other_text = f"{peer['with_exact_basis']['relative']:.1e}"
                peer["package"] += f" (with its radial coefficients to 60 digits: relative {other_text})"
        else:
            text += " " * 20
        print(f"{text}  {peer['package']}")
    for name in timed.keys() - other["figures"].keys():
        print(f"{name:32s}{timed[name]:10.1f}{'-':>10s}")


def peers(options):
    """The peers' side; runs in its own process, with its own limits on threads."""
    # numba, which dscribe needs, asks for a package named `coverage`: not for the script of that name in this folder.
    sys.path[:] = [folder for folder in sys.path if pathlib.Path(folder).resolve() != ROOT / "bench"]
    from importlib.metadata import version

    import ase
    import numpy
    from dscribe.descriptors import SOAP, CoulombMatrix
    from qmllib.representations import representations as qml

    folder = options.child
    report = json.loads((folder / "report.json").read_text())
    molecules = []
    for atoms in read(folder / "geometries.xyz"):
        numbers = numpy.array([NUMBERS[atom[0]] for atom in atoms])
        positions = numpy.array([[float(x) for x in atom[1:]] for atom in atoms])
        molecules.append((numbers, positions))
    elements, size = report["elements"], report["size"]
    types = [[z] for z in elements] + report["pairs"] + report["triples"]
    either = lambda terms: {min(tuple(map(int, term)), tuple(map(int, term[::-1]))) for term in terms}
    theirs = qml.get_slatm_mbtypes([numbers for numbers, _ in molecules])
    assert either(theirs) == either(types) and len(theirs) == len(types), "the many-body types differ"

    def soap(average, exact=False):
        made = SOAP(species=elements, r_cut=5.0, n_max=8, l_max=6, average=average)
        if exact:
            made._betas = exact_betas(5.0, 8, 6)
        return lambda numbers, positions: made.create(ase.Atoms(numbers, positions))

    derived = SOAP(species=elements, r_cut=5.0, n_max=8, l_max=6)
    exactly = SOAP(species=elements, r_cut=5.0, n_max=8, l_max=6)
    exactly._betas = exact_betas(5.0, 8, 6)

    def soap_gradients(numbers, positions, made=derived):
        atoms, centers = ase.Atoms(numbers, positions), list(range(len(numbers)))
        # Centres move with their atoms, as they do in a potential.
        return made.derivatives(atoms, centers=centers, attach=True, method="analytical", return_descriptor=True)[0]

    def matrix(permutation):
        made = CoulombMatrix(n_atoms_max=size, permutation=permutation)
        return lambda numbers, positions: made.create(ase.Atoms(numbers, positions))

    work = {
        "coulomb_matrix": ("qmllib", lambda z, r: qml.generate_coulomb_matrix(z, r, size=size)),
        "coulomb_matrix_square": ("dscribe", matrix("sorted_l2")),
        "coulomb_eigenvalues": ("qmllib", lambda z, r: qml.generate_coulomb_matrix_eigenvalue(z, r, size=size)),
        "coulomb_eigenvalues_magnitude": ("dscribe", matrix("eigenspectrum")),
        "slatm": ("qmllib", lambda z, r: qml.generate_slatm(z, r, types)),
        "fchl19": ("qmllib", lambda z, r: qml.generate_fchl19(z, r, elements=elements)),
        "fchl19_gradients": ("qmllib", lambda z, r: qml.generate_fchl19(z, r, elements=elements, gradients=True)),
        "soap_gradients": ("dscribe", soap_gradients),
        "soap": ("dscribe", soap("off")),
        "soap_outer": ("dscribe", soap("outer")),
        "soap_inner": ("dscribe", soap("inner")),
    }
    exact = {"soap": soap("off", True), "soap_outer": soap("outer", True), "soap_inner": soap("inner", True)}
    few, compared = spread(molecules, options.gradients), spread(molecules, options.compared)
    figures = {}
    for name, (package, compute) in work.items():
        chosen = few if name.endswith("gradients") else molecules if "coulomb" in name else compared
        compute(*chosen[0])
        runs = []
        for _ in range(options.repeats):
            start = time.process_time()
            for numbers, positions in chosen:
                compute(numbers, positions)
            runs.append((time.process_time() - start) / len(chosen) * 1e6)
        figures[name] = {"package": f"{package} {version(package)}", "cpu_microseconds": statistics.median(runs)}
        if name == "fchl19_gradients":
            continue
        ours = numpy.fromfile(folder / f"{name}.f64")
        if name == "soap_gradients":
            compute = lambda numbers, positions: soap_gradients(numbers, positions, exactly)
            figures[name].update(differences(numpy, ours, spread(molecules, 5), compute))
            continue
        figures[name].update(differences(numpy, ours, compared, compute))
        if name in exact:
            figures[name]["with_exact_basis"] = differences(numpy, ours, compared, exact[name])
    if "graphs" in report:
        figures.update(graphs(numpy, folder, report["graphs"], options.repeats))
    return {"numpy": numpy.__version__, "compared": len(compared), "figures": figures}


def graphs(numpy, folder, report, repeats):
    """Fingerprints and descriptors by RDKit."""
    import rdkit
    from rdkit import Chem, RDLogger
    from rdkit.Chem import Descriptors, rdFingerprintGenerator

    RDLogger.DisableLog("rdApp.*")
    smiles = (folder / "smiles.txt").read_text().split()
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    functions = dict(Descriptors.descList)
    names = [name for name in report["descriptors"] if name in functions]
    all_of = lambda molecule: [functions[name](molecule) for name in names]
    # From the text, as it is done for a library; what else is timed starts at molecules that were just read, since
    # RDKit keeps some results with them.
    work = {
        "smiles": (lambda text: text, Chem.MolFromSmiles),
        "morgan_counts": (Chem.MolFromSmiles, generator.GetSparseCountFingerprint),
        "morgan_bits": (Chem.MolFromSmiles, generator.GetFingerprint),
        "morgan_folded": (Chem.MolFromSmiles, generator.GetCountFingerprintAsNumPy),
        "smiles_to_folded": (
            lambda text: text,
            lambda text: generator.GetCountFingerprintAsNumPy(Chem.MolFromSmiles(text)),
        ),
        "descriptors": (Chem.MolFromSmiles, all_of),
    }
    figures = {}
    for name, (prepare, compute) in work.items():
        runs = []
        for _ in range(repeats):
            molecules = [prepare(text) for text in smiles]
            start = time.process_time()
            for molecule in molecules:
                compute(molecule)
            runs.append((time.process_time() - start) / len(smiles) * 1e6)
        figures[name] = {"package": f"rdkit {rdkit.__version__}", "cpu_microseconds": statistics.median(runs)}
    molecules = [Chem.MolFromSmiles(text) for text in smiles]
    columns = [report["descriptors"].index(name) for name in names]
    ours = numpy.fromfile(folder / "descriptors.f64").reshape(len(smiles), -1)[:, columns]
    expected = numpy.array([all_of(molecule) for molecule in molecules])
    difference = numpy.abs(ours - expected)
    relative = (difference / numpy.maximum(numpy.abs(expected), 1e-6)).max()
    figures["descriptors"].update({"relative": float(relative), "absolute": float(difference.max())})
    figures["descriptors"]["package"] += f" ({len(names)} of our {len(report['descriptors'])})"
    ours = numpy.fromfile(folder / "morgan_folded.u8", dtype=numpy.uint8).reshape(len(smiles), -1)
    expected = numpy.array([generator.GetCountFingerprintAsNumPy(molecule) for molecule in molecules])
    largest = float(numpy.abs(ours - expected.astype(float)).max())
    figures["morgan_folded"].update({"relative": largest, "absolute": largest})
    return figures


def differences(numpy, ours, molecules, compute):
    place, relative, absolute = 0, [], []
    for numbers, positions in molecules:
        expected = numpy.asarray(compute(numbers, positions)).ravel()
        seen = ours[place : place + expected.size]
        place += expected.size
        difference, largest = numpy.abs(seen - expected), numpy.abs(expected).max()
        matters = numpy.abs(expected) > 1e-6 * largest
        relative.append((difference[matters] / numpy.abs(expected[matters])).max())
        absolute.append(difference.max() / largest)
    assert place == ours.size, f"{ours.size} numbers, {place} expected"
    beyond = int(sum(value > 1e-8 for value in relative))
    return {"relative": float(max(relative)), "absolute": float(max(absolute)), "molecules_beyond_1e-8": beyond}


def exact_betas(r_cut, n_max, l_max):
    """dscribe's Loewdin coefficients of its radial functions, computed to 60 digits."""
    import mpmath
    import numpy

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
