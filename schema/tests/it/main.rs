//! Contracts of the workspace.

mod dependencies;
