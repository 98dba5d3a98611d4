//! An event of every type.

use chrono::{DateTime, Utc};
use events::Event;
use events::accounts::{UserLoggedIn, UserRegistered};
use events::cart::{CartLineAdded, CartLineRemoved, CheckoutRejected, CheckoutStarted};
use events::catalog::{ProductCreated, ProductSnapshot, ProductUpdated, VariantPriceChanged};
use events::id::{
    CartId, CategoryId, EmailId, OrderId, PaymentId, ProductId, RefundId, UserId, VariantId,
};
use events::inventory::{
    InventoryCommitRejected, InventoryHeld, InventoryHoldRejected, InventoryReleased,
    InventoryReserved, LowStock, StockChanged,
};
use events::notification::{EmailFailed, EmailNotificationSent};
use events::order::{
    CheckoutRequested, OrderCancelled, OrderConfirmed, OrderCreated, OrderExpired,
    OrderStatusChanged, OrderTotals, OrderedLine, RefundRequested,
};
use events::payment::{
    PaymentExpired, PaymentFailed, PaymentInitiated, PaymentRefunded, PaymentSucceeded,
    RefundManualRequired,
};
use money::{Currency, Money};

/// One of each, every field filled.
pub(crate) fn samples() -> Vec<Event> {
    vec![
        UserRegistered {
            user_id: UserId::from_name("user"),
            email: "buyer@example.com".to_owned(),
            name: Some("Kopi Gayo".to_owned()),
        }
        .into(),
        UserLoggedIn {
            user_id: UserId::from_name("user"),
            cart_id: Some(CartId::from_name("cart")),
        }
        .into(),
        ProductCreated(product_snapshot()).into(),
        ProductUpdated(product_snapshot()).into(),
        VariantPriceChanged {
            variant_id: VariantId::from_name("variant"),
            product_id: ProductId::from_name("product"),
            sku: "DEMO-0001-A".to_owned(),
            old: Money::new(125_000, Currency::IDR),
            new: Money::new(120_000, Currency::IDR),
        }
        .into(),
        CartLineAdded {
            cart_id: CartId::from_name("cart"),
            user_id: Some(UserId::from_name("user")),
            variant_id: VariantId::from_name("variant"),
        }
        .into(),
        CartLineRemoved {
            cart_id: CartId::from_name("cart"),
            user_id: Some(UserId::from_name("user")),
            variant_id: VariantId::from_name("variant"),
        }
        .into(),
        CheckoutStarted {
            order_id: OrderId::from_name("order"),
        }
        .into(),
        CheckoutRejected {
            order_id: OrderId::from_name("order"),
            code: "CART_EMPTY".to_owned(),
        }
        .into(),
        CheckoutRequested {
            order_id: OrderId::from_name("order"),
            cart_id: CartId::from_name("cart"),
            user_id: Some(UserId::from_name("user")),
            cart_token_hash: Some("5feceb66ffc86f38".repeat(4)),
        }
        .into(),
        OrderCreated {
            order_id: OrderId::from_name("order"),
            cart_id: CartId::from_name("cart"),
            user_id: Some(UserId::from_name("user")),
            order_token_hash: "5feceb66ffc86f38".repeat(4),
            email: "buyer@example.com".to_owned(),
            lines: vec![ordered_line()],
            totals: order_totals(),
        }
        .into(),
        OrderConfirmed {
            order_id: OrderId::from_name("order"),
            cart_id: CartId::from_name("cart"),
            number: "BZ-000001".to_owned(),
            placed_at: now(),
            user_id: Some(UserId::from_name("user")),
            email: "buyer@example.com".to_owned(),
            lines: vec![ordered_line()],
        }
        .into(),
        OrderStatusChanged {
            order_id: OrderId::from_name("order"),
            number: Some("BZ-000001".to_owned()),
            email: "buyer@example.com".to_owned(),
            from: "PROCESSING".to_owned(),
            to: "SHIPPED".to_owned(),
            carrier: Some("JNE".to_owned()),
        }
        .into(),
        OrderCancelled {
            order_id: OrderId::from_name("order"),
            cart_id: CartId::from_name("cart"),
            reason: "buyer".to_owned(),
        }
        .into(),
        OrderExpired {
            order_id: OrderId::from_name("order"),
        }
        .into(),
        RefundRequested {
            order_id: OrderId::from_name("order"),
            payment_id: Some(PaymentId::from_name("payment")),
            amount: Some(Money::new(125_000, Currency::IDR)),
            reason: "cancelled".to_owned(),
        }
        .into(),
        InventoryHeld {
            order_id: OrderId::from_name("order"),
        }
        .into(),
        InventoryHoldRejected {
            order_id: OrderId::from_name("order"),
        }
        .into(),
        InventoryReserved {
            order_id: OrderId::from_name("order"),
        }
        .into(),
        InventoryCommitRejected {
            order_id: OrderId::from_name("order"),
        }
        .into(),
        InventoryReleased {
            order_id: OrderId::from_name("order"),
        }
        .into(),
        StockChanged {
            variant_id: VariantId::from_name("variant"),
            warehouse_code: "BDG".to_owned(),
            on_hand: 10,
            reserved: 4,
            total_available: 6,
        }
        .into(),
        LowStock {
            variant_id: VariantId::from_name("variant"),
            warehouse_code: "BDG".to_owned(),
            available: 3,
        }
        .into(),
        PaymentInitiated {
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            provider: "DEMO".to_owned(),
            amount: Money::new(125_000, Currency::IDR),
        }
        .into(),
        PaymentSucceeded {
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            provider: "DEMO".to_owned(),
            amount: Money::new(125_000, Currency::IDR),
            gateway_ref: "demo-1".to_owned(),
        }
        .into(),
        PaymentFailed {
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            reason: "declined".to_owned(),
        }
        .into(),
        PaymentExpired {
            payment_id: PaymentId::from_name("payment"),
        }
        .into(),
        PaymentRefunded {
            refund_id: RefundId::from_name("refund"),
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            amount: Money::new(125_000, Currency::IDR),
        }
        .into(),
        RefundManualRequired {
            refund_id: RefundId::from_name("refund"),
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            amount: Money::new(125_000, Currency::IDR),
        }
        .into(),
        EmailNotificationSent {
            email_id: EmailId::from_name("email"),
            template: "order_confirmation".to_owned(),
        }
        .into(),
        EmailFailed {
            email_id: EmailId::from_name("email"),
            template: "order_confirmation".to_owned(),
            order_id: Some(OrderId::from_name("order")),
        }
        .into(),
    ]
}

/// When everything happens.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time")
}

fn product_snapshot() -> ProductSnapshot {
    ProductSnapshot {
        product_id: ProductId::from_name("product"),
        version: 3,
        slug: "kopi-gayo".to_owned(),
        name: "Kopi Gayo".to_owned(),
        brand: Some("Gayo".to_owned()),
        category_ids: vec![CategoryId::from_name("category")],
        status: "PUBLISHED".to_owned(),
    }
}

fn ordered_line() -> OrderedLine {
    OrderedLine {
        variant_id: VariantId::from_name("variant"),
        product_id: ProductId::from_name("product"),
        sku: "DEMO-0001-A".to_owned(),
        name: "Kopi Gayo".to_owned(),
        quantity: 2,
    }
}

fn order_totals() -> OrderTotals {
    OrderTotals {
        currency: Currency::IDR,
        subtotal: 250_000,
        discount: 25_000,
        shipping: 20_000,
        tax: 26_950,
    }
}
