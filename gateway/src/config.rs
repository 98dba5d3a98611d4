//! Settings of a gateway; every one has a default.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::{Deserialize, Deserializer};

/// All settings.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Answer `__schema` and `__type`.
    pub introspection: bool,
    /// Serve the GraphiQL page.
    pub graphiql: bool,
    /// Put the number of requests per subgraph into `extensions.bazaar.fetches`.
    pub expose_fetch_counts: bool,
    /// Let queries share one subgraph call if they are identical, credentials included, and under
    /// way at the same time.
    pub share_identical_queries: bool,
    /// Memory for compiled operations, in bytes.
    pub operation_cache_bytes: u64,
    /// What a request may ask for.
    pub limits: Limits,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// WebSocket connections.
    pub websocket: WebSocketConfig,
    /// Headers on the way to subgraphs.
    pub headers: HeaderConfig,
    /// Settings per subgraph, by its name in the supergraph.
    pub subgraphs: BTreeMap<String, SubgraphConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            introspection: true,
            graphiql: true,
            expose_fetch_counts: false,
            share_identical_queries: true,
            operation_cache_bytes: 64 * 1024 * 1024,
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            websocket: WebSocketConfig::default(),
            headers: HeaderConfig::default(),
            subgraphs: BTreeMap::new(),
        }
    }
}

/// What a request may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request body, a WebSocket message or a GET query string.
    pub body_bytes: usize,
    /// Tokens of a document.
    pub tokens: usize,
    /// Nesting that the parser follows, of any kind.
    pub recursion: usize,
    /// Nesting of selections.
    pub depth: usize,
    /// Aliases in an operation, fragments counted wherever they are used.
    pub aliases: usize,
    /// Fields at the root of an operation.
    pub root_fields: usize,
    /// Fields of an operation, fragments counted wherever they are used.
    pub fields: usize,
    /// Bytes of one subgraph answer.
    pub subgraph_answer_bytes: usize,
    /// Bytes of a response; entities may refer to each other, so small answers can make large ones.
    pub response_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 2_000_000,
            tokens: 15_000,
            recursion: 256,
            depth: 100,
            aliases: 200,
            root_fields: 50,
            fields: 10_000,
            subgraph_answer_bytes: 8 * 1024 * 1024,
            response_bytes: 64 * 1024 * 1024,
        }
    }
}

/// How long things may take, written as `"500ms"`, `"10s"` or `"2m"`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// One request to a subgraph, its body included.
    #[serde(deserialize_with = "duration")]
    pub subgraph: Duration,
    /// One query or mutation as a whole.
    #[serde(deserialize_with = "duration")]
    pub request: Duration,
    /// Planning one operation.
    #[serde(deserialize_with = "duration")]
    pub planning: Duration,
    /// How long a client may take to send the body of a request.
    #[serde(deserialize_with = "duration")]
    pub body: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            subgraph: Duration::from_secs(10),
            request: Duration::from_secs(30),
            planning: Duration::from_secs(5),
            body: Duration::from_secs(30),
        }
    }
}

/// WebSocket connections.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebSocketConfig {
    /// How long a client may take to send `connection_init`.
    #[serde(deserialize_with = "duration")]
    pub init_timeout: Duration,
    /// How often the connection is probed; two probes without an answer end it.
    #[serde(deserialize_with = "duration")]
    pub ping_interval: Duration,
    /// Operations that may run on one connection at the same time.
    pub max_operations: usize,
}

impl Default for WebSocketConfig {
    fn default() -> Self {
        Self {
            init_timeout: Duration::from_secs(3),
            ping_interval: Duration::from_secs(20),
            max_operations: 100,
        }
    }
}

/// Headers on the way to subgraphs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeaderConfig {
    /// Client headers that are passed on. `x-request-id` always is.
    pub forward: Vec<String>,
}

impl Default for HeaderConfig {
    fn default() -> Self {
        Self {
            forward: [
                "authorization",
                "accept-language",
                "traceparent",
                "tracestate",
            ]
            .map(str::to_owned)
            .to_vec(),
        }
    }
}

/// Settings of one subgraph.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SubgraphConfig {
    /// Where it answers, instead of the supergraph's address.
    pub url: Option<String>,
    /// Whether it speaks HTTP/2, over plain TCP too.
    pub http2: bool,
    /// Headers sent with every request to it.
    pub headers: BTreeMap<String, String>,
    /// Its own timeout.
    #[serde(deserialize_with = "optional_duration")]
    pub timeout: Option<Duration>,
}

/// The configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("configuration {path}: {message}")]
pub struct ConfigError {
    /// The file.
    pub path: String,
    /// What is wrong, naming the setting.
    pub message: String,
}

impl Config {
    /// Reads a TOML file; settings it does not have keep their defaults.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Figment::new()
            .merge(Toml::file_exact(path))
            .extract()
            .map_err(|error| ConfigError {
                path: path.display().to_string(),
                message: error.to_string(),
            })
    }
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).ok_or_else(|| {
        serde::de::Error::custom(format!(
            "`{text}` is not a duration such as 500ms, 10s or 2m, of a day at most"
        ))
    })
}

fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

/// Nothing is waited for longer; clocks cannot count arbitrarily far.
const MAX_DURATION: Duration = Duration::from_secs(24 * 60 * 60);

fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let unit_at = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().ok()?;
    let duration = match unit.trim() {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number.checked_mul(60)?),
        _ => return None,
    };
    // What may take no time at all always fails.
    (!duration.is_zero() && duration <= MAX_DURATION).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(toml: &str) -> Result<Config, String> {
        Figment::new()
            .merge(Toml::string(toml))
            .extract()
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_file_means_defaults() {
        assert_eq!(parse(""), Ok(Config::default()));
    }

    #[test]
    fn settings_are_read() {
        let config = parse(
            r#"
            expose_fetch_counts = true
            [limits]
            depth = 7
            [timeouts]
            subgraph = "250ms"
            [headers]
            forward = ["authorization"]
            [subgraphs.reviews]
            url = "http://127.0.0.1:4001/graphql"
            timeout = "2s"
            headers = { x-gateway = "yes" }
            "#,
        )
        .unwrap();
        assert_eq!(config.limits.depth, 7);
        assert_eq!(config.timeouts.subgraph, Duration::from_millis(250));
        assert_eq!(
            config.subgraphs["reviews"].timeout,
            Some(Duration::from_secs(2))
        );
        assert_eq!(config.subgraphs["reviews"].headers["x-gateway"], "yes");
    }

    #[test]
    fn an_unknown_setting_is_named() {
        let error = parse("[limits]\ndeepness = 3").unwrap_err();
        assert!(error.contains("deepness"), "{error}");
    }

    #[test]
    fn a_wrong_duration_is_named() {
        for wrong in [
            "soon",
            "",
            "s",
            "10",
            "-1s",
            "1.5s",
            "0s",
            "0ms",
            "25000m",
            "18446744073709551615s",
            "18446744073709551616ms",
        ] {
            let error = parse(&format!("[timeouts]\nsubgraph = \"{wrong}\"")).unwrap_err();
            assert!(
                error.contains(&format!("`{wrong}`")) && error.contains("timeouts"),
                "{error}"
            );
        }
    }
}
