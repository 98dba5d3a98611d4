//! Categories, products, variants, images, and the copy of the stock.

use sea_orm_migration::prelude::*;

/// `m000002_catalog`.
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000002_catalog"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        category_tree(manager).await?;
        products(manager).await?;
        variants(manager).await?;
        images(manager).await?;
        stock(manager).await
    }
}

fn id() -> ColumnDef {
    ColumnDef::new("id")
        .uuid()
        .not_null()
        .primary_key()
        .to_owned()
}

fn version() -> ColumnDef {
    ColumnDef::new("version")
        .big_integer()
        .not_null()
        .to_owned()
}

fn created_at() -> ColumnDef {
    ColumnDef::new("created_at")
        .timestamp_with_time_zone()
        .not_null()
        .to_owned()
}

fn updated_at() -> ColumnDef {
    ColumnDef::new("updated_at")
        .timestamp_with_time_zone()
        .not_null()
        .to_owned()
}

async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(statement)
            .await?;
    }
    Ok(())
}

/// The tree, and one row that every change of the tree updates first, so that two moves at once
/// cannot make a cycle together.
async fn category_tree(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("categories")
                .col(id())
                .col(version())
                .col(ColumnDef::new("name").text().not_null())
                .col(ColumnDef::new("name_key").text().not_null())
                .col(ColumnDef::new("slug").text().not_null())
                .col(ColumnDef::new("parent_id").uuid())
                .col(ColumnDef::new("path").text().not_null())
                .col(ColumnDef::new("depth").integer().not_null())
                .col(created_at())
                .col(updated_at())
                .check(Expr::cust("depth BETWEEN 1 AND 8"))
                .check(Expr::cust("length(name) BETWEEN 1 AND 100"))
                .check(Expr::cust("parent_id IS NULL OR parent_id <> id"))
                .foreign_key(
                    ForeignKey::create()
                        .name("categories_parent")
                        .from("categories", "parent_id")
                        .to("categories", "id")
                        .on_delete(ForeignKeyAction::Restrict),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("category_tree")
                .col(ColumnDef::new("id").integer().not_null().primary_key())
                .col(ColumnDef::new("version").big_integer().not_null())
                .to_owned(),
        )
        .await?;
    run(
        manager,
        &[
            "INSERT INTO category_tree (id, version) VALUES (1, 0)",
            "CREATE UNIQUE INDEX categories_slug ON categories (slug)",
            "CREATE UNIQUE INDEX categories_name_key ON categories (name_key)",
            "CREATE UNIQUE INDEX categories_path ON categories (path)",
            "CREATE INDEX categories_parent ON categories (parent_id, name_key)",
        ],
    )
    .await
}

/// Products. What lists filter and sort by is on the row itself: the name and the searched text in
/// lower case, the prices of the variants, and whether any of them is in stock.
async fn products(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("products")
                .col(id())
                .col(version())
                .col(ColumnDef::new("slug").text().not_null())
                .col(ColumnDef::new("name").text().not_null())
                .col(ColumnDef::new("name_key").text().not_null())
                .col(ColumnDef::new("description").text().not_null())
                .col(ColumnDef::new("brand").text())
                .col(ColumnDef::new("category_id").uuid())
                .col(ColumnDef::new("status").text().not_null())
                .col(ColumnDef::new("is_available").boolean().not_null())
                .col(ColumnDef::new("attributes").text().not_null())
                .col(ColumnDef::new("currency").text().not_null())
                .col(ColumnDef::new("variant_count").integer().not_null())
                .col(ColumnDef::new("min_price_minor").big_integer().not_null())
                .col(ColumnDef::new("max_price_minor").big_integer().not_null())
                .col(ColumnDef::new("in_stock").boolean().not_null())
                .col(ColumnDef::new("search_text").text().not_null())
                .col(created_at())
                .col(updated_at())
                .check(Expr::cust(
                    "status IN ('DRAFT', 'PUBLISHED', 'UNPUBLISHED', 'ARCHIVED')",
                ))
                .check(Expr::cust("status <> 'PUBLISHED' OR variant_count > 0"))
                .check(Expr::cust(
                    "min_price_minor >= 0 AND max_price_minor >= min_price_minor",
                ))
                .foreign_key(
                    ForeignKey::create()
                        .name("products_category")
                        .from("products", "category_id")
                        .to("categories", "id")
                        .on_delete(ForeignKeyAction::Restrict),
                )
                .to_owned(),
        )
        .await?;
    run(
        manager,
        &[
            "CREATE UNIQUE INDEX products_slug ON products (slug)",
            "CREATE INDEX products_by_name ON products (status, name_key, id)",
            "CREATE INDEX products_by_price ON products (status, min_price_minor, id)",
            "CREATE INDEX products_by_age ON products (status, created_at, id)",
            "CREATE INDEX products_by_category ON products (category_id, status)",
            "CREATE INDEX products_by_brand ON products (brand, status)",
        ],
    )
    .await
}

