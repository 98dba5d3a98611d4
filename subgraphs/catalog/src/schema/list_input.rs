//! Filters and orders of lists.

use async_graphql::{Enum, InputObject};
use service::graphql::BigInt;

use super::product::ProductStatus;
use crate::domain::listing::{Filter, Sort, SortKey};
use crate::domain::search::Terms;

/// Which products to list. Every field narrows; within a list any value will do.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct ProductFilter {
    /// In the category with this slug, or anywhere below it. An unknown slug gives no products.
    category_slug: Option<String>,
    /// Of any of these brands, up to 50, spelled as in `Product.brand`. An empty list does not
    /// filter.
    brand: Option<Vec<String>>,
    /// The product's prices reach at least this many minor units (whole rupiah), net of tax.
    price_min: Option<BigInt>,
    /// The product's prices begin at no more than this many minor units (whole rupiah), net of tax.
    price_max: Option<BigInt>,
    /// Whether any variant is in stock. From a copy of the stock that is normally less than a
    /// second old.
    in_stock: Option<bool>,
    /// Of any of these statuses. Useful to staff only: the public finds what is published.
    status: Option<Vec<ProductStatus>>,
}

/// Which products to search among. Every field narrows; within a list any value will do.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct SearchFilter {
    /// In the category with this slug, or anywhere below it. An unknown slug gives no products.
    category_slug: Option<String>,
    /// Of any of these brands, up to 50, spelled as in `Product.brand`. An empty list does not
    /// filter.
    brand: Option<Vec<String>>,
    /// The product's prices reach at least this many minor units (whole rupiah), net of tax.
    price_min: Option<BigInt>,
    /// The product's prices begin at no more than this many minor units (whole rupiah), net of tax.
    price_max: Option<BigInt>,
    /// Whether any variant is in stock. From a copy of the stock that is normally less than a
    /// second old.
    in_stock: Option<bool>,
}

/// Which way to sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(rename_items = "SCREAMING_SNAKE_CASE")]
pub(crate) enum SortDirection {
    /// Smallest, earliest or first in the alphabet first.
    Asc,
    /// Largest, latest or last in the alphabet first.
    Desc,
}

/// What to sort products by. Products that are equal are kept apart by their identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ProductSortField {
    /// The name, without regard to case.
    Name,
    /// The lowest price among the product's variants.
    Price,
    /// When the product was created.
    CreatedAt,
}

/// The order of a list of products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, InputObject)]
pub(crate) struct ProductSort {
    /// What to sort by.
    field: ProductSortField,
    /// Which way.
    direction: SortDirection,
}

/// What to sort search results by. Products that are equal are kept apart by their identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SearchSortField {
    /// How well a product matches the query: names before descriptions, beginnings of words before
    /// their middle.
    Relevance,
    /// How much a product is wanted. Until popularity is measured all products are equal, and the
    /// newest come first whatever the direction.
    Popularity,
    /// How well customers rate a product. Until there are reviews all products are equal, and the
    /// newest come first whatever the direction.
    Rating,
    /// The name, without regard to case.
    Name,
    /// The lowest price among the product's variants.
    Price,
    /// When the product was created.
    CreatedAt,
}

/// The order of search results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, InputObject)]
pub(crate) struct SearchSort {
    /// What to sort by.
    field: SearchSortField,
    /// Which way.
    direction: SortDirection,
}

fn minor_units(price: Option<BigInt>) -> Option<i64> {
    price.map(|price| price.0)
}

impl From<ProductFilter> for Filter {
    fn from(filter: ProductFilter) -> Self {
        Self {
            category_slug: filter.category_slug,
            brands: filter.brand.unwrap_or_default(),
            price_min: minor_units(filter.price_min),
            price_max: minor_units(filter.price_max),
            in_stock: filter.in_stock,
            statuses: filter
                .status
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
        }
    }
}

impl From<SearchFilter> for Filter {
    fn from(filter: SearchFilter) -> Self {
        Self {
            category_slug: filter.category_slug,
            brands: filter.brand.unwrap_or_default(),
            price_min: minor_units(filter.price_min),
            price_max: minor_units(filter.price_max),
            in_stock: filter.in_stock,
            statuses: Vec::new(),
        }
    }
}

const NEWEST_FIRST: Sort = Sort {
    key: SortKey::CreatedAt,
    descending: true,
};

/// The order of a list of products; the newest first if none is given.
pub(super) fn product_sort(sort: Option<ProductSort>) -> Sort {
    let Some(sort) = sort else {
        return NEWEST_FIRST;
    };
    let key = match sort.field {
        ProductSortField::Name => SortKey::Name,
        ProductSortField::Price => SortKey::Price,
        ProductSortField::CreatedAt => SortKey::CreatedAt,
    };
    Sort {
        key,
        descending: sort.direction == SortDirection::Desc,
    }
}

/// The order of search results; the best first if none is given.
pub(super) fn search_sort(sort: Option<SearchSort>, terms: &Terms) -> Sort {
    let Some(sort) = sort else {
        return Sort {
            key: SortKey::Relevance(terms.clone()),
            descending: true,
        };
    };
    let key = match sort.field {
        SearchSortField::Relevance => SortKey::Relevance(terms.clone()),
        // Nothing is known yet, so all are equal.
        SearchSortField::Popularity | SearchSortField::Rating => return NEWEST_FIRST,
        SearchSortField::Name => SortKey::Name,
        SearchSortField::Price => SortKey::Price,
        SearchSortField::CreatedAt => SortKey::CreatedAt,
    };
    Sort {
        key,
        descending: sort.direction == SortDirection::Desc,
    }
}
