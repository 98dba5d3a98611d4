//! Access tokens, from signing to the principal, and those who would forge one.

mod attacks;
mod fixture;
mod key_rotation;
mod principal;
mod request;
mod times;
