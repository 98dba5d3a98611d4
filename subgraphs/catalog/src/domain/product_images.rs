//! Storing the pictures of a product.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use events::id::ImageId;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::*;

use super::text;
use crate::CatalogError;
use crate::entity::{image, variant};

/// The most pictures of a product.
const MAX_IMAGES: usize = 50;
const MAX_URL: usize = 2_000;

/// A picture as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewImage {
    pub(crate) url: String,
    pub(crate) alt: Option<String>,
    /// SKU of the variant it shows.
    pub(crate) sku: Option<String>,
}

/// Trims and checks pictures.
pub(super) fn check(images: Vec<NewImage>) -> Result<Vec<NewImage>, CatalogError> {
    if images.len() > MAX_IMAGES {
        return Err(CatalogError::LimitExceeded {
            field: "images".to_owned(),
            max: MAX_IMAGES,
        });
    }
    let check_one = |(index, image): (usize, NewImage)| {
        let url_field = format!("images.{index}.url");
        let url = text::line(&url_field, &image.url, MAX_URL)?;
        let host = url.strip_prefix("https://").unwrap_or_default();
        if host.is_empty() || host.starts_with('/') || url.contains(char::is_whitespace) {
            return Err(CatalogError::invalid(
                &url_field,
                "must be an address that starts with https://",
            ));
        }
        let alt = text::optional_line(&format!("images.{index}.alt"), image.alt.as_deref(), 300)?;
        Ok(NewImage {
            url,
            alt,
            sku: image.sku.map(|sku| sku.trim().to_owned()),
        })
    };
    images.into_iter().enumerate().map(check_one).collect()
}

/// Gives the product exactly these pictures.
pub(super) async fn replace(
    txn: &impl ConnectionTrait,
    product_id: Uuid,
    images: Vec<NewImage>,
    now: DateTime<Utc>,
) -> Result<(), CatalogError> {
    image::Entity::delete_many()
        .filter(image::Column::ProductId.eq(product_id))
        .exec(txn)
        .await?;
    if images.is_empty() {
        return Ok(());
    }
    let variants = variant::of_products([product_id]).all(txn).await?;
    let by_sku: HashMap<_, _> = variants
        .iter()
        .map(|variant| (variant.sku.as_str(), variant.id))
        .collect();
    let mut rows = Vec::with_capacity(images.len());
    for (index, new) in images.into_iter().enumerate() {
        let variant_id = match &new.sku {
            Some(sku) => {
                let found = by_sku.get(sku.as_str()).copied();
                Some(found.ok_or_else(|| CatalogError::not_found(&format!("images.{index}.sku")))?)
            }
            None => None,
        };
        rows.push(image::ActiveModel {
            id: Set(ImageId::generate().uuid()),
            product_id: Set(product_id),
            variant_id: Set(variant_id),
            url: Set(new.url),
            alt: Set(new.alt),
            position: Set(i32::try_from(index).expect("there are at most MAX_IMAGES")),
            created_at: Set(now),
        });
    }
    image::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_addresses_are_taken() {
        let image = |url: &str| NewImage {
            url: url.to_owned(),
            alt: None,
            sku: None,
        };
        assert!(check(vec![image("https://cdn.example/a.jpg")]).is_ok());
        for bad in [
            "",
            "http://a/b",
            "javascript:alert(1)",
            "data:image/svg+xml,x",
            "/images/a.svg",
            "https://",
            "https:///x",
            "https://a b",
        ] {
            let error = check(vec![image("https://ok/1"), image(bad)]).expect_err(bad);
            assert_eq!(error.field(), Some("images.1.url"), "{bad}");
        }
        assert_eq!(
            check(vec![image("https://a/b"); 51])
                .expect_err("too many")
                .code(),
            "LIMIT_EXCEEDED"
        );
    }
}
