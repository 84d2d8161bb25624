#!/usr/bin/env python3
"""Times kernel matrices and a Gaussian process fit, and the same work by qmllib and scikit-learn.

    pip install -r bench/requirements-kernels.txt   (or scripts/setup --bench-kernels)
    python bench/kernels.py [--geometries ../shared/data/qm9/qm9_geom_20k.extxyz.gz] [--structures 1000] [--peer 1000]
                            [--repeats 3] [--only local,dense,fit,memory,sparse] [--json bench/kernels.json]

Structures are evenly spaced ones of the file with only H, C, N, O and F. Both sides get the same rows from files, in the
same run, in one thread; figures are processor seconds, medians over the repeats (qmllib's local kernel and
scikit-learn's fit run once). For each of:

- the symmetric local Gaussian kernel on FCHL19 rows; qmllib's on the first `--peer` structures (it is slow; for
  fewer than all of them its time is scaled by the square), where both are compared with a direct sum over some entries;
- Gaussian, Laplacian and Matern kernels on Coulomb matrices, by qmllib (Matern: scikit-learn);
- a Gaussian process with hyper-parameters found, on eigenvalues of Coulomb matrices, by scikit-learn.

Also the memory of an exact Gaussian process of 10,000 labels (asked: below 1.7 GiB), and memory, time and error of one of
`--sparse` labels through 2,000 inducing points (asked: below 2 GiB).

With `--qm7 FILE.extxyz.gz` also the error of atomisation energies (PBE0, and as difference to DFTB3) from FCHL19 rows
and the local kernel, `--train` structures at random, 1,000 others asked, hyper-parameters from training data only.
"""

import argparse
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

