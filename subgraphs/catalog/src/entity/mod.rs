//! The tables of the catalog, with the queries that are used in more than one place.

pub(crate) mod category;
pub(crate) mod category_tree;
pub(crate) mod image;
pub(crate) mod product;
pub(crate) mod variant;
pub(crate) mod variant_stock;
