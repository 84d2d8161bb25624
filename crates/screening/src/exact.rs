//! Numbers in JSON that may be infinite.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Exact {
    Finite(f64),
    Word(String),
}

pub(crate) fn serialize<S: Serializer>(x: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    let exact = if x.is_finite() { Exact::Finite(*x) } else { Exact::Word(x.to_string()) };
    exact.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    match Exact::deserialize(deserializer)? {
        Exact::Finite(x) => Ok(x),
        Exact::Word(word) => match word.as_str() {
            "inf" => Ok(f64::INFINITY),
            "-inf" => Ok(f64::NEG_INFINITY),
            _ => Err(D::Error::custom(format!("found `{word}`, expected a number, `inf` or `-inf`"))),
        },
    }
}
