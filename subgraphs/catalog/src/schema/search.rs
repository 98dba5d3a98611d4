use async_graphql::{ComplexObject, Context, SimpleObject};
use service::ApiError;
use service::graphql::PageInfo;

use super::Catalog;
use super::category::Category;
use super::connection::{Page, ProductEdge, total_count};
use super::product::Product;
use crate::domain::search::{self, Search};

/// A page of search results.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct SearchConnection {
    /// The products with their cursors.
    edges: Vec<ProductEdge>,
    /// Where the page stands in the results.
    page_info: PageInfo,
    #[graphql(skip)]
    search: Search,
}

impl SearchConnection {
    pub(super) fn new(page: Page, search: Search) -> Self {
        Self {
            edges: page.edges,
            page_info: page.page_info,
            search,
        }
    }
}

/// A page of search results.
#[ComplexObject]
impl SearchConnection {
    /// The products.
    async fn nodes(&self) -> Vec<Product> {
        self.edges
            .iter()
            .map(|edge| Product(edge.node.0.clone()))
            .collect()
    }

    /// How many products were found; counting stops at 10001.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64, ApiError> {
        Ok(total_count(ctx, &self.search.condition(None)).await?)
    }

    /// What the results can be narrowed by: `category` and `brand`. The counts of a facet are those
    /// of the results as if nothing were chosen in that facet.
    async fn facets(&self, ctx: &Context<'_>) -> Result<Vec<SearchFacet>, ApiError> {
        let db = &Catalog::of(ctx).db;
        let categories = search::category_facet(db, &self.search).await?;
        let brands = search::brand_facet(db, &self.search).await?;
        Ok(vec![
            SearchFacet::new("category", "Category", categories),
            SearchFacet::new("brand", "Brand", brands),
        ])
    }
}

/// Something search results can be narrowed by.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct SearchFacet {
    /// Which field of `SearchFilter` it belongs to: `category` for `categorySlug`, `brand` for
    /// `brand`.
    key: String,
    /// Display name.
    label: String,
    /// The choices, most frequent first, at most 50 besides those chosen.
    values: Vec<SearchFacetValue>,
}

impl SearchFacet {
    fn new(key: &str, label: &str, values: Vec<search::FacetValue>) -> Self {
        let values = values
            .into_iter()
            .map(|value| SearchFacetValue {
                value: value.value,
                label: value.label,
                count: value.count,
                selected: value.selected,
            })
            .collect();
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            values,
        }
    }
}

/// A choice within a facet.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct SearchFacetValue {
    /// What to put into the filter.
    value: String,
    /// Display name.
    label: String,
    /// How many products it would give.
    count: i64,
    /// Whether the filter of this search has it.
    selected: bool,
}

/// Proposals while somebody types.
#[derive(SimpleObject)]
pub(crate) struct SearchSuggestions {
    /// Completed queries, best first.
    pub(super) queries: Vec<String>,
    /// Products whose name matches.
    pub(super) products: Vec<Product>,
    /// Categories whose name matches.
    pub(super) categories: Vec<Category>,
}
