//! Quinones with made-up properties, and a small space of real ones.

/// A quinone with a value and a cost by formula.
#[derive(Clone, Debug)]
pub struct Quinone {
    pub smiles: String,
    pub value: f64,
    pub core_seconds: f64,
}

/// Substituents with how much each shifts the value.
const SUBSTITUENTS: [(&str, f64); 6] =
    [("", 0.0), ("O", 0.311), ("N", 0.417), ("F", -0.153), ("C#N", -0.533), ("C", 0.127)];

/// All 351 benzoquinones with up to four of five substituents, each once. The value is a sum over the substituents
/// and over their pairs, the same for equivalent positions, so that a surrogate can learn it; the cost grows with the
/// substituents, from `cheapest` to about `cheapest * spread` core-seconds.
pub fn quinones(cheapest: f64, spread: f64) -> Vec<Quinone> {
    let n = SUBSTITUENTS.len();
    let mut all = Vec::new();
    for code in 0..n.pow(4) {
        let at = |place: u32| code / n.pow(place) % n;
        let [a, b, c, d] = [at(3), at(2), at(1), at(0)];
        // Positions 2, 3, 5, 6 of the ring and what its symmetry makes of them; the first in order stands for all.
        let images = [[b, a, d, c], [c, d, a, b], [d, c, b, a]];
        if images.iter().any(|image| *image < [a, b, c, d]) {
            continue;
        }
        let ring = |i: usize| match SUBSTITUENTS[i].0 {
            "" => "C".to_owned(),
            group => format!("C({group})"),
        };
        let smiles = format!("O=C1{}={}C(=O){}=C1{}", ring(a), ring(b), ring(c), SUBSTITUENTS[d].0);
        let [p, q, r, s] = [a, b, c, d].map(|i| SUBSTITUENTS[i].1);
        let pairs = 0.31 * (p * q + r * s) + 0.17 * (p * s + q * r) + 0.07 * (p * r + q * s);
        let substituted = [a, b, c, d].iter().filter(|i| **i > 0).count();
        // A scatter that has nothing to do with the size: the golden ratio's multiples.
        let chance = (code as f64 * 0.618_033_988_749_895).fract();
        let core_seconds = cheapest * spread.powf((substituted as f64 + chance) / 5.0);
        all.push(Quinone { smiles, value: -1.2 + p + q + r + s + pairs, core_seconds });
    }
    all
}

/// A space of 35 benzoquinones with small substituents, each computed in well under a second.
pub fn small_space() -> &'static str {
    r#"
[space]
kind = "combinatorial"
[[space.core]]
name = "1,4-benzoquinone"
smiles = "O=C1C([*:1])=C([*:2])C(=O)C([*:3])=C1[*:4]"
max_substitutions = 2
[[space.substituent]]
name = "fluoro"
smiles = "[*]F"
[[space.substituent]]
name = "chloro"
smiles = "[*]Cl"
[[space.substituent]]
name = "hydroxy"
smiles = "[*]O"
[[space.substituent]]
name = "cyano"
smiles = "[*]C#N"
"#
}
