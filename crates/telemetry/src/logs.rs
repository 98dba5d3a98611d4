//! Where log lines go, and which.

use std::io;
use std::str::FromStr;

use tracing::Subscriber;
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged when nobody says otherwise: our own words, and of the libraries only
/// what is wrong. SQL statements would carry personal data, so they stay out.
pub const DEFAULT_FILTER: &str = "info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn,hyper=warn,\
     hyper_util=warn,h2=warn,reqwest=warn,rustls=warn,tower_http=warn,lettre=warn,lapin=warn";

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Pretty,
    /// One JSON object per line, for machines.
    Json,
}

impl FromStr for Format {
    type Err = TelemetryError;

    fn from_str(name: &str) -> Result<Self, TelemetryError> {
        match name {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            _ => Err(TelemetryError::UnknownFormat),
        }
    }
}

/// How to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// How a line looks.
    pub format: Format,
    /// Which lines appear, as in `info,order=debug`.
    pub filter: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            format: Format::default(),
            filter: DEFAULT_FILTER.to_owned(),
        }
    }
}

/// Why logging could not start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("not a valid log filter")]
    InvalidFilter(#[source] tracing_subscriber::filter::ParseError),
    /// The format is neither `pretty` nor `json`.
    #[error("unknown log format; known are pretty and json")]
    UnknownFormat,
    /// Something else logs in this process already.
    #[error("logging has been set up before")]
    AlreadyStarted,
}

impl TelemetryError {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidFilter(_) => "INVALID_LOG_FILTER",
            Self::UnknownFormat => "UNKNOWN_LOG_FORMAT",
            Self::AlreadyStarted => "LOGGING_ALREADY_STARTED",
        }
    }
}

/// Starts logging to standard error, for the whole process. Once per process.
pub fn init(config: &Config) -> Result<(), TelemetryError> {
    let subscriber = subscriber(config, io::stderr)?;
    // Libraries that speak `log` are heard as well.
    subscriber
        .try_init()
        .map_err(|_| TelemetryError::AlreadyStarted)
}

type BoxedSubscriber = Box<dyn Subscriber + Send + Sync>;

fn subscriber<W>(config: &Config, writer: W) -> Result<BoxedSubscriber, TelemetryError>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&config.filter).map_err(TelemetryError::InvalidFilter)?;
    let lines = fmt().with_env_filter(filter).with_writer(writer);
    Ok(match config.format {
        Format::Pretty => Box::new(lines.compact().finish()),
        Format::Json => Box::new(
            lines
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false)
                .finish(),
        ),
    })
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::{Config, Format, TelemetryError, subscriber};

    /// A writer whose lines can be read afterwards.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no writer panics").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What these events look like in this configuration.
    fn logged(config: &Config, events: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = subscriber(config, move || writer.clone()).expect("a valid filter");
        tracing::subscriber::with_default(subscriber, events);
        let bytes = lines.0.lock().expect("no writer panics").clone();
        String::from_utf8(bytes).expect("text")
    }

    fn json(filter: &str) -> Config {
        Config {
            format: Format::Json,
            filter: filter.to_owned(),
        }
    }

    #[test]
    fn a_json_line_has_the_message_the_fields_and_the_span() {
        let text = logged(&json("info"), || {
            let span = tracing::info_span!("order_create", order_id = "ord_1");
            span.in_scope(|| tracing::info!(lines = 3, "order created"));
        });
        let line: serde_json::Value = serde_json::from_str(text.trim()).expect("one JSON object");
        assert_eq!(line["message"], "order created");
        assert_eq!(line["lines"], 3);
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["span"]["name"], "order_create");
        assert_eq!(line["span"]["order_id"], "ord_1");
    }

    #[test]
    fn the_default_filter_hides_statements_and_shows_our_own_words() {
        let text = logged(&Config::default(), || {
            tracing::info!(target: "sqlx::query", "SELECT e-mail");
            tracing::info!(target: "hyper_util::client", "pooled");
            tracing::warn!(target: "sqlx::query", "slow statement");
            tracing::info!(target: "order", "order created");
            tracing::debug!(target: "order", "detail");
        });
        assert!(text.contains("order created") && text.contains("slow statement"));
        assert!(!text.contains("SELECT") && !text.contains("pooled") && !text.contains("detail"));
    }

    #[test]
    fn a_filter_can_ask_for_more() {
        let text = logged(&json("warn,order=debug"), || {
            tracing::debug!(target: "order", "detail");
            tracing::info!(target: "cart", "unasked");
        });
        assert!(text.contains("detail") && !text.contains("unasked"));
    }

    #[test]
    fn an_invalid_filter_is_an_error() {
        let error = subscriber(&json("order=loud"), io::sink)
            .err()
            .expect("no such level");
        assert!(matches!(error, TelemetryError::InvalidFilter(_)));
        assert_eq!(error.code(), "INVALID_LOG_FILTER");
    }

    #[test]
    fn formats_have_names() {
        assert_eq!("json".parse::<Format>().ok(), Some(Format::Json));
        assert_eq!("pretty".parse::<Format>().ok(), Some(Format::Pretty));
        assert!("xml".parse::<Format>().is_err());
    }
}
