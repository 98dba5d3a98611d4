//! Whether a consumer reads what publishers send, and no more than it says.

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use events::Envelope;
use events::contract::{Reader, Reads, reader_path};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Checks a consumer's view of events against the committed contracts in `schema/events`:
///
/// - it reads the event types of `interests`, and no others;
/// - every field it reads is in the event's schema, in a form it can read;
/// - it reads the fixtures, also without all the fields that it does not read;
/// - without a field that it reads, a fixture cannot be read or is read differently;
/// - the committed list of what it reads is the present one.
///
/// # Panics
/// With a line per violation that names consumer, event, field and file.
pub fn check_contract<View: DeserializeOwned + Debug>(reads: &Reads, interests: &[&str]) {
    let mut problems = Vec::new();
    let about = |event: &str| format!("{} reads {event} ({}): ", reads.consumer, reads.source);

    // Interests.
    for event in interests {
        if !reads.events.contains_key(*event) {
            problems.push(about(event) + "it is in `interests`, but there is no way to read it");
        }
    }
    for event in reads.events.keys() {
        if !interests.contains(&event.as_str()) {
            problems.push(about(event) + "it is not in `interests`");
        }
    }

    // Schemas.
    let schemas = reads
        .events
        .keys()
        .filter_map(|event| {
            let text = fs::read_to_string(folder().join(format!("events/{event}.json"))).ok()?;
            Some((event.clone(), serde_json::from_str(&text).expect("JSON")))
        })
        .collect();
    let mismatches = reads.mismatches(&schemas);
    problems.extend(mismatches.iter().map(ToString::to_string));

    // Fixtures.
    let reader = reads.reader();
    for (event, paths) in &reader.reads {
        for kind in ["", ".minimal"] {
            let file = format!("schema/events/fixtures/{event}{kind}.json");
            let fixture = match fixture(event, kind) {
                Ok(fixture) => fixture,
                Err(error) => {
                    problems.push(format!("{}{file}: {error}", about(event)));
                    continue;
                }
            };
            let whole = match fixture.read::<View>() {
                Ok(view) => format!("{view:?}"),
                Err(error) => {
                    problems.push(format!("{}{file}: {error:?}", about(event)));
                    continue;
                }
            };

            // Only what is read.
            let mut reduced = fixture.clone();
            keep(&mut reduced.data, "", paths);
            match reduced.read::<View>() {
                Ok(view) if format!("{view:?}") == whole => {}
                Ok(_) => problems.push(format!(
                    "{}{file} is read differently without the fields that it does not name",
                    about(event)
                )),
                Err(error) => problems.push(format!(
                    "{}{file} cannot be read without the fields that it does not name: {error:?}",
                    about(event)
                )),
            }

            // Without one of the fields that are read. The minimal fixture lacks some already.
            if kind.is_empty() {
                for path in paths {
                    let mut lacking = fixture.clone();
                    remove(&mut lacking.data, path);
                    if lacking
                        .read::<View>()
                        .is_ok_and(|view| format!("{view:?}") == whole)
                    {
                        problems.push(format!(
                            "{}`{path}` makes no difference in {file}",
                            about(event)
                        ));
                    }
                }
            }
        }
    }

    // The committed list.
    let path = reader_path(reads.consumer);
    let committed = fs::read_to_string(folder().join(&path)).ok();
    let committed = committed.and_then(|text| serde_json::from_str::<Reader>(&text).ok());
    if committed.as_ref() != Some(&reader) {
        problems.push(format!(
            "schema/{} is not what {} reads ({}): run `make schema`",
            path.display(),
            reads.consumer,
            reads.source
        ));
    }
    assert!(problems.is_empty(), "\n  {}", problems.join("\n  "));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema")
}

