#!/usr/bin/env python3
"""Times a Gaussian process on 2,000 Morgan fingerprints, hyper-parameters found, and 100,000 predictions.

    pip install -r bench/requirements-kernels.txt   (or scripts/setup --bench-kernels)
    python bench/gp_fit.py [--library ../shared/data/moses/test.csv.gz] [--train 2000] [--candidates 100000]
                           [--repeats 3] [--gpytorch-repeats 1] [--peers scikit_learn,gpytorch]

Everyone gets the same Morgan counts and made-up labels (see crates/learn/examples/gp_rank.rs) and gives mean and standard
deviation of all candidates, in one thread; figures are processor seconds, medians over the repeats (GPyTorch
runs once, unless asked for more).

Neither peer has a Tanimoto kernel. Counts are written in unary (a count c as c ones), so that minima become inner
products, a sparse matrix product for scikit-learn (a kernel class over row numbers, which hands out similarities), a
dense one for GPyTorch (GAUCHE's kernel: inner product over the sum of squared norms less the inner product; a column of
its own holds the features that no training molecule has). To the peers' advantage, similarities of the training molecules
are computed once and not for each evaluation. GPyTorch fits a constant mean, joulery integrates it
out, scikit-learn is given joulery's. Writes bench/gp_fit.json.
"""

import argparse
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
BLOCK = 2000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=pathlib.Path, default=ROOT / "../shared/data/moses/test.csv.gz")
    parser.add_argument("--train", type=int, default=2000)
    parser.add_argument("--candidates", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--gpytorch-repeats", type=int, default=1)
    parser.add_argument("--peers", default="scikit_learn,gpytorch")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(globals()[options.child](options.folder, options.train)))
        return
    build = ["cargo", "build", "--release", "-q", "-p", "learn", "--example", "gp_rank"]
    subprocess.run(build, cwd=ROOT, check=True)
    facts = Facts("numpy", "scipy", "scikit-learn")
    sizes = ["--train", str(options.train), "--repeats", str(options.repeats)]
    figures = {"train": options.train, "candidates": options.candidates}
    with tempfile.TemporaryDirectory() as folder:
        library = ["--library", str(options.library), "--candidates", str(options.candidates)]
        own = run([ROOT / "target/release/examples/gp_rank", *sizes, *library, "--export", folder])
        (pathlib.Path(folder) / "report.json").write_text(json.dumps(own["report"]))
        figures["joulery"] = {
            "fit": own["fit"]["cpu_seconds"], "predict": own["predict_and_rank"]["cpu_seconds"],
            "repeats": options.repeats, "peak_mebibytes": own["peak_mebibytes"], "evaluations": own["report"]["evaluations"],
        }  # fmt: skip
        for peer in filter(None, options.peers.split(",")):
            command = [sys.executable, __file__, *sizes, "--child", peer, "--folder", folder]
            repeats = options.gpytorch_repeats if peer == "gpytorch" else options.repeats
            try:
                figures[peer] = middle([run(command) for _ in range(repeats)])
            except subprocess.CalledProcessError as error:
                figures[peer] = {"failed": str(error)[-200:]}
                continue
            for part in ("fit", "predict"):
                figures[peer][f"{part}_to_joulery"] = figures[peer][part] / figures["joulery"][part]
    figures["about"] = facts.so_far() | {"threads": 1}
    (ROOT / "bench/gp_fit.json").write_text(json.dumps(figures, indent=2) + "\n")
    show(figures)


def middle(runs):
    """The last of several runs, with their median times."""
    times = {part: statistics.median(run[part] for run in runs) for part in ("fit", "predict")}
    return {**runs[-1], **times, "repeats": len(runs)}


