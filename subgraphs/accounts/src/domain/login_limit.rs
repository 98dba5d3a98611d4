//! Slowing down whoever guesses passwords.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, DatabaseConnection, DbErr, EntityTrait};
use service::Secret;

use crate::entity::login_failure;

/// When logins to one account are slowed down. Nobody is locked out for good: that would let anybody
/// lock out anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginLimits {
    /// Wrong passwords before the first delay.
    pub free_failures: u32,
    /// After this long without a wrong password, and with no delay running, all are forgotten.
    pub forgotten_after: TimeDelta,
    /// The first delay; each further wrong password doubles it.
    pub first_delay: TimeDelta,
    /// The longest delay.
    pub longest_delay: TimeDelta,
}

impl Default for LoginLimits {
    fn default() -> Self {
        Self {
            free_failures: 5,
            forgotten_after: TimeDelta::minutes(15),
            first_delay: TimeDelta::seconds(30),
            longest_delay: TimeDelta::minutes(15),
        }
    }
}

/// The wrong passwords of late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failures {
    count: u32,
    last: DateTime<Utc>,
    blocked_until: Option<DateTime<Utc>>,
}

impl LoginLimits {
    /// What follows from one more wrong password.
    fn after_failure(&self, before: Option<Failures>, now: DateTime<Utc>) -> Failures {
        let remembered = before.filter(|before| {
            let quiet_since = before
                .blocked_until
                .map_or(before.last, |until| until.max(before.last));
            now < quiet_since + self.forgotten_after
        });
        let count = remembered
            .map_or(0, |before| before.count)
            .saturating_add(1);
        let blocked_until = count.checked_sub(self.free_failures).map(|doublings| {
            let factor = 1_i32.checked_shl(doublings.min(30)).unwrap_or(i32::MAX);
            let delay = self
                .first_delay
                .checked_mul(factor)
                .unwrap_or(self.longest_delay);
            now + delay.min(self.longest_delay)
        });
        Failures {
            count,
            last: now,
            blocked_until,
        }
    }
}

/// Remembers wrong passwords per e-mail address, in the database, whether or not the address has an
/// account: the answer must not tell.
pub(crate) struct LoginGate {
    limits: LoginLimits,
    secret: Secret,
}

impl LoginGate {
    pub(crate) fn new(limits: LoginLimits, secret: Secret) -> Self {
        Self { limits, secret }
    }

    /// How long to wait before the next password is looked at; none if there is no need to.
    pub(crate) async fn retry_after(
        &self,
        db: &DatabaseConnection,
        email_key: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<TimeDelta>, DbErr> {
        let row = login_failure::Entity::find_by_id(self.account_key(email_key))
            .one(db)
            .await?;
        Ok(row
            .and_then(|row| row.blocked_until)
            .map(|until| until - now)
            .filter(|wait| *wait > TimeDelta::zero()))
    }

    /// Remembers a wrong password.
    pub(crate) async fn record_failure(
        &self,
        db: &DatabaseConnection,
        email_key: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let account_key = self.account_key(email_key);
        let txn = outbox::begin(db).await?;

        // The row exists and is ours until the commit: writing a key over itself locks it.
        login_failure::Entity::insert(login_failure::ActiveModel {
            account_key: Set(account_key.clone()),
            failures: Set(0),
            last_failed_at: Set(now),
            blocked_until: Set(None),
        })
        .on_conflict(
            OnConflict::column(login_failure::Column::AccountKey)
                .update_column(login_failure::Column::AccountKey)
                .to_owned(),
        )
        .exec_without_returning(&txn)
        .await?;
        let row = login_failure::Entity::find_by_id(account_key.clone())
            .one(&txn)
            .await?;

        // One more.
        let before = row.map(|row| Failures {
            count: u32::try_from(row.failures).unwrap_or(0),
            last: row.last_failed_at,
            blocked_until: row.blocked_until,
        });
        let after = self.limits.after_failure(before, now);
        login_failure::ActiveModel {
            account_key: Set(account_key),
            failures: Set(i32::try_from(after.count).unwrap_or(i32::MAX)),
            last_failed_at: Set(after.last),
            blocked_until: Set(after.blocked_until),
        }
        .update(&txn)
        .await?;
        txn.commit().await
    }

    /// Forgets the wrong passwords before a right one.
    pub(crate) async fn forget(
        &self,
        db: &DatabaseConnection,
        email_key: &str,
    ) -> Result<(), DbErr> {
        login_failure::Entity::delete_by_id(self.account_key(email_key))
            .exec(db)
            .await?;
        Ok(())
    }

    /// What is typed as an e-mail address may be anything, a password too: only a keyed hash is kept.
    fn account_key(&self, email_key: &str) -> String {
        use std::fmt::Write;
        let hash = self.secret.authenticate(email_key.as_bytes());
        hash.iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            })
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;

    use super::{Failures, LoginLimits};

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time")
    }

    /// Delays after each of several failures, each as soon as it is let through.
    fn delays(failures: usize) -> Vec<i64> {
        let limits = LoginLimits::default();
        let (mut now, mut state) = (start(), None::<Failures>);
        (0..failures)
            .map(|_| {
                let after = limits.after_failure(state, now);
                let delay = after
                    .blocked_until
                    .map_or(0, |until| (until - now).num_seconds());
                now = after.blocked_until.unwrap_or(now);
                state = Some(after);
                delay
            })
            .collect()
    }

    #[test]
    fn five_failures_are_free_and_then_the_delay_doubles_up_to_a_limit() {
        assert_eq!(
            delays(12),
            [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
        );
    }

    #[test]
    fn a_quiet_quarter_of_an_hour_forgets() {
        let limits = LoginLimits::default();
        let blocked = Failures {
            count: 9,
            last: start(),
            blocked_until: Some(start() + TimeDelta::minutes(8)),
        };
        let too_early = limits.after_failure(Some(blocked), start() + TimeDelta::minutes(22));
        assert_eq!(too_early.count, 10);
        let later = limits.after_failure(Some(blocked), start() + TimeDelta::minutes(23));
        assert_eq!((later.count, later.blocked_until), (1, None));
    }

    proptest! {
        #[test]
        fn no_number_of_failures_blocks_for_longer_than_the_limit(count in 0..u32::MAX) {
            let limits = LoginLimits::default();
            let before = Failures { count, last: start(), blocked_until: None };
            let after = limits.after_failure(Some(before), start());
            let delay = after.blocked_until.map_or(TimeDelta::zero(), |until| until - start());
            prop_assert!(delay >= TimeDelta::zero() && delay <= limits.longest_delay);
        }
    }
}
