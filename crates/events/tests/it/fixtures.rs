//! What publishers send: fixtures in `schema/events/fixtures`, two per event. `<event>.json` has every
//! field; `<event>.minimal.json` lacks all that may be missing, as an older publisher sent it.
//!
//! With `EVENT_FIXTURES=write` the first test writes them.

use std::collections::BTreeMap;
use std::fs;

use events::contract::{envelope_schema, fields, schemas};
use events::{Cause, Envelope, Event};
use serde_json::Value;
use uuid::Uuid;

use crate::committed::{folder, json_files};
use crate::samples::{now, samples};

/// The sample of every event in its envelope, as it goes over the wire.
fn published() -> BTreeMap<String, Value> {
    let cause = Cause {
        correlation_id: "req-1".to_owned(),
        causation_id: Some("req-1".to_owned()),
        traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        actor: Some("usr_1".to_owned()),
        now: now(),
    };
    samples()
        .into_iter()
        .map(|event| {
            let mut envelope = Envelope::wrap(&event, 1, &cause).expect("plain data");
            envelope.id = Uuid::new_v5(&Uuid::NAMESPACE_URL, envelope.event_type.as_bytes());
            (
                envelope.event_type.clone(),
                serde_json::to_value(envelope).expect("plain data"),
            )
        })
        .collect()
}

/// Without what a schema does not require.
fn strip_optional(value: &mut Value, schema: &Value) {
    let required = schema["required"].as_array();
    let is_required =
        |name: &String| required.is_some_and(|required| required.iter().any(|known| known == name));
    if let Value::Object(content) = value {
        content.retain(|name, _| is_required(name));
        for (name, value) in content {
            strip_optional(value, &schema["properties"][name]);
        }
    } else if let Value::Array(items) = value {
        for item in items {
            strip_optional(item, &schema["items"]);
        }
    }
}

fn minimal(full: &Value, schema: &Value) -> Value {
    let mut minimal = full.clone();
    for name in ["causationid", "traceparent", "actor"] {
        let envelope = minimal.as_object_mut().expect("an object");
        envelope.shift_remove(name);
    }
    strip_optional(&mut minimal["data"], schema);
    minimal
}

#[test]
fn publishers_send_what_the_fixtures_show() {
    let mut expected = BTreeMap::new();
    let schemas = schemas();
    for (event, full) in published() {
        let minimal = minimal(&full, &schemas[&event]);
        expected.insert(format!("{event}.minimal"), minimal);
        expected.insert(event, full);
    }
    #[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
    let writes = std::env::var("EVENT_FIXTURES").is_ok_and(|mode| mode == "write");
    if writes {
        for (name, value) in &expected {
            let path = folder()
                .join("events/fixtures")
                .join(format!("{name}.json"));
            let text = serde_json::to_string_pretty(value).unwrap();
            fs::write(path, text + "\n").unwrap();
        }
    }
    let committed = json_files("events/fixtures");
    for (name, value) in &expected {
        let Some(fixture) = committed.get(name) else {
            panic!("schema/events/fixtures/{name}.json is missing: EVENT_FIXTURES=write");
        };
        assert_eq!(
            fixture, value,
            "schema/events/fixtures/{name}.json is not what is published: EVENT_FIXTURES=write"
        );
    }
    for name in committed.keys() {
        assert!(
            expected.contains_key(name),
            "schema/events/fixtures/{name}.json belongs to no event"
        );
    }
}

#[test]
fn there_is_a_sample_of_every_event_with_every_field() {
    let published = published();
    for (event, schema) in schemas() {
        let data = &published
            .get(&event)
            .unwrap_or_else(|| panic!("{event} has no sample"))["data"];
        for path in fields(&schema).into_keys() {
            let mut values = vec![data];
            for part in path.replace("[]", ".[]").split('.') {
                values = match part {
                    "[]" => values
                        .into_iter()
                        .flat_map(|list| list.as_array().unwrap())
                        .collect(),
                    name => values.into_iter().map(|value| &value[name]).collect(),
                };
            }
            assert!(
                !values.is_empty() && values.iter().all(|value| !value.is_null()),
                "the sample of {event} has no `{path}`"
            );
        }
    }
}

#[test]
fn the_fixtures_are_valid() {
    let validator = |schema: &Value| {
        jsonschema::options()
            .should_validate_formats(true)
            .build(schema)
            .expect("a valid schema")
    };
    let envelope = validator(&envelope_schema());
    let schemas = schemas();
    for (name, fixture) in json_files("events/fixtures") {
        let event = name.strip_suffix(".minimal").unwrap_or(&name);
        for (validator, part) in [
            (&envelope, &fixture),
            (&validator(&schemas[event]), &fixture["data"]),
        ] {
            let problems: Vec<String> = validator
                .iter_errors(part)
                .map(|problem| format!("{}: {problem}", problem.instance_path()))
                .collect();
            assert!(
                problems.is_empty(),
                "schema/events/fixtures/{name}.json\n  {}",
                problems.join("\n  ")
            );
        }
    }
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let schemas = schemas();
    let fixtures = json_files("events/fixtures");
    let mut refused = 0;
    for (event, schema) in &schemas {
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(schema)
            .unwrap();
        let data = &fixtures[event]["data"];
        for (name, _) in data.as_object().unwrap() {
            let mut wrong = data.clone();
            wrong[name] = Value::Array(vec![Value::from(1)]);
            assert!(
                !validator.is_valid(&wrong),
                "{event} takes anything as `{name}`"
            );
            refused += 1;
        }
    }
    assert!(refused > schemas.len());
}

#[test]
fn the_fixtures_can_be_read() {
    for (name, fixture) in json_files("events/fixtures") {
        let envelope: Envelope = serde_json::from_value(fixture)
            .unwrap_or_else(|error| panic!("schema/events/fixtures/{name}.json: {error}"));
        let event: Event = envelope
            .event()
            .unwrap_or_else(|error| panic!("schema/events/fixtures/{name}.json: {error:?}"));
        assert_eq!(event.event_type(), envelope.event_type);
    }
}
