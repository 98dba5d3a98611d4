//! Laws that hold for every amount.

mod laws;
