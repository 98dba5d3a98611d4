//! Creates a cart, or finds the one a user already has.

use auth::OpaqueToken;
use chrono::{DateTime, Utc};
use events::Cause;
use events::id::CartId;
use money::Currency;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel,
};

use super::cart_lines_add::add_lines;
use super::cart_view::load_views;
use super::edit::Edit;
use super::{CartView, Carts, NewLine, Proof, idempotency};
use crate::entity::cart::{self, CartStatus};
use crate::error::CartError;

/// What a new cart is to be like.
#[derive(Debug, Clone, Default)]
pub struct NewCart {
    /// What to put into it.
    pub lines: Vec<NewLine>,
    /// Its currency; none = the shop's.
    pub currency: Option<Currency>,
    /// The same key adds a signed-in user's lines once.
    pub idempotency_key: Option<String>,
}

/// A cart and, once, its token.
#[derive(Debug)]
pub struct Created {
    /// The cart.
    pub view: CartView,
    /// A guest's token, with which every later request proves that the cart is theirs.
    pub token: Option<OpaqueToken>,
}

/// Creates a guest's cart, or puts the lines into the signed-in user's one live cart.
///
/// # Errors
/// [`CartError`]; there is no new cart then.
pub async fn cart_create(
    carts: &Carts,
    cause: &Cause,
    proof: &Proof,
    new: NewCart,
) -> Result<Created, CartError> {
    let now = carts.clock.now();
    let token = if proof.user_id.is_none() {
        Some(OpaqueToken::generate())
    } else {
        None
    };

    // A user who only asks for the cart they have must not disturb a checkout.
    if let Some(user_id) = proof.user_id
        && new.lines.is_empty()
        && let Some(cart) = cart::find(&carts.db, cart::live_of_user(user_id.uuid())).await?
        && new
            .currency
            .is_none_or(|currency| currency.code() == cart.currency)
    {
        let views = load_views(&carts.db, &carts.config, now, vec![cart]).await?;
        let view = views.into_iter().next().ok_or(CartError::NotFound)?;
        return Ok(Created { view, token: None });
    }

    let txn = outbox::begin(&carts.db).await?;
    let which = insert_unless_there(carts, &txn, proof, token.as_ref(), new.currency, now).await?;
    let mut edit = Edit::open(carts, &txn, which.clone(), now)
        .await?
        .ok_or(CartError::NotFound)?;

    let body = (&new.lines, new.currency);
    if !idempotency::is_first(
        &txn,
        edit.cart.id,
        new.idempotency_key.as_deref(),
        &body,
        now,
    )
    .await?
    {
        drop(edit);
        txn.rollback().await?;
        let unchanged = cart::find(&carts.db, which).await?;
        let views = load_views(&carts.db, &carts.config, now, Vec::from_iter(unchanged)).await?;
        let view = views.into_iter().next().ok_or(CartError::NotFound)?;
        return Ok(Created { view, token });
    }

    edit.require_editable().await?;
    edit.remember_email(proof);
    edit.tell_buyer().await?;
    if let Some(currency) = new
        .currency
        .filter(|currency| currency.code() != edit.cart.currency)
    {
        if !edit.lines.is_empty() {
            return Err(CartError::CurrencyMismatch {
                cart: edit.cart.currency,
                other: currency.code().to_owned(),
                field: vec!["currencyCode".to_owned()],
            });
        }
        edit.cart.currency = currency.code().to_owned();
    }
    add_lines(&mut edit, &new.lines).await?;
    let view = edit.save(cause).await?;
    txn.commit().await?;
    Ok(Created { view, token })
}

/// Inserts an empty cart, unless it is for a user who has a live one; says how to find it.
async fn insert_unless_there(
    carts: &Carts,
    txn: &DatabaseTransaction,
    proof: &Proof,
    token: Option<&OpaqueToken>,
    currency: Option<Currency>,
    now: DateTime<Utc>,
) -> Result<Condition, DbErr> {
    let id = CartId::generate().uuid();
    let row = cart::Model {
        id,
        version: 0,
        status: CartStatus::Active,
        user_id: proof.user_id.map(|user_id| user_id.uuid()),
        token_hash: token.map(OpaqueToken::hash),
        currency: currency.unwrap_or(carts.config.currency).code().to_owned(),
        capacity: carts.config.capacity,
        total_quantity: 0,
        email: proof.email.clone(),
        shipping_address: None,
        shipping_method: None,
        order_id: None,
        checkout_fingerprint: None,
        expires_at: now + carts.config.expire_after,
        created_at: now,
        updated_at: now,
    };
    // The index on live carts of a user decides between two requests at once.
    cart::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    Ok(match proof.user_id {
        Some(user_id) => cart::live_of_user(user_id.uuid()),
        None => Condition::all().add(cart::Column::Id.eq(id)),
    })
}
