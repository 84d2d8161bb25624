//! Reads SMILES lines from standard input and prints the processor time per molecule of reading them (parsing and
//! canonicalising), of their SA scores, and of 3-D geometries of as many of them as the first argument says. Used by
//! `bench/sa_score.py`.

use matter::{EmbedOptions, Graph};
use method::meter::process_time;
use std::io::Read;
use synthesis::sa_score;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let embeddings: usize = std::env::args().nth(1).map_or(Ok(0), |n| n.parse())?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let lines: Vec<&str> = text.lines().collect();
    let mut clock = process_time();
    let mut lap = || {
        let now = process_time();
        let spent = (now - clock).value();
        clock = now;
        spent
    };
    // The table is unpacked by the first score.
    sa_score(&Graph::from_smiles("C")?)?;
    println!("unpack_ms {:.2}", lap() * 1e3);
    let graphs = lines.iter().map(|s| Graph::from_smiles(s)).collect::<Result<Vec<_>, _>>()?;
    println!("read_us {:.2}", lap() * 1e6 / lines.len() as f64);
    let mut sum = 0.0;
    for graph in &graphs {
        sum += sa_score(graph)?.value();
    }
    println!("score_us {:.2}", lap() * 1e6 / lines.len() as f64);
    println!("mean {:.9}", sum / lines.len() as f64);
    if embeddings > 0 {
        let step = graphs.len().div_ceil(embeddings);
        let mut made = 0;
        lap();
        for graph in graphs.iter().step_by(step) {
            graph.embed(&EmbedOptions::default())?;
            made += 1;
        }
        println!("embed_ms {:.2}", lap() * 1e3 / f64::from(made));
        println!("embedded {made}");
    }
    Ok(())
}
