"""Reference values for the Gaussian process of `learn`, written to gp_reference.json beside this script.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    python gp_reference.py

Known mean: scikit-learn's GaussianProcessRegressor with the kernel a T + s I, where T is the Tanimoto
similarity on counts, at fixed values and at the maximum of the marginal likelihood.
Estimated mean: Rasmussen and Williams (2006) eq. 2.40, 2.41 and 2.45 with the one basis function h = 1 and a
flat prior, by dense linear algebra in numpy.
The data are random: sparse counts in six families, some rows copied, labels additive in the counts.
"""

import json
import pathlib
import platform

import numpy
import scipy
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Kernel, StationaryKernelMixin, WhiteKernel

TRAIN, TEST = 60, 25
SETTINGS = [(0.7, 0.04), (2.0, 0.5), (0.3, 1e-4)]


class Precomputed(StationaryKernelMixin, Kernel):
    """A kernel matrix given beforehand; inputs are row numbers. Nothing to optimise."""

    def __init__(self, matrix):
        self.matrix = matrix

    def __call__(self, x, y=None, eval_gradient=False):
        rows = x[:, 0].astype(int)
        columns = rows if y is None else y[:, 0].astype(int)
        values = self.matrix[numpy.ix_(rows, columns)]
        return (values, numpy.empty((*values.shape, 0))) if eval_gradient else values

    def diag(self, x):
        return numpy.ones(len(x))


def tanimoto(a, b):
    low = numpy.minimum(a[:, None, :], b[None, :, :]).sum(axis=2)
    return low / (a.sum(axis=1)[:, None] + b.sum(axis=1)[None, :] - low)


def known_mean(similarities, labels, mean, signal, noise, optimise=False):
    numbers = numpy.arange(TRAIN + TEST)[:, None]
    fixed = "fixed" if not optimise else (1e-5, 1e5)
    kernel = ConstantKernel(signal, fixed) * Precomputed(similarities) + WhiteKernel(noise, fixed)
    model = GaussianProcessRegressor(
        kernel,
        alpha=0.0,
        optimizer="fmin_l_bfgs_b" if optimise else None,
        n_restarts_optimizer=10 if optimise else 0,
        random_state=1,
    )
    model.fit(numbers[:TRAIN], labels - mean)
    predicted, sd = model.predict(numbers[TRAIN:], return_std=True)
    fitted = numpy.exp(model.kernel_.theta) if optimise else numpy.array([signal, noise])
    return {
        "mean": mean,
        "signal_variance": fitted[0],
        "noise_variance": fitted[1],
        "log_marginal_likelihood": model.log_marginal_likelihood_value_,
        "predicted": list(predicted + mean),
        "sd": list(sd),
    }


def estimated_mean(similarities, labels, signal, noise):
    train, test = slice(0, TRAIN), slice(TRAIN, None)
    covariance = signal * similarities[train, train] + noise * numpy.eye(TRAIN)
    inverse = numpy.linalg.inv(covariance)
    ones = numpy.ones(TRAIN)
    precision = ones @ inverse @ ones
    mean = ones @ inverse @ labels / precision
    cross = signal * similarities[train, test]
    rest = 1.0 - ones @ inverse @ cross
    variance = signal + noise - numpy.einsum("ij,ij->j", cross, inverse @ cross) + rest**2 / precision
    quadratic = (labels - mean) @ inverse @ (labels - mean)
    likelihood = -0.5 * (
        quadratic
        + numpy.linalg.slogdet(covariance)[1]
        + numpy.log(precision)
        + (TRAIN - 1) * numpy.log(2.0 * numpy.pi)
    )
    return {
        "mean": mean,
        "signal_variance": signal,
        "noise_variance": noise,
        "log_marginal_likelihood": likelihood,
        "predicted": list(mean + cross.T @ inverse @ (labels - mean)),
        "sd": list(numpy.sqrt(variance)),
    }


def main():
    random = numpy.random.default_rng(20260101)
    count = TRAIN + TEST
    parents = random.integers(1, 4, size=(6, 300)) * (random.random((6, 300)) < 0.1)
    counts = parents[random.integers(0, 6, size=count)] * (random.random((count, 300)) < 0.8)
    counts += random.random((count, 300)) < 0.02
    counts[40:TRAIN] = counts[: TRAIN - 40]  # copies, so that the noise is well determined
    contributions = random.normal(size=300)
    labels = 5.0 + 0.2 * counts @ contributions + 0.7 * random.normal(size=count)
    labels = labels[:TRAIN]
    similarities = tanimoto(counts, counts)
    reference = {
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "train": TRAIN,
        "counts": [[[int(f), int(row[f])] for f in numpy.flatnonzero(row)] for row in counts],
        "labels": list(labels),
        "known_mean": [known_mean(similarities, labels, 5.0, *setting) for setting in SETTINGS],
        "estimated_mean": [estimated_mean(similarities, labels, *setting) for setting in SETTINGS],
        "maximum_likelihood": known_mean(similarities, labels, 5.0, 1.0, 0.1, optimise=True),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")


main()
