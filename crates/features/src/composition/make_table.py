#!/usr/bin/env python3
"""Makes table.rs: the element properties of Magpie that composition features use.

    python crates/features/src/composition/make_table.py magpie_elements.csv

magpie_elements.csv has one row for each element: its number, symbol and the numbers of
`matminer/utils/data_files/magpie_elementdata/<property>.table` of PyPI matminer 0.10.1, empty where a table has none.
Licence: BSD-style (Lawrence Berkeley National Laboratory). Cite Ward et al., npj Comput. Mater. 2, 16028 (2016), from
whose supplementary information the tables are.
"""

import csv
import pathlib
import sys

# The order of the "magpie" preset of matminer, which is that of the paper.
PROPERTIES = """Number MendeleevNumber AtomicWeight MeltingT Column Row CovalentRadius Electronegativity NsValence
NpValence NdValence NfValence NValence NsUnfilled NpUnfilled NdUnfilled NfUnfilled NUnfilled GSvolume_pa GSbandgap
GSmagmom SpaceGroupNumber""".split()

HEAD = f"""//! Properties of the elements, made by `make_table.py` from the tables of Magpie in matminer 0.10.1 (BSD-style
//! licence of Lawrence Berkeley National Laboratory; Ward et al., npj Comput. Mater. 2, 16028, 2016).

/// The names of the properties.
pub(super) const PROPERTIES: [&str; {len(PROPERTIES)}] = [
{{names}}
];

/// No number is known.
const X: f64 = f64::NAN;

/// Symbols and properties, by atomic number from 1.
#[rustfmt::skip]
#[allow(clippy::approx_constant)]
pub(super) static ELEMENTS: [(&str, [f64; {len(PROPERTIES)}]); {{count}}] = [
"""


def number(text):
    if not text:
        return "X"
    return text if "." in text else text + ".0"


def main():
    with open(sys.argv[1], newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["Z"]) for row in rows] == list(range(1, len(rows) + 1))
    names = "\n".join(f'    "{name}",' for name in PROPERTIES)
    lines = [f'    ("{row["symbol"]}", [{", ".join(number(row[name]) for name in PROPERTIES)}]),\n' for row in rows]
    text = HEAD.format(names=names, count=len(rows)) + "".join(lines) + "];\n"
    pathlib.Path(__file__).with_name("table.rs").write_text(text)


main()
