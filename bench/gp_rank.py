#!/usr/bin/env python3
"""Times fitting, predicting and ranking with a Gaussian process, and the same work by scikit-learn.

    pip install numpy scipy scikit-learn
    python bench/gp_rank.py --library FILE.csv.gz [--train 1000] [--candidates 100000] [--repeats 5]
                            [--json OUT.json]

The library is a gzipped CSV with SMILES in its first column, e.g. the test split of MOSES. Both sides get the same
Morgan counts and labels, in the same run, with one and with two threads. For each: median over the repeats of
processor and clock seconds, and peak memory.

scikit-learn has no Tanimoto kernel. Its side computes the similarities as a product of sparse matrices (a count c
written as c ones, so that a minimum becomes an inner product), which is timed for itself, and hands them to
GaussianProcessRegressor as a precomputed kernel, block by block.
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = 2000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=pathlib.Path, help="gzipped CSV, SMILES in the first column")
    parser.add_argument("--train", type=int, default=1000)
    parser.add_argument("--candidates", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=pathlib.Path, help="write the figures here too")
    parser.add_argument("--child", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(scikit_learn(options.child, options.train, options.repeats)))
        return
    if not options.library:
        parser.error("--library FILE.csv.gz is missing")

    subprocess.run(
        ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "gp_rank"], cwd=ROOT, check=True
    )
    figures = {"joulery": [], "scikit_learn": []}
    sizes = ["--train", str(options.train), "--repeats", str(options.repeats)]
    with tempfile.TemporaryDirectory() as folder:
        for threads in (1, 2):
            program = ROOT / "target/release/examples/gp_rank"
            library = ["--library", str(options.library), "--candidates", str(options.candidates)]
            command = [program, *sizes, *library, "--export", folder]
            figures["joulery"].append(run(command, RAYON_NUM_THREADS=threads))
            (pathlib.Path(folder) / "report.json").write_text(json.dumps(figures["joulery"][-1]["report"]))
        for threads in (1, 2):
            command = [sys.executable, __file__, *sizes, "--child", folder]
            limits = {f"{name}_NUM_THREADS": threads for name in ("OPENBLAS", "OMP", "MKL")}
            figures["scikit_learn"].append({"threads": threads, **run(command, **limits)})
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    show(figures)


def run(command, **environment):
    environment = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def show(figures):
    joulery, peer = figures["joulery"], figures["scikit_learn"]
    sizes = f"{joulery[0]['train']} labels, {joulery[0]['candidates']} candidates"
    print(f"{sizes}; median of {joulery[0]['repeats']}; processor seconds (clock seconds)\n")
    print(f"{'':44s}{'1 thread':>18s}{'2 threads':>18s}")

    def line(name, cells):
        print(f"{name:44s}" + "".join(f"{cell:>18s}" for cell in cells))

    def time_of(run, key):
        return f"{run[key]['cpu_seconds']:.2f} ({run[key]['wall_seconds']:.2f})"

    line("joulery: fit, hyper-parameters estimated", [time_of(r, "fit") for r in joulery])
    line("joulery: mean, sd and rank of all", [time_of(r, "predict_and_rank") for r in joulery])
    line("joulery: peak memory, MiB", [f"{r['peak_mebibytes']:.0f}" for r in joulery])
    line("scikit-learn: fit, estimated", [time_of(r, "fit_estimated") for r in peer])
    line("scikit-learn: fit, given", [time_of(r, "fit_given") for r in peer])
    line("scikit-learn: similarities alone", [time_of(r, "similarities") for r in peer])
    line("scikit-learn: mean and sd of all, and rank", [time_of(r, "predict_and_rank") for r in peer])
    line("scikit-learn: peak memory, MiB", [f"{r['peak_mebibytes']:.0f}" for r in peer])
    line("largest difference of the means", [f"{r['largest_difference_of_means']:.1e}" for r in peer])
    line("largest relative difference of the sds", [f"{r['largest_difference_of_sds']:.1e}" for r in peer])


def scikit_learn(folder, train, repeats):
    """The peer's side; runs in its own process so that its memory is its own."""
    import warnings

    import numpy
    import scipy
    import sklearn
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Kernel, StationaryKernelMixin, WhiteKernel

    warnings.simplefilter("ignore")
    report = json.loads((folder / "report.json").read_text())
    labels, columns, starts, names, totals = [], [], [0], {}, []
    with open(folder / "counts.txt") as lines:
        for text in lines:
            label, _, pairs = text.rstrip("\n").partition(",")
            if label:
                labels.append(float(label))
            for pair in pairs.split():
                feature, _, count = pair.partition(":")
                columns.extend(names.setdefault((feature, i), len(names)) for i in range(int(count)))
            totals.append(len(columns) - starts[-1])
            starts.append(len(columns))
    ones = numpy.ones(len(columns), dtype=numpy.float32)
    # One row for each molecule, one column for each (feature, "at least this many").
    unary = scipy.sparse.csr_matrix((ones, columns, starts), shape=(len(totals), len(names)))
    totals = numpy.array(totals, dtype=float)
    transposed = unary[:train].T.tocsc()
    labels = numpy.array(labels) - report["mean"]
    count = unary.shape[0] - train

    def similarities(rows):
        low = numpy.asarray((unary[rows] @ transposed).todense(), dtype=float)
        return low / (totals[rows][:, None] + totals[None, :train] - low)

    class Precomputed(StationaryKernelMixin, Kernel):
        """Similarities to the training molecules; inputs are rows of `block`."""

        block = similarities(slice(0, train))

        def __init__(self):  # scikit-learn copies kernels through this signature
            pass

        def __call__(self, x, y=None, eval_gradient=False):
            values = self.block.copy()
            return (values, numpy.empty((*values.shape, 0))) if eval_gradient else values

        def diag(self, x):
            return numpy.ones(len(x))

    numbers = numpy.arange(train)[:, None]

    def model(estimated):
        bounds = (1e-6, 1e6) if estimated else "fixed"
        kernel = ConstantKernel(report["signal_variance"], bounds) * Precomputed()
        kernel += WhiteKernel(report["noise_variance"], bounds)
        return GaussianProcessRegressor(kernel, alpha=0.0, optimizer="fmin_l_bfgs_b" if estimated else None)

    def spent(work):
        runs = []
        for _ in range(repeats):
            clock, cpu = time.perf_counter(), time.process_time()
            result = work()
            runs.append((time.perf_counter() - clock, time.process_time() - cpu))
        wall, cpu = (statistics.median(values) for values in zip(*runs))
        return {"wall_seconds": wall, "cpu_seconds": cpu}, result

    def rank(fitted):
        mean, sd = numpy.empty(count), numpy.empty(count)
        for start in range(0, count, BLOCK):
            end = min(start + BLOCK, count)
            Precomputed.block = similarities(slice(train + start, train + end))
            mean[start:end], sd[start:end] = fitted.predict(numpy.arange(start, end)[:, None], return_std=True)
        return mean + report["mean"], sd, numpy.argsort(-(mean + sd), kind="stable")

    def all_similarities():
        for start in range(0, count, BLOCK):
            similarities(slice(train + start, train + min(start + BLOCK, count)))

    fit_estimated, _ = spent(lambda: model(True).fit(numbers, labels))
    fit_given, fitted = spent(lambda: model(False).fit(numbers, labels))
    only_similarities, _ = spent(all_similarities)
    predict, (mean, sd, _) = spent(lambda: rank(fitted))
    ours = numpy.loadtxt(folder / "predictions.txt")
    ours_sd = ours[:, 1] / report["calibration"]
    return {
        "versions": {"numpy": numpy.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__},
        "fit_estimated": fit_estimated,
        "fit_given": fit_given,
        "similarities": only_similarities,
        "predict_and_rank": predict,
        "peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "largest_difference_of_means": float(numpy.abs(ours[:, 0] - mean).max()),
        # Not zero: joulery adds the uncertainty of the estimated mean, which scikit-learn takes as known.
        "largest_difference_of_sds": float(numpy.abs(ours_sd / sd - 1).max()),
    }


main()
