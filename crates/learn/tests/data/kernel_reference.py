"""Reference values for the kernel models of `learn`, written to kernel_reference.json beside this script.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    python kernel_reference.py

Gaussian processes: GaussianProcessRegressor with ConstantKernel * RBF (or Matern with nu = 2.5) + WhiteKernel, at
fixed values and at the maximum of the marginal likelihood. Ridge: KernelRidge with kernels rbf and laplacian.
The labels are a smooth function of random rows with normal noise; the mean is taken as zero.
"""

import json
import pathlib
import platform

import numpy
import scipy
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel
from sklearn.kernel_ridge import KernelRidge

TRAIN, TEST, COLUMNS = 50, 20, 5
SETTINGS = [(1.3, 0.7, 0.04), (4.0, 25.0, 1e-4), (0.6, 2.0, 0.5)]
SHAPES = {"gaussian": RBF, "matern52": lambda length, bounds: Matern(length, bounds, nu=2.5)}


def process(shape, x, labels, length, signal, noise, optimise=False):
    bounds = (1e-4, 1e4) if optimise else "fixed"
    kernel = ConstantKernel(signal, bounds) * SHAPES[shape](length, bounds) + WhiteKernel(noise, bounds)
    model = GaussianProcessRegressor(
        kernel,
        alpha=0.0,
        optimizer="fmin_l_bfgs_b" if optimise else None,
        n_restarts_optimizer=10 if optimise else 0,
        random_state=1,
    )
    model.fit(x[:TRAIN], labels)
    predicted, sd = model.predict(x[TRAIN:], return_std=True)
    signal, length, noise = numpy.exp(model.kernel_.theta) if optimise else (signal, length, noise)
    return {
        "shape": shape,
        "length_scale": length,
        "signal_variance": signal,
        "noise_variance": noise,
        "log_marginal_likelihood": model.log_marginal_likelihood_value_,
        "predicted": list(predicted),
        "sd": list(sd),
    }


def ridge(shape, x, labels, length, noise):
    kernel, gamma = {"gaussian": ("rbf", 0.5 / length**2), "laplacian": ("laplacian", 1.0 / length)}[shape]
    model = KernelRidge(kernel=kernel, gamma=gamma, alpha=noise).fit(x[:TRAIN], labels)
    return {
        "shape": shape,
        "length_scale": length,
        "signal_variance": 1.0,
        "noise_variance": noise,
        "predicted": list(model.predict(x[TRAIN:])),
    }


def main():
    random = numpy.random.default_rng(20260102)
    x = random.normal(size=(TRAIN + TEST, COLUMNS))
    x[40:TRAIN] = x[: TRAIN - 40]  # copies, so that the noise is well determined
    labels = numpy.sin(x[:TRAIN] @ random.normal(size=COLUMNS)) + 0.2 * x[:TRAIN, 0] ** 2
    labels = labels + 0.2 * random.normal(size=TRAIN)
    reference = {
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "train": TRAIN,
        "columns": COLUMNS,
        "rows": list(x.ravel()),
        "labels": list(labels),
        "processes": [process(shape, x, labels, *setting) for shape in SHAPES for setting in SETTINGS],
        "ridges": [
            ridge(shape, x, labels, length, noise)
            for shape in ("gaussian", "laplacian")
            for length, _, noise in SETTINGS
        ],
        "maximum_likelihood": [process(shape, x, labels, 1.0, 1.0, 0.1, optimise=True) for shape in SHAPES],
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")


main()
