//! What the buyer has to do to pay, kept as JSON with the attempt.

use serde::{Deserialize, Serialize};

/// What the buyer has to do to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentAction {
    /// Go to a page of the provider.
    Redirect {
        /// The page.
        url: String,
    },
    /// Hand a secret to the provider's own component in the client.
    ClientSecret {
        /// The secret.
        secret: String,
    },
    /// Hand a token to the provider's own pop-up in the client.
    SnapToken {
        /// The token.
        token: String,
    },
}
