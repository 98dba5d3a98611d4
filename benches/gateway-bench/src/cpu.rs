//! CPU time per request under full load.

use serde_json::{Value, json};

use crate::load::{self, Round};
use crate::processes::Contender;
use crate::shop::OPERATIONS;
use crate::{Settings, compare};

/// Measures every operation with every contender, in turn, and prints a table.
#[expect(clippy::print_stdout, reason = "the table is the result")]
pub(crate) async fn run(contenders: &[Contender], settings: &Settings) -> anyhow::Result<Value> {
    let mut report = Vec::new();
    println!(
        "{:<24} {:>6} {:>10} {:>9} {:>12} {:>10} {:>9} {:>9} {:>9}",
        "operation", "", "bytes", "requests", "CPU µs/req", "req/s", "p50 ms", "p99 ms", "peak MB"
    );
    for operation in &OPERATIONS {
        if !operation.name.contains(&settings.only) {
            continue;
        }
        let sizes = compare(contenders, operation).await?;
        let mut measured: Vec<Vec<Round>> = contenders.iter().map(|_| Vec::new()).collect();
        for _ in 0..settings.rounds {
            for (contender, rounds) in contenders.iter().zip(&mut measured) {
                rounds.push(load::round(contender, operation, settings.length).await?);
            }
        }

        let mut ours = None;
        for ((contender, rounds), size) in contenders.iter().zip(&measured).zip(sizes) {
            let mean =
                |of: fn(&Round) -> f64| rounds.iter().map(of).sum::<f64>() / rounds.len() as f64;
            let requests: u64 = rounds.iter().map(|round| round.requests).sum();
            let micros = mean(|round| round.cpu_micros_per_request);
            let ratio = *ours.get_or_insert(micros) / micros;
            let peak = contender.peak_memory();
            println!(
                "{:<24} {:>6} {size:>10} {requests:>9} {micros:>12.1} {:>10.0} {:>9.2} {:>9.2} {:>9.0}   ours is {ratio:.2} of it",
                operation.name,
                contender.name,
                mean(|round| round.requests_per_second),
                mean(|round| round.median_millis),
                mean(|round| round.p99_millis),
                peak as f64 / 1e6,
            );
            report.push(json!({
                "operation": operation.name,
                "contender": contender.name,
                "bytes": size,
                "requests": requests,
                "cpuMicrosPerRequest": rounds.iter().map(|round| round.cpu_micros_per_request).collect::<Vec<_>>(),
                "oursInRatioToIt": ratio,
                "requestsPerSecond": mean(|round| round.requests_per_second),
                "p50Millis": mean(|round| round.median_millis),
                "p99Millis": mean(|round| round.p99_millis),
                "peakMemoryBytes": peak,
            }));
        }
    }
    Ok(Value::from(report))
}
