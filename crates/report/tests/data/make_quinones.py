#!/usr/bin/env python3
"""Writes quinones.json: EXAMPLE DATA MADE UP for tests of layout. No number in it was computed by any method.

Molecules are real quinones with formula, weight and canonical SMILES by RDKit; values, costs and predictions are
drawn from a seeded generator so that the curves look like those of a campaign. Needs RDKit (written with 2026.09.1).

    make_quinones.py > quinones.json
"""

import json
import math
import random
import sys

from rdkit import Chem
from rdkit.Chem import Descriptors, rdMolDescriptors

random.seed(7)

SHORT_LIST = [
    "N#CC1=C(C#N)C(=O)C(S(=O)(=O)O)=CC1=O",
    "O=C1C=C([N+](=O)[O-])C(=O)C(C(F)(F)F)=C1",
    "N#CC1=CC(=O)C(S(=O)(=O)O)=C(F)C1=O",
    "O=C(O)C1=C([N+](=O)[O-])C(=O)C=CC1=O",
    "N#CC1=C(C(F)(F)F)C(=O)c2ccccc2C1=O",
    "O=C1C(Cl)=C(C#N)C(=O)c2cc(S(=O)(=O)O)ccc21",
    "O=C1c2ccccc2C(=O)c2c([N+](=O)[O-])ccc(S(=O)(=O)O)c21",
    "Nc1c(S(=O)(=O)O)cc(O)c2c1C(=O)c1ccccc1C2=O",
    "COC1=C(C#N)C(=O)C=C(Br)C1=O",
]
PROMISING = [
    "N#CC1=C(S(=O)(=O)O)C(=O)C(F)=CC1=O",
    "O=C1C=C(C(F)(F)F)C(=O)C(S(=O)(=O)O)=C1C#N",
    "N#CC1=C([N+](=O)[O-])C(=O)c2c(O)cccc2C1=O",
    "O=C(O)c1cccc2c1C(=O)C(C#N)=C(Cl)C2=O",
]


def described(smiles):
    molecule = Chem.MolFromSmiles(smiles)
    return {
        "smiles": Chem.MolToSmiles(molecule),
        "formula": rdMolDescriptors.CalcMolFormula(molecule),
        "molecular_weight": round(Descriptors.MolWt(molecule), 3),
    }


def cost(core_seconds):
    return {"joules": round(core_seconds * 15.6, 3), "core_seconds": round(core_seconds, 4)}


def campaign():
    """Evaluations, rounds, shadow."""
    evaluations, rounds, spent, best = [], [], 0.0, None
    for number in range(24):
        size = 40 if number == 0 else 10
        chemistry = 0.0
        for _ in range(size):
            seconds = random.lognormvariate(0.3, 0.4)
            chemistry += seconds
            spent += seconds * 15.6
            if number == 0:
                value, predicted = random.gauss(-1.42, 0.13), None
            else:
                skill = 1 - math.exp(-number / 5)
                mean = -1.42 - 0.33 * skill + random.gauss(0, 0.06)
                sd = 0.05 + 0.06 * math.exp(-number / 6) + random.random() * 0.02
                value = random.gauss(mean, sd * 0.95)
                predicted = {"mean": round(mean, 5), "sd": round(sd, 5)}
            best = value if best is None else min(best, value)
            evaluations.append(
                {"spent": round(spent, 2), "value": round(value, 5), "best": round(best, 5), "initial": number == 0,
                 "predicted": predicted}
            )
        engine = 0.06 + 0.01 * number
        spent += engine * 15.6
        rounds.append(
            {"round": number, "evaluated": size, "failed": 1 if number % 6 == 2 else 0, "chemistry": cost(chemistry),
             "engine": cost(engine), "best": round(best, 5)}
        )
    shadow = []
    for i in range(1, 41):
        joules = spent * i / 40
        n = joules / 15.6 / 1.46
        # Quantiles of the smallest of n normal values.
        def quantile(q):
            p = 1 - (1 - q) ** (1 / n)
            low, high = -8.0, 8.0
            for _ in range(60):
                middle = (low + high) / 2
                below = 0.5 * (1 + math.erf(middle / math.sqrt(2)))
                low, high = (middle, high) if below < p else (low, middle)
            return round(-1.42 + 0.115 * low, 5)
        shadow.append({"spent": round(joules, 2), "low": quantile(0.1), "median": quantile(0.5), "high": quantile(0.9)})
    return evaluations, rounds, shadow, spent


