//! Subscriptions.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Context, ErrorExtensions, ID, Subscription as GraphqlSubscription};
use events::id::OrderId;
use futures_util::{Stream, stream};
use service::{ApiError, RequestInfo};

use super::order::{Order, app};
use crate::app::App;
use crate::domain::status::{OrderStatus, PaymentStatus};
use crate::domain::visibility::is_visible;
use crate::entity::order;
use crate::error::OrderError;

/// How often a subscription looks at the database without a hint; another replica may have made the
/// change.
const LOOK_EVERY: Duration = Duration::from_secs(1);

pub(crate) struct Subscription;

/// What can be watched.
#[GraphqlSubscription]
impl Subscription {
    /// The order as it is now, and again after each change of `status` or `paymentStatus`. It does not
    /// end by itself: even a cancelled order may come back when a payment arrives late. An order you may
    /// not see gives the error `ORDER_NOT_FOUND`.
    async fn order_status_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] order_id: ID,
        #[graphql(desc = "The token that `orderCreate` returned; guests need it.")]
        order_token: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = Order> + use<>> {
        let app = app(ctx).clone();
        let caller = RequestInfo::of(ctx).principal().map_err(ApiError::from)?;
        let visible = match order_id.parse::<OrderId>() {
            Ok(order_id) => order::find(&app.db, order_id)
                .await
                .map_err(ApiError::from)?
                .filter(|order| is_visible(order, caller, order_token.as_deref())),
            Err(_) => None,
        };
        let Some(order) = visible else {
            let error = OrderError::OrderNotFound;
            let code = error.code().to_owned();
            return Err(async_graphql::Error::new(error.to_string())
                .extend_with(|_, extensions| extensions.set("code", code.as_str())));
        };
        Ok(changes_of(app, order.order_id()))
    }
}

/// What a subscriber can tell apart.
type Seen = (OrderStatus, PaymentStatus);

fn changes_of(app: Arc<App>, order_id: OrderId) -> impl Stream<Item = Order> {
    // Listening starts before the first look, so that nothing falls in between.
    let listener = app.changes.listen();
    stream::unfold(
        (app, listener, None::<Seen>),
        move |(app, mut listener, mut seen)| async move {
            let subject = order_id.to_string();
            loop {
                match order::find(&app.db, order_id).await {
                    Ok(Some(order)) => {
                        let now = (order.status, order.payment_status);
                        if seen.replace(now) != Some(now) {
                            return Some((Order(order), (app, listener, seen)));
                        }
                    }
                    Ok(None) => return None,
                    Err(error) => {
                        tracing::warn!(
                            order.id = subject,
                            error = &error as &dyn std::error::Error,
                            "order not readable, will look again"
                        );
                    }
                }
                listener.changed(&subject, LOOK_EVERY).await;
            }
        },
    )
}
