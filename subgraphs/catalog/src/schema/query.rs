use async_graphql::{Context, ID, Object};
use events::id::{CategoryId, ProductId, VariantId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use service::ApiError;

use super::category::Category;
use super::connection::{Page, ProductConnection};
use super::list_input::{
    ProductFilter, ProductSort, SearchFilter, SearchSort, product_sort, search_sort,
};
use super::loaders::{CategorySlug, ProductSlug, Sku};
use super::product::Product;
use super::search::{SearchConnection, SearchSuggestions};
use super::user_error::refused_query;
use super::variant::ProductVariant;
use super::{Catalog, audience, loader};
use crate::domain::listing::{Audience, Filter};
use crate::domain::search::{Search, Terms};
use crate::domain::status::ProductStatus;
use crate::domain::suggest;
use crate::entity::{category, product, variant};

/// The most SKUs to ask for at once.
const MAX_SKUS: usize = 100;
/// The most brands that are listed.
const MAX_BRANDS: u64 = 1_000;
const DEFAULT_SUGGESTIONS: i32 = 5;
const MAX_SUGGESTIONS: i32 = 10;

/// What can be read.
pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// One product, by exactly one of its names. Null if there is none, or if it is not published
    /// and the caller is not staff.
    async fn product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: Option<ID>,
        #[graphql(desc = "Its name in URLs.")] slug: Option<String>,
        #[graphql(desc = "The SKU of one of its variants.")] sku: Option<String>,
    ) -> Result<Option<Product>, ApiError> {
        let audience = audience(ctx)?;
        let found = match (id, slug, sku) {
            (Some(id), None, None) => product_by_id(ctx, &id).await?,
            (None, Some(slug), None) => loader(ctx).load_one(ProductSlug(slug)).await?,
            (None, None, Some(sku)) => match loader(ctx).load_one(Sku(sku)).await? {
                Some(variant) if may_see_variant(audience, &variant) => {
                    loader(ctx)
                        .load_one(ProductId::from_uuid(variant.product_id))
                        .await?
                }
                _ => None,
            },
            _ => {
                return Err(ApiError::BadUserInput(
                    "give exactly one of `id`, `slug` and `sku`".to_owned(),
                ));
            }
        };
        Ok(found
            .filter(|product| may_see_product(audience, product))
            .map(Product))
    }

    /// Products, the newest first unless sorted another way. The public sees what is published,
    /// staff everything.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which products.")] filter: Option<ProductFilter>,
        #[graphql(desc = "In which order.")] sort: Option<ProductSort>,
        #[graphql(desc = "How many, 1 to 100; 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "Continue behind this cursor of a list with the same order.")]
        after: Option<String>,
    ) -> async_graphql::Result<ProductConnection> {
        let filter: Filter = filter.unwrap_or_default().into();
        filter.check().map_err(refused_query)?;
        let condition = filter.condition(audience(ctx)?, None);
        let sort = product_sort(sort);
        let cursors = &Catalog::of(ctx).product_cursors;
        let page = Page::fetch(
            ctx,
            cursors,
            condition.clone(),
            &sort,
            first,
            after.as_deref(),
        )
        .await?;
        Ok(ProductConnection::new(page, condition))
    }

    /// One category, by exactly one of its names; null if there is none.
    async fn category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: Option<ID>,
        #[graphql(desc = "Its name in URLs.")] slug: Option<String>,
    ) -> Result<Option<Category>, ApiError> {
        let found = match (id, slug) {
            (Some(id), None) => category_by_id(ctx, &id).await?,
            (None, Some(slug)) => loader(ctx).load_one(CategorySlug(slug)).await?,
            _ => {
                return Err(ApiError::BadUserInput(
                    "give exactly one of `id` and `slug`".to_owned(),
                ));
            }
        };
        Ok(found.map(Category))
    }

    /// The categories at the top of the tree, by name.
    async fn categories(&self, ctx: &Context<'_>) -> Result<Vec<Category>, ApiError> {
        let roots = category::Entity::find()
            .filter(category::Column::ParentId.is_null())
            .order_by_asc(category::Column::NameKey)
            .all(&Catalog::of(ctx).db)
            .await?;
        Ok(roots.into_iter().map(Category).collect())
    }

    /// The variants with these SKUs, in the order they are asked for. What does not exist, or is
    /// not for sale and the caller is not staff, is left out.
    async fn variants_by_sku(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to 100 SKUs.")] skus: Vec<String>,
    ) -> Result<Vec<ProductVariant>, ApiError> {
        if skus.len() > MAX_SKUS {
            return Err(ApiError::BadUserInput(format!(
                "`skus` takes at most {MAX_SKUS} values"
            )));
        }
        let audience = audience(ctx)?;
        let found = loader(ctx).load_many(skus.iter().cloned().map(Sku)).await?;
        let product_ids = found
            .values()
            .map(|variant| ProductId::from_uuid(variant.product_id));
        let products = loader(ctx).load_many(product_ids).await?;
        let visible = |variant: &variant::Model| {
            let product = products.get(&ProductId::from_uuid(variant.product_id));
            may_see_variant(audience, variant)
                && product.is_some_and(|product| may_see_product(audience, product))
        };
        Ok(skus
            .into_iter()
            .filter_map(|sku| found.get(&Sku(sku)))
            .filter(|variant| visible(variant))
            .cloned()
            .map(ProductVariant)
            .collect())
    }

    /// The brands of published products, in alphabetical order; at most 1000.
    async fn brands(&self, ctx: &Context<'_>) -> Result<Vec<String>, ApiError> {
        let brands: Vec<String> = product::Entity::find()
            .select_only()
            .column(product::Column::Brand)
            .distinct()
            .filter(Filter::default().condition(Audience::Public, None))
            .filter(product::Column::Brand.is_not_null())
            .order_by_asc(product::Column::Brand)
            .limit(MAX_BRANDS)
            .into_tuple()
            .all(&Catalog::of(ctx).db)
            .await?;
        Ok(brands)
    }

    /// Published products that match all words of a query in their name, brand, description or
    /// SKUs, the best first unless sorted another way. An empty query finds everything.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Words, up to 200 characters (else `QUERY_TOO_LONG`); only the first 8 words count."
        )]
        query: String,
        #[graphql(desc = "Which products.")] filter: Option<SearchFilter>,
        #[graphql(desc = "In which order.")] sort: Option<SearchSort>,
        #[graphql(desc = "How many, 1 to 100; 20 if not given.")] first: Option<i32>,
        #[graphql(
            desc = "Continue behind this cursor of results for the same query in the same order."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<SearchConnection> {
        let terms = Terms::parse(&query).map_err(refused_query)?;
        let filter: Filter = filter.unwrap_or_default().into();
        filter.check().map_err(refused_query)?;
        let sort = search_sort(sort, &terms);
        let search = Search {
            terms,
            filter,
            audience: Audience::Public,
        };
        let cursors = &Catalog::of(ctx).search_cursors;
        let page = Page::fetch(
            ctx,
            cursors,
            search.condition(None),
            &sort,
            first,
            after.as_deref(),
        )
        .await?;
        Ok(SearchConnection::new(page, search))
    }

    /// What to propose while somebody types: completed queries, products and categories. Nothing
    /// for an empty query.
    async fn search_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed so far, up to 200 characters (else `QUERY_TOO_LONG`).")]
        query: String,
        #[graphql(desc = "How many of each, 1 to 10; 5 if not given.")] limit: Option<i32>,
    ) -> async_graphql::Result<SearchSuggestions> {
        let terms = Terms::parse(&query).map_err(refused_query)?;
        let limit = match limit.unwrap_or(DEFAULT_SUGGESTIONS) {
            limit @ 1..=MAX_SUGGESTIONS => limit as u64,
            _ => {
                let reason = format!("`limit` must be between 1 and {MAX_SUGGESTIONS}");
                return Err(ApiError::BadUserInput(reason).into());
            }
        };
        let found = suggest::suggest(&Catalog::of(ctx).db, &terms, limit)
            .await
            .map_err(ApiError::from)?;
        Ok(SearchSuggestions {
            queries: found.queries,
            products: found.products.into_iter().map(Product).collect(),
            categories: found.categories.into_iter().map(Category).collect(),
        })
    }

    /// A product of any status: orders and carts refer to it.
    #[graphql(entity)]
    async fn find_product_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] id: ID,
    ) -> Result<Option<Product>, ApiError> {
        Ok(product_by_id(ctx, &id).await?.map(Product))
    }

    /// A product of any status.
    #[graphql(entity)]
    async fn find_product_by_slug(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] slug: String,
    ) -> Result<Option<Product>, ApiError> {
        Ok(loader(ctx).load_one(ProductSlug(slug)).await?.map(Product))
    }

    /// A variant of any state, also a deleted one: orders and carts refer to it.
    #[graphql(entity)]
    async fn find_product_variant_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] id: ID,
    ) -> Result<Option<ProductVariant>, ApiError> {
        let Ok(id) = id.parse::<VariantId>() else {
            return Ok(None);
        };
        Ok(loader(ctx).load_one(id).await?.map(ProductVariant))
    }

    /// A variant of any state, also a deleted one.
    #[graphql(entity)]
    async fn find_product_variant_by_sku(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] sku: String,
    ) -> Result<Option<ProductVariant>, ApiError> {
        Ok(loader(ctx).load_one(Sku(sku)).await?.map(ProductVariant))
    }

    /// A category.
    #[graphql(entity)]
    async fn find_category_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] id: ID,
    ) -> Result<Option<Category>, ApiError> {
        Ok(category_by_id(ctx, &id).await?.map(Category))
    }

    /// A category.
    #[graphql(entity)]
    async fn find_category_by_slug(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] slug: String,
    ) -> Result<Option<Category>, ApiError> {
        Ok(loader(ctx)
            .load_one(CategorySlug(slug))
            .await?
            .map(Category))
    }
}

async fn product_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<product::Model>, ApiError> {
    match id.parse::<ProductId>() {
        Ok(id) => Ok(loader(ctx).load_one(id).await?),
        Err(_) => Ok(None),
    }
}

async fn category_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<category::Model>, ApiError> {
    match id.parse::<CategoryId>() {
        Ok(id) => Ok(loader(ctx).load_one(id).await?),
        Err(_) => Ok(None),
    }
}

fn may_see_product(audience: Audience, product: &product::Model) -> bool {
    audience == Audience::Staff
        || ProductStatus::of_row(&product.status) == ProductStatus::Published
}

fn may_see_variant(audience: Audience, variant: &variant::Model) -> bool {
    variant.deleted_at.is_none() && (audience == Audience::Staff || variant.is_enabled)
}
