//! What the inventory adds to a product variant.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use auth::Scope;
use events::id::VariantId;
use service::{ApiError, RequestInfo};

use super::loaders::AvailabilityLoader;
use super::paging::int;
use crate::Config;
use crate::domain::availability::{Availability, Shelf};

/// A product variant, as far as the inventory knows it.
pub(super) struct ProductVariant {
    id: VariantId,
    /// Told by the catalog through the gateway, when it is needed.
    is_published: Option<bool>,
}

/// Whether a variant can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum StockStatus {
    /// There is enough.
    InStock,
    /// Only a few are left.
    Low,
    /// There are none left.
    Out,
}

/// How much of a variant the shop can sell right now.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(super) struct VariantStock {
    /// Whether the variant can be had.
    status: StockStatus,
    /// Units that can be ordered right now. Callers without the permission `inventory:read` see at
    /// most 10: a 10 means "10 or more".
    available: i32,
}

impl ProductVariant {
    /// A reference to a variant.
    pub(super) fn new(id: VariantId) -> Self {
        Self {
            id,
            is_published: None,
        }
    }

    /// A reference with what the catalog says of it.
    pub(super) fn with_published(id: VariantId, is_published: Option<bool>) -> Self {
        Self { id, is_published }
    }

    async fn availability(&self, ctx: &Context<'_>) -> Result<Availability, ApiError> {
        let loader = ctx.data_unchecked::<DataLoader<AvailabilityLoader>>();
        Ok(loader.load_one(self.id).await?.unwrap_or_default())
    }
}

/// One form of a product, such as a size and color: what has a SKU, a price and stock.
#[Object]
impl ProductVariant {
    /// Identifier.
    async fn id(&self) -> ID {
        ID(self.id.to_string())
    }

    /// Whether the catalog offers it: the variant is enabled, and its product published and
    /// available. Whether there is stock is another question.
    #[graphql(external)]
    async fn is_published(&self) -> bool {
        self.is_published.unwrap_or_default()
    }

    /// How much of it can be had right now. A variant that never had stock is `OUT`.
    async fn stock(&self, ctx: &Context<'_>) -> Result<Option<VariantStock>, ApiError> {
        let availability = self.availability(ctx).await?;
        // A bad token hides the exact number; it is no reason to hide the stock.
        let sees_all = RequestInfo::of(ctx)
            .principal()
            .is_ok_and(|principal| principal.has_scope(Scope::INVENTORY_READ));
        let cap = if sees_all {
            i64::MAX
        } else {
            ctx.data_unchecked::<Arc<Config>>().public_available_cap
        };
        Ok(Some(VariantStock {
            status: match availability.shelf() {
                Shelf::InStock => StockStatus::InStock,
                Shelf::Low => StockStatus::Low,
                Shelf::Out => StockStatus::Out,
            },
            available: int(availability.available.clamp(0, cap)),
        }))
    }

    /// Whether it can be put into a cart and ordered: it is published, and there is stock.
    #[graphql(requires = "isPublished")]
    async fn is_purchasable(&self, ctx: &Context<'_>) -> Result<Option<bool>, ApiError> {
        match self.is_published {
            None => Ok(None),
            Some(false) => Ok(Some(false)),
            Some(true) => Ok(Some(self.availability(ctx).await?.available > 0)),
        }
    }
}