/// Variants. A deleted one stays, because orders and carts refer to it.
async fn variants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("product_variants")
                .col(id())
                .col(version())
                .col(ColumnDef::new("product_id").uuid().not_null())
                .col(ColumnDef::new("sku").text().not_null())
                .col(ColumnDef::new("name").text().not_null())
                .col(ColumnDef::new("options").text().not_null())
                .col(ColumnDef::new("price_minor").big_integer().not_null())
                .col(ColumnDef::new("compare_at_minor").big_integer())
                .col(ColumnDef::new("currency").text().not_null())
                .col(ColumnDef::new("tax_class").text().not_null())
                .col(ColumnDef::new("weight_grams").big_integer().not_null())
                .col(ColumnDef::new("is_enabled").boolean().not_null())
                .col(ColumnDef::new("position").integer().not_null())
                .col(ColumnDef::new("deleted_at").timestamp_with_time_zone())
                .col(created_at())
                .col(updated_at())
                .check(Expr::cust("price_minor >= 0"))
                .check(Expr::cust(
                    "compare_at_minor IS NULL OR compare_at_minor >= 0",
                ))
                .check(Expr::cust("weight_grams >= 0"))
                .foreign_key(
                    ForeignKey::create()
                        .name("product_variants_product")
                        .from("product_variants", "product_id")
                        .to("products", "id")
                        .on_delete(ForeignKeyAction::Restrict),
                )
                .to_owned(),
        )
        .await?;
    run(
        manager,
        &[
            "CREATE UNIQUE INDEX product_variants_sku ON product_variants (sku)",
            "CREATE INDEX product_variants_by_product ON product_variants (product_id, position)",
        ],
    )
    .await
}

async fn images(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("product_images")
                .col(id())
                .col(ColumnDef::new("product_id").uuid().not_null())
                .col(ColumnDef::new("variant_id").uuid())
                .col(ColumnDef::new("url").text().not_null())
                .col(ColumnDef::new("alt").text())
                .col(ColumnDef::new("position").integer().not_null())
                .col(created_at())
                .foreign_key(
                    ForeignKey::create()
                        .name("product_images_product")
                        .from("product_images", "product_id")
                        .to("products", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .name("product_images_variant")
                        .from("product_images", "variant_id")
                        .to("product_variants", "id")
                        .on_delete(ForeignKeyAction::SetNull),
                )
                .to_owned(),
        )
        .await?;
    run(
        manager,
        &[
            "CREATE UNIQUE INDEX product_images_by_product ON product_images (product_id, position)",
            "CREATE INDEX product_images_by_variant ON product_images (variant_id, position)",
        ],
    )
    .await
}

/// What inventory last said of each variant. No foreign key: the news may come before the variant.
async fn stock(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("variant_stock")
                .col(ColumnDef::new("variant_id").uuid().not_null().primary_key())
                .col(ColumnDef::new("available").big_integer().not_null())
                .col(version())
                .col(updated_at())
                .to_owned(),
        )
        .await
}
