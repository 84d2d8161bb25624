#!/usr/bin/env python3
"""Makes the parameter tables of the crate `quantum` from the Apache-2.0 packages that publish the numbers.

    scripts/quantum_tables.py            writes crates/quantum/src/tables/*.rs
    scripts/quantum_tables.py --check    fails if a committed table differs from its source

The packages are downloaded with pip (no dependencies, nothing is installed): the numbers are the same on every
machine because the versions are fixed here.
"""
import argparse
import ast
import decimal
import math
import pathlib
import struct
import subprocess
import sys
import tempfile
import tomllib
import zipfile

PACKAGES = {"dxtb": "0.4.0", "tad-dftd4": "0.8.0", "tad-mctc": "0.11.3"}
TABLES = pathlib.Path(__file__).resolve().parent.parent / "crates" / "quantum" / "src" / "tables"
SYMBOLS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr "
    "Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir "
    "Pt Au Hg Tl Pb Bi Po At Rn"
).split()
HEADER = "//! {what}\n//!\n//! Source: {source}\n//! Written by `scripts/quantum_tables.py`; do not edit.\n\n"


class Source:
    """The files of the downloaded packages."""

    def __init__(self, folder):
        self.archives = []
        for name, version in PACKAGES.items():
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:",
                       "--disable-pip-version-check", "-d", folder, f"{name}=={version}"]
            subprocess.run(command, check=True)
        for path in sorted(pathlib.Path(folder).glob("*.whl")):
            self.archives.append(zipfile.ZipFile(path))

    def read(self, name):
        for archive in self.archives:
            if name in archive.namelist():
                return archive.read(name)
        raise SystemExit(f"{name} is in none of the packages {PACKAGES}")

    def text(self, name):
        return self.read(name).decode()

    def numbers(self, name, variable):
        """The literal list (nested) assigned to `variable` in a Python file, tensor call or not."""
        for node in ast.walk(ast.parse(self.text(name))):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == variable:
                value = node.value
                while isinstance(value, ast.Call):
                    value = value.args[0]
                return ast.literal_eval(value)
        raise SystemExit(f"{name} assigns no {variable}")

    def array(self, name):
        """Shape and values of a numpy file of little-endian doubles in C order."""
        data = self.read(name)
        length = struct.unpack("<H", data[8:10])[0]
        header = ast.literal_eval(data[10:10 + length].decode())
        if header["descr"] != "<f8" or header["fortran_order"]:
            raise SystemExit(f"{name}: expected little-endian doubles in C order, found {header}")
        size = math.prod(header["shape"])
        values = struct.unpack_from(f"<{size}d", data, 10 + length)
        return header["shape"], values


def number(x):
    """Shortest text that reads back as the same double, as Rust wants it."""
    text = repr(float(x))
    return text if "." in text or "e" in text else text + ".0"


def row(values):
    return "[" + ", ".join(number(v) for v in values) + "]"


def gfn2(source):
    """Parameters of GFN2-xTB."""
    data = tomllib.loads(source.text("dxtb/_src/param/gfn2/gfn2-xtb.toml"))
    out = HEADER.format(
        what="Parameters of GFN2-xTB for H to Rn (J. Chem. Theory Comput. 2019, 15, 1652, Tables S1 to S3).",
        source="dxtb 0.4.0, dxtb/_src/param/gfn2/gfn2-xtb.toml, Apache-2.0, Grimme group.",
    )
    out += "use crate::parameters::{Element, ShellParameters};\n\n"
    out += "/// By atomic number, hydrogen first. Levels and their shifts in eV, exponents in 1/bohr, the rest in atomic units.\n"
    out += "#[rustfmt::skip]\npub(crate) const ELEMENTS: [Element; 86] = [\n"
    for symbol in SYMBOLS:
        e = data["element"][symbol]
        out += f"    // {symbol}\n    Element {{ shells: &[\n"
        for i, shell in enumerate(e["shells"]):
            fields = {
                "slater": "slater", "level": "levels", "level_by_cn": "kcn", "polynomial": "shpoly",
                "occupation": "refocc", "hardness": "lgam",
            }
            text = ", ".join(f"{rust}: {number(e[key][i])}" for rust, key in fields.items())
            out += (f"        ShellParameters {{ n: {int(shell[0])}, l: {'spd'.index(shell[1])}, "
                    f"primitives: {e['ngauss'][i]}, {text} }},\n")
        names = {
            "hardness": "gam", "hardness_derivative": "gam3", "nuclear_charge": "zeff", "repulsion": "arep",
            "electronegativity": "en", "dipole_kernel": "dkernel", "quadrupole_kernel": "qkernel",
            "multipole_radius": "mprad", "multipole_valence": "mpvcn",
        }
        out += "    ], " + ", ".join(f"{rust}: {number(e[key])}" for rust, key in names.items()) + " },\n"
    return out + "];\n"


