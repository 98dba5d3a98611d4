//! Live stock.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use async_graphql::{Context, ID, Subscription};
use events::id::VariantId;
use futures_util::future::select_all;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};
use service::{ApiError, Changes};

use super::product_variant::ProductVariant;
use crate::entity::variant_stock;

/// The most variants of one subscription: a page of products.
const MAX_VARIANTS: usize = 100;

/// How long a hint may be missed (another replica, a slow reader) before the database is asked.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The subscriptions of the inventory.
pub(crate) struct Subscription;

/// What can be watched.
#[Subscription]
impl Subscription {
    /// Delivers each of these variants at once, and again whenever its stock changes; select `stock`
    /// to see it. Ids that are not those of variants are ignored.
    async fn stock_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The variants to watch, 1 to 100.")] variant_ids: Vec<ID>,
    ) -> Result<BoxStream<'static, ProductVariant>, ApiError> {
        if variant_ids.is_empty() || variant_ids.len() > MAX_VARIANTS {
            return Err(ApiError::BadUserInput(format!(
                "`variantIds` must name 1 to {MAX_VARIANTS} variants"
            )));
        }
        let mut variants: Vec<VariantId> = Vec::new();
        for id in &variant_ids {
            if let Ok(id) = id.parse::<VariantId>()
                && !variants.contains(&id)
            {
                variants.push(id);
            }
        }
        let db = ctx.data_unchecked::<DatabaseConnection>().clone();
        let changes = ctx.data_unchecked::<Changes>();

        // Listen before the first look, so that no change falls between the two.
        let listeners: Vec<_> = variants
            .iter()
            .map(|id| (id.to_string(), changes.listen()))
            .collect();
        let seen = versions(&db, &variants).await?;
        let told = Told {
            due: variants.iter().copied().collect(),
            variants,
            seen,
        };
        if told.variants.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let tell = stream::unfold(
            (db, listeners, told),
            |(db, mut listeners, mut told)| async move {
                loop {
                    if let Some(variant_id) = told.due.pop_front() {
                        return Some((ProductVariant::new(variant_id), (db, listeners, told)));
                    }
                    let hints = listeners
                        .iter_mut()
                        .map(|(id, listener)| listener.changed(id, LOOK_EVERY).boxed());
                    select_all(hints).await;
                    match versions(&db, &told.variants).await {
                        Ok(now) => told.look(now),
                        Err(error) => {
                            let error = &error as &dyn std::error::Error;
                            tracing::warn!(error, "stock not readable, will look again");
                        }
                    }
                }
            },
        );
        Ok(tell.boxed())
    }
}

/// What one subscriber was told, and is to be told next.
struct Told {
    variants: Vec<VariantId>,
    seen: HashMap<Uuid, i64>,
    due: VecDeque<VariantId>,
}

impl Told {
    /// Takes in the present versions: what differs from what was seen is due.
    fn look(&mut self, now: HashMap<Uuid, i64>) {
        let changed = |id: &&VariantId| now.get(&id.uuid()) != self.seen.get(&id.uuid());
        self.due = self.variants.iter().filter(changed).copied().collect();
        self.seen = now;
    }
}

async fn versions(
    db: &DatabaseConnection,
    variants: &[VariantId],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let rows = variant_stock::Entity::find()
        .filter(variant_stock::Column::VariantId.is_in(variants.iter().map(|id| id.uuid())))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.variant_id, row.version))
        .collect())
}
