//! The subgraphs, over loopback HTTP: each request is answered once and then from memory.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::shop;

type Known = Arc<Mutex<HashMap<Bytes, Bytes>>>;

/// Serves all subgraphs on one port until the process is ended; prints the port.
#[expect(clippy::print_stdout, reason = "the parent process reads the port")]
pub(crate) async fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    std::io::stdout().flush()?;

    let known = Known::default();
    loop {
        let (connection, _) = listener.accept().await?;
        connection.set_nodelay(true)?;
        let known = known.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(known.clone(), request));
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(connection), service)
                .await;
        });
    }
}

async fn answer(
    known: Known,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // `/delay/10/products` answers after ten milliseconds.
    let delay = request.uri().path().strip_prefix("/delay/");
    let delay = delay.and_then(|path| path.split('/').next()?.parse().ok());
    if let Some(millis) = delay {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    let body = match request.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => Bytes::new(),
    };
    let found = {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&body).cloned()
    };
    let text = found.unwrap_or_else(|| {
        let text: Bytes = match shop::execute(&body) {
            Ok(answer) => answer.to_string().into(),
            Err(error) => {
                let message = error.to_string();
                serde_json::json!({ "errors": [{ "message": message }] })
                    .to_string()
                    .into()
            }
        };
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(body, text.clone());
        text
    });
    let mut response = Response::new(Full::new(text));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json"),
    );
    Ok(response)
}
