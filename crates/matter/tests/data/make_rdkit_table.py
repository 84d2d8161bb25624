"""Makes the frozen tables of RDKit results that guard the chemistry adapter against drift.

    python make_rdkit_table.py MOSES_TEST.csv.gz QUINONES.smi

MOSES_TEST.csv.gz is the test set of MOSES (Polykovskiy et al., Front. Pharmacol. 11, 565644 (2020), MIT licence;
PyPI molsets 0.3.1), of which every 88th molecule is taken. QUINONES.smi is what
`cargo run --release -p space --example enumerate -- crates/space/tests/data/quinones.toml | cut -f1` writes, of
which every 20th is taken. The other molecules are listed here.

Writes beside itself

- rdkit_table.tsv.gz: input (SMILES in a random atom order), canonical SMILES, formula, bits of the 2048-bit Morgan
  fingerprint of radius 2, SHA-256 of its unfolded counts (`id:count,` ascending; first 16 digits), SA score.
- molfiles.sdf.gz: mol blocks, as drawing and in space, with what RDKit reads from them as field SMILES.

Needs rdkit (made with 2026.9.1). The seed is fixed: the same versions give the same files.
"""

import gzip
import hashlib
import os
import random
import sys

import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem, RDConfig, rdFingerprintGenerator
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

sys.path.append(os.path.join(RDConfig.RDContribDir, "SA_Score"))
import sascorer  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20260

