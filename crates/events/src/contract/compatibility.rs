//! Which changes of an event need a new version.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::{Reader, fields, readers_of, schema_path};

/// A change that breaks somebody: a consumer of the new form, or the reader of an old event that
/// still waits in an outbox or a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The event type.
    pub event: String,
    /// The path of the field; empty for the event as a whole.
    pub field: String,
    /// What happened to it.
    pub change: Change,
}

/// What happened to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The event is gone.
    EventRemoved,
    /// The field is gone.
    Removed,
    /// The field holds something else now.
    Retyped {
        /// What it held.
        from: String,
        /// What it holds.
        to: String,
    },
    /// It was always there and may be missing now.
    BecameOptional,
    /// It could be missing and must be there now.
    BecameRequired,
    /// It is new, and events that were published before do not have it.
    AddedAsRequired,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            event,
            field,
            change,
        } = self;
        match change {
            Change::EventRemoved => write!(f, "{event}: the event was removed"),
            Change::Removed => write!(f, "{event}: `{field}` was removed"),
            Change::Retyped { from, to } => {
                write!(f, "{event}: `{field}` was `{from}` and is `{to}`")
            }
            Change::BecameOptional => write!(f, "{event}: `{field}` became optional"),
            Change::BecameRequired => write!(f, "{event}: `{field}` became required"),
            Change::AddedAsRequired => write!(f, "{event}: `{field}` is new and required"),
        }
    }
}

/// What breaks when the schema of an event changes from `promised` to `current` under the same
/// version. A new field that may be missing breaks nothing.
pub fn breaks(event: &str, promised: &Value, current: &Value) -> Vec<Break> {
    let (before, after) = (fields(promised), fields(current));
    let mut changes = Vec::new();

    // What was promised.
    for (path, old) in &before {
        let Some(new) = after.get(path) else {
            // What lay below a field that is gone went with it.
            if parent(path).is_none_or(|parent| after.contains_key(parent)) {
                changes.push((path, Change::Removed));
            }
            continue;
        };
        let form = |field: &super::Field| {
            (
                field.types.clone(),
                field.format.clone(),
                field.pattern.clone(),
            )
        };
        if form(old) != form(new) {
            let (from, to) = (old.to_string(), new.to_string());
            changes.push((path, Change::Retyped { from, to }));
        }
        match (old.required, new.required) {
            (true, false) => changes.push((path, Change::BecameOptional)),
            (false, true) => changes.push((path, Change::BecameRequired)),
            _ => {}
        }
    }

    // What is new. Below a new optional field anything goes.
    for (path, new) in &after {
        let known_parent = parent(path).is_none_or(|parent| before.contains_key(parent));
        if new.required && known_parent && !before.contains_key(path) && !path.ends_with("[]") {
            changes.push((path, Change::AddedAsRequired));
        }
    }

    changes
        .into_iter()
        .map(|(field, change)| Break {
            event: event.to_owned(),
            field: field.clone(),
            change,
        })
        .collect()
}

/// Every broken promise, a line each: event, field, what happened, the file, and who reads it.
pub fn broken_promises(
    promised: &BTreeMap<String, Value>,
    current: &BTreeMap<String, Value>,
    readers: &[Reader],
) -> Vec<String> {
    promised
        .iter()
        .flat_map(|(event, promised)| match current.get(event) {
            Some(current) => breaks(event, promised, current),
            None => vec![Break {
                event: event.clone(),
                field: String::new(),
                change: Change::EventRemoved,
            }],
        })
        .map(|found| {
            let names: Vec<&str> = readers_of(readers, &found.event, &found.field)
                .iter()
                .map(|reader| reader.consumer.as_str())
                .collect();
            let read_by = if names.is_empty() {
                "nobody".to_owned()
            } else {
                names.join(", ")
            };
            let file = schema_path(&found.event);
            format!("{found} (schema/{}; read by {read_by})", file.display())
        })
        .collect()
}

/// The field that `path` lies below.
fn parent(path: &str) -> Option<&str> {
    if let Some(list) = path.strip_suffix("[]") {
        return Some(list);
    }
    path.rsplit_once('.').map(|(parent, _)| parent)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn promised() -> Value {
        json!({
            "type": "object",
            "properties": {
                "orderId": { "type": "string", "pattern": "^ord_" },
                "reason": { "type": ["string", "null"] },
                "lines": { "type": "array", "items": {
                    "type": "object",
                    "properties": { "sku": { "type": "string" } },
                    "required": ["sku"],
                } },
            },
            "required": ["orderId", "lines"],
        })
    }

    fn check(change: impl FnOnce(&mut Value), expected: &[&str]) {
        let mut current = promised();
        change(&mut current);
        let found: Vec<String> = breaks("order.x.v1", &promised(), &current)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, expected);
    }

    fn remove(object: &mut Value, key: &str) {
        object.as_object_mut().unwrap().shift_remove(key).unwrap();
    }

    #[test]
    fn words_and_optional_fields_may_change() {
        check(
            |schema| {
                schema["properties"]["orderId"]["description"] = json!("The order.");
                schema["properties"]["gift"] = json!({
                    "type": "object",
                    "properties": { "note": { "type": "string" } },
                    "required": ["note"],
                });
            },
            &[],
        );
    }

    #[test]
    fn a_field_stays() {
        check(
            |schema| remove(&mut schema["properties"], "reason"),
            &["order.x.v1: `reason` was removed"],
        );
        check(
            |schema| remove(&mut schema["properties"], "lines"),
            &["order.x.v1: `lines` was removed"],
        );
        check(
            |schema| {
                remove(
                    &mut schema["properties"]["lines"]["items"]["properties"],
                    "sku",
                )
            },
            &["order.x.v1: `lines[].sku` was removed"],
        );
    }

    #[test]
    fn a_field_keeps_its_type() {
        check(
            |schema| schema["properties"]["reason"]["type"] = json!("integer"),
            &["order.x.v1: `reason` was `null or string` and is `integer`"],
        );
        check(
            |schema| schema["properties"]["orderId"]["pattern"] = json!("^o_"),
            &["order.x.v1: `orderId` was `string ^ord_` and is `string ^o_`"],
        );
    }

    #[test]
    fn what_is_required_does_not_change() {
        check(
            |schema| schema["required"] = json!(["orderId", "lines", "reason"]),
            &["order.x.v1: `reason` became required"],
        );
        check(
            |schema| schema["required"] = json!(["lines"]),
            &["order.x.v1: `orderId` became optional"],
        );
        check(
            |schema| {
                schema["properties"]["at"] = json!({ "type": "string" });
                schema["required"] = json!(["orderId", "lines", "at"]);
            },
            &["order.x.v1: `at` is new and required"],
        );
        check(
            |schema| {
                let line = &mut schema["properties"]["lines"]["items"];
                line["properties"]["name"] = json!({ "type": "string" });
                line["required"] = json!(["sku", "name"]);
            },
            &["order.x.v1: `lines[].name` is new and required"],
        );
    }
}
