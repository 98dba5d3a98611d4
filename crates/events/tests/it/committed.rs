//! The committed files are what the code says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use events::contract::{Reader, fields, files, schemas};
use serde_json::Value;

/// The folder of the committed contracts.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema")
}

/// JSON files of a folder below `schema/`, by name without the extension.
pub(crate) fn json_files(path: &str) -> BTreeMap<String, Value> {
    let folder = folder().join(path);
    fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a readable file");
            let value = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_stem().and_then(|name| name.to_str());
            (name.expect("a name").to_owned(), value)
        })
        .collect()
}

/// What the consumers read, as committed.
pub(crate) fn readers() -> Vec<Reader> {
    json_files("events/consumers")
        .into_iter()
        .map(|(name, value)| {
            let reader: Reader = serde_json::from_value(value).expect("a reader");
            assert_eq!(reader.consumer, name);
            reader
        })
        .collect()
}

/// Files that are not as generated, with what is wrong about each.
fn stale(folder: &Path, readers: &[Reader]) -> Vec<String> {
    files(readers)
        .into_iter()
        .filter_map(
            |(path, text)| match fs::read_to_string(folder.join(&path)) {
                Ok(committed) if committed == text => None,
                Ok(_) => Some(format!("schema/{}: stale", path.display())),
                Err(error) => Some(format!("schema/{}: {error}", path.display())),
            },
        )
        .collect()
}

#[test]
fn the_committed_files_are_as_generated() {
    let stale = stale(&folder(), &readers());
    assert!(
        stale.is_empty(),
        "run `make schema`\n  {}",
        stale.join("\n  ")
    );
}

#[test]
fn a_stale_file_is_named() {
    let copy = std::env::temp_dir().join(format!("event-contracts-{}", std::process::id()));
    let readers = readers();
    for (path, text) in files(&readers) {
        let path = copy.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    assert_eq!(stale(&copy, &readers), [] as [String; 0]);

    fs::write(copy.join("events/order.created.v1.json"), "{}\n").unwrap();
    let found = stale(&copy, &readers);
    fs::remove_dir_all(&copy).unwrap();
    assert_eq!(found, ["schema/events/order.created.v1.json: stale"]);
}

#[test]
fn no_schema_is_left_over() {
    let known = schemas();
    for name in json_files("events").into_keys() {
        assert!(
            name == "envelope" || known.contains_key(&name),
            "schema/events/{name}.json: there is no such event"
        );
    }
}

#[test]
fn every_field_is_described_and_every_object_is_open() {
    fn check(event: &str, path: &str, schema: &Value) {
        assert!(
            schema.get("additionalProperties").is_none(),
            "{event} {path}: readers have to put up with fields they do not know"
        );
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(
                property["description"].is_string(),
                "{event} {path}.{name} has no description"
            );
            check(event, &format!("{path}.{name}"), property);
        }
        check_items(event, path, schema);
        for choice in schema["anyOf"].as_array().into_iter().flatten() {
            check(event, path, choice);
        }
    }
    fn check_items(event: &str, path: &str, schema: &Value) {
        if let Some(items) = schema.get("items") {
            check(event, &format!("{path}[]"), items);
        }
    }
    for (event, schema) in schemas() {
        check(&event, "", &schema);
    }
}

#[test]
fn identifiers_times_and_money_have_a_form() {
    for (event, schema) in schemas() {
        for (path, field) in fields(&schema) {
            let name = path.rsplit('.').next().unwrap();
            let formed = match name {
                "currency" | "currencyCode" => field.format.as_deref() == Some("iso-4217"),
                "minorAmount" => field.format.as_deref() == Some("int64"),
                _ if name.ends_with("At") => field.format.as_deref() == Some("date-time"),
                _ if name.ends_with("Id") || name.ends_with("Ids[]") => field.pattern.is_some(),
                _ => true,
            };
            assert!(formed, "{event} {path}: {field}");
        }
    }
}