def main():
    evaluations, rounds, shadow, spent = campaign()
    best = sorted(evaluations, key=lambda e: e["value"])
    short_list = []
    for rank, (smiles, evaluation) in enumerate(zip(SHORT_LIST, best), 1):
        entry = {"rank": rank, **described(smiles), "sa_score": round(random.uniform(2.1, 4.2), 3)}
        entry |= {"value": evaluation["value"], "predicted": evaluation["predicted"],
                  "cost": cost(random.uniform(0.9, 3.0)), "method": "gfn2", "other": []}
        short_list.append(entry)
    promising = []
    for i, smiles in enumerate(PROMISING):
        entry = described(smiles)
        del entry["molecular_weight"]
        entry |= {"sa_score": round(random.uniform(2.1, 4.2), 3),
                  "predicted": {"mean": round(-1.86 + 0.02 * i, 5), "sd": round(random.uniform(0.04, 0.12), 5)},
                  "predicted_cost": cost(random.uniform(0.9, 3.0))}
        promising.append(entry)
    pairs = [(e["predicted"], e["value"]) for e in evaluations if e["predicted"]]
    values = [v for _, v in pairs]
    mean = sum(values) / len(values)
    mse = sum((v - p["mean"]) ** 2 for p, v in pairs) / len(pairs)
    calculations = sum(r["chemistry"]["core_seconds"] for r in rounds)
    engine = sum(r["engine"]["core_seconds"] for r in rounds)
    kinds = [("calculation", 278, 0.93 * calculations), ("failed_calculation", 4, 0.02 * calculations),
             ("geometry", 556, 0.05 * calculations), ("space", 1, 0.3 * engine), ("features", 1, 0.15 * engine),
             ("fit", 24, 0.35 * engine), ("decide", 24, 0.15 * engine), ("archive", 306, 0.05 * engine),
             ("lost", 1, 1.7)]
    total = cost(calculations + engine + 1.7)
    report = {
        "campaign": "Quinones for flow batteries (EXAMPLE DATA, made up by a script)",
        "started": "2026-03-02T09:14:05Z",
        "finished": "2026-03-02T09:17:52Z",
        "stop_reason": "the budget does not cover the upper estimate of any further calculation",
        "question": {
            "words": "Which benzo-, naphtho- and anthraquinones take up two electrons and two protons most eagerly, as "
                     "the positive side of an aqueous flow battery needs?",
            "property": "reduction energy",
            "unit": "eV",
            "goal": "minimise",
            "constraints": ["molecular weight at most 350 g/mol", "SA score at most 4.5", "elements C, H, N, O, F, S, Cl, Br"],
            "candidate": "quinone",
            "candidates": "quinones",
        },
        "budget": {"cap": 8.0, "unit": "kJ", "spent": round(total["joules"] / 1000, 4), "cap_joules": 8000.0},
        "verdicts": [
            {"kind": "finding", "text": "Choosing by value per joule paid: random choice would have needed an estimated 9 times the energy."},
            {"kind": "caution", "text": "GFN2-xTB is a semi-empirical method: check the first three with a density functional before synthesis."},
        ],
        "totals": {
            "evaluated": len(evaluations), "reused": 12,
            "failed": [{"kind": "connectivity changed", "count": 3}, {"kind": "timed out", "count": 1}],
            "cost": total, "joules_interval": [round(0.8 * total["joules"], 1), round(1.3 * total["joules"], 1)],
            "co2e": round(total["joules"] / 3.6e6 * 380, 6), "money": round(total["joules"] / 3.6e6 * 0.3, 7),
            "wall": 227.0, "tier": "accounting",
            "conversion": {"watts_per_core": 12.0, "pue": 1.3, "grid_gco2e_per_kwh": 380.0, "euro_per_kwh": 0.3,
                           "source": "campaign file"},
        },
        "space": {
            "description": "Three quinone cores with up to two of 14 substituents", "size": 6043, "enumerated": 7412,
            "filtered": [{"kind": "molecular weight above 350 g/mol", "count": 844}, {"kind": "SA score above 4.5", "count": 525}],
            "duplicates": 5120, "skipped_lines": 0,
        },
        "short_list": short_list,
        "promising": promising,
        "evaluations": evaluations,
        "shadow": {"how": "the best of as many draws from the values of the random start as the same energy would have bought.",
                   "points": shadow},
        "calibration": {
            "n": len(pairs),
            "coverage_90": round(sum(abs(v - p["mean"]) <= 1.6449 * p["sd"] for p, v in pairs) / len(pairs), 6),
            "rmse": round(math.sqrt(mse), 6),
            "mae": round(sum(abs(v - p["mean"]) for p, v in pairs) / len(pairs), 6),
            "r2": round(1 - mse / (sum((v - mean) ** 2 for v in values) / len(values)), 6),
        },
        "cost_by_kind": [{"kind": k, "count": n, "cost": cost(s)} for k, n, s in kinds],
        "rounds": rounds,
        "failures": [
            {"smiles": Chem.CanonSmiles("O=C1C=CC(=O)C(S(=O)(=O)O)=C1C(=O)O"), "kind": "connectivity changed",
             "message": "after the optimisation atoms O9 and H17 are 2.31 angstrom apart, the bond is gone"},
            {"smiles": Chem.CanonSmiles("O=C1C(O)=C(N)C(=O)c2ccccc12"), "kind": "connectivity changed",
             "message": "after the optimisation atoms O3 and H14 are bonded, which they were not"},
            {"smiles": Chem.CanonSmiles("O=C1c2ccccc2C(=O)c2c(O)c(S(=O)(=O)O)ccc21"), "kind": "connectivity changed",
             "message": "after the optimisation atoms O21 and H28 are 1.94 angstrom apart, the bond is gone"},
            {"smiles": Chem.CanonSmiles("COC1=C(OC)C(=O)c2cc(C(F)(F)F)ccc2C1=O"), "kind": "timed out",
             "message": "xtb was stopped after 60 s without a result"},
        ],
        "repeat": {
            "spec_file": "campaign.toml",
            "spec": "[campaign]\nname = \"Quinones for flow batteries\"\nseed = 7\n\n[budget]\nenergy = \"8 kJ\"\n\n"
                    "[objective]\nproperty = \"reduction_energy\"\ngoal = \"minimise\"\nmethod = \"gfn2\"\n",
            "seed": 7,
            "commands": ["joulery run campaign.toml", "joulery report campaign.toml"],
            "methods": [{"id": "gfn2", "engine": "xtb 6.5.1", "settings": "optimisation level normal, gas phase, 60 s at most"}],
            "versions": [{"name": "joulery", "version": "0.1.0"}, {"name": "xtb", "version": "6.5.1"}],
            "machine": {"cpu": "Example CPU 2.5 GHz", "cores": 2, "memory_gib": 8.0, "system": "Debian 12, x86-64"},
        },
    }
    json.dump(report, sys.stdout, indent=1, ensure_ascii=False)
    print()


main()
