//! A subscription over WebSocket, protocol `graphql-transport-ws`.

use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long the next result may take; far longer than anything here does.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running subscription; dropping it closes the connection.
pub struct Subscription {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Subscription {
    pub(crate) async fn open(
        base: &str,
        token: Option<&str>,
        operation: &str,
        query: &str,
        variables: Value,
    ) -> anyhow::Result<Self> {
        let url = format!("{}/graphql", base.replacen("http", "ws", 1));
        let mut request = url.into_client_request()?;
        request
            .headers_mut()
            .insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
        let (socket, _) = tokio_tungstenite::connect_async(request)
            .await
            .context("WebSocket refused")?;
        let mut subscription = Self { socket };

        let payload = token.map_or(
            json!({}),
            |token| json!({ "Authorization": format!("Bearer {token}") }),
        );
        subscription
            .send(json!({ "type": "connection_init", "payload": payload }))
            .await?;
        let ack = subscription.receive().await?;
        anyhow::ensure!(ack["type"] == "connection_ack", "expected an ack: {ack}");
        let payload = json!({ "query": query, "operationName": operation, "variables": variables });
        subscription
            .send(json!({ "type": "subscribe", "id": "1", "payload": payload }))
            .await?;
        Ok(subscription)
    }

    /// The next result, whole.
    ///
    /// # Errors
    /// If the subscription ends or fails, or nothing comes for a minute.
    pub async fn next(&mut self) -> anyhow::Result<Value> {
        loop {
            let mut message = self.receive().await?;
            match message["type"].as_str() {
                Some("next") => return Ok(message["payload"].take()),
                Some("ping") => self.send(json!({ "type": "pong" })).await?,
                _ => bail!("the subscription ended: {message}"),
            }
        }
    }

    async fn send(&mut self, message: Value) -> anyhow::Result<()> {
        Ok(self.socket.send(Message::text(message.to_string())).await?)
    }

    async fn receive(&mut self) -> anyhow::Result<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .context("nothing came")?
                .context("the connection was closed")??;
            match message {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(frame) => bail!("closed: {frame:?}"),
                _ => {}
            }
        }
    }
}
