//! The listening side of the shop: connections that cannot be held open for nothing.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep};
use tokio_util::sync::CancellationToken;

/// How long to wait after a failure to accept; out of file descriptors, most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long a client may keep us waiting.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    /// For the head of a request; a connection that is kept alive may be idle for as long.
    pub(crate) head: Duration,
    /// For the whole body of a request.
    pub(crate) body: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(75),
            body: Duration::from_secs(30),
        }
    }
}

/// Serves until `shutdown`, then until the last request is answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    timeouts: Timeouts,
    shutdown: CancellationToken,
) {
    let router = router.layer(middleware::from_fn(move |request, next| {
        with_body_deadline(timeouts.body, request, next)
    }));
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(timeouts.head);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(timeouts.head)
        .keep_alive_timeout(timeouts.head);

    let connections = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot accept");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        // Answers are small and written at once.
        let _ = stream.set_nodelay(true);
        let (server, router) = (server.clone(), router.clone());
        let watcher = connections.watcher();
        tokio::spawn(async move {
            let service = TowerToHyperService::new(router);
            let connection = server.serve_connection_with_upgrades(
                TokioIo::new(Opening::new(stream, timeouts.head)),
                service,
            );
            // A connection that breaks off is the client's affair.
            let _ = watcher.watch(connection.into_owned()).await;
        });
    }
    drop(listener);
    connections.shutdown().await;
}

/// A connection that must say soon which version of HTTP it speaks: until that is known, nothing
/// else watches the time.
struct Opening {
    stream: TcpStream,
    /// None once the version is known.
    deadline: Option<Pin<Box<Sleep>>>,
    /// What still has to come if it is to be HTTP/2.
    preface: &'static [u8],
}

impl Opening {
    fn new(stream: TcpStream, patience: Duration) -> Self {
        Self {
            stream,
            deadline: Some(Box::pin(tokio::time::sleep(patience))),
            preface: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        }
    }
}

impl AsyncRead for Opening {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let Some(deadline) = &mut self.deadline else {
            return read;
        };
        if read.is_pending() {
            ready!(deadline.as_mut().poll(cx));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let received = &buffer.filled()[before..];
        match self.preface.strip_prefix(received) {
            Some(rest) if !rest.is_empty() => self.preface = rest,
            _ => self.deadline = None,
        }
        read
    }
}

impl AsyncWrite for Opening {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Breaks off a body that takes too long.
async fn with_body_deadline(patience: Duration, request: Request, next: Next) -> Response {
    let deadline = Instant::now() + patience;
    let request = request.map(|body| {
        let data = stream::unfold(Some(body.into_data_stream()), move |data| async move {
            let mut data = data?;
            match tokio::time::timeout_at(deadline, data.next()).await {
                Ok(None) => None,
                Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some(data))),
                Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), None)),
                Err(_) => Some((Err(io::ErrorKind::TimedOut.into()), None)),
            }
        });
        Body::from_stream(data)
    });
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn start() -> (
        std::net::SocketAddr,
        CancellationToken,
        tokio::task::JoinHandle<()>,
    ) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let router = Router::new().route("/", post(|body: String| async move { body }));
        let timeouts = Timeouts {
            head: Duration::from_millis(200),
            body: Duration::from_millis(200),
        };
        let shutdown = CancellationToken::new();
        let server = tokio::spawn(serve(listener, router, timeouts, shutdown.clone()));
        (address, shutdown, server)
    }

    /// What comes back until the server closes the connection, in ten seconds at most.
    async fn talk(address: std::net::SocketAddr, sent: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("connects");
        stream.write_all(sent.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut answer))
            .await
            .expect("the server closes the connection")
            .expect("text");
        answer
    }

    #[tokio::test]
    async fn nobody_keeps_a_connection_without_a_request() {
        let (address, shutdown, server) = start().await;
        for started in [
            "",
            "P",
            "POST / HTTP/1.1\r\nhost: x\r\n",
            "PRI * HTTP/2.0\r\n",
        ] {
            let answer = talk(address, started).await;
            assert!(!answer.contains("200"), "{started:?}: {answer}");
        }
        let slow = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nslow";
        let answer = talk(address, slow).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");

        let whole = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nwhole";
        let answer = talk(address, whole).await;
        assert!(answer.ends_with("\r\n\r\nwhole"), "{answer}");
        shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(10), server)
            .await
            .expect("stops when asked")
            .expect("without a panic");
    }
}
