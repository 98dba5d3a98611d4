//! One JSON Schema per event and version.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::accounts::{UserLoggedIn, UserRegistered};
use crate::cart::{CartLineAdded, CartLineRemoved, CheckoutRejected, CheckoutStarted};
use crate::catalog::{ProductCreated, ProductUpdated, VariantPriceChanged};
use crate::inventory::{
    InventoryCommitRejected, InventoryHeld, InventoryHoldRejected, InventoryReleased,
    InventoryReserved, LowStock, StockChanged,
};
use crate::notification::{EmailFailed, EmailNotificationSent};
use crate::order::{
    CheckoutRequested, OrderCancelled, OrderConfirmed, OrderCreated, OrderExpired,
    OrderStatusChanged, RefundRequested,
};
use crate::payment::{
    PaymentExpired, PaymentFailed, PaymentInitiated, PaymentRefunded, PaymentSucceeded,
    RefundManualRequired,
};
use crate::{Envelope, Event};

/// The schema of every event, by type.
pub fn schemas() -> BTreeMap<String, Value> {
    Event::TYPES
        .iter()
        .map(|event| ((*event).to_owned(), payload(event)))
        .collect()
}

/// The schema of the envelope around every event.
pub fn envelope_schema() -> Value {
    schema_of::<Envelope>()
}

/// A JSON Schema 2020-12 without references: nested types stand where they are used, so that each
/// file can be read, and given away, alone.
pub(crate) fn schema_of<T: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut schema = schema.to_value();
    unwrap_lines(&mut schema);
    heading_first(schema)
}

/// Who opens the file wants to know first what it is.
fn heading_first(mut schema: Value) -> Value {
    let mut sorted = serde_json::Map::new();
    if let Some(fields) = schema.as_object_mut() {
        for key in ["$schema", "title", "description"] {
            sorted.extend(fields.shift_remove_entry(key));
        }
        sorted.append(fields);
    }
    Value::Object(sorted)
}

/// Doc comments are wrapped for the source; a description is one line.
fn unwrap_lines(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == "description" => *text = text.replace('\n', " "),
                    other => unwrap_lines(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(unwrap_lines),
        _ => {}
    }
}

fn payload(event: &str) -> Value {
    match event {
        "accounts.user_registered.v1" => schema_of::<UserRegistered>(),
        "accounts.user_logged_in.v1" => schema_of::<UserLoggedIn>(),
        "catalog.product_created.v1" => schema_of::<ProductCreated>(),
        "catalog.product_updated.v1" => schema_of::<ProductUpdated>(),
        "catalog.variant_price_changed.v1" => schema_of::<VariantPriceChanged>(),
        "cart.line_added.v1" => schema_of::<CartLineAdded>(),
        "cart.line_removed.v1" => schema_of::<CartLineRemoved>(),
        "cart.checkout_started.v1" => schema_of::<CheckoutStarted>(),
        "cart.checkout_rejected.v1" => schema_of::<CheckoutRejected>(),
        "order.checkout_requested.v1" => schema_of::<CheckoutRequested>(),
        "order.created.v1" => schema_of::<OrderCreated>(),
        "order.confirmed.v1" => schema_of::<OrderConfirmed>(),
        "order.status_changed.v1" => schema_of::<OrderStatusChanged>(),
        "order.cancelled.v1" => schema_of::<OrderCancelled>(),
        "order.expired.v1" => schema_of::<OrderExpired>(),
        "order.refund_requested.v1" => schema_of::<RefundRequested>(),
        "inventory.held.v1" => schema_of::<InventoryHeld>(),
        "inventory.hold_rejected.v1" => schema_of::<InventoryHoldRejected>(),
        "inventory.reserved.v1" => schema_of::<InventoryReserved>(),
        "inventory.commit_rejected.v1" => schema_of::<InventoryCommitRejected>(),
        "inventory.released.v1" => schema_of::<InventoryReleased>(),
        "inventory.stock_changed.v1" => schema_of::<StockChanged>(),
        "inventory.low_stock.v1" => schema_of::<LowStock>(),
        "payment.initiated.v1" => schema_of::<PaymentInitiated>(),
        "payment.succeeded.v1" => schema_of::<PaymentSucceeded>(),
        "payment.failed.v1" => schema_of::<PaymentFailed>(),
        "payment.expired.v1" => schema_of::<PaymentExpired>(),
        "payment.refunded.v1" => schema_of::<PaymentRefunded>(),
        "payment.refund_manual_required.v1" => schema_of::<RefundManualRequired>(),
        "notification.email_sent.v1" => schema_of::<EmailNotificationSent>(),
        "notification.email_failed.v1" => schema_of::<EmailFailed>(),
        other => unreachable!("{other} is in `Event::TYPES` and has to be here"),
    }
}
