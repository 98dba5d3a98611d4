//! Breaking changes that were decided on.

use std::collections::BTreeMap;

use super::deprecation::read_date;
use super::{Change, Severity};

/// A breaking change that was decided on: an entry of `intended-breaks.toml`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntendedBreak {
    /// What breaks, as the report names it: `Order.total`.
    pub coordinate: String,
    /// The day clients were told it happens on: `2027-01-31`.
    pub date: String,
    /// Why clients have to live with it.
    pub reason: String,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntendedBreakError {
    /// Nothing breaks there, or no longer.
    #[error("`{coordinate}` is listed as an intended break, but nothing breaks there: take it off")]
    DoesNotHappen {
        /// The entry's coordinate.
        coordinate: String,
    },
    /// The date is none.
    #[error("`{coordinate}`: the date of an intended break is a day like 2027-01-31, not {date:?}")]
    InvalidDate {
        /// The entry's coordinate.
        coordinate: String,
        /// What stands there instead.
        date: String,
    },
    /// The reason is empty.
    #[error("`{coordinate}`: an intended break has a reason")]
    NoReason {
        /// The entry's coordinate.
        coordinate: String,
    },
    /// Two entries for one coordinate.
    #[error("`{coordinate}` is listed twice")]
    ListedTwice {
        /// The entries' coordinate.
        coordinate: String,
    },
}

impl IntendedBreakError {
    /// A stable code for each kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DoesNotHappen { .. } => "INTENDED_BREAK_DOES_NOT_HAPPEN",
            Self::InvalidDate { .. } => "INVALID_DATE",
            Self::NoReason { .. } => "NO_REASON",
            Self::ListedTwice { .. } => "LISTED_TWICE",
        }
    }
}

/// Whether the breaking changes are those that were decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Breaking changes nobody decided on.
    pub unintended: Vec<Change>,
    /// Breaking changes that are listed.
    pub intended: Vec<Change>,
    /// What is wrong with the list.
    pub errors: Vec<IntendedBreakError>,
}

/// Holds the breaking changes against the list of those that were decided on.
pub fn judge(changes: &[Change], list: &[IntendedBreak]) -> Verdict {
    let mut listed: BTreeMap<&str, bool> = BTreeMap::new();
    let mut errors = Vec::new();
    for entry in list {
        let coordinate = entry.coordinate.clone();
        if listed.insert(&entry.coordinate, false).is_some() {
            errors.push(IntendedBreakError::ListedTwice { coordinate });
            continue;
        }
        if read_date(&entry.date).is_none() {
            errors.push(IntendedBreakError::InvalidDate {
                coordinate: coordinate.clone(),
                date: entry.date.clone(),
            });
        }
        if entry.reason.trim().is_empty() {
            errors.push(IntendedBreakError::NoReason { coordinate });
        }
    }

    let (mut intended, mut unintended) = (Vec::new(), Vec::new());
    for change in changes {
        if change.severity() != Severity::Breaking {
            continue;
        }
        match listed.get_mut(change.coordinate.to_string().as_str()) {
            Some(happens) => {
                *happens = true;
                intended.push(change.clone());
            }
            None => unintended.push(change.clone()),
        }
    }

    let idle = listed.into_iter().filter(|(_, happens)| !happens);
    errors.extend(
        idle.map(|(coordinate, _)| IntendedBreakError::DoesNotHappen {
            coordinate: coordinate.to_owned(),
        }),
    );
    Verdict {
        unintended,
        intended,
        errors,
    }
}
