//! What the catalog refuses, and why.

use sea_orm::{DbErr, SqlErr};

use crate::domain::status::ProductStatus;

/// Why an operation of the catalog was not carried out. `field` is a path within the operation's
/// input, with dots between its parts: `variants.2.sku`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// Another product or category has this slug.
    #[error("this slug is taken")]
    SlugTaken,
    /// Another category has this name.
    #[error("this name is taken")]
    NameTaken,
    /// Another variant has this SKU.
    #[error("this SKU is taken")]
    SkuTaken {
        /// Where the SKU was given.
        field: String,
    },
    /// A category cannot be moved below itself.
    #[error("a category cannot be moved into itself or below itself")]
    CategoryCycle,
    /// A category with products or subcategories cannot be deleted.
    #[error("the category still has products or subcategories")]
    CategoryNotEmpty,
    /// The tree has at most eight levels.
    #[error("categories can be nested at most 8 levels deep")]
    CategoryTooDeep,
    /// A price below zero.
    #[error("a price cannot be negative")]
    PriceNegative {
        /// Where the price was given.
        field: String,
    },
    /// A price with a fraction of the smallest unit.
    #[error("a price must be a whole number of the currency's smallest unit")]
    PricePrecision {
        /// Where the price was given.
        field: String,
    },
    /// A price in a currency the shop does not sell in.
    #[error("the shop sells in {sells_in} only")]
    CurrencyUnsupported {
        /// Where the price was given.
        field: String,
        /// The shop's currency.
        sells_in: &'static str,
    },
    /// No such thing.
    #[error("not found")]
    NotFound {
        /// Where its identifier was given.
        field: String,
    },
    /// Somebody else changed it in between.
    #[error("it was changed in the meantime; read it again")]
    StaleVersion,
    /// The product's status does not allow this step.
    #[error("a product cannot go from {from} to {to}")]
    IllegalTransition {
        /// The present status.
        from: ProductStatus,
        /// The status asked for.
        to: ProductStatus,
    },
    /// A published product would be left without a variant to sell.
    #[error("a published product needs at least one enabled variant")]
    VariantRequired,
    /// An archived product does not change any more.
    #[error("the product is archived and cannot be changed")]
    ProductArchived,
    /// Too many of something.
    #[error("at most {max} are allowed")]
    LimitExceeded {
        /// Where there are too many.
        field: String,
        /// How many are allowed.
        max: usize,
    },
    /// A value that makes no sense.
    #[error("{reason}")]
    InputInvalid {
        /// Where it was given.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A filter that makes no sense.
    #[error("{reason}")]
    FilterInvalid {
        /// What is wrong with it.
        reason: String,
    },
    /// A search query that is too long.
    #[error("a search query has at most {max} characters")]
    QueryTooLong {
        /// How many characters are allowed.
        max: usize,
    },
    /// The database refused; not the caller's fault.
    #[error("database error")]
    Database(#[source] DbErr),
}

impl CatalogError {
    /// The stable code clients switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SlugTaken => "SLUG_TAKEN",
            Self::NameTaken => "NAME_TAKEN",
            Self::SkuTaken { .. } => "SKU_TAKEN",
            Self::CategoryCycle => "CATEGORY_CYCLE",
            Self::CategoryNotEmpty => "CATEGORY_NOT_EMPTY",
            Self::CategoryTooDeep => "CATEGORY_TOO_DEEP",
            Self::PriceNegative { .. } => "PRICE_NEGATIVE",
            Self::PricePrecision { .. } => "PRICE_PRECISION",
            Self::CurrencyUnsupported { .. } => "CURRENCY_UNSUPPORTED",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::StaleVersion => "STALE_VERSION",
            Self::IllegalTransition { .. } => "ILLEGAL_TRANSITION",
            Self::VariantRequired => "VARIANT_REQUIRED",
            Self::ProductArchived => "PRODUCT_ARCHIVED",
            Self::LimitExceeded { .. } => "LIMIT_EXCEEDED",
            Self::InputInvalid { .. } => "INPUT_INVALID",
            Self::FilterInvalid { .. } => "FILTER_INVALID",
            Self::QueryTooLong { .. } => "QUERY_TOO_LONG",
            Self::Database(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    /// The field of the input that caused it, with dots between the parts; none if it is about the
    /// whole.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::SlugTaken => Some("slug"),
            Self::NameTaken => Some("name"),
            Self::StaleVersion => Some("version"),
            Self::CategoryCycle | Self::CategoryTooDeep => Some("parentId"),
            Self::SkuTaken { field }
            | Self::PriceNegative { field }
            | Self::PricePrecision { field }
            | Self::CurrencyUnsupported { field, .. }
            | Self::NotFound { field }
            | Self::LimitExceeded { field, .. }
            | Self::InputInvalid { field, .. } => Some(field),
            Self::CategoryNotEmpty
            | Self::IllegalTransition { .. }
            | Self::VariantRequired
            | Self::ProductArchived
            | Self::FilterInvalid { .. }
            | Self::QueryTooLong { .. }
            | Self::Database(_) => None,
        }
    }

    pub(crate) fn not_found(field: &str) -> Self {
        Self::NotFound {
            field: field.to_owned(),
        }
    }

    pub(crate) fn invalid(field: &str, reason: impl Into<String>) -> Self {
        Self::InputInvalid {
            field: field.to_owned(),
            reason: reason.into(),
        }
    }

    /// Reads the violation of a unique index as what it means. `sku_field` is where a SKU was given.
    pub(crate) fn from_write(error: DbErr, sku_field: &str) -> Self {
        // SQLite names table and column, PostgreSQL names the index; ours contain the column.
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(what)) if what.contains("sku") => {
                Self::SkuTaken {
                    field: sku_field.to_owned(),
                }
            }
            Some(SqlErr::UniqueConstraintViolation(what)) if what.contains("slug") => {
                Self::SlugTaken
            }
            Some(SqlErr::UniqueConstraintViolation(what)) if what.contains("name_key") => {
                Self::NameTaken
            }
            _ => Self::Database(error),
        }
    }
}

