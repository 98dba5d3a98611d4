//! The times of answers when the machine is not full.

use std::time::Duration;

use serde_json::{Value, json};

use crate::load::{at_a_rate as ask_at_a_rate, millis_at};
use crate::processes::Contender;
use crate::shop::{AT_A_RATE, CHAIN, Operation};
use crate::{Settings, compare};

/// Requests per second, a small part of what one core can do.
const RATE: u32 = 1000;

/// Requests per second to the slow subgraphs.
const SLOW_RATE: u32 = 50;

/// The times at a fixed rate.
pub(crate) async fn at_a_rate(
    contenders: &[Contender],
    settings: &Settings,
) -> anyhow::Result<Value> {
    measure(contenders, settings, AT_A_RATE, RATE).await
}

/// The times with subgraphs that take their time.
pub(crate) async fn chain(contenders: &[Contender], settings: &Settings) -> anyhow::Result<Value> {
    measure(contenders, settings, &CHAIN, SLOW_RATE).await
}

#[expect(clippy::print_stdout, reason = "the table is the result")]
async fn measure(
    contenders: &[Contender],
    settings: &Settings,
    operation: &Operation,
    per_second: u32,
) -> anyhow::Result<Value> {
    compare(contenders, operation).await?;
    println!("{}, {per_second} a second", operation.name);
    let mut times: Vec<Vec<Duration>> = contenders.iter().map(|_| Vec::new()).collect();
    for _ in 0..settings.rounds {
        for (contender, times) in contenders.iter().zip(&mut times) {
            times.extend(ask_at_a_rate(contender, operation, per_second, settings.length).await?);
        }
    }
    let mut report = Vec::new();
    for (contender, times) in contenders.iter().zip(&mut times) {
        times.sort_unstable();
        let [p50, p90, p99] = [0.5, 0.9, 0.99].map(|share| millis_at(times, share));
        let memory = contender.peak_memory();
        println!(
            "{:<24} {:>6} {:>9} requests, p50 {p50:.2} ms, p90 {p90:.2} ms, p99 {p99:.2} ms, peak {:.0} MB",
            operation.name,
            contender.name,
            times.len(),
            memory as f64 / 1e6
        );
        report.push(json!({
            "operation": operation.name,
            "contender": contender.name,
            "requestsPerSecond": per_second,
            "requests": times.len(),
            "p50Millis": p50,
            "p90Millis": p90,
            "p99Millis": p99,
            "peakMemoryBytes": memory,
        }));
    }
    Ok(Value::from(report))
}
