//! Lists of products: filters, orders, and pages that continue after a position.

use chrono::{DateTime, Utc};
use sea_orm::prelude::*;
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{Condition, FromQueryResult, Order, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::price::MAX_PRICE_MINOR;
use super::search::Terms;
use super::status::ProductStatus;
use crate::CatalogError;
use crate::entity::{category, product};

/// The most brands to filter by.
const MAX_BRANDS: usize = 50;

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Sees what is published.
    Public,
    /// Sees everything.
    Staff,
}

/// Which products; every part narrows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) category_slug: Option<String>,
    /// Any of these; empty does not filter.
    pub(crate) brands: Vec<String>,
    pub(crate) price_min: Option<i64>,
    pub(crate) price_max: Option<i64>,
    pub(crate) in_stock: Option<bool>,
    /// Any of these; empty does not filter.
    pub(crate) statuses: Vec<ProductStatus>,
}

/// A part of the filter that has counts of its own beside a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilterPart {
    Category,
    Brand,
}

impl Filter {
    /// Refuses what makes no sense.
    pub(crate) fn check(&self) -> Result<(), CatalogError> {
        let refuse = |reason: &str| {
            Err(CatalogError::FilterInvalid {
                reason: reason.to_owned(),
            })
        };
        if self.brands.len() > MAX_BRANDS {
            return refuse(&format!("`brand` takes at most {MAX_BRANDS} values"));
        }
        let texts = self.brands.iter().chain(&self.category_slug);
        if texts.flat_map(|text| text.chars()).any(char::is_control) {
            return refuse("`brand` and `categorySlug` must not contain control characters");
        }
        for price in [self.price_min, self.price_max].into_iter().flatten() {
            if !(0..=MAX_PRICE_MINOR).contains(&price) {
                return refuse("prices must not be negative or absurdly high");
            }
        }
        if let (Some(min), Some(max)) = (self.price_min, self.price_max)
            && min > max
        {
            return refuse("`priceMin` must not be above `priceMax`");
        }
        Ok(())
    }

    /// The filter for the database. `except` leaves one part out, to count what other choices of it
    /// would give.
    pub(crate) fn condition(&self, audience: Audience, except: Option<FilterPart>) -> Condition {
        let published = audience == Audience::Public;
        let category = self
            .category_slug
            .as_deref()
            .filter(|_| except != Some(FilterPart::Category));
        let brands = Some(&self.brands)
            .filter(|brands| !brands.is_empty() && except != Some(FilterPart::Brand));
        let statuses = Some(&self.statuses).filter(|statuses| !statuses.is_empty());
        Condition::all()
            .add_option(
                published.then(|| product::Column::Status.eq(ProductStatus::Published.as_str())),
            )
            .add_option(category.map(category::contains_product))
            .add_option(brands.map(|brands| product::Column::Brand.is_in(brands)))
            // The product's range of prices and the range asked for touch.
            .add_option(
                self.price_min
                    .map(|min| product::Column::MaxPriceMinor.gte(min)),
            )
            .add_option(
                self.price_max
                    .map(|max| product::Column::MinPriceMinor.lte(max)),
            )
            .add_option(
                self.in_stock
                    .map(|in_stock| product::Column::InStock.eq(in_stock)),
            )
            .add_option(statuses.map(|statuses| {
                product::Column::Status.is_in(statuses.iter().map(|status| status.as_str()))
            }))
    }
}

/// What a list is sorted by. The identifier always breaks ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SortKey {
    Name,
    /// The lowest price of the product's variants.
    Price,
    CreatedAt,
    /// How well a product matches these terms.
    Relevance(Terms),
}

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) key: SortKey,
    pub(crate) descending: bool,
}

/// Where a product stands in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Which order; a position means nothing in another one.
    #[serde(rename = "o")]
    order: String,
    #[serde(rename = "k")]
    key: KeyValue,
    #[serde(rename = "i")]
    id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum KeyValue {
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "n")]
    Number(i64),
    #[serde(rename = "d")]
    Time(DateTime<Utc>),
}

/// A product on a page.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) product: product::Model,
    pub(crate) position: Position,
}

#[derive(FromQueryResult)]
struct ScoredRow {
    #[sea_orm(nested)]
    product: product::Model,
    relevance: i64,
}

impl Sort {
    /// A name of the order that tells it from every other.
    fn tag(&self) -> String {
        let direction = if self.descending { "desc" } else { "asc" };
        match &self.key {
            SortKey::Name => format!("name-{direction}"),
            SortKey::Price => format!("price-{direction}"),
            SortKey::CreatedAt => format!("created-{direction}"),
            SortKey::Relevance(terms) => format!("relevance-{direction}-{}", terms.digest()),
        }
    }

