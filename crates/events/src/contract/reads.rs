//! What a consumer reads of other services' events.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field::is_leaf;
use super::schemas::schema_of;
use super::{Field, fields};

/// What a consumer reads, taken from the type it reads events as.
#[derive(Debug, Clone)]
pub struct Reads {
    /// The consumer's name.
    pub consumer: &'static str,
    /// The file of that type.
    pub source: &'static str,
    /// Event types, and the fields of each.
    pub events: BTreeMap<String, BTreeMap<String, Field>>,
}

/// What a consumer reads, as committed: event types and the paths of fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// The consumer's name.
    pub consumer: String,
    /// The file that says so.
    pub source: String,
    /// Paths of fields by event type.
    pub reads: BTreeMap<String, Vec<String>>,
}

/// A consumer reads what an event does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The consumer.
    pub consumer: &'static str,
    /// The file that says what it reads.
    pub source: &'static str,
    /// The event type.
    pub event: String,
    /// The path of the field; empty for the event as a whole.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            consumer,
            source,
            event,
            field,
            problem,
        } = self;
        write!(f, "{consumer} reads {event}")?;
        if !field.is_empty() {
            write!(f, " `{field}`")?;
        }
        write!(
            f,
            ": {problem} (schema/{}, {source})",
            super::schema_path(event).display()
        )
    }
}

impl Reads {
    /// What `View` reads: an enum tagged by `type` with the content in `data`, see
    /// [`Envelope::read`](crate::Envelope::read). `source` is the view's `file!()`.
    pub fn of<View: JsonSchema>(consumer: &'static str, source: &'static str) -> Self {
        let schema = schema_of::<View>();
        let events = schema["oneOf"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|variant| {
                let properties = &variant["properties"];
                let event = properties["type"]["const"].as_str()?;
                Some((event.to_owned(), fields(&properties["data"])))
            })
            .collect();
        Self {
            consumer,
            source,
            events,
        }
    }

    /// In the form that is committed.
    pub fn reader(&self) -> Reader {
        let leaves = |fields: &BTreeMap<String, Field>| {
            let paths = fields.keys().filter(|path| is_leaf(path, fields));
            paths.cloned().collect()
        };
        Reader {
            consumer: self.consumer.to_owned(),
            source: self.source.to_owned(),
            reads: self
                .events
                .iter()
                .map(|(event, fields)| (event.clone(), leaves(fields)))
                .collect(),
        }
    }

    /// What these schemas, by event type, do not give to this consumer.
    pub fn mismatches(&self, schemas: &BTreeMap<String, Value>) -> Vec<Mismatch> {
        let mut found = Vec::new();
        for (event, read) in &self.events {
            let mut report = |field: &str, problem: String| {
                found.push(Mismatch {
                    consumer: self.consumer,
                    source: self.source,
                    event: event.clone(),
                    field: field.to_owned(),
                    problem,
                });
            };
            let Some(schema) = schemas.get(event) else {
                report("", "there is no such event".to_owned());
                continue;
            };
            let published = fields(schema);
            for (path, wanted) in read {
                match published.get(path) {
                    None => report(path, "the event has no such field".to_owned()),
                    Some(given) => {
                        if let Some(problem) = misfit(wanted, given) {
                            report(path, problem);
                        }
                    }
                }
            }
        }
        found
    }
}

/// Why a field that is published as `given` cannot be read as `wanted`.
fn misfit(wanted: &Field, given: &Field) -> Option<String> {
    let narrower =
        |wanted: &Option<String>, given: &Option<String>| wanted.is_some() && wanted != given;
    let types_fit = given.types.is_subset(&wanted.types);
    if !types_fit
        || narrower(&wanted.format, &given.format)
        || narrower(&wanted.pattern, &given.pattern)
    {
        return Some(format!(
            "it is read as `{wanted}` and published as `{given}`"
        ));
    }
    if wanted.required && !given.required {
        return Some("it is read as required and may be missing".to_owned());
    }
    None
}

/// Who reads a field, or what lies below it; of an empty path, who reads the event.
pub fn readers_of<'a>(readers: &'a [Reader], event: &str, field: &str) -> Vec<&'a Reader> {
    let touches = |path: &String| {
        field.is_empty()
            || path.strip_prefix(field).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('.') || rest.starts_with('[')
            })
    };
    readers
        .iter()
        .filter(|reader| {
            reader
                .reads
                .get(event)
                .is_some_and(|paths| field.is_empty() || paths.iter().any(touches))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::schemas;
    use crate::id::OrderId;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
    #[expect(dead_code, reason = "only its form matters here")]
    enum View {
        #[serde(rename = "order.expired.v1")]
        OrderExpired { order_id: OrderId },
        #[serde(rename = "order.cancelled.v1")]
        OrderCancelled {
            order_id: OrderId,
            release_committed: bool,
        },
    }

    fn check(change: impl FnOnce(&mut BTreeMap<String, Value>), expected: &[&str]) {
        let mut current = schemas();
        change(&mut current);
        let found: Vec<String> = Reads::of::<View>("test", "test.rs")
            .mismatches(&current)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_view_tells_what_it_reads() {
        let reader = Reads::of::<View>("test", "test.rs").reader();
        assert_eq!(
            serde_json::to_value(reader.reads).unwrap(),
            json!({
                "order.cancelled.v1": ["orderId", "releaseCommitted"],
                "order.expired.v1": ["orderId"],
            })
        );
    }

    #[test]
    fn a_view_fits_the_events_as_they_are() {
        check(|_| {}, &[]);
    }

    #[test]
    fn what_a_consumer_misses_is_named_with_event_field_and_files() {
        check(
            |schemas| {
                let cancelled = schemas.get_mut("order.cancelled.v1").unwrap();
                let properties = cancelled["properties"].as_object_mut().unwrap();
                properties.shift_remove("releaseCommitted").unwrap();
                properties.shift_remove("reason").unwrap();
            },
            &[
                "test reads order.cancelled.v1 `releaseCommitted`: the event has no such field \
                 (schema/events/order.cancelled.v1.json, test.rs)",
            ],
        );
        check(
            |schemas| {
                let cancelled = schemas.get_mut("order.cancelled.v1").unwrap();
                cancelled["properties"]["releaseCommitted"]["type"] = json!("string");
                cancelled["required"] = json!(["releaseCommitted"]);
            },
            &[
                "test reads order.cancelled.v1 `orderId`: it is read as required and may be missing \
                 (schema/events/order.cancelled.v1.json, test.rs)",
                "test reads order.cancelled.v1 `releaseCommitted`: it is read as `boolean` and \
                 published as `string` (schema/events/order.cancelled.v1.json, test.rs)",
            ],
        );
        check(
            |schemas| {
                schemas.remove("order.expired.v1").unwrap();
            },
            &["test reads order.expired.v1: there is no such event \
                 (schema/events/order.expired.v1.json, test.rs)"],
        );
    }
}
