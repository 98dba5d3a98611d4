//! Mutation fields: who asks, the operation, the payload.

use async_graphql::{Context, ID, Object};
use events::Cause;
use events::id::{CartId, UserId};
use service::{ApiError, RequestInfo};

use super::input::{
    CartAddressSetInput, CartClearInput, CartCreateInput, CartLinesAddInput, CartLinesRemoveInput,
    CartLinesUpdateInput, CartMergeInput, CartShippingMethodSetInput,
};
use super::payload::{
    AddressSet, CartCreatePayload, Change, ChangePayload, Clear, LinesAdd, LinesRemove,
    LinesUpdate, Merge, ShippingMethodSet,
};
use crate::domain::{self, CartView, Carts, LineUpdate, NewCart, NewLine, Proof};
use crate::error::CartError;

/// What can be changed.
pub(crate) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Creates a cart. A guest gets a `cartToken`, which every later request about the cart needs. A
    /// signed-in user has one cart: it is returned, with the lines added.
    async fn cart_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the cart is to be like.")] input: CartCreateInput,
    ) -> Result<CartCreatePayload, ApiError> {
        let (carts, info) = (ctx.data_unchecked::<Carts>(), RequestInfo::of(ctx));
        let proof = Proof::of(info.principal()?, None);
        let new = NewCart {
            lines: input
                .lines
                .unwrap_or_default()
                .into_iter()
                .map(NewLine::from)
                .collect(),
            currency: input.currency_code.map(|code| code.currency()),
            idempotency_key: input.idempotency_key,
        };
        let cause = info.cause(carts.clock.now());
        CartCreatePayload::of(domain::cart_create(carts, &cause, &proof, new).await)
    }

    /// Puts units of variants into a cart, all or nothing.
    async fn cart_lines_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart and what to put into it.")] input: CartLinesAddInput,
    ) -> Result<ChangePayload<LinesAdd>, ApiError> {
        let lines: Vec<NewLine> = input.lines.into_iter().map(NewLine::from).collect();
        let key = input.idempotency_key.as_deref();
        change(
            ctx,
            &input.cart_id,
            input.cart_token.as_deref(),
            async |carts, cause, proof, cart_id| {
                domain::cart_lines_add(carts, cause, proof, cart_id, &lines, key).await
            },
        )
        .await
    }

    /// Sets how many units lines have, all or nothing; 0 removes a line.
    async fn cart_lines_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart and the new quantities.")] input: CartLinesUpdateInput,
    ) -> Result<ChangePayload<LinesUpdate>, ApiError> {
        let updates: Vec<LineUpdate> = input.lines.into_iter().map(LineUpdate::from).collect();
        change(
            ctx,
            &input.cart_id,
            input.cart_token.as_deref(),
            async |carts, cause, proof, cart_id| {
                domain::cart_lines_update(carts, cause, proof, cart_id, &updates).await
            },
        )
        .await
    }

    /// Takes lines out of a cart.
    async fn cart_lines_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart and the lines.")] input: CartLinesRemoveInput,
    ) -> Result<ChangePayload<LinesRemove>, ApiError> {
        let line_ids: Vec<_> = input.line_ids.iter().map(|id| id.parse().ok()).collect();
        change(
            ctx,
            &input.cart_id,
            input.cart_token.as_deref(),
            async |carts, cause, proof, cart_id| {
                domain::cart_lines_remove(carts, cause, proof, cart_id, &line_ids).await
            },
        )
        .await
    }

    /// Takes all lines out of a cart; address and shipping method stay.
    async fn cart_clear(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart.")] input: CartClearInput,
    ) -> Result<ChangePayload<Clear>, ApiError> {
        change(
            ctx,
            &input.cart_id,
            input.cart_token.as_deref(),
            async |carts, cause, proof, cart_id| {
                domain::cart_clear(carts, cause, proof, cart_id).await
            },
        )
        .await
    }

    /// Sets where the parcel and, for a guest, the messages go.
    async fn cart_address_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart and the addresses.")] input: CartAddressSetInput,
    ) -> Result<ChangePayload<AddressSet>, ApiError> {
        let (email, address) = (input.email.as_deref(), &input.address);
        change(
            ctx,
            &input.cart_id,
            input.cart_token.as_deref(),
            async |carts, cause, proof, cart_id| {
                domain::cart_address_set(carts, cause, proof, cart_id, email, address.clone()).await
            },
        )
        .await
    }

    /// Chooses how the parcel is sent; needs the shipping address first.
    async fn cart_shipping_method_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart and the method.")] input: CartShippingMethodSetInput,
    ) -> Result<ChangePayload<ShippingMethodSet>, ApiError> {
        let code = input.code.as_str();
        change(
            ctx,
            &input.cart_id,
            input.cart_token.as_deref(),
            async |carts, cause, proof, cart_id| {
                domain::cart_shipping_method_set(carts, cause, proof, cart_id, code).await
            },
        )
        .await
    }

    /// Moves a guest's cart into the cart of the signed-in user and returns that. What does not fit is
    /// dropped with a `LINE_REMOVED` warning.
    async fn cart_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The guest's cart.")] input: CartMergeInput,
    ) -> Result<ChangePayload<Merge>, ApiError> {
        let user_id = RequestInfo::of(ctx).principal()?.require_user()?;
        let user_id: UserId = user_id.parse().map_err(ApiError::internal)?;
        change(
            ctx,
            &input.cart_id,
            Some(&input.cart_token),
            async |carts, cause, proof, cart_id| {
                domain::cart_merge(carts, cause, proof, user_id, cart_id).await
            },
        )
        .await
    }
}

/// Carries out a change of a cart and answers with the cart, changed or not.
async fn change<C: Change>(
    ctx: &Context<'_>,
    cart_id: &ID,
    cart_token: Option<&str>,
    operation: impl AsyncFnOnce(&Carts, &Cause, &Proof, CartId) -> Result<CartView, CartError>,
) -> Result<ChangePayload<C>, ApiError> {
    let (carts, info) = (ctx.data_unchecked::<Carts>(), RequestInfo::of(ctx));
    let proof = Proof::of(info.principal()?, cart_token);
    let Ok(cart_id) = cart_id.parse::<CartId>() else {
        return ChangePayload::refused(CartError::NotFound, None);
    };
    let cause = info.cause(carts.clock.now());
    match operation(carts, &cause, &proof, cart_id).await {
        Ok(view) => Ok(ChangePayload::done(view)),
        Err(error @ (CartError::Pricing(_) | CartError::Database(_))) => {
            Err(ApiError::internal(error))
        }
        Err(error) => {
            let unchanged = domain::find_view(carts, cart_id, &proof)
                .await
                .map_err(ApiError::internal)?;
            ChangePayload::refused(error, unchanged)
        }
    }
}
