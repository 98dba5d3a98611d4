//! GraphQL over WebSocket, protocol `graphql-transport-ws`.
//!
//! One task reads and writes the socket; each operation is a task of its own that sends its
//! messages through a bounded channel, so that a slow client slows its operations down.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue, Response, header};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite;
use uuid::Uuid;

use crate::error::{ClientError, GatewayError};
use crate::executor::RequestContext;
use crate::gateway::Gateway;
use crate::json::quoted;
use crate::pipeline::{self, Outcome, read};
use crate::response::{GraphqlError, GraphqlResponse};

const PROTOCOL: &str = "graphql-transport-ws";

/// A client that does not take a message for so long is gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a client whose message is too long may take to read why the connection ends.
const LINGER: Duration = Duration::from_secs(1);

/// Bytes of an operation's id; it comes back with every message.
const MAX_ID_BYTES: usize = 256;

/// Messages of operations that may wait for the socket.
const OUTBOX: usize = 16;

/// Why a connection ends: code and reason of the protocol.
type Close = (u16, String);

/// The code for a message of more bytes than are read.
const TOO_LONG: u16 = 1009;

/// Takes over a connection.
pub(super) fn accept(
    gateway: Arc<Gateway>,
    upgrade: WebSocketUpgrade,
    headers: &HeaderMap,
    mut context: RequestContext,
) -> Response<Body> {
    // Any page can connect, and the browser sends what it has for us along. A foreign page's
    // credentials come with `connection_init`, which only a page that knows them can send.
    if read::is_cross_site(headers) {
        for name in [header::COOKIE, header::AUTHORIZATION] {
            if read::is_ambient(&name, headers) {
                context.headers.remove(name);
            }
        }
    }
    // Without a common protocol the connection is made and closed, so that the client is told.
    let speaks = upgrade
        .requested_protocols()
        .any(|protocol| protocol == PROTOCOL);
    // What is somewhat too long is still read, since a client that is in the middle of sending
    // does not always see why the connection ends.
    let limit = gateway.config.limits.body_bytes.saturating_mul(2);
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(limit)
        .max_frame_size(limit)
        .on_upgrade(move |mut socket| async move {
            let _under_way = gateway.tasks.token();
            let (code, reason) = if speaks {
                Connection::new(gateway, context).run(&mut socket).await
            } else {
                (4406, "Subprotocol not acceptable".to_owned())
            };
            let frame = CloseFrame {
                code,
                reason: reason.into(),
            };
            let _ = tokio::time::timeout(SEND_TIMEOUT, async {
                let _ = socket.send(Message::Close(Some(frame))).await;
                if code == TOO_LONG {
                    tokio::time::sleep(LINGER).await;
                }
                // The client answers with a close frame of its own.
                while let Some(Ok(message)) = socket.recv().await {
                    if matches!(message, Message::Close(_)) {
                        break;
                    }
                }
            })
            .await;
        })
}

struct Connection {
    gateway: Arc<Gateway>,
    context: RequestContext,
    acknowledged: bool,
    /// Running operations by the client's id.
    operations: HashMap<String, Running>,
    /// Numbers operations, since a client may use an id again.
    next_run: u64,
    outbox: mpsc::Sender<Outgoing>,
    inbox: mpsc::Receiver<Outgoing>,
}

struct Running {
    run: u64,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A message of the client.
#[derive(Deserialize)]
struct ClientMessage<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

/// A message of an operation.
struct Outgoing {
    id: String,
    run: u64,
    kind: Kind,
}

enum Kind {
    Next(GraphqlResponse),
    /// Ends the operation.
    Error(Vec<GraphqlError>),
    /// Ends the operation.
    Complete,
}

impl Connection {
    fn new(gateway: Arc<Gateway>, context: RequestContext) -> Self {
        let (outbox, inbox) = mpsc::channel(OUTBOX);
        Self {
            gateway,
            context,
            acknowledged: false,
            operations: HashMap::new(),
            next_run: 0,
            outbox,
            inbox,
        }
    }

