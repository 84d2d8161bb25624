#!/usr/bin/env python3
"""Makes one extended XYZ file of QM7 with its energies by PBE0 and DFTB3, for the tutorial.

    git clone https://github.com/qmlcode/tutorial qmlcode
    scripts/qm7.py qmlcode qm7.extxyz.gz

The data are those of the tutorial of the QML code (MIT licence): 7,101 molecules of M. Rupp et al., Phys. Rev. Lett.
108, 058301 (2012). Energies are atomisation energies in kcal/mol, negative for bound molecules.
"""

import gzip
import pathlib
import sys


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    folder, out = map(pathlib.Path, sys.argv[1:])
    table = folder / "hof_qm7.txt"
    if not table.is_file():
        raise SystemExit(f"{table} is missing: name the folder that `git clone` made")
    with gzip.open(out, "wt") as stream:
        for line in table.read_text().splitlines():
            name, pbe0, dftb3 = line.split()
            atoms = [row.split()[:4] for row in (folder / name).read_text().splitlines()[2:] if row.split()]
            stream.write(f"{len(atoms)}\n")
            stream.write(
                f"Properties=species:S:1:pos:R:3 name={pathlib.Path(name).stem} pbe0={pbe0} dftb3={dftb3}\n"
            )
            stream.writelines(" ".join(atom) + "\n" for atom in atoms)


if __name__ == "__main__":
    main()
