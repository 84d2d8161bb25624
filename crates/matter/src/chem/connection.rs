//! Graphs from connection tables: atoms, bonds and coordinates, as files of molecules hold them.

use super::graph::{BondKind, Graph, GraphError};
use super::stereo::{self, Handedness};
use crate::element::Element;
use chematic::core::{
    Atom, AtomIdx, BondOrder, Chirality, Element as InnerElement, Molecule as Inner, MoleculeBuilder,
    STEREO_H_SENTINEL,
};
use chematic::smiles::rdkit_mol_view;

/// Atoms and bonds of one molecule with its drawing or its geometry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectionTable {
    /// The atoms.
    pub atoms: Vec<TableAtom>,
    /// The bonds.
    pub bonds: Vec<TableBond>,
    /// Whether the positions are a geometry in space; else they are a drawing in the plane, in which wedges
    /// tell what is in front and behind.
    pub spatial: bool,
}

/// An atom of a [`ConnectionTable`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TableAtom {
    /// Its element.
    pub element: Element,
    /// Mass number, if it is not the natural mixture.
    pub isotope: Option<u16>,
    /// Formal charge.
    pub charge: i8,
    /// Unpaired electrons on it.
    pub unpaired: u8,
    /// Sum of its bond orders, hydrogens included, if stated; else implicit hydrogens fill its usual valence.
    pub valence: Option<u8>,
    /// Position in angstrom (spatial) or in units of the drawing.
    pub position: [f64; 3],
}

/// A bond of a [`ConnectionTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableBond {
    /// Index of one atom, at the narrow end of a wedge.
    pub begin: usize,
    /// Index of the other.
    pub end: usize,
    /// Its kind.
    pub kind: BondKind,
    /// How it is drawn.
    pub wedge: Wedge,
}

/// How a bond is drawn in the plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wedge {
    /// A plain line.
    Plain,
    /// `end` is in front of the plane.
    Up,
    /// `end` is behind the plane.
    Down,
    /// Unknown: a wavy single bond, a crossed double bond.
    Unknown,
}

impl Graph {
    /// The graph of a connection table; `origin` is what error messages show.
    ///
    /// Hydrogens that are atoms of the table become implicit. Tetrahedral centres and double bonds get their
    /// configuration from the positions (in the plane: from wedges, and from the drawn angles at double bonds).
    ///
    /// # Errors
    /// What is no possible molecule; bonds of an atom with itself, with an atom that is not there, or twice
    /// between one pair.
    pub fn from_connection_table(table: &ConnectionTable, origin: &str) -> Result<Graph, GraphError> {
        let plain = build(table, &vec![None; table.atoms.len()], origin)?;
        if table.atoms.iter().all(|a| a.unpaired == 0) {
            return Graph::from_inner(&plain, origin);
        }
        // An atom with unpaired electrons has that many hydrogens fewer than it would have without, unless its
        // valence is stated.
        let view = rdkit_mol_view(&plain)
            .map_err(|e| GraphError::Unsupported { smiles: origin.into(), reason: e.to_string() })?;
        let hydrogens: Vec<Option<u8>> = table
            .atoms
            .iter()
            .zip(&view.atoms)
            .map(|(atom, seen)| {
                let left = seen.total_num_hs.saturating_sub(u32::from(atom.unpaired));
                (atom.unpaired > 0 && atom.valence.is_none()).then_some(left.min(u32::from(u8::MAX)) as u8)
            })
            .collect();
        Graph::from_inner(&build(table, &hydrogens, origin)?, origin)
    }
}

/// The library's molecule; `hydrogens` overrides the count of implicit hydrogens of an atom.
fn build(table: &ConnectionTable, hydrogens: &[Option<u8>], origin: &str) -> Result<Inner, GraphError> {
    let refuse = |reason: String| GraphError::Chemistry { smiles: origin.into(), reason };
    let mut builder = MoleculeBuilder::with_capacity(table.atoms.len(), table.bonds.len());
    let handedness = stereo::handedness(table);
    for (i, atom) in table.atoms.iter().enumerate() {
        let number = atom.element.number();
        let element = InnerElement::from_atomic_number(number)
            .ok_or_else(|| GraphError::UnknownElement { smiles: origin.into(), number: u32::from(number) })?;
        let stated = atom.valence.map(|valence| {
            let used: u32 = table.bonds.iter().filter(|b| b.begin == i || b.end == i).map(order).sum();
            u32::from(valence).saturating_sub(used).min(u32::from(u8::MAX)) as u8
        });
        // A hydrogen atom is written like `[H]` in SMILES, which tells the library that it may become implicit.
        let hydrogen = (atom.element == Element::H).then_some(0);
        let aromatic =
            table.bonds.iter().any(|b| (b.begin == i || b.end == i) && b.kind == BondKind::Aromatic);
        builder.add_atom(Atom {
            isotope: atom.isotope,
            charge: atom.charge,
            hydrogen_count: hydrogens[i].or(stated).or(hydrogen),
            aromatic,
            chirality: match handedness[i] {
                Some(Handedness::Clockwise) => Chirality::Clockwise,
                Some(Handedness::Counterclockwise) => Chirality::CounterClockwise,
                None => Chirality::None,
            },
            ..Atom::new(element)
        });
    }
    let directions = stereo::directions(table);
    for (bond, direction) in table.bonds.iter().zip(directions) {
        if bond.begin == bond.end {
            return Err(refuse(format!("atom {} is bonded to itself", bond.begin + 1)));
        }
        let (a, b) = (AtomIdx(bond.begin as u32), AtomIdx(bond.end as u32));
        let kind = match bond.kind {
            BondKind::Single => BondOrder::Single,
            BondKind::Double => BondOrder::Double,
            BondKind::Triple => BondOrder::Triple,
            BondKind::Quadruple => BondOrder::Quadruple,
            BondKind::Aromatic => BondOrder::Aromatic,
        };
        let index = builder.add_bond(a, b, kind).map_err(|_| {
            refuse(format!("the bond of atoms {} and {} is there twice or leads nowhere", a.0 + 1, b.0 + 1))
        })?;
        if let Some(up) = direction {
            builder.set_bond_direction(index, if up { BondOrder::Up } else { BondOrder::Down });
            builder.set_bond_direction_anchor(index, a);
        }
    }
    for (i, hand) in handedness.iter().enumerate() {
        if hand.is_some() {
            let mut order: Vec<u32> = stereo::neighbours(table, i).map(|n| n as u32).collect();
            // The fourth neighbour that is no atom (implicit hydrogen or lone pair) comes last. Only a carbon
            // is known to have a hydrogen there.
            if order.len() == 3 && table.atoms[i].element == Element::C {
                order.push(STEREO_H_SENTINEL);
            }
            builder.set_stereo_neighbor_order(AtomIdx(i as u32), order);
        }
    }
    Ok(builder.build())
}

fn order(bond: &TableBond) -> u32 {
    match bond.kind {
        BondKind::Single | BondKind::Aromatic => 1,
        BondKind::Double => 2,
        BondKind::Triple => 3,
        BondKind::Quadruple => 4,
    }
}