    /// Serves the connection until it ends, and says how to close it.
    async fn run(mut self, socket: &mut WebSocket) -> Close {
        let settings = self.gateway.config.websocket.clone();
        let shutdown = self.gateway.shutdown.clone();
        let init_deadline = Instant::now() + settings.init_timeout;
        let mut probe = tokio::time::interval(settings.ping_interval.max(Duration::from_millis(1)));
        probe.set_missed_tick_behavior(MissedTickBehavior::Delay);
        probe.reset();
        let mut unanswered_probes = 0_u32;

        loop {
            let message = tokio::select! {
                () = shutdown.cancelled() => return (1001, "Going away".to_owned()),
                () = tokio::time::sleep_until(init_deadline), if !self.acknowledged => {
                    return (4408, "Connection initialisation timeout".to_owned());
                }
                _ = probe.tick() => {
                    if unanswered_probes >= 2 {
                        return (1001, "No sign of life".to_owned());
                    }
                    unanswered_probes += 1;
                    Message::Ping(bytes::Bytes::new())
                }
                Some(outgoing) = self.inbox.recv() => match self.outgoing(outgoing) {
                    Some(message) => text(message),
                    None => continue,
                },
                received = socket.recv() => {
                    unanswered_probes = 0;
                    match received {
                        None | Some(Ok(Message::Close(_))) => return (1000, String::new()),
                        Some(Err(error)) => return broken(error),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                        Some(Ok(Message::Binary(_))) => return invalid_message(),
                        Some(Ok(Message::Text(received)))
                            if received.len() > self.gateway.config.limits.body_bytes =>
                        {
                            return too_long();
                        }
                        Some(Ok(Message::Text(received))) => match self.received(&received) {
                            Ok(Some(answer)) => text(answer),
                            Ok(None) => continue,
                            Err(close) => return close,
                        },
                    }
                }
            };
            match tokio::time::timeout(SEND_TIMEOUT, socket.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return (1001, "Cannot send".to_owned()),
            }
        }
    }

    /// Handles a message of the client; may answer with a message or end the connection.
    fn received(&mut self, received: &str) -> Result<Option<String>, Close> {
        let message: ClientMessage<'_> =
            serde_json::from_str(received).map_err(|_| invalid_message())?;
        let payload = || match message.payload {
            Some(payload) => serde_json::from_str(payload.get()).map_err(|_| invalid_message()),
            None => Ok(Value::Null),
        };
        match &*message.kind {
            "connection_init" => self.init(payload()?).map(Some),
            "ping" => match payload()? {
                Value::Null => Ok(Some(json!({ "type": "pong" }).to_string())),
                Value::Object(payload) => Ok(Some(
                    json!({ "type": "pong", "payload": payload }).to_string(),
                )),
                _ => Err(invalid_message()),
            },
            "pong" => payload().map(|_| None),
            "subscribe" => match (message.id, message.payload) {
                (Some(id), Some(payload)) if (1..=MAX_ID_BYTES).contains(&id.len()) => {
                    self.subscribe(id.into_owned(), payload)
                }
                _ => Err(invalid_message()),
            },
            // The operation may have ended meanwhile; then there is nothing to do.
            "complete" => match message.id {
                Some(id) => {
                    self.operations.remove(&*id);
                    Ok(None)
                }
                None => Err(invalid_message()),
            },
            _ => Err(invalid_message()),
        }
    }

    fn init(&mut self, payload: Value) -> Result<String, Close> {
        if self.acknowledged {
            return Err((4429, "Too many initialisation requests".to_owned()));
        }
        let payload = match payload {
            Value::Null => Map::new(),
            Value::Object(payload) => payload,
            _ => return Err(invalid_message()),
        };

        // Browsers cannot set headers on a WebSocket; the token comes with the first message.
        let forbidden = || (4403, "Forbidden".to_owned());
        let token = payload
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("authorization"));
        match token.map(|(_, value)| value) {
            None | Some(Value::Null) => {}
            Some(Value::String(token)) => {
                let value = HeaderValue::from_str(token).map_err(|_| forbidden())?;
                if self
                    .gateway
                    .forwarded_headers
                    .contains(&header::AUTHORIZATION)
                {
                    self.context.headers.insert(header::AUTHORIZATION, value);
                }
            }
            Some(_) => return Err(forbidden()),
        }
        self.acknowledged = true;
        Ok(json!({ "type": "connection_ack" }).to_string())
    }

