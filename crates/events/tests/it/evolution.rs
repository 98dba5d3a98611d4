//! What was promised is kept: the schemas as they were, in `schema/events/baseline`.

use events::contract::{broken_promises, schemas};
use serde_json::{Value, json};

use crate::committed::{json_files, readers};

#[test]
fn promises_are_kept() {
    let broken = broken_promises(&json_files("events/baseline"), &schemas(), &readers());
    assert!(
        broken.is_empty(),
        "this needs a new version of the event, see docs/how-to/change-an-event.md\n  {}",
        broken.join("\n  ")
    );
}

/// What is said if the schema of `event` changes like this.
#[track_caller]
fn check(event: &str, change: impl FnOnce(&mut Value), expected: &[&str]) {
    let mut current = schemas();
    change(current.get_mut(event).expect("an event"));
    let found = broken_promises(&json_files("events/baseline"), &current, &readers());
    assert_eq!(found, expected);
}

#[test]
fn a_removed_field_names_event_field_file_and_readers() {
    check(
        "order.confirmed.v1",
        |schema| {
            let fields = schema["properties"].as_object_mut().unwrap();
            fields.shift_remove("placedAt").unwrap();
        },
        &["order.confirmed.v1: `placedAt` was removed \
             (schema/events/order.confirmed.v1.json; read by notification)"],
    );
    check(
        "order.confirmed.v1",
        |schema| {
            let fields = schema["properties"].as_object_mut().unwrap();
            fields.shift_remove("cartId").unwrap();
        },
        &["order.confirmed.v1: `cartId` was removed \
             (schema/events/order.confirmed.v1.json; read by nobody)"],
    );
}

#[test]
fn a_retyped_field_names_event_field_file_and_readers() {
    check(
        "inventory.stock_changed.v1",
        |schema| schema["properties"]["totalAvailable"]["type"] = json!("string"),
        &[
            "inventory.stock_changed.v1: `totalAvailable` was `integer int64` and is `string int64` \
             (schema/events/inventory.stock_changed.v1.json; read by cart, catalog)",
        ],
    );
}

#[test]
fn a_new_required_field_needs_a_new_version_and_an_optional_one_does_not() {
    let add = |schema: &mut Value| {
        schema["properties"]["giftNote"] = json!({ "type": "string" });
    };
    check("order.created.v1", add, &[]);
    check(
        "order.created.v1",
        |schema| {
            add(schema);
            schema["required"]
                .as_array_mut()
                .unwrap()
                .push(json!("giftNote"));
        },
        &["order.created.v1: `giftNote` is new and required \
             (schema/events/order.created.v1.json; read by nobody)"],
    );
}

#[test]
fn a_removed_event_names_its_readers() {
    let mut current = schemas();
    current.remove("inventory.held.v1").unwrap();
    assert_eq!(
        broken_promises(&json_files("events/baseline"), &current, &readers()),
        ["inventory.held.v1: the event was removed \
             (schema/events/inventory.held.v1.json; read by order, payment)"]
    );
}
