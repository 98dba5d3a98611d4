//! The committed files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::asyncapi::asyncapi;
use super::yaml::to_yaml;
use super::{Reader, envelope_schema, schemas};

/// Texts by path below the schema folder.
pub type Files = BTreeMap<PathBuf, String>;

/// Where the schema of an event is.
pub fn schema_path(event: &str) -> PathBuf {
    Path::new("events").join(format!("{event}.json"))
}

/// Where it is kept what was promised of an event; only additions may change it.
pub fn baseline_path(event: &str) -> PathBuf {
    Path::new("events/baseline").join(format!("{event}.json"))
}

/// Where it is written what a consumer reads.
pub fn reader_path(consumer: &str) -> PathBuf {
    Path::new("events/consumers").join(format!("{consumer}.json"))
}

/// Everything that is generated from the events and these consumers, in whatever order they come.
pub fn files(readers: &[Reader]) -> Files {
    let mut readers = readers.to_vec();
    readers.sort_by(|one, other| one.consumer.cmp(&other.consumer));

    let mut files = Files::new();
    files.insert(schema_path("envelope"), json(&envelope_schema()));
    for (event, schema) in schemas() {
        files.insert(baseline_path(&event), json(&schema));
        files.insert(schema_path(&event), json(&schema));
    }
    for reader in &readers {
        files.insert(reader_path(&reader.consumer), json(reader));
    }
    files.insert(PathBuf::from("asyncapi.yaml"), to_yaml(&asyncapi(&readers)));
    files
}

fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("plain data with text keys");
    format!("{text}\n")
}