    fn subscribe(&mut self, id: String, payload: &RawValue) -> Result<Option<String>, Close> {
        if !self.acknowledged {
            return Err((4401, "Unauthorized".to_owned()));
        }
        let payload = bytes::Bytes::copy_from_slice(payload.get().as_bytes());
        let request = read::from_json(&payload).map_err(|_| invalid_message())?;
        if self.operations.contains_key(&id) {
            return Err((
                4409,
                format!("Subscriber for {} already exists", shortened(&id)),
            ));
        }

        // Every operation is a request of its own in logs and errors.
        let mut context = self.context.clone();
        context.request_id = Uuid::now_v7().to_string();
        if let Ok(value) = HeaderValue::from_str(&context.request_id) {
            context.headers.insert(read::REQUEST_ID, value);
        }

        let limit = self.gateway.config.websocket.max_operations;
        if self.operations.len() >= limit {
            let error = GatewayError::Client(ClientError::TooManyOperations { limit });
            let payload = error.to_errors(&context.request_id);
            let message = json!({ "id": id, "type": "error", "payload": payload });
            return Ok(Some(message.to_string()));
        }

        let run = self.next_run;
        self.next_run += 1;
        let (gateway, outbox, operation_id) =
            (self.gateway.clone(), self.outbox.clone(), id.clone());
        let task = tokio::spawn(async move {
            let send = async |kind| {
                outbox
                    .send(Outgoing {
                        id: operation_id.clone(),
                        run,
                        kind,
                    })
                    .await
                    .is_ok()
            };
            let request_id = context.request_id.clone();
            match pipeline::run(&gateway, request, context).await {
                Err(error) => {
                    send(Kind::Error(error.to_errors(&request_id))).await;
                }
                Ok(Outcome::Response(response)) if !response.was_executed() => {
                    send(Kind::Error(response.errors)).await;
                }
                Ok(Outcome::Response(response)) => {
                    if send(Kind::Next(response)).await {
                        send(Kind::Complete).await;
                    }
                }
                Ok(Outcome::Events(mut events)) => {
                    while let Some(event) = events.next().await {
                        // Without `complete` clients subscribe again, over another connection.
                        let Ok(response) = event else { return };
                        if !send(Kind::Next(response)).await {
                            return;
                        }
                    }
                    send(Kind::Complete).await;
                }
            }
        });
        self.operations.insert(
            id,
            Running {
                run,
                task: task.abort_handle(),
            },
        );
        Ok(None)
    }

    /// A message of an operation; nothing if the client has ended it.
    fn outgoing(&mut self, outgoing: Outgoing) -> Option<String> {
        let is_current = self
            .operations
            .get(&outgoing.id)
            .is_some_and(|running| running.run == outgoing.run);
        if !is_current {
            return None;
        }
        let id = outgoing.id;
        Some(match outgoing.kind {
            Kind::Next(response) => {
                let (id, response) = (quoted(&id), response.into_text());
                format!("{{\"id\":{id},\"type\":\"next\",\"payload\":{response}}}")
            }
            Kind::Error(errors) => {
                self.operations.remove(&id);
                json!({ "id": id, "type": "error", "payload": errors }).to_string()
            }
            Kind::Complete => {
                self.operations.remove(&id);
                json!({ "id": id, "type": "complete" }).to_string()
            }
        })
    }
}

fn invalid_message() -> Close {
    (4400, "Invalid message received".to_owned())
}

fn too_long() -> Close {
    (TOO_LONG, "Message too long".to_owned())
}

/// What a client did that ends its connection.
fn broken(error: axum::Error) -> Close {
    match error.into_inner().downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => too_long(),
        Some(tungstenite::Error::Utf8(_)) => (1007, "Text that is not UTF-8".to_owned()),
        Some(tungstenite::Error::Protocol(_)) => (1002, "Protocol error".to_owned()),
        _ => (1000, String::new()),
    }
}

fn text(message: String) -> Message {
    Message::Text(message.into())
}

/// A close reason has at most 123 bytes.
fn shortened(id: &str) -> String {
    id.chars().take(20).collect()
}