def run(command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def show(figures):
    print(f"{figures['train']} labels, {figures['candidates']} predictions; processor seconds, one thread\n")
    print("| | fit | predict | both | times joulery's | likelihood less joulery's | means off, label sd |")
    print("|---|---|---|---|---|---|---|")
    own = figures["joulery"]["fit"] + figures["joulery"]["predict"]
    for name in ("joulery", "scikit_learn", "gpytorch"):
        figure = figures.get(name, {"failed": "not run"})
        if "failed" in figure:
            print(f"| {name} | {figure['failed']} | | | | | |")
            continue
        both = figure["fit"] + figure["predict"]
        gain, off = (f"{figure[key]:.2e}" if key in figure else "" for key in ("likelihood_gain", "means_off"))
        print(f"| {name} | {figure['fit']:.2f} | {figure['predict']:.2f} | {both:.2f} | {both / own:.2f} | {gain} | {off} |")


class Data:
    """Counts in unary: a sparse row for each molecule, a column for each (feature, "at least this many")."""

    def __init__(self, folder, train):
        import scipy.sparse

        labels, columns, starts, names = [], [], [0], {}
        with open(folder / "counts.txt") as lines:
            for text in lines:
                label, _, pairs = text.rstrip("\n").partition(",")
                if label:
                    labels.append(float(label))
                for pair in pairs.split():
                    feature, _, number = pair.partition(":")
                    columns.extend(names.setdefault((feature, i), len(names)) for i in range(int(number)))
                starts.append(len(columns))
        ones = numpy.ones(len(columns), dtype=numpy.float32)
        self.rows = scipy.sparse.csr_matrix((ones, columns, starts), shape=(len(starts) - 1, len(names)))
        self.totals = numpy.diff(starts).astype(float)
        self.train, self.labels = train, numpy.array(labels)
        self.count = len(self.totals) - train
        self.transposed = self.rows[:train].T.tocsc()
        self.report = json.loads((folder / "report.json").read_text())
        self.ours = numpy.loadtxt(folder / "predictions.txt")

    def similarities(self, rows):
        low = numpy.asarray((self.rows[rows] @ self.transposed).todense(), dtype=float)
        return low / (self.totals[rows][:, None] + self.totals[None, : self.train] - low)

    def likelihood(self, values, projected, mean, signal, noise):
        """Of a constant mean, from eigenvalues and labels in the eigenbasis."""
        rest = projected[0] - mean * projected[1]
        total = signal * values + noise
        return -0.5 * float((rest**2 / total + numpy.log(2.0 * numpy.pi * total)).sum())

    def compared(self, mean, signal, noise, means):
        """The likelihood above that at joulery's values, and how far the means are."""
        values, vectors = numpy.linalg.eigh(self.similarities(slice(0, self.train)))
        projected = vectors.T @ self.labels, vectors.T @ numpy.ones(self.train)
        ours = self.likelihood(
            values, projected, self.report["mean"], self.report["signal_variance"], self.report["noise_variance"]
        )
        return {
            "mean": float(mean), "signal_variance": float(signal), "noise_variance": float(noise),
            "likelihood_gain": self.likelihood(values, projected, mean, signal, noise) - ours,
            "means_off": float(numpy.abs(means - self.ours[:, 0]).max() / self.labels.std()),
        }  # fmt: skip


def scikit_learn(folder, train):
    import warnings

    import sklearn
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Kernel, StationaryKernelMixin, WhiteKernel

    warnings.simplefilter("ignore")
    data = Data(folder, train)
    # The constant that GPyTorch finds and joulery integrates out: scikit-learn has no such parameter.
    mean = data.report["mean"]

    class Tanimoto(StationaryKernelMixin, Kernel):
        """Inputs are row numbers."""

        def __init__(self):  # scikit-learn copies kernels through this signature
            pass

        def __call__(self, x, y=None, eval_gradient=False):
            if y is None:
                values = among.copy()
                return (values, numpy.empty((*values.shape, 0))) if eval_gradient else values
            return data.similarities(slice(int(x[0, 0]), int(x[-1, 0]) + 1))

        def diag(self, x):
            return numpy.ones(len(x))

    start = time.process_time()
    among = data.similarities(slice(0, train))
    spread = data.labels.var()
    kernel = ConstantKernel(spread, (1e-6, 1e6)) * Tanimoto() + WhiteKernel(0.1 * spread, (1e-6, 1e6))
    model = GaussianProcessRegressor(kernel, alpha=0.0).fit(numpy.arange(train)[:, None], data.labels - mean)
    fit = time.process_time() - start
    start = time.process_time()
    means, deviations = numpy.empty(data.count), numpy.empty(data.count)
    for first in range(0, data.count, BLOCK):
        rows = numpy.arange(first, min(first + BLOCK, data.count))
        means[rows], deviations[rows] = model.predict(train + rows[:, None], return_std=True)
    predict = time.process_time() - start
    signal, noise = numpy.exp(model.kernel_.theta)
    compared = data.compared(mean, signal, noise, means + mean)
    return {"version": sklearn.__version__, "fit": fit, "predict": predict, **compared}


def gpytorch(folder, train):
    import gpytorch
    import torch

    torch.set_num_threads(1)
    data = Data(folder, train)
    live = numpy.flatnonzero(numpy.asarray(data.rows[:train].sum(axis=0)).ravel())

    def dense(rows):
        part = numpy.asarray(data.rows[rows][:, live].todense(), dtype=float)
        unseen = data.totals[rows] - part.sum(axis=1)
        return torch.from_numpy(numpy.hstack([part, numpy.sqrt(unseen)[:, None]]))

    def similarity(a, b):
        products = a @ b.T
        squares = (a * a).sum(-1, keepdim=True) + (b * b).sum(-1, keepdim=True).T
        return products / (squares - products)

    class Tanimoto(gpytorch.kernels.Kernel):
        has_lengthscale = False

        def forward(self, a, b, diag=False, **_):
            if diag:
                return torch.ones(a.shape[0], dtype=a.dtype)
            if a is x and b is x or (a.shape == b.shape == x.shape and torch.equal(a, x) and torch.equal(b, x)):
                return among
            return similarity(a, b)

    class Model(gpytorch.models.ExactGP):
        def __init__(self):
            super().__init__(x, y, likelihood)
            self.mean_module = gpytorch.means.ConstantMean()
            self.covar_module = gpytorch.kernels.ScaleKernel(Tanimoto())

        def forward(self, rows):
            return gpytorch.distributions.MultivariateNormal(self.mean_module(rows), self.covar_module(rows))

    start = time.process_time()
    x, y = dense(slice(0, train)), torch.from_numpy(data.labels)
    among = similarity(x, x)
    likelihood = gpytorch.likelihoods.GaussianLikelihood().double()
    model = Model().double()
    model.mean_module.initialize(constant=float(y.mean()))
    model.covar_module.outputscale = float(y.var())
    likelihood.noise = 0.1 * float(y.var())
    with gpytorch.settings.fast_computations(False, False, False), gpytorch.settings.debug(False):
        model.train(), likelihood.train()
        objective = gpytorch.mlls.ExactMarginalLogLikelihood(likelihood, model)
        optimiser = torch.optim.LBFGS(
            model.parameters(), max_iter=30, line_search_fn="strong_wolfe", tolerance_change=1e-7
        )

        def closure():
            optimiser.zero_grad()
            loss = -objective(model(x), y)
            loss.backward()
            return loss

        optimiser.step(closure)
        model.eval(), likelihood.eval()
        fit = time.process_time() - start
        start = time.process_time()
        means, deviations = numpy.empty(data.count), numpy.empty(data.count)
        with torch.no_grad():
            for first in range(0, data.count, BLOCK):
                last = min(first + BLOCK, data.count)
                # The marginals alone: a joint covariance of the candidates is not asked for.
                cross = model.covar_module.outputscale * similarity(dense(slice(train + first, train + last)), x)
                if first == 0:
                    signal, noise = model.covar_module.outputscale, likelihood.noise
                    lower = torch.linalg.cholesky(signal * among + noise * torch.eye(train, dtype=x.dtype))
                    rest = (y - model.mean_module.constant)[:, None]
                    alpha = torch.cholesky_solve(rest, lower)
                means[first:last] = (model.mean_module.constant + cross @ alpha[:, 0]).numpy()
                solved = torch.linalg.solve_triangular(lower, cross.T, upper=False)
                deviations[first:last] = (signal + noise - (solved * solved).sum(0)).sqrt().numpy()
        predict = time.process_time() - start
    compared = data.compared(float(model.mean_module.constant), float(signal), float(noise), means)
    versions = {"gpytorch": gpytorch.__version__, "torch": torch.__version__}
    return {"version": versions, "fit": fit, "predict": predict, **compared}


if __name__ == "__main__":
    main()
