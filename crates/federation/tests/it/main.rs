//! Tests of composition, loading and planning against whole schemas.

mod compose;
mod plans;
mod supergraph;
