//! What an order copies from a cart, and how equal content is recognized.

use data_encoding::HEXLOWER;
use events::PostalAddress;
use events::cart::{CartSnapshot, CartSnapshotLine};
use events::id::{CartId, UserId, VariantId};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::CartView;

/// The content of a cart, as far as it makes one checkout different from another.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    lines: Vec<ContentLine>,
    address: &'a PostalAddress,
    method: &'a str,
    email: &'a str,
    currency: &'a str,
    /// Shipping and tax may change while everything else stays.
    total: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContentLine {
    variant_id: VariantId,
    quantity: i32,
    unit_price: i64,
}

/// Copies a cart that has everything an order needs.
pub(crate) fn take_snapshot(
    view: &CartView,
    buyer: Option<UserId>,
    email: &str,
    address: &PostalAddress,
    method: &str,
) -> CartSnapshot {
    let lines = view
        .lines
        .iter()
        .map(|line| CartSnapshotLine {
            variant_id: line.variant_id,
            product_id: line.product_id,
            sku: line.sku.clone(),
            name: line.name.clone(),
            quantity: i64::from(line.quantity),
            unit_price: line.unit_price,
            discount: 0,
            tax: line.tax.minor,
        })
        .collect();
    CartSnapshot {
        cart_id: CartId::from_uuid(view.cart.id),
        user_id: view.cart.user_id.map(UserId::from_uuid).or(buyer),
        email: email.to_owned(),
        currency: view.currency,
        fingerprint: fingerprint(view, email, address, method),
        lines,
        shipping_address: address.clone(),
        shipping_method: method.to_owned(),
        subtotal: view.cost.subtotal.minor,
        discount: view.cost.discount.minor,
        shipping: view.cost.shipping.minor,
        tax: view.cost.tax.minor,
        total: view.cost.total.minor,
    }
}

/// SHA-256 (hex) over the content as JSON with fixed keys, the lines sorted: equal content has an
/// equal fingerprint, however it came together.
fn fingerprint(view: &CartView, email: &str, address: &PostalAddress, method: &str) -> String {
    let mut lines: Vec<ContentLine> = view
        .lines
        .iter()
        .map(|line| ContentLine {
            variant_id: line.variant_id,
            quantity: line.quantity,
            unit_price: line.unit_price.minor,
        })
        .collect();
    lines.sort_by_key(|line| line.variant_id);
    let content = Content {
        lines,
        address,
        method,
        email,
        currency: view.currency.code(),
        total: view.cost.total.minor,
    };
    let json = serde_json::to_vec(&content).expect("content is plain data");
    HEXLOWER.encode(&Sha256::digest(json))
}
