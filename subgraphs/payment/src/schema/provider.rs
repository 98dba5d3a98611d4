//! Payment providers in the API.

use async_graphql::{Enum, SimpleObject};

use crate::entity::payment::ProviderName;

/// Who takes the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(rename_items = "SCREAMING_SNAKE_CASE")]
pub(super) enum PaymentProvider {
    /// A provider for trying things out: its page offers to pay, to decline, or to let the payment
    /// expire. No real money moves.
    Demo,
    /// Stripe: cards and wallets.
    Stripe,
    /// Midtrans Snap: Indonesian wallets, bank transfer and convenience stores.
    Midtrans,
    /// PayPal.
    Paypal,
}

impl From<PaymentProvider> for ProviderName {
    fn from(provider: PaymentProvider) -> Self {
        match provider {
            PaymentProvider::Demo => Self::Demo,
            PaymentProvider::Stripe => Self::Stripe,
            PaymentProvider::Midtrans => Self::Midtrans,
            PaymentProvider::Paypal => Self::Paypal,
        }
    }
}

impl From<ProviderName> for PaymentProvider {
    fn from(provider: ProviderName) -> Self {
        match provider {
            ProviderName::Demo => Self::Demo,
            ProviderName::Stripe => Self::Stripe,
            ProviderName::Midtrans => Self::Midtrans,
            ProviderName::Paypal => Self::Paypal,
        }
    }
}

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(super) struct PaymentMethod {
    /// The provider, for `paymentInitiate`.
    pub(super) provider: PaymentProvider,
    /// Its name, for people.
    pub(super) name: String,
}

impl PaymentMethod {
    pub(super) fn of(provider: ProviderName) -> Self {
        let name = match provider {
            ProviderName::Demo => "Demo payment",
            ProviderName::Stripe => "Stripe",
            ProviderName::Midtrans => "Midtrans",
            ProviderName::Paypal => "PayPal",
        };
        Self {
            provider: provider.into(),
            name: name.to_owned(),
        }
    }
}
