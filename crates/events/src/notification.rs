//! Events of the notification service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{EmailId, OrderId};

/// An e-mail was handed to the mail server. Last link of the checkout chain for
/// `order_confirmation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmailNotificationSent {
    /// The e-mail.
    pub email_id: EmailId,
    /// Its template, for example `order_confirmation`.
    pub template: String,
    /// The order it is about, if any.
    pub order_id: Option<OrderId>,
}

/// An e-mail could not be sent, and will not be tried again by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmailFailed {
    /// The e-mail.
    pub email_id: EmailId,
    /// Its template.
    pub template: String,
    /// The order it is about, if any.
    pub order_id: Option<OrderId>,
    /// What the mail server said.
    pub error: String,
}
