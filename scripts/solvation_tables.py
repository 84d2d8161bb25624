#!/usr/bin/env python3
"""Makes the tables of implicit solvation of the crate `quantum`: parameters by solvent, and a Lebedev grid.

    scripts/solvation_tables.py SOURCE            writes crates/quantum/src/tables/{alpb,lebedev}.rs
    scripts/solvation_tables.py SOURCE --check    fails if a committed table differs from its source

SOURCE is an unpacked source distribution of tblite 0.8.0 (PyPI), the program in which the authors of the method
publish its fitted numbers. Only numbers are read from it. One way to get it: a file
`param_alpb_water.fh` appears below DIR after
    TMPDIR=DIR pip download --no-clean --no-deps --no-binary tblite tblite==0.8.0
even where the package cannot be built. The radii come from tad-mctc 0.11.3 (Apache-2.0), the grid from scipy (BSD),
which has to be installed.
"""
import argparse
import pathlib
import re
import tempfile

import quantum_tables
from quantum_tables import TABLES, number

# Name here, name in the source, further names. The last are those people use; punctuation and case do not count.
SOLVENTS = [
    ("acetone", "acetone", ["propanone"]),
    ("acetonitrile", "acetonitrile", ["mecn", "ch3cn"]),
    ("aniline", "aniline", []),
    ("benzaldehyde", "benzaldehyde", []),
    ("benzene", "benzene", []),
    ("carbon disulfide", "cs2", ["cs2", "carbondisulphide"]),
    ("chloroform", "chcl3", ["chcl3", "trichloromethane"]),
    ("dichloromethane", "ch2cl2", ["ch2cl2", "dcm", "dichlormethane", "methylenechloride"]),
    ("diethyl ether", "ether", ["ether", "et2o"]),
    ("dioxane", "dioxane", ["1,4-dioxane"]),
    ("dmf", "dmf", ["dimethylformamide"]),
    ("dmso", "dmso", ["dimethylsulfoxide", "dimethylsulphoxide"]),
    ("ethanol", "ethanol", ["etoh"]),
    ("ethyl acetate", "ethylacetate", ["etoac"]),
    ("furan", "furane", ["furane"]),
    ("hexadecane", "hexadecane", ["n-hexadecane"]),
    ("hexane", "hexane", ["n-hexane", "nhexan"]),
    ("methanol", "methanol", ["meoh"]),
    ("nitromethane", "nitromethane", ["meno2", "ch3no2"]),
    ("octanol", "octanol", ["1-octanol"]),
    ("wet octanol", "woctanol", ["woctanol"]),
    ("phenol", "phenol", []),
    ("thf", "thf", ["tetrahydrofuran"]),
    ("toluene", "toluene", []),
    ("water", "water", ["h2o"]),
]
HEADER = "//! {what}\n//!\n//! Source: {source}\n//! Written by `scripts/solvation_tables.py`; do not edit.\n\n"


def plain(name):
    """A name without punctuation and case, as `Solvent::parse` compares them."""
    return "".join(c for c in name.lower() if c.isalnum())


def block(root, kind, solvent):
    """The numbers of GFN2-xTB in one file of the source, in order."""
    found = list(pathlib.Path(root).glob(f"**/solvation/data/{kind}/param_alpb_{solvent}.fh"))
    if len(found) != 1:
        raise SystemExit(f"{root}: expected one {kind}/param_alpb_{solvent}.fh, found {len(found)}")
    text = found[0].read_text().split(f"gfn2_alpb_{solvent}", 1)[1]
    return [float(x) for x in re.findall(r"(-?\d+\.\d+)_wp", text)]


def listed(values, width=29):
    return "[\n            " + ",\n            ".join(
        ", ".join(number(v) for v in values[i:i + width]) for i in range(0, len(values), width)) + ",\n        ]"


