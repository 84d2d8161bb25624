#!/usr/bin/env python3
"""Makes dispersion_reference.json: coordination numbers, repulsion and D4 energies of GFN2-xTB with their derivatives.

    pip install dxtb==0.4.0 tad-dftd4==0.8.0 tad-mctc==0.7.0 torch
    python make_dispersion_reference.py

Twelve clusters of atoms at chemical distances from a fixed random sequence; every element from H to Rn is in one. Charges
are random too. Bohr, hartree, e. Derivatives are by automatic differentiation. That version of tad-mctc has the bohr of
CODATA 2014; covalent radii are converted with that of 2018, as tblite does.
"""
import json
import pathlib

import tad_dftd4 as d4
import tad_mctc
import torch
import dxtb
from dxtb._src.components.classicals.repulsion import new_repulsion
from tad_dftd4.dispersion import dispersion2
from tad_dftd4.dispersion.d4 import D4ATMApprox
from tad_mctc.data.en import PAULING
from tad_mctc.data.radii import COV_D3
from tad_mctc.ncoord import coordination_number, erf_count, gfn2_count
from tad_mctc.units import length

DD = {"dtype": torch.double, "device": torch.device("cpu")}
PARAM = {"s6": 1.0, "s8": 2.7, "s9": 5.0, "a1": 0.52, "a2": 5.0, "alp": 16.0}


def sequence():
    """Uniform numbers in [0, 1), the same with every version of everything."""
    state = 20190228
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (state >> 11) / 2**53


def cluster(first, random):
    numbers = list(range(first, 87, 12))
    numbers += [1, 6, 7, 8, 1, 6][: 12 - len(numbers)]
    radii = COV_D3(**DD)[torch.tensor(numbers)].tolist()
    positions = []
    while len(positions) < len(numbers):
        trial = [round(11.0 * next(random), 4) for _ in range(3)]
        distances = [sum((a - b) ** 2 for a, b in zip(trial, other)) ** 0.5 for other in positions]
        sums = [radii[len(positions)] + r for r in radii]
        if all(d > 0.72 * s for d, s in zip(distances, sums)):
            positions.append(trial)
    return numbers, positions, [round(1.6 * next(random) - 0.8, 4) for _ in numbers]


def counts(z, x):
    """Coordination numbers of GFN2 and of D4."""
    rcov = COV_D3(**DD)[z] / length.AA2AU / 0.529177210903
    en = PAULING(**DD)[z]
    weight = 4.10451 * torch.exp(-((torch.abs(en.unsqueeze(-2) - en.unsqueeze(-1)) + 19.08857) ** 2) / (2 * 11.28174**2))
    both = {"rcov": rcov, "cutoff": torch.tensor(25.0, **DD)}
    return (coordination_number(z, x, counting_function=gfn2_count, **both),
            coordination_number(z, x, counting_function=erf_count, pair_weight=weight, **both))


def derivative(energy, by):
    return torch.autograd.grad(energy.sum(), by)[0].tolist()


def main():
    random = sequence()
    cutoff = d4.cutoff.Cutoff(disp2=50.0, disp3=25.0, cn=25.0, **DD)
    param = {key: torch.tensor(value, **DD) for key, value in PARAM.items()}
    out = []
    for first in range(1, 13):
        numbers, positions, charges = cluster(first, random)
        z = torch.tensor(numbers)
        x = torch.tensor(positions, **DD, requires_grad=True)
        q = torch.tensor(charges, **DD, requires_grad=True)
        r4r2 = d4.data.R4R2(**DD)[z]
        model = d4.model.D4Model(z, ref_charges="gfn2", **DD)
        cn_gfn, cn = counts(z, x)
        two = dispersion2(z, x, param, model.get_atomic_c6(model.weight_references(cn, q)), r4r2, cutoff=cutoff.disp2)
        three = D4ATMApprox(charge_dependent=False).calculate(z, x, param, cn, model, None, r4r2, r4r2, cutoff)
        unique = torch.unique(z)
        repulsion = new_repulsion(unique, dxtb.GFN2_XTB, **DD)
        cache = repulsion.get_cache(numbers=z, ihelp=dxtb.IndexHelper.from_numbers(z, dxtb.GFN2_XTB))
        rep = repulsion.get_energy(x, cache)
        weights = torch.arange(1, len(numbers) + 1, **DD)
        out.append({
            "numbers": numbers, "positions": positions, "charges": charges,
            "cn_gfn2": cn_gfn.tolist(), "cn_d4": cn.tolist(),
            # of the sum of all coordination numbers times 1, 2, 3...
            "cn_gfn2_gradient": derivative(weights * cn_gfn, x),
            "repulsion": rep.tolist(), "repulsion_gradient": derivative(rep, x),
            "two_body": two.tolist(), "three_body": three.tolist(),
            "two_body_potential": torch.autograd.grad(two.sum(), q, retain_graph=True)[0].tolist(),
            "two_body_gradient": torch.autograd.grad(two.sum(), x, retain_graph=True)[0].tolist(),
            "three_body_gradient": derivative(three, x),
        })

    def shorten(value):
        if isinstance(value, list):
            return [shorten(v) for v in value]
        return float(f"{value:.13e}") if isinstance(value, float) else value

    versions = {"dxtb": dxtb.__version__, "tad-dftd4": d4.__version__, "tad-mctc": tad_mctc.__version__,
                "torch": torch.__version__}
    lines = [json.dumps({key: shorten(value) for key, value in m.items()}) for m in out]
    text = '{"versions": ' + json.dumps(versions) + ',\n "clusters": [\n' + ",\n".join(lines) + "\n]}\n"
    pathlib.Path(__file__).with_name("dispersion_reference.json").write_text(text)


if __name__ == "__main__":
    main()
