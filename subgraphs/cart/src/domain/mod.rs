//! What can be done with a cart: one file per operation, and the pure rules they share.

mod cart_address_set;
mod cart_clear;
mod cart_create;
mod cart_lines_add;
mod cart_lines_remove;
mod cart_lines_update;
mod cart_merge;
mod cart_shipping_method_set;
mod cart_view;
mod carts_expire;
mod checkout_start;
mod edit;
mod email;
mod goods;
mod idempotency;
mod order_events;
mod proof;
mod shipping;
mod snapshot;
mod status;
mod totals;
mod variant_copies;
mod warning;

pub use cart_address_set::cart_address_set;
pub use cart_clear::cart_clear;
pub use cart_create::{Created, NewCart, cart_create};
pub use cart_lines_add::{NewLine, cart_lines_add};
pub use cart_lines_remove::cart_lines_remove;
pub use cart_lines_update::{LineUpdate, cart_lines_update};
pub use cart_merge::cart_merge;
pub(crate) use cart_merge::cart_take_over;
pub use cart_shipping_method_set::cart_shipping_method_set;
pub use cart_view::{CartView, LineView, find_view, load_views};
pub use carts_expire::carts_expire;
pub use checkout_start::CheckoutRefusal;
pub(crate) use checkout_start::checkout_start;
pub use order_events::{order_confirmed, order_created, order_ended};
pub use proof::Proof;
pub use shipping::ShippingQuote;
pub use status::may_become;
pub use totals::{Cost, Item, compute_cost};
pub(crate) use variant_copies::{price_changed, product_changed};
pub use warning::{Warning, WarningCode};

use std::sync::Arc;

use clock::Clock;
use sea_orm::DatabaseConnection;

use crate::Config;

/// What every operation works with.
#[derive(Clone)]
pub struct Carts {
    /// The cart's database.
    pub db: DatabaseConnection,
    /// The one clock.
    pub clock: Clock,
    /// Settings.
    pub config: Arc<Config>,
}
