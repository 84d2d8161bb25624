//! Geometries as compact binary.

use matter::{Element, Geometry};

/// Bytes per atom: atomic number and three coordinates.
const ATOM: usize = 1 + 3 * 8;

/// Atomic numbers (one byte each), then x, y, z of every atom in angstrom (little-endian `f64`).
pub(crate) fn geometry_to_blob(geometry: &Geometry) -> Vec<u8> {
    let mut blob: Vec<u8> = geometry.elements().iter().map(|e| e.number()).collect();
    blob.extend(geometry.positions().iter().flatten().flat_map(|x| x.to_le_bytes()));
    blob
}

/// The geometry back; what is wrong with the bytes otherwise.
pub(crate) fn geometry_from_blob(blob: &[u8]) -> Result<Geometry, String> {
    if !blob.len().is_multiple_of(ATOM) {
        return Err(format!("a geometry of {} bytes, expected a multiple of {ATOM}", blob.len()));
    }
    let (numbers, coordinates) = blob.split_at(blob.len() / ATOM);
    let elements = numbers
        .iter()
        .map(|n| {
            Element::from_number(u32::from(*n)).ok_or_else(|| format!("atomic number {n} in a geometry"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let (values, _) = coordinates.as_chunks::<8>();
    let (positions, _) = values.as_chunks::<3>();
    let positions = positions.iter().map(|p| p.map(f64::from_le_bytes)).collect();
    Geometry::new(elements, positions).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_comes_back_and_damage_is_noticed() {
        let geometry =
            Geometry::new(vec![Element::O, Element::H], vec![[0.1, -0.0, 1e-300], [1.0 / 3.0, 2.0, 0.7]])
                .unwrap();
        let mut blob = geometry_to_blob(&geometry);
        assert_eq!(blob.len(), 50);
        assert_eq!(format!("{:?}", geometry_from_blob(&blob).unwrap()), format!("{geometry:?}"));
        blob[0] = 200;
        assert_eq!(geometry_from_blob(&blob), Err("atomic number 200 in a geometry".into()));
        assert!(geometry_from_blob(&blob[..49]).unwrap_err().contains("49 bytes"));
        assert!(geometry_from_blob(&[]).is_err());
    }
}