    fn expression(&self) -> Expr {
        match &self.key {
            SortKey::Name => Expr::col((product::Entity, product::Column::NameKey)),
            SortKey::Price => Expr::col((product::Entity, product::Column::MinPriceMinor)),
            SortKey::CreatedAt => Expr::col((product::Entity, product::Column::CreatedAt)),
            SortKey::Relevance(terms) => terms.relevance(),
        }
    }

    /// Whether `position` was taken from a list in this order.
    pub(crate) fn fits(&self, position: &Position) -> bool {
        position.order == self.tag()
    }

    fn position_of(&self, row: &ScoredRow) -> Position {
        let key = match &self.key {
            SortKey::Name => KeyValue::Text(row.product.name_key.clone()),
            SortKey::Price => KeyValue::Number(row.product.min_price_minor),
            SortKey::CreatedAt => KeyValue::Time(row.product.created_at),
            SortKey::Relevance(_) => KeyValue::Number(row.relevance),
        };
        Position {
            order: self.tag(),
            key,
            id: row.product.id,
        }
    }

    /// What comes after `position`.
    fn after(&self, position: &Position) -> Condition {
        let key: sea_orm::Value = match &position.key {
            KeyValue::Text(text) => text.clone().into(),
            KeyValue::Number(number) => (*number).into(),
            KeyValue::Time(time) => (*time).into(),
        };
        let id = Expr::col((product::Entity, product::Column::Id));
        let (beyond, same_key_beyond) = if self.descending {
            (self.expression().lt(key.clone()), id.lt(position.id))
        } else {
            (self.expression().gt(key.clone()), id.gt(position.id))
        };
        Condition::any().add(beyond).add(
            Condition::all()
                .add(self.expression().eq(key))
                .add(same_key_beyond),
        )
    }
}

/// Up to `size` products after a position, and whether there are more.
pub(crate) async fn page(
    db: &DatabaseConnection,
    condition: Condition,
    sort: &Sort,
    after: Option<&Position>,
    size: u64,
) -> Result<(Vec<Listed>, bool), DbErr> {
    let relevance = match &sort.key {
        SortKey::Relevance(terms) => terms.relevance(),
        SortKey::Name | SortKey::Price | SortKey::CreatedAt => Expr::value(0_i64),
    };
    let direction = || {
        if sort.descending {
            Order::Desc
        } else {
            Order::Asc
        }
    };
    let mut rows = product::Entity::find()
        .expr_as(relevance, "relevance")
        .filter(condition.add_option(after.map(|position| sort.after(position))))
        .order_by(sort.expression(), direction())
        .order_by(product::Column::Id, direction())
        // One more than asked for tells whether there are more.
        .limit(size + 1)
        .into_model::<ScoredRow>()
        .all(db)
        .await?;
    let has_more = rows.len() as u64 > size;
    rows.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    let listed = rows
        .into_iter()
        .map(|row| Listed {
            position: sort.position_of(&row),
            product: row.product,
        })
        .collect();
    Ok((listed, has_more))
}

/// How many products there are, up to `cap`.
pub(crate) async fn count(
    db: &DatabaseConnection,
    condition: Condition,
    cap: u64,
) -> Result<i64, DbErr> {
    let some = Query::select()
        .column((product::Entity, product::Column::Id))
        .from(product::Entity)
        .cond_where(condition)
        .limit(cap)
        .to_owned();
    let count = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .from_subquery(some, "some")
        .to_owned();
    let row = db.query_one(&count).await?;
    row.map_or(Ok(0), |row| row.try_get("", "count"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_can_match_nothing_sensible_is_refused() {
        let fine = Filter {
            price_min: Some(5),
            price_max: Some(5),
            ..Filter::default()
        };
        assert!(fine.check().is_ok());
        for bad in [
            Filter {
                price_min: Some(6),
                price_max: Some(5),
                ..Filter::default()
            },
            Filter {
                price_min: Some(-1),
                ..Filter::default()
            },
            Filter {
                price_max: Some(i64::MAX),
                ..Filter::default()
            },
            Filter {
                brands: vec!["x".to_owned(); 51],
                ..Filter::default()
            },
        ] {
            assert_eq!(
                bad.check().expect_err("refused").code(),
                "FILTER_INVALID",
                "{bad:?}"
            );
        }
    }

    #[test]
    fn every_order_has_its_own_name() {
        let keys = [
            SortKey::Name,
            SortKey::Price,
            SortKey::CreatedAt,
            SortKey::Relevance(Terms::parse("tea").expect("fine")),
            SortKey::Relevance(Terms::parse("tea pot").expect("fine")),
        ];
        let mut tags: Vec<_> = keys
            .iter()
            .flat_map(|key| {
                [false, true].map(|descending| {
                    Sort {
                        key: key.clone(),
                        descending,
                    }
                    .tag()
                })
            })
            .collect();
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 10);
    }
}
