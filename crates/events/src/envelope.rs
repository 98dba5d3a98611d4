//! The CloudEvents 1.0 envelope around an event.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Event;

/// A CloudEvents 1.0 envelope in JSON (structured mode), with our extension attributes.
///
/// Source: <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    /// Always `1.0`.
    #[schemars(extend("const" = "1.0"))]
    pub specversion: String,
    /// Unique per event; consumers recognize a second delivery by it.
    pub id: Uuid,
    /// The publishing service, for example `/bazaar/order`.
    pub source: String,
    /// `<context>.<event>.v<version>`, also the routing key.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// The aggregate it happened to, for example an order id.
    pub subject: String,
    /// The aggregate's version after the event; consumers ignore what is older than what they have.
    pub subjectversion: i64,
    /// Groups everything that belongs to one story: an order id, else the id of the first request.
    pub correlationid: String,
    /// The event or request that led to this one.
    pub causationid: Option<String>,
    /// W3C trace context of the request that led to this event.
    pub traceparent: Option<String>,
    /// Who did it: a user id, or the name of a job or provider.
    pub actor: Option<String>,
    /// Always `application/json`.
    #[schemars(extend("const" = "application/json"))]
    pub datacontenttype: String,
    /// The payload, as the schema of the type says.
    pub data: Value,
}

/// Why an envelope cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// No event of this type is known here.
    #[error("unknown event type {0}")]
    UnknownType(String),
    /// The payload is not what the type promises.
    #[error("malformed event payload")]
    Payload(#[from] serde_json::Error),
}

/// Why something happens: passed down to everything that publishes events, so that a whole story
/// can be followed by its correlation id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Correlation for events that do not belong to an order.
    pub correlation_id: String,
    /// The request or event that led here.
    pub causation_id: Option<String>,
    /// W3C trace context.
    pub traceparent: Option<String>,
    /// Who.
    pub actor: Option<String>,
    /// When.
    pub now: DateTime<Utc>,
}

impl Cause {
    /// A client's request.
    pub fn request(
        request_id: &str,
        actor: Option<String>,
        traceparent: Option<String>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            correlation_id: request_id.to_owned(),
            causation_id: Some(request_id.to_owned()),
            traceparent,
            actor,
            now,
        }
    }

    /// An event that was consumed.
    pub fn event(envelope: &Envelope, now: DateTime<Utc>) -> Self {
        Self {
            correlation_id: envelope.correlationid.clone(),
            causation_id: Some(envelope.id.to_string()),
            traceparent: envelope.traceparent.clone(),
            actor: envelope.actor.clone(),
            now,
        }
    }

    /// A timer, a job or a tool, by name.
    pub fn job(name: &str, now: DateTime<Utc>) -> Self {
        Self {
            correlation_id: Uuid::now_v7().to_string(),
            causation_id: None,
            traceparent: None,
            actor: Some(name.to_owned()),
            now,
        }
    }
}

impl Envelope {
    /// Wraps an event. `subject_version` is the aggregate's version after the change.
    ///
    /// # Errors
    /// [`EnvelopeError::Payload`] if the event cannot be written as JSON.
    pub fn wrap(event: &Event, subject_version: i64, cause: &Cause) -> Result<Self, EnvelopeError> {
        let event_type = event.event_type();
        let context = event_type.split('.').next().unwrap_or_default();
        let correlationid = match event.order_id() {
            Some(order_id) => order_id.to_string(),
            None => cause.correlation_id.clone(),
        };
        Ok(Self {
            specversion: "1.0".to_owned(),
            id: Uuid::now_v7(),
            source: format!("/bazaar/{context}"),
            event_type: event_type.to_owned(),
            time: cause.now,
            subject: event.subject(),
            subjectversion: subject_version,
            correlationid,
            causationid: cause.causation_id.clone(),
            traceparent: cause.traceparent.clone(),
            actor: cause.actor.clone(),
            datacontenttype: "application/json".to_owned(),
            data: event.data()?,
        })
    }

    /// The event inside.
    ///
    /// # Errors
    /// [`EnvelopeError`] if the type is unknown or the payload does not fit it.
    pub fn event(&self) -> Result<Event, EnvelopeError> {
        Event::from_data(&self.event_type, self.data.clone())
    }

    /// What a consumer reads of the event: an enum of its own, tagged by `type` with the content in
    /// `data`, that has only the fields it uses. What else the event holds may come and go.
    ///
    /// # Errors
    /// [`EnvelopeError::Payload`] if `View` has no such type or the payload lacks one of its fields.
    pub fn read<View: DeserializeOwned>(&self) -> Result<View, EnvelopeError> {
        let tagged = json!({ "type": self.event_type, "data": self.data });
        Ok(serde_json::from_value(tagged)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::OrderId;
    use crate::inventory::InventoryHeld;

    #[test]
    fn an_envelope_round_trips_and_correlates_by_order() {
        let order_id = OrderId::from_name("test");
        let now = DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time");
        let cause = Cause::request("req-1", Some("usr_1".to_owned()), None, now);
        let event = Event::from(InventoryHeld {
            order_id,
            expires_at: now,
        });

        let envelope = Envelope::wrap(&event, 3, &cause).expect("wraps");
        let json = serde_json::to_string(&envelope).expect("serializes");
        let read: Envelope = serde_json::from_str(&json).expect("parses");

        assert_eq!(read.event().expect("known"), event);
        assert_eq!(read.correlationid, order_id.to_string());
        insta::assert_json_snapshot!(read, { ".id" => "[uuid]" });
    }

    #[test]
    fn an_unknown_type_is_an_error() {
        let error = Event::from_data("order.teleported.v1", Value::Null).expect_err("unknown");
        assert!(matches!(error, EnvelopeError::UnknownType(_)));
    }
}
