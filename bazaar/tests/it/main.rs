//! The `bazaar` binary as a process.

mod commands;
mod crash;
mod process;
