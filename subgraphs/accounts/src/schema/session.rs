use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};

use crate::domain::IssuedSession;

/// What a client needs to act as a signed-in user.
#[derive(SimpleObject)]
pub(crate) struct Session {
    /// Send it with every request, as `Authorization: Bearer <accessToken>`.
    access_token: String,
    /// Exchange it for a new session with `tokenRefresh` before the access token expires. It can be
    /// used once; keep it where no other page or program can read it.
    refresh_token: String,
    /// When the access token expires.
    expires_at: DateTime<Utc>,
    /// When the refresh token expires if it is not used; the user then has to log in again.
    refresh_expires_at: DateTime<Utc>,
}

impl From<IssuedSession> for Session {
    fn from(session: IssuedSession) -> Self {
        Self {
            access_token: session.access_token,
            refresh_token: session.refresh_token,
            expires_at: session.access_expires_at,
            refresh_expires_at: session.refresh_expires_at,
        }
    }
}