impl From<DbErr> for CatalogError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<outbox::EnqueueError> for CatalogError {
    fn from(error: outbox::EnqueueError) -> Self {
        Self::Database(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each, so that a new variant without a line here is noticed in review.
    fn all() -> Vec<CatalogError> {
        let field = || "f".to_owned();
        vec![
            CatalogError::SlugTaken,
            CatalogError::NameTaken,
            CatalogError::SkuTaken { field: field() },
            CatalogError::CategoryCycle,
            CatalogError::CategoryNotEmpty,
            CatalogError::CategoryTooDeep,
            CatalogError::PriceNegative { field: field() },
            CatalogError::PricePrecision { field: field() },
            CatalogError::CurrencyUnsupported {
                field: field(),
                sells_in: "IDR",
            },
            CatalogError::NotFound { field: field() },
            CatalogError::StaleVersion,
            CatalogError::IllegalTransition {
                from: ProductStatus::Draft,
                to: ProductStatus::Unpublished,
            },
            CatalogError::VariantRequired,
            CatalogError::ProductArchived,
            CatalogError::LimitExceeded {
                field: field(),
                max: 1,
            },
            CatalogError::InputInvalid {
                field: field(),
                reason: "bad".to_owned(),
            },
            CatalogError::FilterInvalid {
                reason: "bad".to_owned(),
            },
            CatalogError::QueryTooLong { max: 1 },
            CatalogError::Database(DbErr::Custom("secret".to_owned())),
        ]
    }

    #[test]
    fn codes_are_stable() {
        let codes: Vec<_> = all().iter().map(CatalogError::code).collect();
        insta::assert_snapshot!(codes.join("\n"), @r"
        SLUG_TAKEN
        NAME_TAKEN
        SKU_TAKEN
        CATEGORY_CYCLE
        CATEGORY_NOT_EMPTY
        CATEGORY_TOO_DEEP
        PRICE_NEGATIVE
        PRICE_PRECISION
        CURRENCY_UNSUPPORTED
        NOT_FOUND
        STALE_VERSION
        ILLEGAL_TRANSITION
        VARIANT_REQUIRED
        PRODUCT_ARCHIVED
        LIMIT_EXCEEDED
        INPUT_INVALID
        FILTER_INVALID
        QUERY_TOO_LONG
        INTERNAL_SERVER_ERROR
        ");
    }

    #[test]
    fn the_message_of_a_database_error_tells_nothing() {
        assert!(
            !CatalogError::Database(DbErr::Custom("secret".to_owned()))
                .to_string()
                .contains("secret")
        );
    }
}