def alpb(root):
    """Parameters of ALPB by solvent."""
    out = HEADER.format(
        what="Parameters of the ALPB solvation model for GFN2-xTB (S. Ehlert, M. Stahn, S. Spicher, S. Grimme,\n"
             "//! J. Chem. Theory Comput. 2021, 17, 4250), and the van der Waals radii it uses.",
        source="the numbers published with tblite 0.8.0 (solvation/data/{alpb,cds,shift}); radii: tad-mctc 0.11.3,\n"
               "//! tad_mctc/data/radii.py, Apache-2.0, Grimme group.",
    )
    out += "use crate::solvation::{Solvent, SolventParameters};\n\n"
    with tempfile.TemporaryDirectory() as folder:
        radii = quantum_tables.Source(folder).numbers("tad_mctc/data/radii.py", "_VDW_D3")[1:87]
    out += ("/// Van der Waals radii in angstrom (half of the homoatomic cutoff radii of D3, J. Chem. Phys. 2010, 132, 154104). "
            "By atomic number, hydrogen first.\n#[rustfmt::skip]\n"
            f"pub(crate) const VDW_RADII: [f64; 86] = {listed(radii, 10)};\n\n").replace("\n            ", "\n    ").replace("\n        ]", "\n]")
    out += f"/// In the order of the enumeration.\n#[rustfmt::skip]\npub(crate) static SOLVENTS: [SolventParameters; {len(SOLVENTS)}] = [\n"
    for name, key, others in SOLVENTS:
        born, cds, shift = (block(root, kind, key) for kind in ("alpb", "cds", "shift"))
        if (len(born), len(cds), len(shift)) != (97, 189, 3):
            raise SystemExit(f"{key}: unexpected shape {len(born)}, {len(cds)}, {len(shift)}")
        names = ", ".join(f'"{plain(n)}"' for n in [name, *others])
        variant = "".join(word.capitalize() for word in name.split())
        out += f'    SolventParameters {{\n        solvent: Solvent::{variant}, name: "{name}", keys: &[{names}],\n'
        scalars = [
            ("dielectric_constant", born[0]), ("born_scale", born[1]), ("born_offset", born[2]),
            ("probe_radius", cds[0]), ("molar_mass", shift[0]), ("density", shift[1]), ("shift", shift[2]),
        ]
        out += "        " + " ".join(f"{field}: {number(value)}," for field, value in scalars) + "\n"
        for field, values in [("descreening", born[3:]), ("surface_tension", cds[1:95]), ("hydrogen_bond", cds[95:])]:
            out += f"        {field}: {listed(values[:86])},\n"
        out += "    },\n"
    return out + "];\n"


def lebedev(_):
    """Generators of the Lebedev grid."""
    import scipy
    from scipy.integrate import lebedev_rule

    points, weights = lebedev_rule(25)
    generators = {}
    for point, weight in zip(points.T, weights):
        key = tuple(sorted((round(abs(float(x)), 13) for x in point), reverse=True))
        exact = tuple(sorted((abs(float(x)) for x in point), reverse=True))
        exact = tuple(0.0 if x < 1e-13 else x for x in exact)
        generators.setdefault(key, (exact, float(weight), []))[2].append(1)
    out = HEADER.format(
        what=f"Lebedev quadrature of degree 25 on the unit sphere, {points.shape[1]} points (V. I. Lebedev, D. N. Laikov,\n"
             "//! Dokl. Math. 1999, 59, 477).",
        source=f"scipy {scipy.__version__}, scipy.integrate.lebedev_rule(25), BSD-3-Clause.",
    )
    out += f"/// Number of points.\npub(crate) const POINTS: usize = {points.shape[1]};\n\n"
    out += ("/// One point of every orbit of the octahedral group, x >= y >= z >= 0, and the weight of each point of the\n"
            "/// orbit; the weights of all points sum to 4 pi.\n#[rustfmt::skip]\n"
            f"pub(crate) const GENERATORS: [([f64; 3], f64); {len(generators)}] = [\n")
    for exact, weight, _members in sorted(generators.values(), key=lambda g: (len(g[2]), g[0])):
        out += f"    ([{', '.join(number(x) for x in exact)}], {number(weight)}),\n"
    return out + "];\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", help="folder of the unpacked source distribution of tblite 0.8.0")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    wrong = []
    for name, maker in {"alpb.rs": alpb, "lebedev.rs": lebedev}.items():
        text = maker(options.source)
        path = TABLES / name
        if not options.check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            wrong.append(name)
    if wrong:
        raise SystemExit(f"{', '.join(wrong)}: differs from its source; run scripts/solvation_tables.py")
    print(f"2 tables {'equal their sources' if options.check else 'written'}")


if __name__ == "__main__":
    main()