def sto_ng(source):
    """Contractions of Slater functions."""
    out = HEADER.format(
        what="Gaussian expansions of Slater functions (R. F. Stewart, J. Chem. Phys. 1970, 52, 431; 6s and 6p with "
             "six functions as in GFN2).",
        source="dxtb 0.4.0, dxtb/_src/basis/sto-ng, Apache-2.0, Grimme group.",
    )
    for n in range(1, 7):
        shape, values = source.array(f"dxtb/_src/basis/sto-ng/sto-{n}g.npy")
        kinds = shape[1]
        out += (f"/// {n} functions: rows 1s to 5s, 2p to 5p, 3d to 5d, 4f, 5f, 5g"
                f"{', 6s, 6p' if kinds == 17 else ''}; (exponent for a Slater exponent of 1, coefficient).\n")
        out += f"#[rustfmt::skip]\npub(crate) const STO_{n}G: [[(f64, f64); {n}]; {kinds}] = [\n"
        for kind in range(kinds):
            start = kind * n
            coefficients = values[start:start + n]
            exponents = values[kinds * n + start:kinds * n + start + n]
            pairs = ", ".join(f"({number(a)}, {number(c)})" for a, c in zip(exponents, coefficients))
            out += f"    [{pairs}],\n"
        out += "];\n\n"
    return out.rstrip("\n") + "\n"


def elements(source):
    """Element data other than the fitted parameters."""
    def listed(file, variable, scale=""):
        values = source.numbers(file, variable)[1:87]
        text = ",\n    ".join(", ".join(number(v) for v in values[i:i + 10]) for i in range(0, 86, 10))
        return f"[\n    {text},\n]"

    out = HEADER.format(
        what="Radii, electronegativities, hardnesses and charges of the elements H to Rn.",
        source="tad-mctc 0.11.3 (tad_mctc/data) and tad-dftd4 0.8.0 (tad_dftd4/data/r4r2.py), Apache-2.0, Grimme group.",
    )
    data = "tad_mctc/data/"
    for name, what, file, variable in [
        ("ATOMIC_RADII", "Covalent radii in angstrom (Mantina, Valero, Cramer, Truhlar, CRC Handbook), of the polynomial "
         "in the Hamiltonian", data + "radii.py", "_ATOMIC"),
        ("COVALENT_RADII", "Covalent radii in angstrom, metals reduced by a tenth (Pyykko, Atsumi, Chem. Eur. J. 2009, 15, "
         "188), of coordination numbers, before the factor 4/3", data + "radii.py", "_COV_2009"),
        ("ELECTRONEGATIVITIES", "Pauling electronegativities, of the D4 coordination number", data + "en.py", "_PAULING"),
        ("HARDNESSES", "Chemical hardnesses in atomic units, of the charge scaling of D4", data + "hardness.py", "_GAM"),
        ("EFFECTIVE_CHARGES", "Effective nuclear charges, of the charge scaling of D4", data + "zeff.py", "_ZEFF"),
        ("R4_OVER_R2", "Expectation values <r^4>/<r^2> in bohr^2 (PBE0)", "tad_dftd4/data/r4r2.py", "_r4_over_r2"),
    ]:
        out += f"/// {what}. By atomic number, hydrogen first.\n#[rustfmt::skip]\n"
        out += f"pub(crate) const {name}: [f64; 86] = {listed(file, variable)};\n\n"
    return out.rstrip("\n") + "\n"


