//! A cart as it is now: with present prices, what it costs, and what the buyer should know.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use events::PostalAddress;
use events::id::{CartId, CartLineId, ProductId, VariantId};
use money::{Currency, Money};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::goods::Goods;
use super::shipping::quotes;
use super::totals::tax_category;
use super::{Carts, Cost, Item, Proof, ShippingQuote, Warning, WarningCode, compute_cost};
use crate::Config;
use crate::entity::cart::{self, CartStatus};
use crate::entity::{cart_line, notice};
use crate::error::{CartError, PricingError};

/// A cart as it is now.
#[derive(Debug, Clone)]
pub struct CartView {
    /// The row.
    pub cart: cart::Model,
    /// Its currency.
    pub currency: Currency,
    /// Its lines, in the order they were added.
    pub lines: Vec<LineView>,
    /// What it costs.
    pub cost: Cost,
    /// Where the parcel goes.
    pub shipping_address: Option<PostalAddress>,
    /// How the parcel is sent.
    pub shipping_method: Option<ShippingQuote>,
    /// How it could be sent.
    pub shipping_methods: Vec<ShippingQuote>,
    /// What the buyer should know.
    pub warnings: Vec<Warning>,
}

/// A line at its present price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineView {
    /// Identifier.
    pub id: CartLineId,
    /// The variant.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// Its SKU.
    pub sku: String,
    /// Product and variant.
    pub name: String,
    /// Units.
    pub quantity: i32,
    /// Present price of one unit, net of tax.
    pub unit_price: Money,
    /// Price of all units, net of tax.
    pub line_total: Money,
    /// Tax on the line.
    pub tax: Money,
    /// Whether it can be ordered.
    pub is_purchasable: bool,
}

/// Finds a cart for whoever proves that it is theirs. Carts that are over are not shown, except the
/// one that became an order.
///
/// # Errors
/// [`CartError::Database`] or [`CartError::Pricing`].
pub async fn find_view(
    carts: &Carts,
    cart_id: CartId,
    proof: &Proof,
) -> Result<Option<CartView>, CartError> {
    let found = cart::find(&carts.db, proof.own_cart(cart_id)).await?;
    let shown =
        found.filter(|cart| !matches!(cart.status, CartStatus::Expired | CartStatus::Merged));
    let views = load_views(
        &carts.db,
        &carts.config,
        carts.clock.now(),
        Vec::from_iter(shown),
    )
    .await?;
    Ok(views.into_iter().next())
}

/// The views of these carts, in their order, with a fixed number of statements.
///
/// # Errors
/// [`CartError::Database`] or [`CartError::Pricing`].
pub async fn load_views(
    db: &impl ConnectionTrait,
    config: &Config,
    now: DateTime<Utc>,
    carts: Vec<cart::Model>,
) -> Result<Vec<CartView>, CartError> {
    if carts.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines: HashMap<Uuid, Vec<cart_line::Model>> = HashMap::new();
    let mut goods = Goods::default();
    let all_lines = cart_line::of_carts(db, carts.iter().map(|cart| cart.id)).await?;
    goods
        .load(db, all_lines.iter().map(|line| line.variant_id))
        .await?;
    for line in all_lines {
        lines.entry(line.cart_id).or_default().push(line);
    }
    let mut notices: HashMap<Uuid, Vec<Warning>> = HashMap::new();
    for notice in notice::of_carts(db, carts.iter().map(|cart| cart.id)).await? {
        let cart_id = notice.cart_id;
        notices
            .entry(cart_id)
            .or_default()
            .extend(Warning::stored(notice));
    }
    carts
        .into_iter()
        .map(|cart| {
            let lines = lines.remove(&cart.id).unwrap_or_default();
            let warnings = notices.remove(&cart.id).unwrap_or_default();
            compose(config, now, cart, &lines, &goods, warnings)
        })
        .collect()
}