for library in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
NUMBERS = {"H": 1, "C": 6, "N": 7, "O": 8, "F": 9, "S": 16}
PAD = 29


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data = ROOT / "../shared/data/qm9/qm9_geom_20k.extxyz.gz"
    parser.add_argument("--geometries", type=pathlib.Path, default=data, help="gzipped extended XYZ")
    parser.add_argument("--structures", type=int, default=1000)
    parser.add_argument("--peer", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--fit", type=int, default=2000, help="labels of the Gaussian process")
    parser.add_argument("--qm7", type=pathlib.Path, help="gzipped extended XYZ with PBE0 and DFTB3 energies")
    parser.add_argument("--train", type=int, default=1000)
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "bench/kernels.json")
    parser.add_argument("--only", default="local,dense,fit,memory,sparse")
    parser.add_argument("--sparse", type=int, default=100_000, help="labels of the fit through inducing points")
    options = parser.parse_args()
    subprocess.run(
        ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "kernels"], cwd=ROOT, check=True
    )
    facts = Facts("numpy", "scipy", "scikit-learn", "qmllib")
    structures = read(options.geometries, "lumo_Ha")
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rows"
        chosen = [structures[i * len(structures) // options.structures] for i in range(options.structures)]
        # The file is ordered by size, and the peer gets the first.
        chosen = [chosen[i] for i in numpy.random.default_rng(3).permutation(len(chosen))]
        if "local" in options.only:
            figures["local"] = local(path, chosen, options.peer, options.repeats)
        if "dense" in options.only:
            figures["dense"] = dense(path, chosen, options.repeats)
        if "fit" in options.only:
            count = options.fit + 1000
            chosen = [structures[i * len(structures) // count] for i in range(count)]
            figures["fit"] = fit(path, chosen, options.fit)
        if options.qm7:
            figures["qm7"] = learn(path, options.qm7, options.train)
        if "memory" in options.only:
            figures["memory"] = program("memory", 10_000)
        if "sparse" in options.only:
            figures["sparse"] = program("sparse", options.sparse, 2000)
    figures["about"] = facts.so_far() | {"threads": 1}
    options.json.write_text(json.dumps(figures, indent=2) + "\n")
    show(figures)


def show(figures):
    print("| what | joulery, s | peer, s | times | joulery off a direct sum | joulery off the peer |\n|---|---|---|---|---|---|")
    if "local" in figures:
        f = figures["local"]
        print(
            f"| local kernel, FCHL19, {f['joulery']['structures']} (qmllib: {f['qmllib']['structures']}) "
            f"| {f['joulery']['cpu']:.2f} | {f['qmllib']['cpu']:.1f} | {f['times_faster']:.1f} "
            f"| {f['joulery_off_direct_sum']:.1e} | {f['joulery_off_qmllib']:.1e} |"
        )
    for name in ("gaussian", "laplacian", "matern52") if "dense" in figures else ():
        f = figures["dense"][name]
        print(
            f"| {name} kernel, Coulomb matrices | {f['joulery']:.3f} | {f['peer']:.3f} | {f['peer'] / f['joulery']:.1f} "
            f"| | {f['difference']:.1e} |"
        )
    if "fit" in figures:
        f = figures["fit"]
        ours, theirs = (f[side]["fit_cpu"] for side in ("joulery", "scikit_learn"))
        print(f"| fit of {f['labels']} labels, hyper-parameters found | {ours:.2f} | {theirs:.2f} | {theirs / ours:.1f} | | |")
    if "qm7" in figures:
        print(f"\nQM7: {figures['qm7']}")
    if "memory" in figures:
        f = figures["memory"]
        print(f"\nExact fit of {f['labels']} labels: {f['peak_mebibytes']:.0f} MiB, {f['fit_cpu']:.0f} s.")
    if "sparse" in figures:
        f = figures["sparse"]
        print(
            f"\n{f['labels']} labels through {f['inducing']} inducing points: {f['peak_mebibytes']:.0f} MiB, "
            f"{f['fit_cpu']:.0f} s, {100 * f['coverage_90']:.1f} % in 90 % intervals."
        )


def read(path, *names):
    structures = []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            count = int(line)
            header = next(lines)
            atoms = [next(lines).split() for _ in range(count)]
            if all(atom[0] in NUMBERS for atom in atoms):
                charges = numpy.array([NUMBERS[atom[0]] for atom in atoms])
                positions = numpy.array([[float(x) for x in atom[1:4]] for atom in atoms])
                labels = [float(header.split(f"{name}=")[1].split()[0]) for name in names]
                structures.append((charges, positions, *labels))
    return structures


def program(what, *arguments):
    command = [ROOT / "target/release/examples/kernels", what, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def write(path, *parts):
    numpy.concatenate([numpy.ravel(numpy.asarray(part, dtype=float)) for part in parts]).tofile(path)


def spent(work, *arguments):
    start = time.process_time()
    result = work(*arguments)
    return result, time.process_time() - start


def local(path, structures, peer, repeats):
    from qmllib.kernels import get_local_symmetric_kernel
    from qmllib.representations import generate_fchl19

    sigma = 3.0
    largest = max(len(charges) for charges, _, _ in structures)
    describe = lambda charges, positions: generate_fchl19(charges, positions, elements=[1, 6, 7, 8, 9])  # noqa: E731
    rows = [describe(charges, positions) for charges, positions, _ in structures]
    columns = rows[0].shape[1]
    parts = [[sigma, len(rows), columns]]
    for (charges, _, _), row in zip(structures, rows):
        parts += [[len(charges)], charges, row]
    write(path, *parts)
    runs = [program("local", path) for _ in range(repeats)]
    own = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    matrix = numpy.fromfile(f"{path}.matrix").reshape(len(rows), len(rows))
    padded = numpy.zeros((peer, largest, columns))
    for i, row in enumerate(rows[:peer]):
        padded[i, : len(row)] = row
    charges = [structure[0] for structure in structures[:peer]]
    theirs, seconds = spent(get_local_symmetric_kernel, padded, charges, sigma)
    pairs = numpy.random.default_rng(1).integers(0, peer, size=(200, 2))
    direct = numpy.array([direct_sum(rows, charges, i, j, sigma) for i, j in pairs])
    ours = matrix[pairs[:, 0], pairs[:, 1]]
    return {
        "joulery": own,
        "qmllib": {"structures": peer, "cpu": seconds},
        "times_faster": seconds * (len(rows) / peer) ** 2 / own["cpu"],
        "joulery_off_direct_sum": float(numpy.max(numpy.abs(ours / direct - 1.0))),
        "qmllib_off_direct_sum": float(numpy.max(numpy.abs(theirs[pairs[:, 0], pairs[:, 1]] / direct - 1.0))),
        "joulery_off_qmllib": float(numpy.max(numpy.abs(matrix[:peer, :peer] / theirs - 1.0))),
    }


def learn(path, geometries, train, test=1000):
    from qmllib.representations import generate_fchl19

    structures = read(geometries, "hof_pbe0_kcal_mol", "hof_dftb3_kcal_mol")
    chosen = numpy.random.default_rng(4).permutation(len(structures))[: train + test]
    parts, labels = [], []
    for i in chosen:
        charges, positions, *energies = structures[i]
        row = generate_fchl19(charges, positions, elements=[1, 6, 7, 8, 16])
        parts += [[len(charges)], charges, row]
        labels.append(energies)
    write(path, [train, train + test, row.shape[1]], *parts, numpy.array(labels).T)
    return program("learn", path)


def direct_sum(rows, charges, i, j, sigma):
    same = charges[i][:, None] == charges[j][None, :]
    squares = ((rows[i][:, None, :] - rows[j][None, :, :]) ** 2).sum(axis=2)
    return numpy.exp(-squares / (2.0 * sigma**2))[same].sum()


def coulomb(charges, positions):
    distances = numpy.linalg.norm(positions[:, None, :] - positions[None, :, :], axis=2)
    matrix = numpy.outer(charges, charges) / (distances + numpy.eye(len(charges)))
    numpy.fill_diagonal(matrix, 0.5 * charges**2.4)
    return matrix


def dense(path, structures, repeats):
    from qmllib.kernels import gaussian_kernel_symmetric, laplacian_kernel_symmetric
    from sklearn.gaussian_process.kernels import Matern

    lower = numpy.tril_indices(PAD)
    rows = []
    for charges, positions, _ in structures:
        matrix = coulomb(charges, positions)
        order = numpy.argsort(-numpy.linalg.norm(matrix, axis=1), kind="stable")
        padded = numpy.zeros((PAD, PAD))
        padded[: len(order), : len(order)] = matrix[order][:, order]
        rows.append(padded[lower])
    rows = numpy.array(rows)
    lengths = [50.0, 500.0, 100.0]
    write(path, lengths, rows.shape, rows)
    runs = [program("dense", path) for _ in range(repeats)]
    own = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    matern = Matern(lengths[2], nu=2.5)
    peers = {
        "gaussian": lambda: gaussian_kernel_symmetric(rows, lengths[0]),
        "laplacian": lambda: laplacian_kernel_symmetric(rows, lengths[1]),
        "matern52": lambda: matern(rows),
    }
    result = {"columns": rows.shape[1]}
    for name, peer in peers.items():
        runs = [spent(peer) for _ in range(repeats)]
        theirs, seconds = runs[-1][0], statistics.median(run[1] for run in runs)
        matrix = numpy.fromfile(f"{path}.{name}").reshape(theirs.shape)
        difference = float(numpy.max(numpy.abs(matrix - theirs)))
        result[name] = {"joulery": own[name], "peer": seconds, "difference": difference}
    return result


def fit(path, structures, count):
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    rows = numpy.zeros((len(structures), PAD))
    for row, (charges, positions, _) in zip(rows, structures):
        values = numpy.linalg.eigvalsh(coulomb(charges, positions))
        row[: len(values)] = values[numpy.argsort(-numpy.abs(values))]
    labels = numpy.array([label for _, _, label in structures]) * 27.211386
    order = numpy.random.default_rng(2).permutation(len(rows))
    rows, labels = rows[order], labels[order]
    write(path, [count, PAD], rows[:count], labels[:count], [len(rows) - count, PAD], rows[count:])
    own = program("fit", path)
    mean = labels[:count].mean()
    middle = float(numpy.median(numpy.linalg.norm(rows[:200, None] - rows[None, :200], axis=2)))
    kernel = ConstantKernel(1.0, (1e-6, 1e6)) * RBF(middle, (1e-3 * middle, 1e3 * middle)) + WhiteKernel(
        0.01, (1e-8, 1e3)
    )
    model = GaussianProcessRegressor(kernel, alpha=0.0)
    _, fitted = spent(model.fit, rows[:count], labels[:count] - mean)
    (predicted, _), asked = spent(lambda: model.predict(rows[count:], return_std=True))
    error = lambda mean: float(numpy.mean(numpy.abs(mean - labels[count:])))  # noqa: E731
    means = numpy.array(own.pop("mean"))
    inside = numpy.abs(means - labels[count:]) <= 1.6448536 * numpy.array(own.pop("sd"))
    own |= {"mae": error(means), "coverage_90": float(numpy.mean(inside))}
    peer = {
        "fit_cpu": fitted,
        "predict_cpu": asked,
        "mae": error(predicted + mean),
        "log_marginal_likelihood": float(model.log_marginal_likelihood_value_),
        "kernel": str(model.kernel_),
    }
    return {"labels": count, "joulery": own, "scikit_learn": peer}


if __name__ == "__main__":
    sys.exit(main())