SPECIAL = """
CC(=O)Oc1ccccc1C(=O)O c1ccccc1 Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F
CN1CCC23c4c5ccc(O)c4OC2C(O)C=CC3C1C5 CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5
[Na+].[Cl-] [Na+].CC(=O)[O-] [NH4+].[NH4+].[O-]S(=O)(=O)[O-] [K+].[O-]c1ccccc1 C[N+](C)(C)C.[Br-] [Li+].[AlH4-]
[Ca+2].[O-]C(=O)c1ccccc1.[O-]C(=O)c1ccccc1 [Mg+2].[Cl-].[Cl-] O=C([O-])[C@@H]([NH3+])C CC[O-].[Na+] [OH-].[NH4+]
C[n+]1ccccc1 c1cc[o+]cc1 c1ccc2[nH]ccc2c1 c1ccc2occc2c1 c1ccc2sccc2c1 n1ccncc1 c1nc2ccccc2[nH]1 c1cnoc1 c1cscn1
c1nnn[nH]1 c1ncc2nc[nH]c2n1 O=c1[nH]cnc2[nH]cnc12 Cn1cnc2c1c(=O)n(C)c(=O)n2C c1ccc2nc3ccccc3cc2c1 C1=CC=CC=CC=C1
O=c1cccccc1 c1ccc2cccc-2cc1 c1cc2ccc3cccc4ccc(c1)c2c34 c1ccc2c(c1)c1ccccc1c1ccccc21 [O-][n+]1ccccc1 c1c[nH]c2cccnc12
[nH]1cccc1 [se]1cccc1 o1cccc1 p1ccccc1 c1ccncc1 c1ccnnc1 c1cnc2nccnc2n1 O=C1C=CC(=O)c2ccccc12 c1ccc(cc1)-c1ccccn1
F[C@H](Cl)Br F[C@@H](Cl)Br C[C@H](O)[C@@H](O)C C[C@H](O)[C@H](O)C OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O
N[C@@H](Cc1ccccc1)C(=O)O C/C=C/C C/C=C\\C F/C=C/C=C/Cl F/C=C\\C=C/Cl C/C(F)=C(/Cl)Br CC=CC C/C=N/O C\\C=N\\O
CC(C)=NO C[S@](=O)c1ccccc1 C[S@@](=O)CC C[P@](c1ccccc1)CC O=[S@@](C)N C1CC[C@@H]2CCCC[C@H]2C1 C1CC[C@H]2CCCC[C@H]2C1
C[C@]12CC[C@H]3[C@@H](CCc4cc(O)ccc34)[C@@H]1CC[C@@H]2O C[C@@]12CCC(=O)C=C1CC[C@@H]1[C@@H]2CC[C@]2(C)C(=O)CC[C@@H]12
CC1(C)[C@@H]2CC[C@@]1(C)C(=O)C2 CC1=CC[C@H]2C[C@@H]1C2(C)C C1CC2CCC1C2 C1C2CC3CC1CC(C2)C3 C1CC2CC1C1CC21 C12C3C4C1C5C2C3C45
C1CCC2(CC1)CCCC2 C1CC11CC1 C1CCC2(CC1)OCCO2 C1CC2(C1)CC1(C2)CC1 O=C1NC(=O)C2(CCCCC2)N1 C1COC2(C1)CCCO2 C1CN2CCC1CC2
C1CCCCCCCCCCC1 O=C1CCCCCCCCCCCCCCO1 C1COCCOCCOCCOCCOCCO1 C1CCCCCCCC1 C1CCCCCCC1 C1=CCCCCCC1 C/1=C\\CCCCCC1 C/1=C/CCCCCCCC1
C1NCCNCCNCCNC1 c1cc2cc(c1)CCCCCCCC2 C1CC2CCCC(C1)CCCC2 c1ccc2c(c1)Cc1ccc(cc1)CCc1ccccc1C2
[2H]C([2H])([2H])O [13CH4] [13C](C)(C)C [2H]c1ccccc1 [18F]c1ccccc1 [14CH3]C(=O)O [3H]C [H][H] [H]C([H])([H])[H]
[CH3] C[CH2] [O] [OH] C[O] C[NH] [N]=O [O-][O] [CH2] [C-]#[O+] [C-]#N [N-]=[N+]=NC CN=[N+]=[N-] C[N+]#[C-]
O=[N+]([O-])c1ccccc1 CN(=O)=O O=N(=O)c1ccc(O)cc1 CS(=O)(=O)O CP(=O)(O)O O=P(O)(O)O OS(=O)(=O)O O=Cl(=O)(=O)O FS(F)(F)(F)(F)F
FP(F)(F)(F)F F[P-](F)(F)(F)(F)F F[B-](F)(F)F B(O)O OB(O)c1ccccc1 [BH4-] C[Si](C)(C)C O=[Si]=O C[Si](C)(C)O[Si](C)(C)C [SiH4]
C[Ge](C)(C)C C[Sn](C)(C)C C[As](C)C C[Se]C [Se]=C=[Se] I(=O)(=O)c1ccccc1 ClI(Cl)c1ccccc1 F[Xe]F [Ar] [He] [Zn+2] [Fe+2] C[Hg]C
N#N O=O O N S C F Cl Br I P [OH3+] [NH2-] [CH3-] [CH3+] C#C C=C=C O=C=O N#CC#N C=C=C=C C#CC#C O=C=C=C=O
CCCCCCCCCCCCCCCCCCCC CC(C)(C)C(C)(C)C(C)(C)C C(C(C(C(C)C)C)C)C ClC(Cl)(Cl)Cl FC(F)(F)C(F)(F)C(F)(F)F
OC(=O)CC(O)(CC(=O)O)C(=O)O NC(N)=O NC(=N)N C1=CC=C[CH-]1 C1=CC=C[CH]C=C1 c1cc[cH-]c1 c1ccc[cH+]cc1 [cH-]1cccc1.[cH-]1cccc1.[Fe+2]
CC(=O)N[C@@H](CS)C(=O)N[C@@H](C)C(=O)NCC(=O)O NC(=O)C[C@H](N)C(=O)N1CCC[C@H]1C(=O)O CC[C@H](C)[C@H](NC(C)=O)C(=O)OC
CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc12 O=C(O)c1cn(C2CC2)c2cc(N3CCNCC3)c(F)cc2c1=O COc1cc2nc(nc(N)c2cc1OC)N1CCN(CC1)C(=O)c1ccco1
CC(C)Cn1cnc2c(N)nc3ccccc3c12 CC1=C(C(C(=C(N1)C)C(=O)OC)c1ccccc1[N+](=O)[O-])C(=O)OC Clc1ccc(cc1)C(c1ccccc1)N1CCN(CC1)CCOCC(=O)O
O=C1c2ccccc2C(=O)c2c1ccc(S(=O)(=O)O)c2S(=O)(=O)O O=C1C=CC=CC1=O OC1=C(O)C(=O)C1=O O=C1C(Cl)=C(Cl)C(=O)C(C#N)=C1C#N
Oc1ccc(O)cc1 O=C1C=C(O)C(=O)C(O)=C1 O=C1NC(=O)c2ccccc12 O=C1OC(=O)c2ccccc12 c1ccc(cc1)N=Nc1ccccc1 c1ccc(cc1)/N=N/c1ccccc1
C[N+](C)(C)CC(=O)[O-] C[C@H]([NH3+])C(=O)[O-] O=C([O-])C(=O)[O-] [O-]Cl(=O)(=O)=O C[N+]1(C)CCCC1 C1=C[N+](C)=CN1C.[Cl-]
"""


