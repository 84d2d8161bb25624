use matter::Element;
use matter::chem::{BondKind, BondView, Skeleton};

/// Numbers of rings of several kinds.
#[derive(Default)]
pub(super) struct Rings {
    /// All bonds are aromatic.
    pub(super) aromatic: f64,
    /// Some bond is not.
    pub(super) aliphatic: f64,
    /// All bonds are single.
    pub(super) saturated: f64,
    /// Some atom is not carbon.
    pub(super) hetero: f64,
    /// Both.
    pub(super) aromatic_hetero: f64,
}

impl Rings {
    pub(super) fn new(skeleton: &Skeleton) -> Self {
        let mut rings = Self::default();
        let kind = |a: usize, b: usize| {
            let joins =
                |bond: &&BondView| (bond.begin == a && bond.end == b) || (bond.begin == b && bond.end == a);
            skeleton.bonds.iter().find(joins).map(|bond| bond.kind)
        };
        for ring in &skeleton.rings {
            let next = ring.iter().cycle().skip(1);
            let kinds: Vec<Option<BondKind>> = ring.iter().zip(next).map(|(&a, &b)| kind(a, b)).collect();
            let aromatic = kinds.iter().all(|kind| *kind == Some(BondKind::Aromatic));
            let saturated = kinds.iter().all(|kind| *kind == Some(BondKind::Single));
            let hetero = ring.iter().any(|&atom| skeleton.atoms[atom].element != Element::C);
            let one = |yes: bool| f64::from(u8::from(yes));
            rings.aromatic += one(aromatic);
            rings.aliphatic += one(!aromatic);
            rings.saturated += one(saturated);
            rings.hetero += one(hetero);
            rings.aromatic_hetero += one(aromatic && hetero);
        }
        rings
    }
}
