//! Reads SMILES lines from standard input and prints processor microseconds per molecule for reading them and for
//! their SA scores, then the sum of the scores. Used by `bench/sa_score.py`.

use matter::Graph;
use std::io::Read;
use std::time::Duration;
use synthesis::sa_score;

/// Processor time of this process so far, user and system.
fn processor_time() -> Result<Duration, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = stat.split_whitespace().next().ok_or("empty /proc/self/schedstat")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let lines: Vec<&str> = text.lines().collect();
    // The table is unpacked before the clock starts.
    let start = processor_time()?;
    sa_score(&Graph::from_smiles("C")?)?;
    let unpacked = processor_time()?;
    let graphs = lines.iter().map(|s| Graph::from_smiles(s)).collect::<Result<Vec<_>, _>>()?;
    let read = processor_time()?;
    let mut sum = 0.0;
    for graph in &graphs {
        sum += sa_score(graph)?.value();
    }
    let scored = processor_time()?;
    let each = |from: Duration, to: Duration| (to - from).as_secs_f64() * 1e6 / lines.len() as f64;
    println!("unpack_ms {:.1}", (unpacked - start).as_secs_f64() * 1e3);
    println!("read_us {:.1}", each(unpacked, read));
    println!("score_us {:.1}", each(read, scored));
    println!("sum {sum:.6}");
    Ok(())
}
