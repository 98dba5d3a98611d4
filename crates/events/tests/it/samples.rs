//! An event of every type.

use chrono::{DateTime, Utc};
use events::accounts::{UserLoggedIn, UserRegistered};
use events::cart::{
    CartLineAdded, CartLineRemoved, CartSnapshot, CartSnapshotLine, CheckoutRejected,
    CheckoutStarted,
};
use events::catalog::{
    ProductCreated, ProductSnapshot, ProductUpdated, VariantPriceChanged, VariantSnapshot,
};
use events::id::{
    CartId, CategoryId, EmailId, OrderId, PaymentId, ProductId, RefundId, UserId, VariantId,
};
use events::inventory::{
    Allocation, InventoryCommitRejected, InventoryHeld, InventoryHoldRejected, InventoryReleased,
    InventoryReserved, LowStock, Shortage, StockChanged,
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
use events::{Event, PostalAddress};
use money::{Currency, Money};

/// One of each, every field filled.
pub(crate) fn samples() -> Vec<Event> {
    vec![
        UserRegistered {
            user_id: UserId::from_name("user"),
            email: "buyer@example.com".to_owned(),
            name: Some("Kopi Gayo".to_owned()),
            locale: "id-ID".to_owned(),
        }
        .into(),
        UserLoggedIn {
            user_id: UserId::from_name("user"),
            cart_id: Some(CartId::from_name("cart")),
            cart_token_hash: Some("5feceb66ffc86f38".repeat(4)),
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
            version: 3,
        }
        .into(),
        CartLineAdded {
            cart_id: CartId::from_name("cart"),
            user_id: Some(UserId::from_name("user")),
            variant_id: VariantId::from_name("variant"),
            quantity: 2,
        }
        .into(),
        CartLineRemoved {
            cart_id: CartId::from_name("cart"),
            user_id: Some(UserId::from_name("user")),
            variant_id: VariantId::from_name("variant"),
            quantity: 2,
        }
        .into(),
        CheckoutStarted {
            order_id: OrderId::from_name("order"),
            cart: cart_snapshot(),
        }
        .into(),
        CheckoutRejected {
            order_id: OrderId::from_name("order"),
            code: "CART_EMPTY".to_owned(),
            message: "the cart is empty".to_owned(),
        }
        .into(),
        CheckoutRequested {
            order_id: OrderId::from_name("order"),
            cart_id: CartId::from_name("cart"),
            user_id: Some(UserId::from_name("user")),
            cart_token_hash: Some("5feceb66ffc86f38".repeat(4)),
            accepted_total: Some(Money::new(125_000, Currency::IDR)),
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
            expires_at: now(),
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
            totals: order_totals(),
        }
        .into(),
        OrderStatusChanged {
            order_id: OrderId::from_name("order"),
            number: Some("BZ-000001".to_owned()),
            email: "buyer@example.com".to_owned(),
            from: "PROCESSING".to_owned(),
            to: "SHIPPED".to_owned(),
            carrier: Some("JNE".to_owned()),
            tracking_number: Some("JX1".to_owned()),
        }
        .into(),
        OrderCancelled {
            order_id: OrderId::from_name("order"),
            cart_id: CartId::from_name("cart"),
            reason: "buyer".to_owned(),
            release_committed: true,
        }
        .into(),
        OrderExpired {
            order_id: OrderId::from_name("order"),
            cart_id: CartId::from_name("cart"),
        }
        .into(),
        RefundRequested {
            order_id: OrderId::from_name("order"),
            payment_id: Some(PaymentId::from_name("payment")),
            amount: Some(Money::new(125_000, Currency::IDR)),
            reason: "cancelled".to_owned(),
            refund_key: "cancel".to_owned(),
        }
        .into(),
        InventoryHeld {
            order_id: OrderId::from_name("order"),
            expires_at: now(),
        }
        .into(),
        InventoryHoldRejected {
            order_id: OrderId::from_name("order"),
            shortages: vec![shortage()],
        }
        .into(),
        InventoryReserved {
            order_id: OrderId::from_name("order"),
            allocations: vec![allocation()],
        }
        .into(),
        InventoryCommitRejected {
            order_id: OrderId::from_name("order"),
            shortages: vec![shortage()],
        }
        .into(),
        InventoryReleased {
            order_id: OrderId::from_name("order"),
            reason: "expired".to_owned(),
        }
        .into(),
        StockChanged {
            variant_id: VariantId::from_name("variant"),
            warehouse_code: "BDG".to_owned(),
            on_hand: 10,
            reserved: 4,
            total_available: 6,
            version: 3,
        }
        .into(),
        LowStock {
            variant_id: VariantId::from_name("variant"),
            warehouse_code: "BDG".to_owned(),
            available: 3,
            threshold: 5,
        }
        .into(),
        PaymentInitiated {
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            provider: "DEMO".to_owned(),
            amount: Money::new(125_000, Currency::IDR),
            expires_at: now(),
        }
        .into(),
        PaymentSucceeded {
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            provider: "DEMO".to_owned(),
            amount: Money::new(125_000, Currency::IDR),
            gateway_ref: "demo-1".to_owned(),
            paid_at: now(),
        }
        .into(),
        PaymentFailed {
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            reason: "declined".to_owned(),
            retryable: true,
        }
        .into(),
        PaymentExpired {
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
        }
        .into(),
        PaymentRefunded {
            refund_id: RefundId::from_name("refund"),
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            amount: Money::new(125_000, Currency::IDR),
            remaining: Money::new(125_000, Currency::IDR),
        }
        .into(),
        RefundManualRequired {
            refund_id: RefundId::from_name("refund"),
            payment_id: PaymentId::from_name("payment"),
            order_id: OrderId::from_name("order"),
            amount: Money::new(125_000, Currency::IDR),
            reason: "declined".to_owned(),
        }
        .into(),
        EmailNotificationSent {
            email_id: EmailId::from_name("email"),
            template: "order_confirmation".to_owned(),
            order_id: Some(OrderId::from_name("order")),
        }
        .into(),
        EmailFailed {
            email_id: EmailId::from_name("email"),
            template: "order_confirmation".to_owned(),
            order_id: Some(OrderId::from_name("order")),
            error: "mailbox full".to_owned(),
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
        variants: vec![variant_snapshot()],
    }
}

fn variant_snapshot() -> VariantSnapshot {
    VariantSnapshot {
        variant_id: VariantId::from_name("variant"),
        sku: "DEMO-0001-A".to_owned(),
        name: "Kopi Gayo".to_owned(),
        is_published: true,
        price: Money::new(125_000, Currency::IDR),
        tax_class: "standard".to_owned(),
        weight_grams: 250,
    }
}

fn cart_snapshot() -> CartSnapshot {
    CartSnapshot {
        cart_id: CartId::from_name("cart"),
        user_id: Some(UserId::from_name("user")),
        email: "buyer@example.com".to_owned(),
        currency: Currency::IDR,
        fingerprint: "5f2c".to_owned(),
        lines: vec![cart_snapshot_line()],
        shipping_address: postal_address(),
        shipping_method: "standard".to_owned(),
        subtotal: 250_000,
        discount: 25_000,
        shipping: 20_000,
        tax: 26_950,
        total: 271_950,
    }
}

fn cart_snapshot_line() -> CartSnapshotLine {
    CartSnapshotLine {
        variant_id: VariantId::from_name("variant"),
        product_id: ProductId::from_name("product"),
        sku: "DEMO-0001-A".to_owned(),
        name: "Kopi Gayo".to_owned(),
        quantity: 2,
        unit_price: Money::new(125_000, Currency::IDR),
        discount: 25_000,
        tax: 26_950,
    }
}

fn postal_address() -> PostalAddress {
    PostalAddress {
        recipient: "Siti".to_owned(),
        line1: "Jalan Merdeka 1".to_owned(),
        line2: Some("Lantai 2".to_owned()),
        city: "Bandung".to_owned(),
        province: Some("Jawa Barat".to_owned()),
        postal_code: "40111".to_owned(),
        country_code: "ID".to_owned(),
        phone: Some("+62 22 123456".to_owned()),
    }
}

fn ordered_line() -> OrderedLine {
    OrderedLine {
        variant_id: VariantId::from_name("variant"),
        product_id: ProductId::from_name("product"),
        sku: "DEMO-0001-A".to_owned(),
        name: "Kopi Gayo".to_owned(),
        quantity: 2,
        price_at_purchase: Money::new(125_000, Currency::IDR),
    }
}

fn order_totals() -> OrderTotals {
    OrderTotals {
        currency: Currency::IDR,
        subtotal: 250_000,
        discount: 25_000,
        shipping: 20_000,
        tax: 26_950,
        total: 271_950,
    }
}

fn shortage() -> Shortage {
    Shortage {
        variant_id: VariantId::from_name("variant"),
        requested: 5,
        available: 3,
    }
}

fn allocation() -> Allocation {
    Allocation {
        variant_id: VariantId::from_name("variant"),
        warehouse_code: "BDG".to_owned(),
        quantity: 2,
    }
}
