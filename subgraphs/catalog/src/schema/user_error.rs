use std::str::FromStr;

use async_graphql::{Enum, ErrorExtensions, ID, SimpleObject};
use service::ApiError;

use crate::CatalogError;

/// Why a change of the catalog was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum CatalogErrorCode {
    /// Another product or category has this slug.
    SlugTaken,
    /// Another category has this name.
    NameTaken,
    /// Another variant has this SKU, perhaps a deleted one.
    SkuTaken,
    /// A category cannot be moved below itself.
    CategoryCycle,
    /// The category still has products or subcategories.
    CategoryNotEmpty,
    /// The tree would have more than eight levels.
    CategoryTooDeep,
    /// A price below zero.
    PriceNegative,
    /// A price with a fraction of the smallest unit.
    PricePrecision,
    /// The shop does not sell in this currency.
    CurrencyUnsupported,
    /// There is no such product, variant or category.
    NotFound,
    /// It was changed since the version that was sent; read it again.
    StaleVersion,
    /// The product's status does not allow this step.
    IllegalTransition,
    /// A published product needs at least one enabled variant.
    VariantRequired,
    /// An archived product cannot be changed.
    ProductArchived,
    /// Too many of something.
    LimitExceeded,
    /// A value that is too long, too short or malformed.
    InputInvalid,
}

/// Why a change of the catalog was refused; nothing was changed then.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct CatalogUserError {
    /// Path to the argument that caused it, for example `["input", "variants", "2", "sku"]`; null
    /// if it is about the whole.
    field: Option<Vec<String>>,
    /// What is wrong, for programs.
    code: CatalogErrorCode,
    /// What is wrong, for people.
    message: String,
}

/// Parts what happened into what a payload shows: the thing, or why not.
///
/// # Errors
/// What is not the client's fault.
pub(super) fn outcome<T>(
    result: Result<T, CatalogError>,
) -> Result<(Option<T>, Vec<CatalogUserError>), ApiError> {
    let error = match result {
        Ok(value) => return Ok((Some(value), Vec::new())),
        Err(error) => error,
    };
    let code = match error {
        CatalogError::SlugTaken => CatalogErrorCode::SlugTaken,
        CatalogError::NameTaken => CatalogErrorCode::NameTaken,
        CatalogError::SkuTaken { .. } => CatalogErrorCode::SkuTaken,
        CatalogError::CategoryCycle => CatalogErrorCode::CategoryCycle,
        CatalogError::CategoryNotEmpty => CatalogErrorCode::CategoryNotEmpty,
        CatalogError::CategoryTooDeep => CatalogErrorCode::CategoryTooDeep,
        CatalogError::PriceNegative { .. } => CatalogErrorCode::PriceNegative,
        CatalogError::PricePrecision { .. } => CatalogErrorCode::PricePrecision,
        CatalogError::CurrencyUnsupported { .. } => CatalogErrorCode::CurrencyUnsupported,
        CatalogError::NotFound { .. } => CatalogErrorCode::NotFound,
        CatalogError::StaleVersion => CatalogErrorCode::StaleVersion,
        CatalogError::IllegalTransition { .. } => CatalogErrorCode::IllegalTransition,
        CatalogError::VariantRequired => CatalogErrorCode::VariantRequired,
        CatalogError::ProductArchived => CatalogErrorCode::ProductArchived,
        CatalogError::LimitExceeded { .. } => CatalogErrorCode::LimitExceeded,
        CatalogError::InputInvalid { .. } => CatalogErrorCode::InputInvalid,
        // No change of the catalog has a filter or a query.
        CatalogError::FilterInvalid { .. } | CatalogError::QueryTooLong { .. } => {
            return Err(ApiError::BadUserInput(error.to_string()));
        }
        CatalogError::Database(error) => return Err(error.into()),
    };
    let field = error.field().map(|path| {
        std::iter::once("input")
            .chain(path.split('.'))
            .map(str::to_owned)
            .collect()
    });
    Ok((
        None,
        vec![CatalogUserError {
            field,
            code,
            message: error.to_string(),
        }],
    ))
}

/// What a query answers when the domain refuses it.
pub(super) fn refused_query(error: CatalogError) -> async_graphql::Error {
    match error {
        CatalogError::Database(error) => ApiError::from(error).into(),
        CatalogError::QueryTooLong { .. } => {
            let code = error.code();
            async_graphql::Error::new(error.to_string())
                .extend_with(|_, extensions| extensions.set("code", code))
        }
        refused => ApiError::BadUserInput(refused.to_string()).into(),
    }
}

/// The identifier a mutation was given. One that cannot be read is one of nothing.
pub(super) fn parse_id<T: FromStr>(field: &str, id: &ID) -> Result<T, CatalogError> {
    id.parse().map_err(|_| CatalogError::not_found(field))
}

#[cfg(test)]
mod tests {
    use async_graphql::resolver_utils::EnumType;

    use super::*;

    #[test]
    fn clients_see_the_codes_of_the_domain() {
        for error in [
            CatalogError::SlugTaken,
            CatalogError::CategoryNotEmpty,
            CatalogError::PricePrecision {
                field: "price".to_owned(),
            },
            CatalogError::IllegalTransition {
                from: crate::ProductStatus::Draft,
                to: crate::ProductStatus::Unpublished,
            },
        ] {
            let code = error.code();
            let (_, user_errors) = outcome::<()>(Err(error)).expect("the client's fault");
            let shown = CatalogErrorCode::items()
                .iter()
                .find(|item| item.value == user_errors[0].code);
            assert_eq!(shown.expect("an item").name, code);
        }
    }

    #[test]
    fn the_field_is_a_path_into_the_input() {
        let (_, user_errors) = outcome::<()>(Err(CatalogError::SkuTaken {
            field: "variants.2.sku".to_owned(),
        }))
        .expect("told");
        assert_eq!(
            user_errors[0].field.as_deref().expect("a path"),
            ["input", "variants", "2", "sku"]
        );
    }
}
