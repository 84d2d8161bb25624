"""Makes ase.extxyz: two frames as the Atomic Simulation Environment writes them (made with ase 3.29.0).

    python make_ase_extxyz.py
"""

import os

from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import write

HERE = os.path.dirname(os.path.abspath(__file__))

ion = Atoms("OH", [[0.0, 0.0, 0.0], [0.0, 0.0, 0.96]], charges=[-0.7, -0.3])
ion.info.update(charge=-1, uhf=0, name="hydroxide ion", relaxed=True, spectrum=[1.0, 2.5])
ion.calc = SinglePointCalculator(ion, energy=-12.5, forces=[[0.1, 0.2, 0.3], [-0.1, -0.2, -0.3]])
water = Atoms("OH2", [[0.0, 0.0, 0.1193], [0.0, 0.7632, -0.477], [0.0, -0.7632, -0.477]])
water.info.update(source='a "quoted" word')
write(os.path.join(HERE, "ase.extxyz"), [ion, water], format="extxyz")
