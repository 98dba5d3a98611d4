use async_graphql::{ComplexObject, Context, SimpleObject};
use sea_orm::Condition;
use service::ApiError;
use service::cursor::{self, CursorKey};
use service::graphql::PageInfo;

use super::Catalog;
use super::product::Product;
use crate::domain::listing::{self, Position, Sort};

/// A product in a list.
#[derive(SimpleObject)]
pub(crate) struct ProductEdge {
    /// Where the product stands in the list; pass it as `after` to continue behind it.
    cursor: String,
    /// The product.
    pub(super) node: Product,
}

/// A page of a list of products.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct ProductConnection {
    /// The products with their cursors.
    edges: Vec<ProductEdge>,
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    pub(super) condition: Condition,
}

/// A page of a list of products.
#[ComplexObject]
impl ProductConnection {
    /// The products.
    async fn nodes(&self) -> Vec<Product> {
        self.edges
            .iter()
            .map(|edge| Product(edge.node.0.clone()))
            .collect()
    }

    /// How many products the whole list has; counting stops at 10001.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64, ApiError> {
        Ok(total_count(ctx, &self.condition).await?)
    }
}

impl ProductConnection {
    pub(super) fn new(page: Page, condition: Condition) -> Self {
        Self {
            edges: page.edges,
            page_info: page.page_info,
            condition,
        }
    }
}

/// A page as every connection here needs it.
pub(super) struct Page {
    pub(super) edges: Vec<ProductEdge>,
    pub(super) page_info: PageInfo,
}

impl Page {
    /// Fetches a page.
    pub(super) async fn fetch(
        ctx: &Context<'_>,
        cursors: &CursorKey,
        condition: Condition,
        sort: &Sort,
        first: Option<i32>,
        after: Option<&str>,
    ) -> Result<Self, ApiError> {
        let size = cursor::page_size(first)?;
        let after: Option<Position> = after.map(|after| cursors.decode(after)).transpose()?;
        if after.as_ref().is_some_and(|position| !sort.fits(position)) {
            return Err(ApiError::BadUserInput(
                "`after` belongs to a list that is sorted another way".to_owned(),
            ));
        }
        let (listed, has_next_page) =
            listing::page(&Catalog::of(ctx).db, condition, sort, after.as_ref(), size).await?;
        let edges: Vec<_> = listed
            .into_iter()
            .map(|listed| ProductEdge {
                cursor: cursors.encode(&listed.position),
                node: Product(listed.product),
            })
            .collect();
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: after.is_some(),
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Ok(Self { edges, page_info })
    }
}

/// How many products there are, up to the cap.
pub(super) async fn total_count(
    ctx: &Context<'_>,
    condition: &Condition,
) -> Result<i64, sea_orm::DbErr> {
    listing::count(&Catalog::of(ctx).db, condition.clone(), cursor::COUNT_CAP).await
}