fn fixture(event: &str, kind: &str) -> Result<Envelope, Box<dyn std::error::Error>> {
    let path = folder().join(format!("events/fixtures/{event}{kind}.json"));
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// Removes every field that is not on the way to one of `paths`.
fn keep(value: &mut Value, at: &str, paths: &[String]) {
    match value {
        Value::Object(fields) => {
            let below = |name: &str| match at {
                "" => name.to_owned(),
                parent => format!("{parent}.{name}"),
            };
            fields.retain(|name, _| {
                let here = below(name);
                paths.iter().any(|path| {
                    path.strip_prefix(&here).is_some_and(|rest| {
                        rest.is_empty() || rest.starts_with('.') || rest.starts_with('[')
                    })
                })
            });
            for (name, value) in fields {
                keep(value, &below(name), paths);
            }
        }
        Value::Array(items) => {
            for item in items {
                keep(item, &format!("{at}[]"), paths);
            }
        }
        _ => {}
    }
}

/// Removes the field at `path`, in every item of the lists on the way; of a list of scalars, the
/// items.
fn remove(value: &mut Value, path: &str) {
    if let Some(rest) = path.strip_prefix("[]") {
        let rest = rest.trim_start_matches('.');
        let items = value.as_array_mut().into_iter().flatten();
        items.for_each(|item| remove(item, rest));
        return;
    }
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, rest) = path.split_at(end);
    let Some(fields) = value.as_object_mut() else {
        return;
    };
    if rest.is_empty() || rest == "[]" {
        fields.shift_remove(name);
    } else if let Some(value) = fields.get_mut(name) {
        remove(value, rest.trim_start_matches('.'));
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use schemars::JsonSchema;
    use serde::Deserialize;

    use super::*;

    /// What the panic of a check says.
    fn said<View: DeserializeOwned + Debug + JsonSchema>(interests: &'static [&str]) -> String {
        let reads = Reads::of::<View>("nobody", "view.rs");
        let panic = catch_unwind(move || check_contract::<View>(&reads, interests));
        let panic = panic.expect_err("the consumer is not committed");
        panic.downcast_ref::<String>().expect("a text").clone()
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
    #[expect(dead_code, reason = "only its form matters here")]
    enum Good {
        #[serde(rename = "order.confirmed.v1")]
        OrderConfirmed { number: String, lines: Vec<Line> },
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its form matters here")]
    struct Line {
        sku: String,
    }

    #[test]
    fn a_view_that_fits_is_only_missing_from_the_committed_list() {
        let said = said::<Good>(&["order.confirmed.v1"]);
        assert_eq!(
            said.trim(),
            "schema/events/consumers/nobody.json is not what nobody reads (view.rs): run `make schema`"
        );
    }

    #[test]
    fn interests_and_views_go_together() {
        let said = said::<Good>(&["order.expired.v1"]);
        assert!(said.contains("nobody reads order.expired.v1 (view.rs): it is in `interests`"));
        assert!(
            said.contains("nobody reads order.confirmed.v1 (view.rs): it is not in `interests`")
        );
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
    #[expect(dead_code, reason = "only its form matters here")]
    enum Broken {
        #[serde(rename = "order.confirmed.v1")]
        OrderConfirmed { number: i64, gift_note: String },
    }

    #[test]
    fn a_field_that_is_not_published_is_named_with_both_files() {
        let said = said::<Broken>(&["order.confirmed.v1"]);
        for line in [
            "nobody reads order.confirmed.v1 `giftNote`: the event has no such field \
             (schema/events/order.confirmed.v1.json, view.rs)",
            "nobody reads order.confirmed.v1 `number`: it is read as `integer int64` and published as \
             `string` (schema/events/order.confirmed.v1.json, view.rs)",
            "nobody reads order.confirmed.v1 (view.rs): schema/events/fixtures/order.confirmed.v1.json: ",
        ] {
            assert!(said.contains(line), "{line}\nis not in\n{said}");
        }
    }

    /// Reads more than its schema says.
    #[derive(Debug, Deserialize)]
    #[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
    #[expect(dead_code, reason = "only its form matters here")]
    enum Secretive {
        #[serde(rename = "order.confirmed.v1")]
        OrderConfirmed {
            number: String,
            lines: Vec<Line>,
            email: String,
        },
    }

    /// Says it reads more than it does.
    #[derive(Debug, Deserialize)]
    #[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
    #[expect(dead_code, reason = "only its form matters here")]
    enum Boastful {
        #[serde(rename = "order.confirmed.v1")]
        OrderConfirmed { number: String },
    }

    #[test]
    fn the_declaration_has_to_be_true() {
        let interests: &[&str] = &["order.confirmed.v1"];
        let declared = Reads::of::<Good>("nobody", "view.rs");
        let too_much = catch_unwind(|| check_contract::<Secretive>(&declared, interests));
        let too_much = too_much.expect_err("email is not declared");
        let said = too_much.downcast_ref::<String>().expect("a text");
        assert!(
            said.contains("cannot be read without the fields that it does not name"),
            "{said}"
        );

        let too_little = catch_unwind(|| check_contract::<Boastful>(&declared, interests));
        let too_little = too_little.expect_err("the lines are not read");
        let said = too_little.downcast_ref::<String>().expect("a text");
        assert!(said.contains("`lines[].sku` makes no difference"), "{said}");
    }
}