/// Puts a view together. `warnings` are those that the rows no longer show.
pub(crate) fn compose(
    config: &Config,
    now: DateTime<Utc>,
    cart: cart::Model,
    lines: &[cart_line::Model],
    goods: &Goods,
    mut warnings: Vec<Warning>,
) -> Result<CartView, CartError> {
    let currency: Currency = cart
        .currency
        .parse()
        .map_err(|_| PricingError::Stored("currency"))?;
    let shipping_address = match &cart.shipping_address {
        Some(json) => {
            Some(serde_json::from_str(json).map_err(|_| PricingError::Stored("address"))?)
        }
        None => None,
    };

    // Shipping depends on the weight; an empty cart ships nothing.
    let grams = lines.iter().fold(0_i64, |grams, line| {
        grams.saturating_add(
            goods
                .of_line(line.variant_id)
                .weight_grams
                .saturating_mul(i64::from(line.quantity)),
        )
    });
    let shipping_methods = quotes(config, currency, grams)?;
    let shipping_method = shipping_methods
        .iter()
        .find(|quote| Some(&quote.code) == cart.shipping_method.as_ref())
        .cloned();
    let shipping = match &shipping_method {
        Some(quote) if !lines.is_empty() => quote.price,
        _ => Money::zero(currency),
    };

    // Prices and tax.
    let items: Vec<Item> = lines
        .iter()
        .map(|line| Item {
            quantity: i64::from(line.quantity),
            unit_price: Money::new(present_price(&cart, line, goods).0, currency),
            category: tax_category(&goods.of_line(line.variant_id).tax_class),
        })
        .collect();
    let today = now.with_timezone(&config.time_zone).date_naive();
    let cost = compute_cost(currency, &items, shipping, &config.tax, today)?;

    if CartStatus::LIVE.contains(&cart.status) {
        for line in lines {
            warnings.extend(price_warning(&cart, line, goods));
            warnings.extend(stock_warning(&cart, line, goods));
        }
    }

    let lines = lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let variant = goods.of_line(line.variant_id);
            LineView {
                id: CartLineId::from_uuid(line.id),
                variant_id: VariantId::from_uuid(line.variant_id),
                product_id: ProductId::from_uuid(variant.product_id),
                sku: variant.sku.clone(),
                name: variant.full_name(),
                quantity: line.quantity,
                unit_price: items[index].unit_price,
                line_total: cost.line_totals[index],
                tax: cost.line_taxes[index],
                is_purchasable: variant.is_purchasable_in(&cart.currency),
            }
        })
        .collect();
    Ok(CartView {
        cart,
        currency,
        lines,
        cost,
        shipping_address,
        shipping_method,
        shipping_methods,
        warnings,
    })
}

/// The present price of a line and its version. A variant that is now sold in another currency keeps
/// the price it was added for; it cannot be ordered.
pub(crate) fn present_price(
    cart: &cart::Model,
    line: &cart_line::Model,
    goods: &Goods,
) -> (i64, i64) {
    let variant = goods.of_line(line.variant_id);
    if variant.currency == cart.currency {
        (variant.price_minor, variant.price_version)
    } else {
        (line.unit_price_minor, line.price_version)
    }
}

/// Whether the price is not what the buyer was last told.
pub(crate) fn price_warning(
    cart: &cart::Model,
    line: &cart_line::Model,
    goods: &Goods,
) -> Option<Warning> {
    let (present, _) = present_price(cart, line, goods);
    if present == line.unit_price_minor {
        return None;
    }
    let currency: Currency = cart.currency.parse().ok()?;
    let (old, new) = (
        Money::new(line.unit_price_minor, currency),
        Money::new(present, currency),
    );
    let sku = &goods.of_line(line.variant_id).sku;
    Some(Warning::about(
        CartLineId::from_uuid(line.id),
        "unitPrice",
        WarningCode::PriceChanged,
        format!("the price of {sku} changed from {currency} {old} to {currency} {new}"),
    ))
}

/// Whether the line cannot be had as it is.
fn stock_warning(cart: &cart::Model, line: &cart_line::Model, goods: &Goods) -> Option<Warning> {
    let variant = goods.of_line(line.variant_id);
    let (sku, line_id) = (&variant.sku, CartLineId::from_uuid(line.id));
    if !variant.is_purchasable_in(&cart.currency) {
        let message = format!("{sku} is no longer for sale");
        return Some(Warning::about(
            line_id,
            "variant",
            WarningCode::VariantNotPurchasable,
            message,
        ));
    }
    // Once checked out, the units are set aside for this very cart and no longer free.
    if cart.status == CartStatus::Checkout {
        return None;
    }
    match goods.available(line.variant_id) {
        Some(available) if available <= 0 => Some(Warning::about(
            line_id,
            "quantity",
            WarningCode::OutOfStock,
            format!("{sku} is out of stock"),
        )),
        Some(available) if available < i64::from(line.quantity) => Some(Warning::about(
            line_id,
            "quantity",
            WarningCode::NotEnoughStock,
            format!("only {available} of {sku} are left"),
        )),
        _ => None,
    }
}
