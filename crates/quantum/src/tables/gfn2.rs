//! Parameters of GFN2-xTB for H to Rn (J. Chem. Theory Comput. 2019, 15, 1652, Tables S1 to S3).
//!
//! Source: dxtb 0.4.0, dxtb/_src/param/gfn2/gfn2-xtb.toml, Apache-2.0, Grimme group.
//! Written by `scripts/quantum_tables.py`; do not edit.

use crate::parameters::{Element, ShellParameters};

/// By atomic number, hydrogen first. Levels and their shifts in eV, exponents in 1/bohr, the rest in atomic units.
#[rustfmt::skip]
pub(crate) const ELEMENTS: [Element; 86] = [
    // H
    Element { shells: &[
        ShellParameters { n: 1, l: 0, primitives: 3, slater: 1.23, level: -10.707211, level_by_cn: -0.05, polynomial: -0.00953618, occupation: 1.0, hardness: 1.0 },
    ], hardness: 0.405771, hardness_derivative: 0.08, nuclear_charge: 1.105388, repulsion: 2.213717, electronegativity: 2.2, dipole_kernel: 0.05563889, quadrupole_kernel: 0.00027431, multipole_radius: 1.4, multipole_valence: 1.0 },
    // He
    Element { shells: &[
        ShellParameters { n: 1, l: 0, primitives: 3, slater: 1.669667, level: -23.716445, level_by_cn: 0.2074275, polynomial: -0.04386816, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 1.5, level: -1.822307, level_by_cn: 0.0, polynomial: 0.00710647, occupation: 0.0, hardness: 1.0 },
    ], hardness: 0.642029, hardness_derivative: 0.2, nuclear_charge: 1.094283, repulsion: 3.60467, electronegativity: 3.0, dipole_kernel: -0.01, quadrupole_kernel: -0.00337528, multipole_radius: 3.0, multipole_valence: 1.0 },
    // Li
    Element { shells: &[
        ShellParameters { n: 2, l: 0, primitives: 4, slater: 0.75006, level: -4.9, level_by_cn: 0.1620836, polynomial: -0.04750398, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 0.557848, level: -2.217789, level_by_cn: -0.0623876, polynomial: 0.2042492, occupation: 0.0, hardness: 1.1972612 },
    ], hardness: 0.245006, hardness_derivative: 0.1303821, nuclear_charge: 1.289367, repulsion: 0.475307, electronegativity: 0.98, dipole_kernel: -0.005, quadrupole_kernel: 0.0002, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Be
    Element { shells: &[
        ShellParameters { n: 2, l: 0, primitives: 4, slater: 1.03472, level: -7.743081, level_by_cn: 0.1187759, polynomial: -0.07910394, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 0.949332, level: -3.133433, level_by_cn: 0.0550528, polynomial: -0.00476438, occupation: 0.0, hardness: 1.9658467 },
    ], hardness: 0.684789, hardness_derivative: 0.0574239, nuclear_charge: 4.221216, repulsion: 0.939696, electronegativity: 1.57, dipole_kernel: -0.00613341, quadrupole_kernel: -0.00058586, multipole_radius: 5.0, multipole_valence: 2.0 },
    // B
    Element { shells: &[
        ShellParameters { n: 2, l: 0, primitives: 4, slater: 1.479444, level: -9.224376, level_by_cn: 0.0120462, polynomial: -0.0518315, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 1.479805, level: -7.419002000000001, level_by_cn: -0.0141086, polynomial: -0.02453322, occupation: 1.0, hardness: 1.399408 },
    ], hardness: 0.513556, hardness_derivative: 0.0946104, nuclear_charge: 7.192431, repulsion: 1.373856, electronegativity: 2.04, dipole_kernel: -0.00481186, quadrupole_kernel: -0.00058228, multipole_radius: 5.0, multipole_valence: 3.0 },
    // C
    Element { shells: &[
        ShellParameters { n: 2, l: 0, primitives: 4, slater: 2.096432, level: -13.970922000000002, level_by_cn: -0.0102144, polynomial: -0.02294321, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 1.8, level: -10.063292, level_by_cn: 0.0161657, polynomial: -0.00271102, occupation: 3.0, hardness: 1.1056358 },
    ], hardness: 0.538015, hardness_derivative: 0.15, nuclear_charge: 4.231078, repulsion: 1.247655, electronegativity: 2.55, dipole_kernel: -0.00411674, quadrupole_kernel: 0.00213583, multipole_radius: 3.0, multipole_valence: 3.0 },
    // N
    Element { shells: &[
        ShellParameters { n: 2, l: 0, primitives: 4, slater: 2.339881, level: -16.686243, level_by_cn: -0.1955336, polynomial: -0.08506003, occupation: 1.5, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 2.014332, level: -12.523956, level_by_cn: 0.0561076, polynomial: -0.02504201, occupation: 3.5, hardness: 1.1164892 },
    ], hardness: 0.461493, hardness_derivative: -0.063978, nuclear_charge: 5.242592, repulsion: 1.682689, electronegativity: 3.04, dipole_kernel: 0.03521273, quadrupole_kernel: 0.02026786, multipole_radius: 1.9, multipole_valence: 3.0 },
    // O
    Element { shells: &[
        ShellParameters { n: 2, l: 0, primitives: 4, slater: 2.439742, level: -20.229985, level_by_cn: 0.0117826, polynomial: -0.14955291, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 2.137023, level: -15.503116999999998, level_by_cn: -0.0145102, polynomial: -0.03350819, occupation: 4.0, hardness: 1.149702 },
    ], hardness: 0.451896, hardness_derivative: -0.0517134, nuclear_charge: 5.784415, repulsion: 2.165712, electronegativity: 3.44, dipole_kernel: -0.0493567, quadrupole_kernel: -0.00310828, multipole_radius: 1.8, multipole_valence: 2.0 },
    // F
    Element { shells: &[
        ShellParameters { n: 2, l: 0, primitives: 4, slater: 2.416361, level: -23.458179, level_by_cn: 0.0394362, polynomial: -0.13011924, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 2.308399, level: -15.746583000000001, level_by_cn: -0.0538373, polynomial: -0.12300828, occupation: 5.0, hardness: 1.1677376 },
    ], hardness: 0.531518, hardness_derivative: 0.1426212, nuclear_charge: 7.021486, repulsion: 2.421394, electronegativity: 3.98, dipole_kernel: -0.08339183, quadrupole_kernel: -0.00245955, multipole_radius: 2.4, multipole_valence: 1.0 },
    // Ne
    Element { shells: &[
        ShellParameters { n: 2, l: 0, primitives: 4, slater: 3.084104, level: -24.5, level_by_cn: -0.0014933, polynomial: -0.16377759, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 2, l: 1, primitives: 4, slater: 2.312051, level: -18.737298, level_by_cn: 0.0232093, polynomial: -0.04860545, occupation: 6.0, hardness: 1.1190576 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 2.815609, level: -5.517827, level_by_cn: 0.1096714, polynomial: -0.16922333, occupation: 0.0, hardness: 0.6799999999999999 },
    ], hardness: 0.85, hardness_derivative: 0.05, nuclear_charge: 11.041068, repulsion: 3.318479, electronegativity: 4.5, dipole_kernel: 0.1, quadrupole_kernel: -0.005, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Na
    Element { shells: &[
        ShellParameters { n: 3, l: 0, primitives: 4, slater: 0.763787, level: -4.546934, level_by_cn: -0.0042211, polynomial: -0.04033495, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 3, l: 1, primitives: 4, slater: 0.573553, level: -1.332719, level_by_cn: -0.0144323, polynomial: 0.20873908, occupation: 0.0, hardness: 1.1018894 },
    ], hardness: 0.271056, hardness_derivative: 0.1798727, nuclear_charge: 5.244917, repulsion: 0.572728, electronegativity: 0.93, dipole_kernel: 0.0, quadrupole_kernel: 0.0002, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Mg
    Element { shells: &[
        ShellParameters { n: 3, l: 0, primitives: 4, slater: 1.184203, level: -6.339908, level_by_cn: 0.1164444, polynomial: -0.11167374, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 3, l: 1, primitives: 4, slater: 0.717769, level: -0.697688, level_by_cn: -0.0079924, polynomial: 0.39076962, occupation: 0.0, hardness: 2.4 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.3, level: -1.458197, level_by_cn: 0.1192409, polynomial: 0.12691061, occupation: 0.0, hardness: 0.95 },
    ], hardness: 0.344822, hardness_derivative: 0.2349164, nuclear_charge: 18.083164, repulsion: 0.917975, electronegativity: 1.31, dipole_kernel: -0.00082005, quadrupole_kernel: -5.516e-05, multipole_radius: 5.0, multipole_valence: 2.0 },
    // Al
    Element { shells: &[
        ShellParameters { n: 3, l: 0, primitives: 4, slater: 1.352531, level: -9.329017, level_by_cn: 0.0715422, polynomial: -0.10678141, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 3, l: 1, primitives: 4, slater: 1.391201, level: -5.927846, level_by_cn: -0.0244485, polynomial: -0.12442837, occupation: 1.0, hardness: 0.9396301 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.0, level: -3.042325, level_by_cn: 0.0406173, polynomial: 0.16311089, occupation: 0.0, hardness: 1.2 },
    ], hardness: 0.364801, hardness_derivative: 0.14, nuclear_charge: 17.867328, repulsion: 0.876623, electronegativity: 1.61, dipole_kernel: 0.02633341, quadrupole_kernel: -0.00021887, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Si
    Element { shells: &[
        ShellParameters { n: 3, l: 0, primitives: 4, slater: 1.773917, level: -14.360931999999998, level_by_cn: 0.1858479, polynomial: 0.02358522, occupation: 1.5, hardness: 1.0 },
        ShellParameters { n: 3, l: 1, primitives: 4, slater: 1.718996, level: -6.915130999999999, level_by_cn: -0.1383073, polynomial: -0.07900406, occupation: 2.5, hardness: 0.4419958 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.25, level: -1.8250359999999999, level_by_cn: -0.1935494, polynomial: 0.11366185, occupation: 0.0, hardness: 0.77 },
    ], hardness: 0.72, hardness_derivative: 0.1936289, nuclear_charge: 40.001111, repulsion: 1.187323, electronegativity: 1.9, dipole_kernel: -0.0002575, quadrupole_kernel: -0.0008, multipole_radius: 3.9, multipole_valence: 3.0 },
    // P
    Element { shells: &[
        ShellParameters { n: 3, l: 0, primitives: 4, slater: 1.816945, level: -17.518756, level_by_cn: 0.054761, polynomial: -0.19831771, occupation: 1.5, hardness: 1.0 },
        ShellParameters { n: 3, l: 1, primitives: 4, slater: 1.903247, level: -9.842286, level_by_cn: -0.048993, polynomial: -0.05515577, occupation: 3.5, hardness: 0.844194 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.167533, level: -0.444893, level_by_cn: 0.2429507, polynomial: 0.26397535, occupation: 0.0, hardness: 0.65 },
    ], hardness: 0.297739, hardness_derivative: 0.0711291, nuclear_charge: 19.683502, repulsion: 1.143343, electronegativity: 2.19, dipole_kernel: 0.02110225, quadrupole_kernel: 0.00028679, multipole_radius: 2.1, multipole_valence: 3.0 },
    // S
    Element { shells: &[
        ShellParameters { n: 3, l: 0, primitives: 4, slater: 1.981333, level: -20.029654, level_by_cn: -0.0256951, polynomial: -0.2585552, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 3, l: 1, primitives: 4, slater: 2.025643, level: -11.377694, level_by_cn: -0.0098465, polynomial: -0.08048064, occupation: 4.0, hardness: 0.8914134 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.702555, level: -0.420282, level_by_cn: 0.200769, polynomial: 0.25993857, occupation: 0.0, hardness: 0.75 },
    ], hardness: 0.339971, hardness_derivative: -0.0501722, nuclear_charge: 14.99509, repulsion: 1.214553, electronegativity: 2.58, dipole_kernel: -0.00151117, quadrupole_kernel: 0.00442859, multipole_radius: 3.1, multipole_valence: 3.0 },
    // Cl
    Element { shells: &[
        ShellParameters { n: 3, l: 0, primitives: 4, slater: 2.485265, level: -29.278780999999995, level_by_cn: 0.0617972, polynomial: -0.16562004, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 3, l: 1, primitives: 4, slater: 2.19965, level: -12.673758, level_by_cn: -0.0181618, polynomial: -0.0698643, occupation: 5.0, hardness: 1.49894 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 2.476089, level: -0.240338, level_by_cn: 0.1672768, polynomial: 0.38045622, occupation: 0.0, hardness: 1.5 },
    ], hardness: 0.248514, hardness_derivative: 0.1495483, nuclear_charge: 17.353134, repulsion: 1.577144, electronegativity: 3.16, dipole_kernel: -0.02536958, quadrupole_kernel: 0.00122783, multipole_radius: 2.5, multipole_valence: 1.0 },
    // Ar
    Element { shells: &[
        ShellParameters { n: 3, l: 0, primitives: 4, slater: 2.329679, level: -16.48773, level_by_cn: 5.54e-05, polynomial: -0.23893924, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 3, l: 1, primitives: 4, slater: 2.149419, level: -13.910539, level_by_cn: 0.0065921, polynomial: -0.03727322, occupation: 6.0, hardness: 0.9538867 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.950531, level: -1.167213, level_by_cn: -0.2732165, polynomial: 0.26812872, occupation: 0.0, hardness: 0.99 },
    ], hardness: 0.502376, hardness_derivative: -0.0315455, nuclear_charge: 7.266606, repulsion: 0.896198, electronegativity: 3.5, dipole_kernel: -0.02077329, quadrupole_kernel: -0.01083404, multipole_radius: 5.0, multipole_valence: 1.0 },
    // K
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 0.875961, level: -4.510348, level_by_cn: -0.0339245, polynomial: -0.0607606, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 0.631694, level: -0.934377, level_by_cn: 0.0174542, polynomial: 0.21187329, occupation: 0.0, hardness: 1.3483654999999999 },
    ], hardness: 0.247602, hardness_derivative: 0.2033085, nuclear_charge: 10.439482, repulsion: 0.482206, electronegativity: 0.82, dipole_kernel: -0.00103383, quadrupole_kernel: 0.00025, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Ca
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.26713, level: -5.056506, level_by_cn: 0.057093, polynomial: -0.09718719, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 0.786247, level: -1.150304, level_by_cn: -0.0074926, polynomial: 0.31973372, occupation: 0.0, hardness: 2.5 },
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.38, level: -0.776883, level_by_cn: 0.1013752, polynomial: 0.09528649, occupation: 0.0, hardness: 0.75 },
    ], hardness: 0.320378, hardness_derivative: 0.2006898, nuclear_charge: 14.786701, repulsion: 0.683051, electronegativity: 1.0, dipole_kernel: -0.00236675, quadrupole_kernel: 0.0001, multipole_radius: 5.0, multipole_valence: 2.0 },
    // Sc
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 2.44, level: -5.196187, level_by_cn: 0.2026777, polynomial: -0.34502301, occupation: 1.0, hardness: 0.7953284 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.358701, level: -8.87794, level_by_cn: 0.0991293, polynomial: 0.00686569, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.019252, level: -2.008206, level_by_cn: -0.0281241, polynomial: 0.38044933, occupation: 1.0, hardness: 0.92 },
    ], hardness: 0.472633, hardness_derivative: 0.05, nuclear_charge: 8.004267, repulsion: 0.574299, electronegativity: 1.36, dipole_kernel: -0.00515177, quadrupole_kernel: -0.00042004, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Ti
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.849994, level: -7.234331, level_by_cn: 0.1028188, polynomial: -0.27724389, occupation: 2.0, hardness: 0.5078886 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.469983, level: -10.9, level_by_cn: 0.1007021, polynomial: 0.04561234, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 0.95741, level: -1.9287829999999997, level_by_cn: -0.0237074, polynomial: 0.51801626, occupation: 1.0, hardness: 0.62 },
    ], hardness: 0.513586, hardness_derivative: 0.1767268, nuclear_charge: 12.036336, repulsion: 0.723104, electronegativity: 1.54, dipole_kernel: -0.00434506, quadrupole_kernel: 0.0005966, multipole_radius: 5.0, multipole_valence: 4.0 },
    // V
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.673577, level: -9.015342, level_by_cn: 0.0164476, polynomial: -0.29827563, occupation: 3.0, hardness: 0.9620912 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.383176, level: -9.573347, level_by_cn: 0.0235696, polynomial: 0.09702482, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 0.938025, level: -0.706647, level_by_cn: -0.0108232, polynomial: 0.51178301, occupation: 1.0, hardness: 0.55 },
    ], hardness: 0.589187, hardness_derivative: 0.09, nuclear_charge: 15.677873, repulsion: 0.928532, electronegativity: 1.63, dipole_kernel: -0.0035, quadrupole_kernel: 9.764e-05, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Cr
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.568211, level: -7.209793999999999, level_by_cn: 0.0289291, polynomial: -0.27971622, occupation: 4.0, hardness: 1.7405872 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.395427, level: -9.201304, level_by_cn: -0.0232087, polynomial: 0.13376234, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.08027, level: -0.696957, level_by_cn: -0.0188919, polynomial: 0.48092152, occupation: 1.0, hardness: 0.53 },
    ], hardness: 0.396299, hardness_derivative: 0.03, nuclear_charge: 19.517914, repulsion: 0.966993, electronegativity: 1.66, dipole_kernel: 0.00149669, quadrupole_kernel: 0.00137744, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Mn
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.83925, level: -10.120933, level_by_cn: -0.0195827, polynomial: -0.31255885, occupation: 5.0, hardness: 1.0545811 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.22219, level: -5.617346, level_by_cn: -0.0275, polynomial: 0.28519691, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.240215, level: -4.198724, level_by_cn: -0.0015839, polynomial: 0.26346555, occupation: 1.0, hardness: 0.4 },
    ], hardness: 0.346651, hardness_derivative: 0.06, nuclear_charge: 18.760605, repulsion: 1.0711, electronegativity: 1.55, dipole_kernel: -0.00759168, quadrupole_kernel: 0.00229903, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Fe
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 1.911049, level: -10.035473, level_by_cn: -0.0274654, polynomial: -0.28614961, occupation: 6.0, hardness: 1.4046615 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.022393, level: -5.402911, level_by_cn: -0.4049876, polynomial: 0.11527794, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.294467, level: -3.308988, level_by_cn: -0.075648, polynomial: 0.3945989, occupation: 1.0, hardness: 0.35 },
    ], hardness: 0.271594, hardness_derivative: -0.05, nuclear_charge: 20.360089, repulsion: 1.113422, electronegativity: 1.83, dipole_kernel: 0.00412929, quadrupole_kernel: 0.00267734, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Co
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 2.326507, level: -10.58043, level_by_cn: 0.012198, polynomial: -0.22355636, occupation: 7.0, hardness: 0.7581507000000001 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.464221, level: -8.596723, level_by_cn: -0.0227872, polynomial: 0.0916846, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.298678, level: -2.585753, level_by_cn: 0.0076513, polynomial: 0.25424719, occupation: 1.0, hardness: 0.35 },
    ], hardness: 0.47776, hardness_derivative: 0.03, nuclear_charge: 27.127744, repulsion: 1.241717, electronegativity: 1.88, dipole_kernel: -0.00247938, quadrupole_kernel: 0.00048237, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Ni
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 2.430756, level: -12.712236, level_by_cn: -0.0066417, polynomial: -0.2538564, occupation: 8.0, hardness: 0.9388812 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.469945, level: -8.524281, level_by_cn: 0.0310301, polynomial: 0.2083955, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.317046, level: -2.878873, level_by_cn: 0.0226796, polynomial: 0.30886445, occupation: 1.0, hardness: 0.4 },
    ], hardness: 0.34497, hardness_derivative: -0.02, nuclear_charge: 10.533269, repulsion: 1.077516, electronegativity: 1.91, dipole_kernel: -0.01261887, quadrupole_kernel: -0.0008, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Cu
    Element { shells: &[
        ShellParameters { n: 3, l: 2, primitives: 3, slater: 2.375425, level: -9.506548, level_by_cn: -0.0173684, polynomial: -0.26508943, occupation: 10.0, hardness: 2.3333066000000002 },
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.550837, level: -6.922958, level_by_cn: 0.3349047, polynomial: 0.17798264, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.984703, level: -2.267723, level_by_cn: -0.2619446, polynomial: 0.14977818, occupation: 0.0, hardness: 1.07 },
    ], hardness: 0.202969, hardness_derivative: 0.05, nuclear_charge: 9.913846, repulsion: 0.998768, electronegativity: 1.9, dipole_kernel: -0.007, quadrupole_kernel: -0.00345631, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Zn
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.664847, level: -7.177294, level_by_cn: 0.201191, polynomial: -0.09240315, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.176434, level: -0.991895, level_by_cn: -0.0055135, polynomial: 0.22271839, occupation: 0.0, hardness: 1.0684343 },
    ], hardness: 0.564152, hardness_derivative: 0.2312896, nuclear_charge: 22.099503, repulsion: 1.160262, electronegativity: 1.65, dipole_kernel: -0.001, quadrupole_kernel: 7.658e-05, multipole_radius: 5.0, multipole_valence: 2.0 },
    // Ga
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.720919, level: -12.449656, level_by_cn: -0.0234627, polynomial: -0.19018211, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.59157, level: -4.469873, level_by_cn: 0.1305831, polynomial: -0.0113779, occupation: 1.0, hardness: 0.4583445 },
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.05, level: -0.582255, level_by_cn: 0.0165604, polynomial: 0.35401863, occupation: 0.0, hardness: 0.7 },
    ], hardness: 0.432236, hardness_derivative: 0.2334269, nuclear_charge: 31.14675, repulsion: 1.122923, electronegativity: 1.81, dipole_kernel: 0.00267219, quadrupole_kernel: -3.616e-05, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Ge
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 1.990429, level: -16.369792, level_by_cn: 0.0361068, polynomial: -0.21333673, occupation: 1.5, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.83034, level: -8.207673, level_by_cn: -0.0014474, polynomial: -0.09749043, occupation: 2.5, hardness: 0.6190911 },
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.1, level: -0.9942259999999999, level_by_cn: -0.1042559, polynomial: 0.28634699, occupation: 0.0, hardness: 0.85 },
    ], hardness: 0.802051, hardness_derivative: -0.0064775, nuclear_charge: 42.100144, repulsion: 1.222349, electronegativity: 2.01, dipole_kernel: 0.0010846, quadrupole_kernel: -3.589e-05, multipole_radius: 5.0, multipole_valence: 3.0 },
    // As
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 2.026128, level: -16.421504, level_by_cn: -0.012964, polynomial: -0.23820664, occupation: 1.5, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 1.949257, level: -9.311147, level_by_cn: -0.023647, polynomial: -0.10644177, occupation: 3.5, hardness: 0.5895257 },
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.040181, level: -0.27683, level_by_cn: 0.2330144, polynomial: 0.3071113, occupation: 0.0, hardness: 0.5 },
    ], hardness: 0.571748, hardness_derivative: 0.1106041, nuclear_charge: 39.147587, repulsion: 1.249372, electronegativity: 2.18, dipole_kernel: -0.00201294, quadrupole_kernel: 0.00014149, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Se
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 2.230969, level: -20.584732, level_by_cn: -0.0061654, polynomial: -0.24506414, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 2.150656, level: -10.910799, level_by_cn: -0.0435018, polynomial: -0.1376575, occupation: 4.0, hardness: 1.1192113 },
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.317549, level: -0.110636, level_by_cn: 0.2768559, polynomial: 0.29611132, occupation: 0.0, hardness: 0.75 },
    ], hardness: 0.235052, hardness_derivative: 0.0913725, nuclear_charge: 27.426779, repulsion: 1.230284, electronegativity: 2.55, dipole_kernel: -0.00288648, quadrupole_kernel: 0.00085728, multipole_radius: 3.9, multipole_valence: 3.0 },
    // Br
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 2.077587, level: -23.583718, level_by_cn: 0.000615, polynomial: -0.25005079, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 2.26312, level: -12.588824, level_by_cn: -0.0058347, polynomial: -0.14520078, occupation: 5.0, hardness: 1.5203001999999999 },
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.845038, level: 0.04798, level_by_cn: 0.225018, polynomial: 0.36614038, occupation: 0.0, hardness: 1.4 },
    ], hardness: 0.261253, hardness_derivative: 0.13, nuclear_charge: 32.845361, repulsion: 1.296174, electronegativity: 2.96, dipole_kernel: -0.01088586, quadrupole_kernel: 0.00216935, multipole_radius: 4.0, multipole_valence: 1.0 },
    // Kr
    Element { shells: &[
        ShellParameters { n: 4, l: 0, primitives: 4, slater: 2.44568, level: -17.221422, level_by_cn: -0.0070305, polynomial: -0.32658744, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 4, l: 1, primitives: 4, slater: 2.210494, level: -13.633376999999998, level_by_cn: 0.0076023, polynomial: -0.13600093, occupation: 6.0, hardness: 0.7496777 },
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.884991, level: -0.940657, level_by_cn: 0.0349523, polynomial: 0.23204749, occupation: 0.0, hardness: 0.9299999999999999 },
    ], hardness: 0.424373, hardness_derivative: 0.0239815, nuclear_charge: 17.363803, repulsion: 0.908074, electronegativity: 3.0, dipole_kernel: -0.00889357, quadrupole_kernel: -0.00415024, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Rb
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.017267, level: -4.353793, level_by_cn: -0.1516926, polynomial: 0.04325404, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 0.87013, level: -1.392938, level_by_cn: 0.0203437, polynomial: 0.23255114, occupation: 0.0, hardness: 1.9386493 },
    ], hardness: 0.210481, hardness_derivative: 0.2916203, nuclear_charge: 44.338211, repulsion: 0.574054, electronegativity: 0.82, dipole_kernel: -0.00093328, quadrupole_kernel: 0.00015, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Sr
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.419028, level: -6.291692, level_by_cn: 0.040902, polynomial: -0.14506782, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 0.928932, level: -1.872475, level_by_cn: -0.0418725, polynomial: 0.20213982, occupation: 0.0, hardness: 2.5 },
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.5, level: -0.890492, level_by_cn: 0.0401255, polynomial: 0.10816244, occupation: 0.0, hardness: 0.75 },
    ], hardness: 0.34, hardness_derivative: 0.18, nuclear_charge: 34.365525, repulsion: 0.697345, electronegativity: 0.95, dipole_kernel: -0.00459925, quadrupole_kernel: 0.00015, multipole_radius: 5.0, multipole_valence: 2.0 },
    // Y
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 2.670141, level: -8.015206, level_by_cn: -0.1270337, polynomial: -0.39529477, occupation: 1.0, hardness: 0.6650712 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.633876, level: -12.194181, level_by_cn: 0.1937516, polynomial: -0.02125866, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.165412, level: -0.9661949999999999, level_by_cn: -0.0641897, polynomial: 0.52161869, occupation: 1.0, hardness: 0.55 },
    ], hardness: 0.711958, hardness_derivative: 0.01, nuclear_charge: 17.326237, repulsion: 0.706172, electronegativity: 1.22, dipole_kernel: -0.00637291, quadrupole_kernel: 0.0001046, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Zr
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 2.238668, level: -7.409832, level_by_cn: -0.0566943, polynomial: -0.28358876, occupation: 2.0, hardness: 0.5577369999999999 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.70248, level: -10.199105, level_by_cn: 0.1266548, polynomial: 0.07538902, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.12959, level: -1.066939, level_by_cn: 0.0279435, polynomial: 0.58914069, occupation: 1.0, hardness: 0.89 },
    ], hardness: 0.46144, hardness_derivative: 0.07, nuclear_charge: 24.263093, repulsion: 0.681106, electronegativity: 1.33, dipole_kernel: -0.00599615, quadrupole_kernel: -0.00012944, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Nb
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.706832, level: -8.440821, level_by_cn: -0.1356485, polynomial: -0.27963746, occupation: 3.0, hardness: 0.643705 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.666463, level: -11.384021, level_by_cn: 0.2555962, polynomial: -0.0514108, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.132172, level: -0.10376, level_by_cn: -0.0002341, polynomial: 0.55654247, occupation: 1.0, hardness: 0.95 },
    ], hardness: 0.952957, hardness_derivative: 0.05, nuclear_charge: 30.562732, repulsion: 0.865552, electronegativity: 1.6, dipole_kernel: -0.00288729, quadrupole_kernel: 0.00041491, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Mo
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.777658, level: -7.995133, level_by_cn: 0.0620172, polynomial: -0.22573688, occupation: 4.0, hardness: 0.5698629 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.639917, level: -7.336244999999999, level_by_cn: 0.3008411, polynomial: -0.00583137, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.159781, level: -3.6862250000000003, level_by_cn: -0.1040348, polynomial: 0.2919958, occupation: 1.0, hardness: 0.7 },
    ], hardness: 0.586134, hardness_derivative: 0.0919928, nuclear_charge: 48.312796, repulsion: 1.034519, electronegativity: 2.16, dipole_kernel: 0.00346327, quadrupole_kernel: 0.00312549, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Tc
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 1.918066, level: -9.587897, level_by_cn: -0.0066526, polynomial: -0.27342552, occupation: 5.0, hardness: 1.3956819 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.918167, level: -6.792444, level_by_cn: -0.0586205, polynomial: 0.36096045, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.346082, level: -3.325525, level_by_cn: -0.0087319, polynomial: 0.25095742, occupation: 1.0, hardness: 0.4 },
    ], hardness: 0.368054, hardness_derivative: 0.06, nuclear_charge: 44.779882, repulsion: 1.019565, electronegativity: 1.9, dipole_kernel: -0.00458416, quadrupole_kernel: 0.00155242, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Ru
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 2.102697, level: -10.285405, level_by_cn: -0.0263914, polynomial: -0.27583213, occupation: 6.0, hardness: 0.6947695 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.749643, level: -5.332608, level_by_cn: 0.4471162, polynomial: 0.1010627, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.348322, level: -3.307153, level_by_cn: -0.0034723, polynomial: 0.34028722, occupation: 1.0, hardness: 0.35 },
    ], hardness: 0.711205, hardness_derivative: -0.05, nuclear_charge: 28.070247, repulsion: 1.031669, electronegativity: 2.2, dipole_kernel: -0.00081922, quadrupole_kernel: 0.00359228, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Rh
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 2.458187, level: -11.756644, level_by_cn: 0.0104368, polynomial: -0.19656064, occupation: 7.0, hardness: 0.8118226 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.811796, level: -7.850495, level_by_cn: 0.0066741, polynomial: 0.15413317, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.398452, level: -3.007906, level_by_cn: -0.0213308, polynomial: 0.31070684, occupation: 1.0, hardness: 0.35 },
    ], hardness: 0.509183, hardness_derivative: 0.03, nuclear_charge: 38.035941, repulsion: 1.094599, electronegativity: 2.28, dipole_kernel: 7.016e-05, quadrupole_kernel: 8.57e-05, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Pd
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 2.353691, level: -11.963518, level_by_cn: 0.0060285, polynomial: -0.27173113, occupation: 8.0, hardness: 1.0931707 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.828354, level: -9.714059, level_by_cn: 0.026682, polynomial: 0.06200145, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.333352, level: -2.035281, level_by_cn: 0.0503075, polynomial: 0.45341322, occupation: 1.0, hardness: 0.4 },
    ], hardness: 0.27331, hardness_derivative: 0.08, nuclear_charge: 28.6747, repulsion: 1.092745, electronegativity: 2.2, dipole_kernel: -0.00310361, quadrupole_kernel: -0.00040485, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Ag
    Element { shells: &[
        ShellParameters { n: 4, l: 2, primitives: 3, slater: 2.843549, level: -9.591083, level_by_cn: -0.0062719, polynomial: -0.16490742, occupation: 10.0, hardness: 1.8024848 },
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.798462, level: -8.08396, level_by_cn: -0.0065794, polynomial: 0.0109149, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.266649, level: -2.934333, level_by_cn: 0.1677171, polynomial: 0.11561444, occupation: 0.0, hardness: 0.97 },
    ], hardness: 0.26374, hardness_derivative: 0.02, nuclear_charge: 6.493286, repulsion: 0.678344, electronegativity: 1.93, dipole_kernel: -0.00800314, quadrupole_kernel: -0.0002081, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Cd
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.846689, level: -7.252341, level_by_cn: 0.1418145, polynomial: -0.06076865, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.141823, level: -0.744865, level_by_cn: -0.0309814, polynomial: 0.37671924, occupation: 0.0, hardness: 1.2388669 },
    ], hardness: 0.392012, hardness_derivative: 0.2073217, nuclear_charge: 26.226628, repulsion: 0.936236, electronegativity: 1.69, dipole_kernel: -0.00105364, quadrupole_kernel: 0.0001225, multipole_radius: 5.0, multipole_valence: 2.0 },
    // In
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 1.963283, level: -13.040909, level_by_cn: -0.0098312, polynomial: -0.21938535, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.685138, level: -4.507143, level_by_cn: 0.0994688, polynomial: -0.01949646, occupation: 1.0, hardness: 0.413254 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.05, level: -0.805666, level_by_cn: 0.0168649, polynomial: 0.313545, occupation: 0.0, hardness: 0.72 },
    ], hardness: 0.461812, hardness_derivative: 0.19, nuclear_charge: 63.85424, repulsion: 1.024007, electronegativity: 1.78, dipole_kernel: 0.00951079, quadrupole_kernel: -2.031e-05, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Sn
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 2.55151, level: -19.970428, level_by_cn: -0.0454629, polynomial: -0.17518223, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 1.893784, level: -7.367058999999999, level_by_cn: -0.0320651, polynomial: -0.0780287, occupation: 2.0, hardness: 0.4909254 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.1, level: -2.077548, level_by_cn: -0.1459407, polynomial: 0.12611148, occupation: 0.0, hardness: 0.94 },
    ], hardness: 0.9, hardness_derivative: -0.0178396, nuclear_charge: 80.053438, repulsion: 1.139959, electronegativity: 1.96, dipole_kernel: 0.00085029, quadrupole_kernel: -8.243e-05, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Sb
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 2.307407, level: -18.371244, level_by_cn: -0.0147626, polynomial: -0.17543533, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 2.179752, level: -7.350148, level_by_cn: -0.0091175, polynomial: -0.12494609, occupation: 3.0, hardness: 0.3721499 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.256087, level: 0.9090330000000001, level_by_cn: 0.1602872, polynomial: 0.30872654, occupation: 0.0, hardness: 0.45 },
    ], hardness: 0.942294, hardness_derivative: 0.11, nuclear_charge: 77.05756, repulsion: 1.122937, electronegativity: 2.05, dipole_kernel: -0.00015519, quadrupole_kernel: -0.0002063, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Te
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 2.434144, level: -21.930653, level_by_cn: 0.0115389, polynomial: -0.24893875, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 2.182459, level: -9.480374, level_by_cn: -0.0082051, polynomial: -0.11231996, occupation: 4.0, hardness: 0.8444666000000001 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.373076, level: 0.9789220000000001, level_by_cn: 0.3013228, polynomial: 0.31843215, occupation: 0.0, hardness: 1.06 },
    ], hardness: 0.75, hardness_derivative: 0.0953683, nuclear_charge: 48.614745, repulsion: 1.000712, electronegativity: 2.1, dipole_kernel: -0.00263414, quadrupole_kernel: -0.00026864, multipole_radius: 5.0, multipole_valence: 3.0 },
    // I
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 2.1595, level: -20.949407, level_by_cn: -0.050615, polynomial: -0.26957547, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 2.308379, level: -12.180159, level_by_cn: 0.0084766, polynomial: -0.14183312, occupation: 5.0, hardness: 0.9661265 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.691185, level: -0.266596, level_by_cn: 0.3077127, polynomial: 0.28211905, occupation: 0.0, hardness: 1.3 },
    ], hardness: 0.383124, hardness_derivative: 0.12, nuclear_charge: 63.319176, repulsion: 1.017946, electronegativity: 2.66, dipole_kernel: -0.00603648, quadrupole_kernel: 0.0006966, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Xe
    Element { shells: &[
        ShellParameters { n: 5, l: 0, primitives: 4, slater: 2.71514, level: -19.090498, level_by_cn: -0.0020195, polynomial: -0.31096492, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 5, l: 1, primitives: 4, slater: 2.31251, level: -11.249471, level_by_cn: 0.0017246, polynomial: -0.16197851, occupation: 6.0, hardness: 0.7697333 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.855707, level: -0.497097, level_by_cn: 0.0327039, polynomial: 0.19048983, occupation: 0.0, hardness: 0.77 },
    ], hardness: 0.424164, hardness_derivative: -0.0118925, nuclear_charge: 51.188398, repulsion: 1.012036, electronegativity: 2.6, dipole_kernel: -0.00214447, quadrupole_kernel: -0.001562, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Cs
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.225688, level: -4.041706, level_by_cn: -0.1312604, polynomial: -0.00713637, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 0.823818, level: -1.394193, level_by_cn: -0.01, polynomial: 0.20636967, occupation: 0.0, hardness: 1.2494304999999999 },
    ], hardness: 0.236569, hardness_derivative: 0.2404185, nuclear_charge: 67.249039, repulsion: 0.585257, electronegativity: 0.79, dipole_kernel: -0.0008, quadrupole_kernel: 8e-05, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Ba
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.528102, level: -5.9, level_by_cn: 0.0352001, polynomial: -0.14036589, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 0.991572, level: -2.133395, level_by_cn: -0.0926576, polynomial: 0.18774072, occupation: 0.0, hardness: 3.2247532 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.5, level: -1.5149, level_by_cn: 0.0147995, polynomial: 0.11389672, occupation: 0.0, hardness: 0.77 },
    ], hardness: 0.245937, hardness_derivative: 0.2069097, nuclear_charge: 46.984607, repulsion: 0.716259, electronegativity: 0.89, dipole_kernel: -0.0026, quadrupole_kernel: 0.00015, multipole_radius: 5.0, multipole_valence: 2.0 },
    // La
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.875048, level: -8.958783, level_by_cn: -0.0777542, polynomial: -0.37820063, occupation: 1.0, hardness: 0.5300334 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.73139, level: -11.87741, level_by_cn: 0.1071684, polynomial: -0.06732008, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.30359, level: -0.601717, level_by_cn: -0.0239967, polynomial: 0.54136379, occupation: 1.0, hardness: 0.7 },
    ], hardness: 0.597716, hardness_derivative: 0.0012793, nuclear_charge: 50.927529, repulsion: 0.737643, electronegativity: 1.1, dipole_kernel: -0.00395198, quadrupole_kernel: -0.0003, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Ce
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.87, level: -7.381991, level_by_cn: -0.0638958, polynomial: -0.41989203, occupation: 1.0, hardness: 0.4460341 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.725197, level: -8.537781, level_by_cn: 0.1335148, polynomial: -0.06107742, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.309804, level: -3.017508, level_by_cn: -0.019832, polynomial: 0.3766342499999999, occupation: 1.0, hardness: 0.7 },
    ], hardness: 0.662889, hardness_derivative: -0.01, nuclear_charge: 48.676714, repulsion: 0.72995, electronegativity: 1.12, dipole_kernel: -0.00723806, quadrupole_kernel: -0.00025, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Pr
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.872308, level: -7.280874999999999, level_by_cn: -0.0543909, polynomial: -0.41286513, occupation: 1.0, hardness: 0.4537215999999999 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.729767, level: -8.504806, level_by_cn: 0.1349441, polynomial: -0.06040165, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.315495, level: -2.873159, level_by_cn: -0.0198184, polynomial: 0.38194756, occupation: 1.0, hardness: 0.723077 },
    ], hardness: 0.66071, hardness_derivative: -0.0100002, nuclear_charge: 47.669448, repulsion: 0.734624, electronegativity: 1.13, dipole_kernel: -0.00704819, quadrupole_kernel: -0.00024615, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Nd
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.874615, level: -7.17976, level_by_cn: -0.0448861, polynomial: -0.40583824, occupation: 1.0, hardness: 0.4614091 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.734337, level: -8.47183, level_by_cn: 0.1363734, polynomial: -0.05972588, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.321186, level: -2.728809, level_by_cn: -0.0198048, polynomial: 0.38726087, occupation: 1.0, hardness: 0.746154 },
    ], hardness: 0.658531, hardness_derivative: -0.0100004, nuclear_charge: 46.662183, repulsion: 0.739299, electronegativity: 1.14, dipole_kernel: -0.00685832, quadrupole_kernel: -0.00024231, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Pm
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.876923, level: -7.078643999999999, level_by_cn: -0.0353812, polynomial: -0.39881134, occupation: 1.0, hardness: 0.4690966 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.738907, level: -8.438855, level_by_cn: 0.1378028, polynomial: -0.0590501, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.326877, level: -2.58446, level_by_cn: -0.0197912, polynomial: 0.39257419, occupation: 1.0, hardness: 0.7692308999999999 },
    ], hardness: 0.656352, hardness_derivative: -0.0100006, nuclear_charge: 45.654917, repulsion: 0.743973, electronegativity: 1.15, dipole_kernel: -0.00666845, quadrupole_kernel: -0.00023846, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Sm
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.879231, level: -6.977528999999999, level_by_cn: -0.0258764, polynomial: -0.3917844500000001, occupation: 1.0, hardness: 0.4767842 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.743478, level: -8.405879, level_by_cn: 0.1392321, polynomial: -0.05837433, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.332567, level: -2.44011, level_by_cn: -0.0197776, polynomial: 0.3978875, occupation: 1.0, hardness: 0.7923079 },
    ], hardness: 0.654173, hardness_derivative: -0.0100008, nuclear_charge: 44.647651, repulsion: 0.748648, electronegativity: 1.17, dipole_kernel: -0.00647858, quadrupole_kernel: -0.00023462, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Eu
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.881538, level: -6.876413, level_by_cn: -0.0163715, polynomial: -0.38475755, occupation: 1.0, hardness: 0.4844716999999999 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.748048, level: -8.372904, level_by_cn: 0.1406614, polynomial: -0.05769856, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.338258, level: -2.295761, level_by_cn: -0.019764, polynomial: 0.40320081, occupation: 1.0, hardness: 0.8153849 },
    ], hardness: 0.651994, hardness_derivative: -0.010001, nuclear_charge: 43.640385, repulsion: 0.753322, electronegativity: 1.18, dipole_kernel: -0.00628871, quadrupole_kernel: -0.00023077, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Gd
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.883846, level: -6.775298, level_by_cn: -0.0068667, polynomial: -0.37773066, occupation: 1.0, hardness: 0.4921592 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.752618, level: -8.339929, level_by_cn: 0.1420907, polynomial: -0.05702279, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.343949, level: -2.151411, level_by_cn: -0.0197504, polynomial: 0.40851412, occupation: 1.0, hardness: 0.8384619 },
    ], hardness: 0.649815, hardness_derivative: -0.0100012, nuclear_charge: 42.63312, repulsion: 0.757996, electronegativity: 1.2, dipole_kernel: -0.00609884, quadrupole_kernel: -0.00022692, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Tb
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.886154, level: -6.674182, level_by_cn: 0.0026382, polynomial: -0.37070376, occupation: 1.0, hardness: 0.4998467 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.757188, level: -8.306953, level_by_cn: 0.14352, polynomial: -0.05634701, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.34964, level: -2.007062, level_by_cn: -0.0197369, polynomial: 0.41382743, occupation: 1.0, hardness: 0.8615387999999999 },
    ], hardness: 0.647635, hardness_derivative: -0.0100013, nuclear_charge: 41.625854, repulsion: 0.762671, electronegativity: 1.21, dipole_kernel: -0.00590897, quadrupole_kernel: -0.00022308, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Dy
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.888462, level: -6.573067, level_by_cn: 0.012143, polynomial: -0.36367686, occupation: 1.0, hardness: 0.5075342 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.761758, level: -8.273978, level_by_cn: 0.1449494, polynomial: -0.05567124, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.355331, level: -1.862712, level_by_cn: -0.0197233, polynomial: 0.41914074, occupation: 1.0, hardness: 0.8846158 },
    ], hardness: 0.645456, hardness_derivative: -0.0100015, nuclear_charge: 40.618588, repulsion: 0.767345, electronegativity: 1.22, dipole_kernel: -0.0057191, quadrupole_kernel: -0.00021923, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Ho
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.890769, level: -6.471951, level_by_cn: 0.0216479, polynomial: -0.35664997, occupation: 1.0, hardness: 0.5152218 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.766328, level: -8.241003, level_by_cn: 0.1463787, polynomial: -0.05499547, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.361022, level: -1.718363, level_by_cn: -0.0197097, polynomial: 0.42445406, occupation: 1.0, hardness: 0.9076928 },
    ], hardness: 0.643277, hardness_derivative: -0.0100017, nuclear_charge: 39.611322, repulsion: 0.77202, electronegativity: 1.23, dipole_kernel: -0.00552923, quadrupole_kernel: -0.00021538, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Er
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.893077, level: -6.370836, level_by_cn: 0.0311527, polynomial: -0.34962307, occupation: 1.0, hardness: 0.5229093 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.770899, level: -8.208027, level_by_cn: 0.147808, polynomial: -0.0543197, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.366713, level: -1.574013, level_by_cn: -0.0196961, polynomial: 0.42976737, occupation: 1.0, hardness: 0.9307698 },
    ], hardness: 0.641098, hardness_derivative: -0.0100019, nuclear_charge: 38.604057, repulsion: 0.776694, electronegativity: 1.24, dipole_kernel: -0.00533936, quadrupole_kernel: -0.00021154, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Tm
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.895385, level: -6.26972, level_by_cn: 0.0406576, polynomial: -0.34259618, occupation: 1.0, hardness: 0.5305968 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.775469, level: -8.175052, level_by_cn: 0.1492373, polynomial: -0.05364392, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.372403, level: -1.429664, level_by_cn: -0.0196825, polynomial: 0.43508068, occupation: 1.0, hardness: 0.9538467 },
    ], hardness: 0.638919, hardness_derivative: -0.0100021, nuclear_charge: 37.596791, repulsion: 0.781368, electronegativity: 1.25, dipole_kernel: -0.00514949, quadrupole_kernel: -0.00020769, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Yb
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.897692, level: -6.168604, level_by_cn: 0.0501624, polynomial: -0.33556928, occupation: 1.0, hardness: 0.5382842999999999 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.780039, level: -8.142076, level_by_cn: 0.1506666, polynomial: -0.05296815, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.378094, level: -1.285314, level_by_cn: -0.0196689, polynomial: 0.44039399, occupation: 1.0, hardness: 0.9769237 },
    ], hardness: 0.63674, hardness_derivative: -0.0100023, nuclear_charge: 36.589525, repulsion: 0.786043, electronegativity: 1.26, dipole_kernel: -0.00495961, quadrupole_kernel: -0.00020385, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Lu
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.9, level: -6.067489, level_by_cn: 0.0596673, polynomial: -0.32854239, occupation: 1.0, hardness: 0.5459718 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.784609, level: -8.109101, level_by_cn: 0.1520959, polynomial: -0.05229238, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.383785, level: -1.140965, level_by_cn: -0.0196553, polynomial: 0.4457073, occupation: 1.0, hardness: 1.0000007 },
    ], hardness: 0.634561, hardness_derivative: -0.0100025, nuclear_charge: 35.582259, repulsion: 0.790717, electronegativity: 1.27, dipole_kernel: -0.00476974, quadrupole_kernel: -0.0002, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Hf
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.638729, level: -7.181754999999999, level_by_cn: 0.017655, polynomial: -0.34095699, occupation: 2.0, hardness: 0.5513835 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.194333, level: -10.626891, level_by_cn: 0.2271496, polynomial: -0.0273193, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.427467, level: -1.60343, level_by_cn: -0.0069771, polynomial: 0.33515028, occupation: 1.0, hardness: 1.1 },
    ], hardness: 0.662597, hardness_derivative: -0.01, nuclear_charge: 40.186772, repulsion: 0.852852, electronegativity: 1.3, dipole_kernel: -0.00537685, quadrupole_kernel: -0.00016478, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Ta
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.018969, level: -8.481353, level_by_cn: -0.0620136, polynomial: -0.30396333, occupation: 3.0, hardness: 0.660562 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.996498, level: -13.073088, level_by_cn: 0.0988501, polynomial: -0.15707734, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.407714, level: 0.655254, level_by_cn: -0.047254, polynomial: 0.60186026, occupation: 1.0, hardness: 1.05 },
    ], hardness: 0.449812, hardness_derivative: 0.02, nuclear_charge: 54.666156, repulsion: 0.990234, electronegativity: 1.5, dipole_kernel: -0.00200343, quadrupole_kernel: 0.00039599, multipole_radius: 5.0, multipole_valence: 6.0 },
    // W
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.155885, level: -9.501505, level_by_cn: -0.0192494, polynomial: -0.2567708, occupation: 4.0, hardness: 0.6580801000000001 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 1.892022, level: -11.093016, level_by_cn: 0.2543639, polynomial: 0.06208982, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.458186, level: -1.420389, level_by_cn: 0.0236479, polynomial: 0.4927377, occupation: 1.0, hardness: 1.37 },
    ], hardness: 0.685426, hardness_derivative: -0.02, nuclear_charge: 55.899801, repulsion: 1.018805, electronegativity: 2.36, dipole_kernel: 0.00065886, quadrupole_kernel: 0.01063309, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Re
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.262783, level: -11.189119, level_by_cn: -0.0322139, polynomial: -0.31723059, occupation: 5.0, hardness: 1.6586864000000001 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.187549, level: -12.685198, level_by_cn: 0.1117569, polynomial: 0.13890139, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.636996, level: -3.8519809999999994, level_by_cn: -0.1335155, polynomial: 0.33973283, occupation: 1.0, hardness: 0.4 },
    ], hardness: 0.224623, hardness_derivative: 0.08, nuclear_charge: 80.410086, repulsion: 1.170412, electronegativity: 1.9, dipole_kernel: -0.00587636, quadrupole_kernel: 0.0030687, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Os
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.509631, level: -10.382841, level_by_cn: -0.0095346, polynomial: -0.28461111, occupation: 6.0, hardness: 1.1350223 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.173991, level: -8.73146, level_by_cn: 0.0346183, polynomial: 0.21316847, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.597888, level: -3.5463789999999995, level_by_cn: -0.0208758, polynomial: 0.28097231, occupation: 1.0, hardness: 0.35 },
    ], hardness: 0.364388, hardness_derivative: 0.08, nuclear_charge: 62.809871, repulsion: 1.221937, electronegativity: 2.2, dipole_kernel: -0.0051009, quadrupole_kernel: 0.00759049, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Ir
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.756134, level: -11.018475, level_by_cn: 0.0051977, polynomial: -0.24693443, occupation: 7.0, hardness: 0.9022043 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.117548, level: -9.349164, level_by_cn: -0.0123672, polynomial: 0.20733836, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.680343, level: -3.603762, level_by_cn: -0.0079864, polynomial: 0.1830321, occupation: 1.0, hardness: 0.35 },
    ], hardness: 0.548507, hardness_derivative: -0.01, nuclear_charge: 56.045639, repulsion: 1.197148, electronegativity: 2.2, dipole_kernel: -0.00673822, quadrupole_kernel: 0.00322935, multipole_radius: 5.0, multipole_valence: 6.0 },
    // Pt
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 2.704492, level: -12.047728, level_by_cn: -0.0204828, polynomial: -0.27243898, occupation: 8.0, hardness: 0.9796788 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.329136, level: -10.482306, level_by_cn: 0.113953, polynomial: 0.06737556, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.623286, level: -3.778297, level_by_cn: 0.1408029, polynomial: 0.19259455, occupation: 1.0, hardness: 0.4 },
    ], hardness: 0.353574, hardness_derivative: 0.06, nuclear_charge: 53.881425, repulsion: 1.204081, electronegativity: 2.28, dipole_kernel: -0.00423684, quadrupole_kernel: 0.00098019, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Au
    Element { shells: &[
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 3.241287, level: -9.578599, level_by_cn: -0.0154462, polynomial: -0.06410815, occupation: 10.0, hardness: 1.0614126 },
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.183171, level: -7.688552, level_by_cn: 0.1479337, polynomial: 0.04691539, occupation: 1.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 2.084484, level: 0.883399, level_by_cn: 0.1048065, polynomial: 0.25250274, occupation: 0.0, hardness: 0.4 },
    ], hardness: 0.438997, hardness_derivative: 0.085, nuclear_charge: 14.711475, repulsion: 0.91921, electronegativity: 2.54, dipole_kernel: 0.00393418, quadrupole_kernel: -0.0002032, multipole_radius: 5.0, multipole_valence: 4.0 },
    // Hg
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.244504, level: -11.538066, level_by_cn: -0.0352252, polynomial: -0.09833449, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.470848, level: -2.532581, level_by_cn: 0.0205401, polynomial: 0.15628858, occupation: 0.0, hardness: 0.4624879 },
    ], hardness: 0.457611, hardness_derivative: -0.0116312, nuclear_charge: 51.577544, repulsion: 1.13736, electronegativity: 2.0, dipole_kernel: -0.0025, quadrupole_kernel: -0.00032901, multipole_radius: 5.0, multipole_valence: 2.0 },
    // Tl
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.294231, level: -17.319333, level_by_cn: -0.0255975, polynomial: -0.22942207, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.731592, level: -4.460584, level_by_cn: 0.0901364, polynomial: 0.13109821, occupation: 1.0, hardness: 0.2866599 },
    ], hardness: 0.418841, hardness_derivative: -0.0533933, nuclear_charge: 58.801614, repulsion: 1.399312, electronegativity: 1.62, dipole_kernel: 0.00374018, quadrupole_kernel: -8.506e-05, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Pb
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.960592, level: -24.055207, level_by_cn: -0.3893459, polynomial: -0.22955084, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 1.95313, level: -5.893816, level_by_cn: 0.3437117, polynomial: -0.08805272, occupation: 2.0, hardness: 1.7838251 },
    ], hardness: 0.168152, hardness_derivative: 0.02, nuclear_charge: 102.368258, repulsion: 1.179922, electronegativity: 2.33, dipole_kernel: 0.01007016, quadrupole_kernel: -1.67e-05, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Bi
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.788267, level: -19.84384, level_by_cn: 0.0160425, polynomial: -0.21750059, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 2.277039, level: -7.297456000000001, level_by_cn: 0.0248659, polynomial: -0.1077393, occupation: 3.0, hardness: 0.4 },
    ], hardness: 0.9, hardness_derivative: -0.0337508, nuclear_charge: 132.896832, repulsion: 1.13086, electronegativity: 2.02, dipole_kernel: -0.00737252, quadrupole_kernel: 0.00162529, multipole_radius: 5.0, multipole_valence: 3.0 },
    // Po
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 3.31481, level: -20.20538, level_by_cn: -0.0046813, polynomial: -0.2092329, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 2.389456, level: -8.476927, level_by_cn: -0.0100437, polynomial: -0.18426448, occupation: 4.0, hardness: 0.1890845 },
    ], hardness: 1.023267, hardness_derivative: 0.1877978, nuclear_charge: 52.301232, repulsion: 0.957939, electronegativity: 2.0, dipole_kernel: -0.01344854, quadrupole_kernel: 0.00013818, multipole_radius: 5.0, multipole_valence: 3.0 },
    // At
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 2.220421, level: -17.050229, level_by_cn: -0.0287369, polynomial: -0.30549981, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 2.408112, level: -9.499822, level_by_cn: -0.0007993, polynomial: -0.1710849, occupation: 5.0, hardness: 0.7467927 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.5, level: -0.096063, level_by_cn: 0.2805808, polynomial: 0.23824993, occupation: 0.0, hardness: 1.25 },
    ], hardness: 0.288848, hardness_derivative: 0.1846485, nuclear_charge: 81.771063, repulsion: 0.963878, electronegativity: 2.2, dipole_kernel: -0.00348123, quadrupole_kernel: 0.00021624, multipole_radius: 5.0, multipole_valence: 1.0 },
    // Rn
    Element { shells: &[
        ShellParameters { n: 6, l: 0, primitives: 6, slater: 3.109394, level: -21.0, level_by_cn: -0.0001712, polynomial: -0.35245372, occupation: 2.0, hardness: 1.0 },
        ShellParameters { n: 6, l: 1, primitives: 6, slater: 2.541934, level: -10.496406, level_by_cn: -0.000528, polynomial: -0.11989735, occupation: 6.0, hardness: 0.9697612 },
        ShellParameters { n: 5, l: 2, primitives: 3, slater: 1.79, level: -1.415056, level_by_cn: -0.320602, polynomial: 0.21167024, occupation: 0.0, hardness: 0.77 },
    ], hardness: 0.3034, hardness_derivative: 0.0097834, nuclear_charge: 128.13358, repulsion: 0.965577, electronegativity: 2.2, dipole_kernel: -0.00167597, quadrupole_kernel: -0.00111556, multipole_radius: 5.0, multipole_valence: 1.0 },
];
