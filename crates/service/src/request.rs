//! What a resolver knows about the request it runs in.

use async_graphql::Context;
use auth::{AuthError, Principal};
use chrono::{DateTime, Utc};
use events::Cause;

/// Who asks, and under which request.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    caller: Result<Principal, AuthError>,
    /// The gateway's id for the client's request, for logs and correlation.
    pub request_id: String,
    /// W3C trace context, if the caller sent a valid one.
    pub traceparent: Option<String>,
}

impl RequestInfo {
    /// Puts together what is known; `caller` keeps the verdict on a bad token, so that operations
    /// that need nobody (logging in again) still work.
    pub fn new(
        caller: Result<Principal, AuthError>,
        request_id: String,
        traceparent: Option<String>,
    ) -> Self {
        Self {
            caller,
            request_id,
            traceparent,
        }
    }

    /// The request info of a resolver's context.
    pub fn of<'a>(ctx: &Context<'a>) -> &'a RequestInfo {
        ctx.data_unchecked::<RequestInfo>()
    }

    /// The caller; anonymous if no token was sent.
    ///
    /// # Errors
    /// [`AuthError`] if a token was sent and is expired or not ours.
    pub fn principal(&self) -> Result<&Principal, AuthError> {
        self.caller.as_ref().map_err(Clone::clone)
    }

    /// Why something happens, for the events of this request.
    pub fn cause(&self, now: DateTime<Utc>) -> Cause {
        let actor = self
            .caller
            .as_ref()
            .ok()
            .and_then(|principal| principal.user_id().map(str::to_owned));
        Cause::request(&self.request_id, actor, self.traceparent.clone(), now)
    }
}
