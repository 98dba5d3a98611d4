//! The frame of every change: take the cart, check that it may be changed, write it back whole.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use events::Cause;
use events::cart::{CartLineAdded, CartLineRemoved};
use events::id::{CartId, CartLineId, UserId, VariantId};
use sea_orm::{Condition, DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::cart_view::{compose, present_price, price_warning};
use super::goods::Goods;
use super::{CartView, Carts, Proof, Warning, may_become};
use crate::entity::cart::{self, CartStatus};
use crate::entity::{cart_line, checkout, notice, payment_copy, variant_copy};
use crate::error::CartError;

/// A cart that is being changed, within one transaction. From [`Edit::open`] on nobody else can
/// change the same cart until the transaction ends, so nothing that was read here gets stale.
pub(crate) struct Edit<'a> {
    carts: &'a Carts,
    txn: &'a DatabaseTransaction,
    now: DateTime<Utc>,
    /// The cart.
    pub(crate) cart: cart::Model,
    /// Its lines.
    pub(crate) lines: Vec<cart_line::Model>,
    /// What is known of the lines' variants.
    pub(crate) goods: Goods,
    /// What the buyer is going to be told.
    pub(crate) warnings: Vec<Warning>,
    before: Vec<cart_line::Model>,
}

impl<'a> Edit<'a> {
    /// Takes the one cart that matches; none if there is none.
    pub(crate) async fn open(
        carts: &'a Carts,
        txn: &'a DatabaseTransaction,
        which: Condition,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, CartError> {
        let Some(cart) = cart::claim(txn, which, now).await? else {
            return Ok(None);
        };
        let lines = cart_line::of_carts(txn, [cart.id]).await?;
        let mut goods = Goods::default();
        goods
            .load(txn, lines.iter().map(|line| line.variant_id))
            .await?;
        let before = lines.clone();
        Ok(Some(Self {
            carts,
            txn,
            now,
            cart,
            lines,
            goods,
            warnings: Vec::new(),
            before,
        }))
    }

    /// Checks that the cart may be changed now. A cart in checkout becomes active again by the
    /// change, unless somebody is paying for it.
    pub(crate) async fn require_editable(&mut self) -> Result<(), CartError> {
        match self.cart.status {
            CartStatus::Active => return Ok(()),
            CartStatus::Abandoned => {}
            CartStatus::Checkout => {
                if is_being_paid(self.txn, &self.cart).await? {
                    return Err(CartError::Locked("the cart is being paid for"));
                }
            }
            CartStatus::Converted => {
                return Err(CartError::Locked(
                    "the cart has become an order; create a new one",
                ));
            }
            CartStatus::Expired | CartStatus::Merged => return Err(CartError::NotFound),
        }
        self.become_status(CartStatus::Active);
        Ok(())
    }

    /// Changes the status, which the caller knows to be allowed.
    pub(crate) fn become_status(&mut self, status: CartStatus) {
        debug_assert!(
            may_become(self.cart.status, status),
            "{:?} → {status:?}",
            self.cart.status
        );
        self.cart.status = status;
    }

    /// Prepares what the answer tells the buyer: stored notices, and prices that changed since the
    /// buyer last heard of them. From now on the present price is the one the buyer knows.
    pub(crate) async fn tell_buyer(&mut self) -> Result<(), CartError> {
        let notices = notice::of_carts(self.txn, [self.cart.id]).await?;
        if !notices.is_empty() {
            notice::forget(self.txn, self.cart.id).await?;
        }
        self.warnings
            .extend(notices.into_iter().filter_map(Warning::stored));
        for line in &mut self.lines {
            self.warnings
                .extend(price_warning(&self.cart, line, &self.goods));
            (line.unit_price_minor, line.price_version) =
                present_price(&self.cart, line, &self.goods);
        }
        Ok(())
    }

    /// Units in the cart, as changed so far.
    pub(crate) fn total_quantity(&self) -> i64 {
        self.lines.iter().map(|line| i64::from(line.quantity)).sum()
    }

    /// Units that still fit.
    pub(crate) fn room(&self) -> i64 {
        i64::from(self.cart.capacity) - self.total_quantity()
    }

    /// Refuses what is above the capacity.
    pub(crate) fn require_room(
        &self,
        field: impl FnOnce() -> Vec<String>,
    ) -> Result<(), CartError> {
        if self.room() < 0 {
            return Err(CartError::CapacityExceeded {
                max: self.cart.capacity,
                field: field(),
            });
        }
        Ok(())
    }

    /// Keeps a signed-in user's e-mail address, unless the cart has one.
    pub(crate) fn remember_email(&mut self, proof: &Proof) {
        if self.cart.user_id.is_some() && self.cart.email.is_none() {
            self.cart.email = proof.email.clone();
        }
    }

    /// Loads what is known of more variants.
    pub(crate) async fn load_goods(
        &mut self,
        variants: impl IntoIterator<Item = VariantId>,
    ) -> Result<(), DbErr> {
        self.goods
            .load(self.txn, variants.into_iter().map(VariantId::uuid))
            .await
    }

    /// Adds units at their present price.
    pub(crate) fn add(&mut self, variant: &variant_copy::Model, quantity: i32) {
        self.add_at(
            variant,
            quantity,
            (variant.price_minor, variant.price_version),
        );
    }

    /// Adds units, to the variant's line or as a new one at the end; a new one is at the price (and
    /// its version) that the buyer was last told.
    pub(crate) fn add_at(
        &mut self,
        variant: &variant_copy::Model,
        quantity: i32,
        price: (i64, i64),
    ) {
        match self
            .lines
            .iter_mut()
            .find(|line| line.variant_id == variant.variant_id)
        {
            // What overflows here is far above any capacity.
            Some(line) => line.quantity = line.quantity.saturating_add(quantity),
            None => self.lines.push(cart_line::Model {
                id: CartLineId::generate().uuid(),
                version: 1,
                cart_id: self.cart.id,
                capacity: self.cart.capacity,
                variant_id: variant.variant_id,
                quantity,
                unit_price_minor: price.0,
                price_version: price.1,
                created_at: self.now,
                updated_at: self.now,
            }),
        }
    }

    /// Writes everything back, publishes what was added and removed, and returns the new cart. The
    /// caller commits.
    pub(crate) async fn save(mut self, cause: &Cause) -> Result<CartView, CartError> {
        // An edited cart is no longer what was checked out.
        self.cart.order_id = None;
        self.cart.checkout_fingerprint = None;
        self.cart.expires_at = self.now + self.carts.config.expire_after;

        // Lines, and with them the total.
        let before: HashMap<Uuid, &cart_line::Model> =
            self.before.iter().map(|line| (line.id, line)).collect();
        for line in &mut self.lines {
            if let Some(&was) = before.get(&line.id)
                && was != line
            {
                line.version = was.version + 1;
                line.updated_at = self.now;
            }
        }
        if self.lines != self.before {
            cart_line::replace(self.txn, self.cart.id, &self.lines).await?;
        }
        self.cart = cart::save(self.txn, &self.cart).await?;

        self.publish_changes(cause).await?;
        compose(
            &self.carts.config,
            self.now,
            self.cart,
            &self.lines,
            &self.goods,
            self.warnings,
        )
    }

    async fn publish_changes(&self, cause: &Cause) -> Result<(), CartError> {
        let quantity_in = |lines: &[cart_line::Model], variant_id| {
            lines
                .iter()
                .find(|line| line.variant_id == variant_id)
                .map_or(0, |line| i64::from(line.quantity))
        };
        let cart_id = CartId::from_uuid(self.cart.id);
        let user_id = self.cart.user_id.map(UserId::from_uuid);
        let removed = self
            .before
            .iter()
            .filter(|line| quantity_in(&self.lines, line.variant_id) == 0);
        for variant_id in self.lines.iter().chain(removed).map(|line| line.variant_id) {
            let change =
                quantity_in(&self.lines, variant_id) - quantity_in(&self.before, variant_id);
            let variant_id = VariantId::from_uuid(variant_id);
            if change > 0 {
                let event = CartLineAdded {
                    cart_id,
                    user_id,
                    variant_id,
                    quantity: change,
                };
                outbox::enqueue(self.txn, cause, self.cart.version, event).await?;
            } else if change < 0 {
                let event = CartLineRemoved {
                    cart_id,
                    user_id,
                    variant_id,
                    quantity: -change,
                };
                outbox::enqueue(self.txn, cause, self.cart.version, event).await?;
            }
        }
        Ok(())
    }
}

/// Whether somebody is paying for the content of this cart, or has just paid.
pub(crate) async fn is_being_paid(
    txn: &DatabaseTransaction,
    cart: &cart::Model,
) -> Result<bool, DbErr> {
    let Some(fingerprint) = cart
        .checkout_fingerprint
        .as_ref()
        .filter(|_| cart.status == CartStatus::Checkout)
    else {
        return Ok(false);
    };
    let checkouts = checkout::open_of_cart(txn, cart.id, fingerprint).await?;
    payment_copy::any_open(txn, checkouts.iter().map(|checkout| checkout.order_id)).await
}
