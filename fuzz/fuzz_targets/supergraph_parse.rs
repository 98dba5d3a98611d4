//! Any text is a supergraph, or refused.

#![no_main]

use federation::Supergraph;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Supergraph::parse(text);
});
