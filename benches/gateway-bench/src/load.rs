//! Asks a gateway again and again, and counts.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::processes::Contender;
use crate::shop::Operation;

/// What one round has shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) requests: u64,
    pub(crate) cpu_micros_per_request: f64,
    pub(crate) requests_per_second: f64,
    pub(crate) median_millis: f64,
    pub(crate) p99_millis: f64,
}

/// A connection to a gateway.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    body: Bytes,
}

impl Connection {
    async fn open(contender: &Contender, operation: &Operation) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", contender.port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let body = json!({ "query": operation.query }).to_string().into();
        Ok(Self { sender, body })
    }

    /// One request, with credentials of its own so that nothing can be shared.
    async fn ask(&mut self, number: u64) -> anyhow::Result<Vec<Bytes>> {
        self.sender.ready().await?;
        let request = Request::post("/graphql")
            .header("host", "127.0.0.1")
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {number}"))
            .body(Full::new(self.body.clone()))?;
        let response = self.sender.send_request(request).await?;
        anyhow::ensure!(
            response.status().is_success(),
            "status {}",
            response.status()
        );
        let mut body = response.into_body();
        let mut pieces = Vec::new();
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame?.into_data() {
                pieces.push(data);
            }
        }
        Ok(pieces)
    }
}

/// The time in milliseconds that this share of requests took at most; `times` are sorted.
pub(crate) fn millis_at(times: &[Duration], share: f64) -> f64 {
    let index = (times.len().saturating_sub(1) as f64 * share) as usize;
    times
        .get(index)
        .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// One answer, decoded, and its size.
pub(crate) async fn answer(
    contender: &Contender,
    operation: &Operation,
) -> anyhow::Result<(Value, usize)> {
    let mut connection = Connection::open(contender, operation).await?;
    let text = connection.ask(0).await?.concat();
    let value: Value = serde_json::from_slice(&text)?;
    anyhow::ensure!(
        value["errors"].is_null() && value["data"].is_object(),
        "{} answered {}: {:.300}",
        contender.name,
        operation.name,
        value.to_string()
    );
    Ok((value["data"].clone(), text.len()))
}

/// Asks for as long as that, after a warm-up.
pub(crate) async fn round(
    contender: &Contender,
    operation: &Operation,
    length: Duration,
) -> anyhow::Result<Round> {
    run(contender, operation, length / 4).await?;
    let cpu = contender.cpu()?;
    let begun = Instant::now();
    let mut times = run(contender, operation, length).await?;
    let elapsed = begun.elapsed();
    let cpu = contender.cpu()? - cpu;

    times.sort_unstable();
    let requests = times.len() as u64;
    anyhow::ensure!(requests > 0, "nothing was answered");
    Ok(Round {
        requests,
        cpu_micros_per_request: cpu.as_secs_f64() * 1e6 / requests as f64,
        requests_per_second: requests as f64 / elapsed.as_secs_f64(),
        median_millis: millis_at(&times, 0.5),
        p99_millis: millis_at(&times, 0.99),
    })
}

/// Asks at a fixed rate, whether or not earlier answers have come; returns the times, in order,
/// each counted from when the request was due.
pub(crate) async fn at_a_rate(
    contender: &Contender,
    operation: &Operation,
    per_second: u32,
    length: Duration,
) -> anyhow::Result<Vec<Duration>> {
    const CONNECTIONS: u32 = 64;
    let begun = Instant::now() + Duration::from_millis(50);
    let total = per_second * u32::try_from(length.as_secs())?;
    let workers = (0..CONNECTIONS).map(|worker| async move {
        let mut connection = Connection::open(contender, operation).await?;
        let mut times = Vec::new();
        for number in (worker..total).step_by(CONNECTIONS as usize) {
            let due = begun + Duration::from_secs(1) * number / per_second;
            tokio::time::sleep_until(due.into()).await;
            tokio::time::timeout(Duration::from_secs(10), connection.ask(number.into()))
                .await
                .context("no answer within ten seconds")??;
            times.push(due.elapsed());
        }
        anyhow::Ok(times)
    });
    let mut times = futures_util::future::try_join_all(workers).await?.concat();
    times.sort_unstable();
    Ok(times)
}

async fn run(
    contender: &Contender,
    operation: &Operation,
    length: Duration,
) -> anyhow::Result<Vec<Duration>> {
    let end = Instant::now() + length;
    let workers = (0..operation.concurrency).map(|worker| async move {
        let mut connection = Connection::open(contender, operation).await?;
        let mut times = Vec::new();
        let mut number = worker as u64 * 1_000_000;
        while Instant::now() < end {
            number += 1;
            let asked = Instant::now();
            let asking = connection.ask(number);
            tokio::time::timeout(Duration::from_secs(10), asking)
                .await
                .context("no answer within ten seconds")??;
            times.push(asked.elapsed());
        }
        anyhow::Ok(times)
    });
    let times = futures_util::future::try_join_all(workers).await?;
    Ok(times.concat())
}
