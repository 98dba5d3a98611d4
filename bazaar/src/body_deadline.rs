//! Request bodies that cannot take for ever.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use tokio::time::Instant;

/// For the whole body of a request.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Breaks off a body that takes longer than `patience`.
pub(crate) async fn body_deadline(patience: Duration, request: Request, next: Next) -> Response {
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
    use axum::Router;
    use axum::middleware;
    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio_util::sync::CancellationToken;

    use super::*;

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
    async fn a_body_that_takes_too_long_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let patience = Duration::from_millis(200);
        let router = Router::new()
            .route("/", post(|body: String| async move { body }))
            .layer(middleware::from_fn(move |request, next| {
                body_deadline(patience, request, next)
            }));
        let stop = CancellationToken::new();
        let server = gateway::serve(listener, router, patience, stop.clone(), patience);
        let server = tokio::spawn(server);

        let slow = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nslow";
        let answer = talk(address, slow).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let whole = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nwhole";
        let answer = talk(address, whole).await;
        assert!(answer.ends_with("\r\n\r\nwhole"), "{answer}");
        stop.cancel();
        server.await.expect("without a panic");
    }
}
