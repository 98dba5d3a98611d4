//! What composition has to say: errors, hints, and where in the SDLs they come from.

use std::fmt;

use super::codes::Code;

/// A place in a subgraph's SDL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The subgraph's name.
    pub subgraph: String,
    /// Line and column, from 1; `None` if it is about the subgraph as a whole.
    pub position: Option<(usize, usize)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.subgraph),
            None => f.write_str(&self.subgraph),
        }
    }
}

/// Why subgraphs do not compose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}{}", code.name, listed(places))]
pub struct CompositionError {
    code: Code,
    message: String,
    places: Vec<Place>,
}

impl CompositionError {
    pub(super) fn new(code: Code, message: impl Into<String>, places: Vec<Place>) -> Self {
        Self {
            code,
            message: message.into(),
            places: tidy(places),
        }
    }

    /// A stable code for each kind of error; where Apollo Federation has one, it is the same.
    pub fn code(&self) -> &'static str {
        self.code.name
    }

    /// What is wrong, naming types, fields and subgraphs.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where to look, in the order of subgraphs.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// What usually mends it.
    pub fn fix(&self) -> &'static str {
        self.code.fix
    }
}

/// What composes, but may not be what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompositionHint {
    code: &'static str,
    message: String,
    places: Vec<Place>,
}

impl CompositionHint {
    pub(super) fn new(code: &'static str, message: impl Into<String>, places: Vec<Place>) -> Self {
        Self {
            code,
            message: message.into(),
            places: tidy(places),
        }
    }

    /// A stable code for each kind of hint.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What was noticed.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where to look, in the order of subgraphs.
    pub fn places(&self) -> &[Place] {
        &self.places
    }
}

impl fmt::Display for CompositionHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}{}", self.code, self.message, listed(&self.places))
    }
}

/// All that is found out on the way.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) errors: Vec<CompositionError>,
    pub(super) hints: Vec<CompositionHint>,
}

impl Findings {
    pub(super) fn error(&mut self, code: Code, message: impl Into<String>, places: Vec<Place>) {
        let error = CompositionError::new(code, message, places);
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    pub(super) fn hint(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        places: Vec<Place>,
    ) {
        self.hints.push(CompositionHint::new(code, message, places));
    }
}

fn tidy(mut places: Vec<Place>) -> Vec<Place> {
    places.sort();
    places.dedup();
    places
}

fn listed(places: &[Place]) -> String {
    if places.is_empty() {
        return String::new();
    }
    let places: Vec<String> = places.iter().map(ToString::to_string).collect();
    format!(" [{}]", places.join(", "))
}

/// `a`, `b` and `c`, each in backticks.
pub(super) fn enumerated<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names
        .into_iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
