//! Fetches rows for many objects at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use events::id::{CategoryId, ProductId, VariantId};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{category, image, product, variant};

/// The loader of every kind of key here.
pub(super) struct CatalogLoader {
    pub(super) db: DatabaseConnection,
}

/// A product by its slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ProductSlug(pub(super) String);

/// A category by its slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct CategorySlug(pub(super) String);

/// A variant by its SKU.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sku(pub(super) String);

/// The variants of a product that are not deleted, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct VariantsOf(pub(super) ProductId);

/// The pictures of a product, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ImagesOf(pub(super) ProductId);

/// The pictures of a variant, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ImagesOfVariant(pub(super) VariantId);

/// The categories right below a category, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ChildrenOf(pub(super) CategoryId);

/// Leaves out texts with a NUL, which PostgreSQL cannot even compare with: nothing has such a name.
fn storable<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    names.filter(|name| !name.contains('\0'))
}

fn by_key<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, V> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

fn grouped<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

impl Loader<ProductId> for CatalogLoader {
    type Value = product::Model;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[ProductId],
    ) -> Result<HashMap<ProductId, Self::Value>, Self::Error> {
        let ids = keys.iter().map(|key| key.uuid());
        let rows = product::Entity::find()
            .filter(product::Column::Id.is_in(ids))
            .all(&self.db)
            .await?;
        Ok(by_key(rows, |row| ProductId::from_uuid(row.id)))
    }
}

impl Loader<ProductSlug> for CatalogLoader {
    type Value = product::Model;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[ProductSlug],
    ) -> Result<HashMap<ProductSlug, Self::Value>, Self::Error> {
        let slugs = storable(keys.iter().map(|key| key.0.as_str()));
        let rows = product::Entity::find()
            .filter(product::Column::Slug.is_in(slugs))
            .all(&self.db)
            .await?;
        Ok(by_key(rows, |row| ProductSlug(row.slug.clone())))
    }
}

impl Loader<VariantId> for CatalogLoader {
    type Value = variant::Model;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[VariantId],
    ) -> Result<HashMap<VariantId, Self::Value>, Self::Error> {
        let ids = keys.iter().map(|key| key.uuid());
        let rows = variant::Entity::find()
            .filter(variant::Column::Id.is_in(ids))
            .all(&self.db)
            .await?;
        Ok(by_key(rows, |row| VariantId::from_uuid(row.id)))
    }
}

impl Loader<Sku> for CatalogLoader {
    type Value = variant::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[Sku]) -> Result<HashMap<Sku, Self::Value>, Self::Error> {
        let skus = storable(keys.iter().map(|key| key.0.as_str()));
        let rows = variant::Entity::find()
            .filter(variant::Column::Sku.is_in(skus))
            .all(&self.db)
            .await?;
        Ok(by_key(rows, |row| Sku(row.sku.clone())))
    }
}

impl Loader<VariantsOf> for CatalogLoader {
    type Value = Vec<variant::Model>;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[VariantsOf],
    ) -> Result<HashMap<VariantsOf, Self::Value>, Self::Error> {
        let rows = variant::of_products(keys.iter().map(|key| key.0.uuid()))
            .filter(variant::Column::DeletedAt.is_null())
            .all(&self.db)
            .await?;
        Ok(grouped(rows, |row| {
            VariantsOf(ProductId::from_uuid(row.product_id))
        }))
    }
}

impl Loader<ImagesOf> for CatalogLoader {
    type Value = Vec<image::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[ImagesOf]) -> Result<HashMap<ImagesOf, Self::Value>, Self::Error> {
        let rows = image::Entity::find()
            .filter(image::Column::ProductId.is_in(keys.iter().map(|key| key.0.uuid())))
            .order_by_asc(image::Column::Position)
            .all(&self.db)
            .await?;
        Ok(grouped(rows, |row| {
            ImagesOf(ProductId::from_uuid(row.product_id))
        }))
    }
}

impl Loader<ImagesOfVariant> for CatalogLoader {
    type Value = Vec<image::Model>;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[ImagesOfVariant],
    ) -> Result<HashMap<ImagesOfVariant, Self::Value>, Self::Error> {
        let rows = image::Entity::find()
            .filter(image::Column::VariantId.is_in(keys.iter().map(|key| key.0.uuid())))
            .order_by_asc(image::Column::Position)
            .all(&self.db)
            .await?;
        Ok(grouped(rows, |row| {
            let variant_id = row.variant_id.expect("the filter asks for rows with one");
            ImagesOfVariant(VariantId::from_uuid(variant_id))
        }))
    }
}

impl Loader<CategoryId> for CatalogLoader {
    type Value = category::Model;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[CategoryId],
    ) -> Result<HashMap<CategoryId, Self::Value>, Self::Error> {
        let ids = keys.iter().map(|key| key.uuid());
        let rows = category::Entity::find()
            .filter(category::Column::Id.is_in(ids))
            .all(&self.db)
            .await?;
        Ok(by_key(rows, |row| CategoryId::from_uuid(row.id)))
    }
}

impl Loader<CategorySlug> for CatalogLoader {
    type Value = category::Model;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[CategorySlug],
    ) -> Result<HashMap<CategorySlug, Self::Value>, Self::Error> {
        let slugs = storable(keys.iter().map(|key| key.0.as_str()));
        let rows = category::Entity::find()
            .filter(category::Column::Slug.is_in(slugs))
            .all(&self.db)
            .await?;
        Ok(by_key(rows, |row| CategorySlug(row.slug.clone())))
    }
}

impl Loader<ChildrenOf> for CatalogLoader {
    type Value = Vec<category::Model>;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[ChildrenOf],
    ) -> Result<HashMap<ChildrenOf, Self::Value>, Self::Error> {
        let rows = category::Entity::find()
            .filter(category::Column::ParentId.is_in(keys.iter().map(|key| key.0.uuid())))
            .order_by_asc(category::Column::NameKey)
            .all(&self.db)
            .await?;
        Ok(grouped(rows, |row| {
            let parent_id = row.parent_id.expect("the filter asks for rows with one");
            ChildrenOf(CategoryId::from_uuid(parent_id))
        }))
    }
}
