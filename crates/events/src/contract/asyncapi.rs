//! The events as an AsyncAPI 3.0 document: who sends what to whom.

use serde_json::{Map, Value, json};

use super::{Reader, envelope_schema, readers_of, schemas};

/// The document. A channel per event type; an operation per sender and per receiver.
pub(crate) fn asyncapi(readers: &[Reader]) -> Value {
    let (mut channels, mut operations) = (Map::new(), Map::new());
    let (mut messages, mut payloads) = (Map::new(), Map::new());
    payloads.insert("envelope".to_owned(), embedded(envelope_schema()));

    for (event, schema) in schemas() {
        let sender = event.split('.').next().unwrap_or_default().to_owned();
        let about = schema["description"].clone();

        // The event.
        channels.insert(
            event.clone(),
            json!({
                "address": event,
                "description": about,
                "messages": { &event: { "$ref": format!("#/components/messages/{event}") } },
            }),
        );
        messages.insert(
            event.clone(),
            json!({
                "name": event,
                "title": schema["title"],
                "summary": about,
                "contentType": "application/cloudevents+json",
                "payload": { "allOf": [
                    { "$ref": "#/components/schemas/envelope" },
                    {
                        "type": "object",
                        "properties": {
                            "type": { "const": event },
                            "source": { "const": format!("/bazaar/{sender}") },
                            "data": { "$ref": format!("#/components/schemas/{event}") },
                        },
                    },
                ] },
            }),
        );
        payloads.insert(event.clone(), embedded(schema));

        // Who has to do with it.
        let operation = |action: &str, service: &str| {
            json!({
                "action": action,
                "channel": { "$ref": format!("#/channels/{event}") },
                "messages": [{ "$ref": format!("#/channels/{event}/messages/{event}") }],
                "tags": [{ "name": service }],
            })
        };
        operations.insert(format!("{sender}.send.{event}"), operation("send", &sender));
        for reader in readers_of(readers, &event, "") {
            let mut receive = operation("receive", &reader.consumer);
            receive["x-reads"] = json!(reader.reads[&event]);
            operations.insert(format!("{}.receive.{event}", reader.consumer), receive);
        }
    }

    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Bazaar events",
            "version": "1.0.0",
            "description": "What the services tell each other, as CloudEvents 1.0 in JSON. \
                Delivered at least once; a consumer recognizes a second delivery by the id.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": payloads },
    })
}

/// A schema as a part of the document, whose dialect is the document's.
fn embedded(mut schema: Value) -> Value {
    if let Some(fields) = schema.as_object_mut() {
        fields.shift_remove("$schema");
    }
    schema
}