def d4(source):
    """Reference systems of D4 with GFN2 charges, as the polarisabilities of the atom in each.

    Decimal arithmetic, so that the same digits come out on every machine.
    """
    context = decimal.Context(prec=30)
    exact = lambda x: decimal.Decimal(repr(float(x)))
    params = "tad_dftd4/reference/d4/params.py"
    charges = "tad_dftd4/reference/d4/charge_gfn2.py"
    cn, alpha, scale, count, system, gaussians, other_scale, other_alpha = (
        source.numbers(params, name)
        for name in ("refcovcn", "refalpha", "refascale", "refscount", "refsys", "refc", "secscale", "secalpha")
    )
    charge, other_charge = (source.numbers(charges, name) for name in ("refq", "refh"))
    hardness = source.numbers("tad_mctc/data/hardness.py", "_GAM")
    nuclear = source.numbers("tad_mctc/data/zeff.py", "_ZEFF")

    def zeta(element, q):
        """Charge scaling (ga = 3, gc = 2) of a free atom's polarisability at charge q."""
        z, steepness = exact(nuclear[element]), 2 * exact(hardness[element])
        if z + q <= 0:
            return context.exp(decimal.Decimal(3))
        inner = context.exp(context.multiply(steepness, context.subtract(1, context.divide(z, context.add(z, q)))))
        return context.exp(context.multiply(3, context.subtract(1, inner)))

    out = HEADER.format(
        what="Reference systems of D4 for H to Rn with GFN2 charges (E. Caldeweyher, S. Ehlert, A. Hansen, H. Neugebauer, "
             "S. Spicher,\n//! C. Bannwarth, S. Grimme, J. Chem. Phys. 2019, 150, 154122).\n//!\n"
             "//! Polarisabilities are those of the atom: the part of the other atoms of the reference molecule, scaled to their\n"
             "//! charge, is taken off and the rest divided by the number of atoms of the kind; twelve digits.",
        source="tad-dftd4 0.8.0 (tad_dftd4/reference/d4) and tad-mctc 0.11.3 (tad_mctc/data), Apache-2.0, Grimme group.",
    )
    out += "use crate::dispersion::Reference;\n\n"
    out += "/// By atomic number, hydrogen first.\n#[rustfmt::skip]\n"
    out += "pub(crate) static REFERENCES: [&[Reference]; 86] = [\n"
    for element in range(1, 87):
        out += f"    // {SYMBOLS[element - 1]}\n    &[\n"
        known = sum(n > 0 for n in gaussians[element])
        if any(n == 0 for n in gaussians[element][:known]):
            raise SystemExit(f"reference systems of {SYMBOLS[element - 1]} are not the first ones of their row")
        for r in range(known):
            partner = system[element][r]
            values = []
            scaling = zeta(partner, exact(other_charge[element][r])) if partner else decimal.Decimal(0)
            for w in range(23):
                rest = context.multiply(exact(other_scale[partner][0]), exact(other_alpha[partner][w]))
                rest = context.multiply(context.multiply(rest, scaling), exact(count[element][r]))
                value = context.multiply(exact(scale[element][r]),
                                         context.subtract(exact(alpha[element][r][w]), rest))
                values.append(float(f"{max(value, decimal.Decimal(0)):.11e}"))
            out += (f"        Reference {{ cn: {number(cn[element][r])}, charge: {number(charge[element][r])}, "
                    f"gaussians: {gaussians[element][r]}, alpha: {row(values)} }},\n")
        out += "    ],\n"
    return out + "];\n"


MAKERS = {"gfn2.rs": gfn2, "sto_ng.rs": sto_ng, "elements.rs": elements, "d4.rs": d4}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Source(folder)
        made = {name: maker(source) for name, maker in MAKERS.items()}
    wrong = []
    for name, text in made.items():
        path = TABLES / name
        if options.check:
            if not path.exists() or path.read_text() != text:
                wrong.append(name)
        else:
            path.write_text(text)
    if wrong:
        raise SystemExit(f"{', '.join(wrong)}: differs from its source; run scripts/quantum_tables.py")
    print(f"{len(made)} tables {'equal their sources' if options.check else 'written'}")


if __name__ == "__main__":
    main()
