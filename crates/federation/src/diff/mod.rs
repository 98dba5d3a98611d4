//! What changed between two API schemas, and whom it breaks.
//!
//! * [`ApiSchema::read`] takes supergraph SDL or plain SDL.
//! * [`compare`] finds the changes; each [`ChangeKind`] is breaking, dangerous or safe.
//! * [`Operations`] are the documents clients send; [`Report::new`] adds those a change touches.
//! * [`judge`] holds the breaking changes against the list of intended ones.
//! * [`undated_deprecations`] checks that every deprecation says from when on it may be removed.

mod api_schema;
mod change;
mod change_kind;
mod deprecation;
mod intended;
mod operations;
mod report;
mod rules;
mod text;

pub use api_schema::{ApiSchema, ApiSchemaError};
pub use change::{Change, Severity};
pub use change_kind::ChangeKind;
pub use deprecation::{Deprecation, UndatedDeprecation, undated_deprecations};
pub use intended::{IntendedBreak, IntendedBreakError, Verdict, judge};
pub use operations::{AffectedOperation, Effect, OperationError, OperationFile, Operations};
pub use report::{InvalidOperation, Report, ReportedChange};
pub use rules::compare;
