//! The contracts of the events, against the committed files in `schema/`.

mod asyncapi;
mod committed;
mod evolution;
mod fixtures;
mod samples;
