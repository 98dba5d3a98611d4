//! A new variant, checked and ready to be stored.

use chrono::{DateTime, Utc};
use events::id::{ProductId, VariantId};
use money::Currency;
use sea_orm::ActiveValue::Set;

use super::price::{self, GivenPrice};
use super::property::{self, Property};
use super::text;
use crate::CatalogError;
use crate::entity::variant;

/// The heaviest variant, ten tonnes; a parcel of many still has a weight.
const MAX_WEIGHT_GRAMS: i64 = 10_000_000;

/// A variant as it was given.
#[derive(Debug, Clone)]
pub(crate) struct NewVariant {
    pub(crate) sku: String,
    pub(crate) name: Option<String>,
    pub(crate) options: Vec<Property>,
    pub(crate) price: GivenPrice,
    pub(crate) compare_at_price: Option<GivenPrice>,
    pub(crate) weight_grams: i64,
    pub(crate) tax_class: Option<String>,
    pub(crate) is_enabled: bool,
}

/// A variant that obeys the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VariantDraft {
    pub(super) sku: String,
    name: String,
    options: Vec<Property>,
    price_minor: i64,
    compare_at_minor: Option<i64>,
    currency: Currency,
    weight_grams: i64,
    tax_class: String,
    is_enabled: bool,
}

/// Checks a variant. `prefix` is where it was given: empty, or `variants.2.`.
pub(super) fn draft(
    prefix: &str,
    new: NewVariant,
    sells_in: Currency,
) -> Result<VariantDraft, CatalogError> {
    let at = |field: &str| format!("{prefix}{field}");
    let sku = text::sku(&at("sku"), &new.sku)?;
    let options = property::check(&at("options"), new.options)?;
    let name = match text::optional_line(&at("name"), new.name.as_deref(), text::MAX_NAME)? {
        Some(name) => name,
        None if options.is_empty() => sku.clone(),
        None => {
            let values: Vec<_> = options.iter().map(|option| option.value.as_str()).collect();
            values.join(" / ").chars().take(text::MAX_NAME).collect()
        }
    };
    let price_minor = price::check(&at("price"), &new.price, sells_in)?;
    let compare_at_minor = compare_at(
        &at("compareAtPrice"),
        new.compare_at_price.as_ref(),
        price_minor,
        sells_in,
    )?;
    Ok(VariantDraft {
        sku,
        name,
        options,
        price_minor,
        compare_at_minor,
        currency: sells_in,
        weight_grams: weight(&at("weightGrams"), new.weight_grams)?,
        tax_class: tax_class(&at("taxClass"), new.tax_class.as_deref())?,
        is_enabled: new.is_enabled,
    })
}

/// A price to compare with; must be above the price, or it would be no bargain.
pub(super) fn compare_at(
    field: &str,
    given: Option<&GivenPrice>,
    price_minor: i64,
    sells_in: Currency,
) -> Result<Option<i64>, CatalogError> {
    let Some(given) = given else {
        return Ok(None);
    };
    let minor = price::check(field, given, sells_in)?;
    if minor <= price_minor {
        return Err(CatalogError::invalid(
            field,
            "must be higher than the price",
        ));
    }
    Ok(Some(minor))
}

/// A weight in grams.
pub(super) fn weight(field: &str, grams: i64) -> Result<i64, CatalogError> {
    if (0..=MAX_WEIGHT_GRAMS).contains(&grams) {
        Ok(grams)
    } else {
        Err(CatalogError::invalid(
            field,
            format!("must be between 0 and {MAX_WEIGHT_GRAMS}"),
        ))
    }
}

/// The name of a tax class; `standard` if none is given.
pub(super) fn tax_class(field: &str, given: Option<&str>) -> Result<String, CatalogError> {
    let name = text::optional_line(field, given, 30)?.unwrap_or_else(|| "standard".to_owned());
    if name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    {
        Ok(name)
    } else {
        Err(CatalogError::invalid(
            field,
            "must consist of lower-case letters and underscores",
        ))
    }
}

impl VariantDraft {
    /// The row to insert.
    pub(super) fn row(
        self,
        product_id: ProductId,
        position: i32,
        now: DateTime<Utc>,
    ) -> variant::ActiveModel {
        variant::ActiveModel {
            id: Set(VariantId::generate().uuid()),
            version: Set(1),
            product_id: Set(product_id.uuid()),
            sku: Set(self.sku),
            name: Set(self.name),
            options: Set(property::to_json(&self.options)),
            price_minor: Set(self.price_minor),
            compare_at_minor: Set(self.compare_at_minor),
            currency: Set(self.currency.code().to_owned()),
            tax_class: Set(self.tax_class),
            weight_grams: Set(self.weight_grams),
            is_enabled: Set(self.is_enabled),
            position: Set(position),
            deleted_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(minor_amount: &str) -> GivenPrice {
        GivenPrice {
            minor_amount: minor_amount.to_owned(),
            currency: Currency::IDR,
        }
    }

    fn new() -> NewVariant {
        NewVariant {
            sku: "TEA-M".to_owned(),
            name: None,
            options: Vec::new(),
            price: given("100"),
            compare_at_price: None,
            weight_grams: 5,
            tax_class: None,
            is_enabled: true,
        }
    }

    #[test]
    fn the_name_comes_from_the_options_or_the_sku() {
        assert_eq!(draft("", new(), Currency::IDR).expect("fine").name, "TEA-M");
        let option = |name: &str, value: &str| Property {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let options = vec![option("size", "M"), option("color", "Red")];
        assert_eq!(
            draft("", NewVariant { options, ..new() }, Currency::IDR)
                .expect("fine")
                .name,
            "M / Red"
        );
    }

    #[test]
    fn a_refusal_names_the_field_within_the_input() {
        let refused = |new| {
            let error = draft("variants.2.", new, Currency::IDR).expect_err("refused");
            (error.code(), error.field().map(str::to_owned))
        };
        let at = |field: &str| Some(format!("variants.2.{field}"));
        assert_eq!(
            refused(NewVariant {
                sku: " ".to_owned(),
                ..new()
            }),
            ("INPUT_INVALID", at("sku"))
        );
        assert_eq!(
            refused(NewVariant {
                price: given("-1"),
                ..new()
            }),
            ("PRICE_NEGATIVE", at("price"))
        );
        assert_eq!(
            refused(NewVariant {
                weight_grams: -1,
                ..new()
            }),
            ("INPUT_INVALID", at("weightGrams"))
        );
        assert_eq!(
            refused(NewVariant {
                compare_at_price: Some(given("100")),
                ..new()
            }),
            ("INPUT_INVALID", at("compareAtPrice"))
        );
        assert_eq!(
            refused(NewVariant {
                tax_class: Some("Ü".to_owned()),
                ..new()
            }),
            ("INPUT_INVALID", at("taxClass"))
        );
    }
}
