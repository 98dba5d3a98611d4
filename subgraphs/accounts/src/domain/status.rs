//! Which status an account can get from which.

use crate::entity::user::UserStatus::{self, Active, Deleted, PendingVerification, Suspended};

/// `PENDING_VERIFICATION → ACTIVE ⇄ SUSPENDED → DELETED`, and a user who wants to leave need not be
/// verified or suspended first.
const TRANSITIONS: &[(UserStatus, UserStatus)] = &[
    (PendingVerification, Active),
    (Active, Suspended),
    (Suspended, Active),
    (PendingVerification, Deleted),
    (Active, Deleted),
    (Suspended, Deleted),
];

pub(super) fn is_allowed(from: UserStatus, to: UserStatus) -> bool {
    TRANSITIONS.contains(&(from, to))
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn deleted_is_final_and_nothing_becomes_unverified() {
        for status in UserStatus::iter() {
            assert!(!is_allowed(Deleted, status));
            assert!(!is_allowed(status, PendingVerification));
            assert!(!is_allowed(status, status));
        }
        assert!(is_allowed(Active, Suspended) && is_allowed(Suspended, Active));
        assert!(!is_allowed(PendingVerification, Suspended));
    }
}
