use async_graphql::SimpleObject;
use service::graphql::Money;

use super::Catalog;
use crate::entity::image;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(shareable)]
pub(crate) struct Image {
    /// Where to get it.
    url: String,
    /// What it shows, for those who do not see it.
    alt: Option<String>,
}

impl Image {
    pub(super) fn from_row(row: image::Model, catalog: &Catalog) -> Self {
        let url = if row.url.starts_with('/') {
            format!("{}{}", catalog.public_url, row.url)
        } else {
            row.url
        };
        Self { url, alt: row.alt }
    }
}

/// The lowest and the highest price among several.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct PriceRange {
    /// The lowest price.
    pub(super) min: Money,
    /// The highest price.
    pub(super) max: Money,
}
