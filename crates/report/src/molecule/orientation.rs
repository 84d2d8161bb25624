//! Which way up a molecule is drawn.

use super::bond::Skeleton;
use super::extent;
use super::label::labels;
use super::plane::Point;
use super::{BOND, HEIGHT, WIDTH};
use matter::chem::BondKind;
use std::f64::consts::{FRAC_PI_6, PI};

/// Angle below which a bond counts as upright.
const UPRIGHT: f64 = 0.02;

/// A turn that puts the molecule the right way up may cost this much of its size,
const SIZE_KEPT: f64 = 0.75;
/// unless it becomes smaller than this (1 is full size): then every bit of size counts.
const SMALL: f64 = 0.7;

/// The molecule turned as in textbooks: bonds shared by two rings upright (anthracene lies level), then other
/// ring bonds (hexagons stand on a corner), then terminal double bonds; of equals the one that can be drawn
/// largest. Turns that would make the drawing much smaller are left out. Turns are multiples of 30 degrees from
/// a position with a ring bond upright; without rings, with the first bond 30 degrees from level.
pub(super) fn best(skeleton: &Skeleton, places: Vec<Point>) -> Vec<Point> {
    let base = base_turn(skeleton, &places);
    let turned = |turn: u32| -> Vec<Point> {
        places.iter().map(|p| p.rotated(base + f64::from(turn) * FRAC_PI_6)).collect()
    };
    let scores: Vec<(f64, Uprightness, u32)> = (0..12)
        .map(|turn| {
            let places = turned(turn);
            (size(skeleton, &places), uprightness(skeleton, &places), turn)
        })
        .collect();
    let largest = scores.iter().map(|s| s.0).fold(0.0, f64::max);
    let per_cent = |size: f64| (size * 100.0).round() as i64;
    let good = |size: f64| size >= if size < SMALL { 0.95 } else { SIZE_KEPT } * largest;
    let best = scores.iter().filter(|s| good(s.0)).max_by_key(|(size, upright, turn)| {
        // Of equals the first.
        (*upright, per_cent(*size), std::cmp::Reverse(*turn))
    });
    turned(best.map_or(0, |s| s.2))
}

/// Upright bonds: shared by two rings, in a ring, terminal double bonds.
type Uprightness = (usize, usize, usize);

fn ring_bonds(skeleton: &Skeleton) -> impl Iterator<Item = (usize, usize)> {
    skeleton
        .bonds
        .iter()
        .map(|b| (b.begin, b.end))
        .filter(|(i, j)| skeleton.rings.iter().any(|ring| ring.contains(i) && ring.contains(j)))
}

fn base_turn(skeleton: &Skeleton, places: &[Point]) -> f64 {
    let angle = |(i, j): (usize, usize)| {
        let d = places[j] - places[i];
        d.y.atan2(d.x)
    };
    if let Some(bond) = ring_bonds(skeleton).next() {
        return PI / 2.0 - angle(bond);
    }
    skeleton.bonds.first().map_or(0.0, |b| FRAC_PI_6 - angle((b.begin, b.end)))
}

/// How large the molecule can be drawn, 1 for full size.
fn size(skeleton: &Skeleton, places: &[Point]) -> f64 {
    let bounds = extent(places, &labels(skeleton, places));
    ((WIDTH / bounds.width()).min(HEIGHT / bounds.height()) / BOND).min(1.0)
}

fn uprightness(skeleton: &Skeleton, places: &[Point]) -> Uprightness {
    let upright = |i: usize, j: usize| (places[j] - places[i]).unit().x.abs() < UPRIGHT;
    let rings =
        |i: usize, j: usize| skeleton.rings.iter().filter(|r| r.contains(&i) && r.contains(&j)).count();
    let ring: Vec<usize> =
        ring_bonds(skeleton).filter(|(i, j)| upright(*i, *j)).map(|(i, j)| rings(i, j)).collect();
    let terminal = |i: usize| skeleton.neighbours[i].len() == 1;
    let double = skeleton.bonds.iter().filter(|b| {
        b.kind == BondKind::Double && (terminal(b.begin) || terminal(b.end)) && upright(b.begin, b.end)
    });
    (ring.iter().filter(|n| **n > 1).count(), ring.len(), double.count())
}
