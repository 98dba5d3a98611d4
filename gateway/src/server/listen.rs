//! The listening side: connections that cannot be held open for nothing, and an orderly end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower_service::Service as _;

use super::patient::Patient;

/// How long to wait after a failure to accept; out of file descriptors, most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves connections until `stop`, then what they have under way, but no longer than `grace`.
///
/// A client that does not send the head of its next request within `patience`, or takes nothing
/// of an answer for so long, is disconnected.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    stop: CancellationToken,
    grace: Duration,
) {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(patience)
        .keep_alive_timeout(patience);

    let connections = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        // Answers are written at once, so waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
        let watcher = connections.watcher();
        tokio::spawn(converse(
            server.clone(),
            stream,
            router.clone(),
            patience,
            watcher,
        ));
    }
    drop(listener);
    // Connections that do not end by themselves are cut off.
    let _ = tokio::time::timeout(grace, connections.shutdown()).await;
}

async fn converse(
    server: auto::Builder<TokioExecutor>,
    stream: TcpStream,
    router: Router,
    patience: Duration,
    watcher: Watcher,
) {
    let has_begun = Arc::new(AtomicBool::new(false));
    let begun = has_begun.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        begun.store(true, Ordering::Relaxed);
        router.clone().call(request)
    });
    let connection = server
        .serve_connection_with_upgrades(TokioIo::new(Patient::new(stream, patience)), service);
    let connection = watcher.watch(connection.into_owned());
    // Until the version of HTTP is known, nothing else watches the time.
    let never_begins = async {
        tokio::time::sleep(patience).await;
        if has_begun.load(Ordering::Relaxed) {
            std::future::pending().await
        }
    };
    tokio::select! {
        // A connection that breaks off is the client's affair.
        _ = connection => {}
        () = never_begins => {}
    }
}
