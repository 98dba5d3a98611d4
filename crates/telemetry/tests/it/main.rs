//! Starting to log, which happens once per process.

use telemetry::{Config, TelemetryError, init};

#[test]
fn logging_starts_once() {
    let broken = Config {
        filter: "order=loud".to_owned(),
        ..Config::default()
    };
    assert!(matches!(
        init(&broken),
        Err(TelemetryError::InvalidFilter(_))
    ));
    assert!(
        init(&Config::default()).is_ok(),
        "a failed start does not count"
    );
    assert!(matches!(
        init(&Config::default()),
        Err(TelemetryError::AlreadyStarted)
    ));
}
