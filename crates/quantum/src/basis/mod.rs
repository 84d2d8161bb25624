//! Contracted Gaussian basis functions on atoms.

mod product;
mod slater;

use std::ops::Range;

pub(crate) use product::{LANES, MOST, ProductList, Products, width};

/// One shell: `2 l + 1` functions with a common radial part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shell {
    /// Atom it stands on.
    pub atom: usize,
    /// Angular momentum, 0 to 2.
    pub l: usize,
    /// Index among the shells of its element (`parameters::Element::shells`).
    pub index: usize,
    /// Shells of the same element and index are of one kind; kinds are numbered by ascending angular momentum.
    pub kind: usize,
    /// Its functions. Order: p is y, z, x; d is xy, yz, z2, xz, x2-y2 (m from -l to l).
    pub orbitals: Range<usize>,
    /// Its primitives in `Basis::exponents` and `Basis::coefficients`.
    pub primitives: Range<usize>,
}

/// All shells of a system, in the order of the atoms.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Basis {
    /// Shells, atom by atom.
    pub shells: Vec<Shell>,
    /// Exponents of all primitives, bohr^-2. Shells of one kind share theirs.
    pub exponents: Vec<f64>,
    /// Contraction coefficients, normalisation of the primitives included (of `x^2` in a d shell).
    pub coefficients: Vec<f64>,
    /// Shells of each atom, shape `[n_atoms]`.
    pub atom_shells: Vec<Range<usize>>,
    /// Functions of each atom, shape `[n_atoms]`.
    pub atom_orbitals: Vec<Range<usize>>,
    /// Atom of each function, shape `[n_orbitals]`.
    pub orbital_atom: Vec<usize>,
    /// Shell of each function, shape `[n_orbitals]`.
    pub orbital_shell: Vec<usize>,
    /// Products of primitives for pairs of kinds of shells.
    pub products: Products,
}

impl Basis {
    /// The GFN2 basis (section 2.1 of the paper). Atoms of unknown elements get no functions: `System::check`
    /// refuses them before.
    pub fn new(numbers: &[u8]) -> Basis {
        let mut basis = Basis::default();
        let kinds = basis.add_kinds(numbers);
        for (atom, &number) in numbers.iter().enumerate() {
            let first = (basis.shells.len(), basis.orbital_atom.len());
            for (_, example) in kinds.iter().filter(|(z, _)| *z == number) {
                let start = basis.orbital_atom.len();
                let end = start + 2 * example.l + 1;
                basis.orbital_atom.resize(end, atom);
                basis.orbital_shell.resize(end, basis.shells.len());
                basis.shells.push(Shell { atom, orbitals: start..end, ..example.clone() });
            }
            basis.atom_shells.push(first.0..basis.shells.len());
            basis.atom_orbitals.push(first.1..basis.orbital_atom.len());
        }
        basis
    }

    /// Number of functions.
    pub fn orbitals(&self) -> usize {
        self.orbital_atom.len()
    }

    /// Enters the primitives of every kind of shell and their products; returns the element and an example of each,
    /// in the order of elements and their shells.
    fn add_kinds(&mut self, numbers: &[u8]) -> Vec<(u8, Shell)> {
        let mut elements = numbers.to_vec();
        elements.sort_unstable();
        elements.dedup();
        let mut kinds = Vec::new();
        for &number in &elements {
            let shells = crate::parameters::element(number).map_or(&[][..], |element| element.shells);
            for (index, parameters) in shells.iter().enumerate() {
                let first = self.exponents.len();
                for (exponent, coefficient) in slater::expansion(parameters) {
                    self.exponents.push(exponent);
                    self.coefficients.push(coefficient);
                }
                let primitives = first..self.exponents.len();
                let l = usize::from(parameters.l);
                kinds.push((number, Shell { atom: 0, l, index, kind: 0, orbitals: 0..0, primitives }));
            }
        }
        let mut order: Vec<usize> = (0..kinds.len()).collect();
        order.sort_by_key(|&i| (kinds[i].1.l, i));
        let mut examples = Vec::with_capacity(order.len());
        for (kind, i) in order.into_iter().enumerate() {
            kinds[i].1.kind = kind;
            examples.push(kinds[i].1.clone());
        }
        self.products = Products::new(self, &examples);
        kinds
    }
}
