//! What becomes of a refresh token that is presented.

use chrono::{DateTime, TimeDelta, Utc};

use crate::entity::session::RevokedBecause;
use crate::entity::{refresh_token, session};

/// The verdict on a presented refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Good: replace it by the next one.
    Rotate,
    /// Used a moment ago by a client that did not get the answer: hand out its successor again.
    Repeat,
    /// Used before: somebody has a copy.
    Reused,
    /// Too old, or the session is.
    Expired,
    /// The session was ended.
    Ended,
}

/// Judges a token. A client whose answer got lost asks again soon, cannot have used the successor,
/// and asks once; whoever does otherwise holds a copy.
pub(super) fn judge(
    session: &session::Model,
    token: &refresh_token::Model,
    successor: Option<&refresh_token::Model>,
    repeat_window: TimeDelta,
    now: DateTime<Utc>,
) -> Verdict {
    match session.revoked_because {
        // Whoever still holds a token of this session should know why it ended.
        Some(RevokedBecause::TokenReused) => return Verdict::Reused,
        Some(
            RevokedBecause::Logout | RevokedBecause::PasswordChanged | RevokedBecause::Suspended,
        ) => {
            return Verdict::Ended;
        }
        None => {}
    }
    if session.expires_at <= now {
        return Verdict::Expired;
    }
    let Some(used_at) = token.used_at else {
        return if token.expires_at <= now {
            Verdict::Expired
        } else {
            Verdict::Rotate
        };
    };
    let answer_got_lost = now < used_at + repeat_window
        && token.repeated_at.is_none()
        && successor.is_some_and(|successor| successor.used_at.is_none());
    if answer_got_lost {
        Verdict::Repeat
    } else {
        Verdict::Reused
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::prelude::Uuid;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("a valid time")
    }

    fn session() -> session::Model {
        session::Model {
            id: Uuid::nil(),
            version: 1,
            created_at: at(0),
            updated_at: at(0),
            user_id: Uuid::nil(),
            expires_at: at(900),
            revoked_at: None,
            revoked_because: None,
        }
    }

    fn token() -> refresh_token::Model {
        refresh_token::Model {
            id: Uuid::nil(),
            session_id: Uuid::nil(),
            parent_id: None,
            token_hash: String::new(),
            issued_at: at(0),
            expires_at: at(300),
            used_at: None,
            replaced_by: None,
            repeated_at: None,
        }
    }

    fn check(session: &session::Model, token: &refresh_token::Model, now: i64, expected: Verdict) {
        let successor = super::tests::token();
        assert_eq!(
            judge(
                session,
                token,
                Some(&successor),
                TimeDelta::seconds(10),
                at(now)
            ),
            expected
        );
    }

    #[test]
    fn a_fresh_token_is_rotated_until_it_or_its_session_expires() {
        check(&session(), &token(), 0, Verdict::Rotate);
        check(&session(), &token(), 299, Verdict::Rotate);
        check(&session(), &token(), 300, Verdict::Expired);
        let long = refresh_token::Model {
            expires_at: at(2_000),
            ..token()
        };
        check(&session(), &long, 900, Verdict::Expired);
    }

    #[test]
    fn a_used_token_is_repeated_once_and_soon() {
        let used = refresh_token::Model {
            used_at: Some(at(100)),
            ..token()
        };
        check(&session(), &used, 100, Verdict::Repeat);
        check(&session(), &used, 109, Verdict::Repeat);
        check(&session(), &used, 110, Verdict::Reused);
        check(&session(), &used, 500, Verdict::Reused);
        let repeated = refresh_token::Model {
            repeated_at: Some(at(101)),
            ..used.clone()
        };
        check(&session(), &repeated, 102, Verdict::Reused);

        let moved_on = refresh_token::Model {
            used_at: Some(at(103)),
            ..token()
        };
        let verdict = judge(
            &session(),
            &used,
            Some(&moved_on),
            TimeDelta::seconds(10),
            at(104),
        );
        assert_eq!(verdict, Verdict::Reused, "the answer had arrived");
        assert_eq!(
            judge(&session(), &used, None, TimeDelta::seconds(10), at(104)),
            Verdict::Reused
        );
    }

    #[test]
    fn an_ended_session_says_why() {
        for (because, verdict) in [
            (RevokedBecause::Logout, Verdict::Ended),
            (RevokedBecause::PasswordChanged, Verdict::Ended),
            (RevokedBecause::Suspended, Verdict::Ended),
            (RevokedBecause::TokenReused, Verdict::Reused),
        ] {
            let ended = session::Model {
                revoked_because: Some(because),
                ..session()
            };
            check(&ended, &token(), 1, verdict);
        }
    }
}
