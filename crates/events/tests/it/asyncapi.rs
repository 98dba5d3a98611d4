//! The AsyncAPI document says who sends and who receives what.

use std::fs;

use events::Event;

use crate::committed::{folder, readers};

#[test]
fn every_event_has_a_sender_and_every_reader_receives() {
    let document = fs::read_to_string(folder().join("asyncapi.yaml")).unwrap();
    let has = |operation: &str| document.contains(&format!("\n  {operation}:\n"));
    for event in Event::TYPES {
        let sender = event.split('.').next().unwrap();
        assert!(
            has(&format!("{sender}.send.{event}")),
            "{event} has no sender"
        );
    }
    for reader in readers() {
        for event in reader.reads.keys() {
            let operation = format!("{}.receive.{event}", reader.consumer);
            assert!(has(&operation), "{operation} is missing");
        }
    }
}