def random_form(mol, generator):
    order = list(range(mol.GetNumAtoms()))
    generator.shuffle(order)
    # Kekule forms test the perception of aromaticity; half of the rows have one.
    shuffled = Chem.RenumberAtoms(mol, order)
    kekule = generator.random() < 0.5
    if kekule:
        Chem.Kekulize(shuffled, clearAromaticFlags=True)
    return Chem.MolToSmiles(shuffled, canonical=False, kekuleSmiles=kekule)


def main():
    moses, quinones = sys.argv[1:]
    RDLogger.DisableLog("rdApp.*")
    with gzip.open(moses, "rt") as f:
        inputs = [line.split(",")[0].strip() for line in f][1::88]
    with open(quinones) as f:
        inputs += [line.strip() for line in f][::20]
    special = SPECIAL.split()
    inputs += special
    generator = random.Random(SEED)
    morgan = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    rows = []
    for smiles in inputs:
        mol = Chem.MolFromSmiles(smiles)
        if mol is None:
            raise SystemExit(f"RDKit refuses {smiles}")
        form = random_form(mol, generator)
        # The table holds what RDKit says about the very string in its first column.
        mol = Chem.MolFromSmiles(form)
        counts = sorted(morgan.GetSparseCountFingerprint(mol).GetNonzeroElements().items())
        digest = hashlib.sha256("".join(f"{i}:{n}," for i, n in counts).encode()).hexdigest()[:16]
        bits = " ".join(map(str, morgan.GetFingerprint(mol).GetOnBits()))
        score = sascorer.calculateScore(mol)
        rows.append([form, Chem.MolToSmiles(mol), CalcMolFormula(mol, False, False), bits, digest, f"{score:.9f}"])
    header = (
        f"# Made by make_rdkit_table.py with rdkit {rdkit.__version__}, Python {sys.version.split()[0]}.\n"
        "# Molecules: MOSES test set (MIT licence), substituted quinones, hand-picked ones. RDKit: BSD 3-clause.\n"
        "input\tcanonical\tformula\tmorgan2_bits\tmorgan2_counts\tsa_score\n"
    )
    with open(os.path.join(HERE, "rdkit_table.tsv.gz"), "wb") as raw, gzip.GzipFile(
        filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9
    ) as f:
        f.write(header.encode())
        for row in rows:
            f.write(("\t".join(row) + "\n").encode())
    print(len(rows), "rows")

    blocks = []
    for smiles in inputs[::20] + special:
        mol = Chem.MolFromSmiles(smiles)
        drawn = Chem.Mol(mol)
        AllChem.Compute2DCoords(drawn)
        block = Chem.MolToMolBlock(drawn)
        blocks.append((block, Chem.MolToSmiles(Chem.MolFromMolBlock(block)), "drawing"))
        spatial = Chem.AddHs(mol)
        # RDKit places the ions of a salt on top of each other.
        if "." in smiles or mol.GetNumAtoms() > 40 or AllChem.EmbedMolecule(spatial, randomSeed=SEED) != 0:
            continue
        if not any(spatial.GetConformer().GetAtomPosition(i).z for i in range(spatial.GetNumAtoms())):
            continue
        block = Chem.MolToMolBlock(spatial)
        read = Chem.MolFromMolBlock(block)
        blocks.append((block, Chem.MolToSmiles(read), "space"))
    with open(os.path.join(HERE, "molfiles.sdf.gz"), "wb") as raw, gzip.GzipFile(
        filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9
    ) as f:
        for block, smiles, kind in blocks:
            f.write(f"{block}> <SMILES>\n{smiles}\n\n> <KIND>\n{kind}\n\n$$$$\n".encode())
    print(len(blocks), "mol blocks")


if __name__ == "__main__":
    main()
