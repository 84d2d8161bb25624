"""ln of the expected improvement for tests/improvement.rs, from the closed form (sums of
tau(z) = z Phi(z) + phi(z) over the kinks of the improvement) in arithmetic of 1,200 digits,
where its cancellation does no harm.

    python3 improvement.py > improvement.json        (Python 3.11, mpmath 1.3.0)
"""

import json
import sys

import mpmath
from mpmath import mp, mpf

mp.dps = 1200


def tau(z):
    return z * mp.erfc(-z / mp.sqrt(2)) / 2 + mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def ln_ei(goal, low, high, mean, sd, incumbent):
    low, high, mean, sd, u = (mpf(x) for x in (low, high, mean, sd, incumbent))
    if goal == "maximise":
        ei = sd * tau((mean - u) / sd)
    elif goal == "minimise":
        ei = sd * tau((-mean - u) / sd)
    else:
        z = lambda a: tau((mean - a) / sd)
        ei = sd * (z(low + u) - z(low) - z(high) + z(high - u))
    return mp.log(ei)


def cases():
    for goal in ("maximise", "minimise"):
        for mean in (-45.0, -40.0, -5.5, -3.0, -2.9, -0.25, 0.0, 1e-9, 0.7, 4.0, 40.0):
            for sd, incumbent in ((1.0, 0.0), (0.01, mean / 2), (30.0, -1.25)):
                yield goal, 0.0, 0.0, mean, sd, incumbent
    for low, high in ((0.0, 0.0), (1.5, 1.5), (-0.5, 0.75), (-3.0, -2.9999999), (-20.0, 30.0)):
        for mean in (-42.0, -2.0, -0.1, 0.0, 0.3, 1.5, 6.0, 40.0):
            for sd in (1.0, 0.9, 25.0):
                for incumbent in (-1e-12, -1e-3, -0.2, -3.0, -50.0):
                    yield "range", low, high, mean, sd, incumbent


rows = []
for case in cases():
    goal, low, high, mean, sd, incumbent = case
    if goal == "range" or abs(mean) / sd < 1e4:
        rows.append([*case, float(ln_ei(*case))])
json.dump(
    {
        "made_by": "improvement.py, mpmath " + mpmath.__version__,
        "columns": ["goal", "low", "high", "mean", "sd", "incumbent", "ln_ei"],
        "rows": rows,
    },
    sys.stdout,
)
