//! Searching by words, and the counts beside the results.
//!
//! A search in the database: each word must occur somewhere in the product's searched text.
//! Relevance prefers words in the name, and there words at the beginning.

use std::collections::HashMap;

use sea_orm::prelude::*;
use sea_orm::sea_query::{CaseStatement, ExprTrait, LikeExpr};
use sea_orm::{Condition, FromQueryResult, Order, QueryOrder, QuerySelect};

use super::listing::{Audience, Filter, FilterPart};
use super::text;
use crate::CatalogError;
use crate::entity::{category, product};

/// The longest search query.
pub(crate) const MAX_QUERY: usize = 200;
/// Words beyond these are ignored.
const MAX_TERMS: usize = 8;
/// The most values of a facet.
const MAX_FACET_VALUES: usize = 50;

/// Marks the character after it as itself in a `LIKE` pattern.
const ESCAPE: char = '!';

/// The words of a search query, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms(Vec<String>);

impl Terms {
    /// Takes a query apart; none are left of a blank one, which matches everything.
    pub(crate) fn parse(query: &str) -> Result<Self, CatalogError> {
        if query.trim().chars().count() > MAX_QUERY {
            return Err(CatalogError::QueryTooLong { max: MAX_QUERY });
        }
        let query = text::key(query);
        let words = query.split(|char: char| char.is_whitespace() || char.is_control());
        let mut terms: Vec<String> = Vec::new();
        for word in words.filter(|word| !word.is_empty()) {
            if terms.len() < MAX_TERMS && !terms.iter().any(|term| term == word) {
                terms.push(word.to_owned());
            }
        }
        Ok(Self(terms))
    }

    /// The words.
    pub(crate) fn words(&self) -> &[String] {
        &self.0
    }

    /// A short name of these terms.
    pub(crate) fn digest(&self) -> String {
        auth::hash_token(&self.0.join(" "))[..8].to_owned()
    }

    /// All terms occur in this column of texts in lower case.
    pub(crate) fn occur_in<C: ColumnTrait>(&self, column: C) -> Condition {
        self.0.iter().fold(Condition::all(), |all, term| {
            all.add(column.like(contains(term)))
        })
    }

    /// How well a product matches: an exact name most, then words of the name that begin with a
    /// term, then a term anywhere in the name.
    pub(crate) fn relevance(&self) -> Expr {
        let name = || Expr::col((product::Entity, product::Column::NameKey));
        let points = |condition: Expr, points: i64| -> Expr {
            CaseStatement::new()
                .case(condition, Expr::value(points))
                .finally(Expr::value(0_i64))
                .into()
        };
        let mut score = points(name().eq(self.0.join(" ")), 100);
        for term in &self.0 {
            let word_begins = name()
                .like(begins_with(term))
                .or(name().like(contains(&format!(" {term}"))));
            score = score
                .add(points(word_begins, 10))
                .add(points(name().like(contains(term)), 5));
        }
        score
    }
}

fn contains(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escape(text))).escape(ESCAPE)
}

/// A pattern for texts that begin with `text`.
pub(super) fn begins_with(text: &str) -> LikeExpr {
    LikeExpr::new(format!("{}%", escape(text))).escape(ESCAPE)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '%' | '_' | ESCAPE) {
            escaped.push(ESCAPE);
        }
        escaped.push(char);
    }
    escaped
}

/// What was searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) terms: Terms,
    pub(crate) filter: Filter,
    pub(crate) audience: Audience,
}

impl Search {
    /// The results for the database; `except` leaves a part of the filter out.
    pub(crate) fn condition(&self, except: Option<FilterPart>) -> Condition {
        self.filter
            .condition(self.audience, except)
            .add(self.terms.occur_in(product::Column::SearchText))
    }
}

/// A choice that narrows a search, with what it would give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FacetValue {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) count: i64,
    pub(crate) selected: bool,
}

#[derive(FromQueryResult)]
struct BrandCount {
    brand: String,
    count: i64,
}

#[derive(FromQueryResult)]
struct CategoryCount {
    category_id: Uuid,
    count: i64,
}

/// The brands among the results, most frequent first. The brands chosen already do not narrow the
/// counts, and are listed even if they give nothing.
pub(crate) async fn brand_facet(
    db: &DatabaseConnection,
    search: &Search,
) -> Result<Vec<FacetValue>, DbErr> {
    let counts = product::Entity::find()
        .select_only()
        .column(product::Column::Brand)
        .expr_as(product::Column::Id.count(), "count")
        .filter(
            search
                .condition(Some(FilterPart::Brand))
                .add(product::Column::Brand.is_not_null()),
        )
        .group_by(product::Column::Brand)
        .order_by(product::Column::Id.count(), Order::Desc)
        .order_by(product::Column::Brand, Order::Asc)
        .into_model::<BrandCount>()
        .all(db)
        .await?;
    let chosen = &search.filter.brands;
    let mut values: Vec<_> = counts
        .into_iter()
        .map(|BrandCount { brand, count }| FacetValue {
            selected: chosen.contains(&brand),
            label: brand.clone(),
            value: brand,
            count,
        })
        .collect();
    for brand in chosen {
        if !values.iter().any(|value| value.value == *brand) {
            values.push(FacetValue {
                value: brand.clone(),
                label: brand.clone(),
                count: 0,
                selected: true,
            });
        }
    }
    Ok(shorten(values))
}

/// The categories among the results, most frequent first. A product counts for its category and
/// for every one above it.
pub(crate) async fn category_facet(
    db: &DatabaseConnection,
    search: &Search,
) -> Result<Vec<FacetValue>, DbErr> {
    let counts = product::Entity::find()
        .select_only()
        .column(product::Column::CategoryId)
        .expr_as(product::Column::Id.count(), "count")
        .filter(
            search
                .condition(Some(FilterPart::Category))
                .add(product::Column::CategoryId.is_not_null()),
        )
        .group_by(product::Column::CategoryId)
        .into_model::<CategoryCount>()
        .all(db)
        .await?;
    let categories = category::Entity::find()
        .order_by(category::Column::NameKey, Order::Asc)
        .all(db)
        .await?;
    let counts: HashMap<_, _> = counts
        .into_iter()
        .map(|row| (row.category_id, row.count))
        .collect();
    Ok(shorten(roll_up(
        &categories,
        &counts,
        search.filter.category_slug.as_deref(),
    )))
}

/// Adds the counts of every category to those above it; leaves out what gives nothing and is not
/// chosen.
fn roll_up(
    categories: &[category::Model],
    counts: &HashMap<Uuid, i64>,
    chosen: Option<&str>,
) -> Vec<FacetValue> {
    let mut totals: HashMap<Uuid, i64> = HashMap::new();
    for category in categories {
        let own = counts.get(&category.id).copied().unwrap_or(0);
        for id in category.path_ids() {
            *totals.entry(id).or_default() += own;
        }
    }
    let mut values: Vec<_> = categories
        .iter()
        .map(|category| FacetValue {
            value: category.slug.clone(),
            label: category.name.clone(),
            count: totals.get(&category.id).copied().unwrap_or(0),
            selected: chosen == Some(category.slug.as_str()),
        })
        .filter(|value| value.count > 0 || value.selected)
        .collect();
    // Stable, so equals stay in the order of their names.
    values.sort_by_key(|value| std::cmp::Reverse(value.count));
    values
}

/// Keeps the first values and every chosen one.
fn shorten(values: Vec<FacetValue>) -> Vec<FacetValue> {
    let keep = |(index, value): (usize, FacetValue)| {
        (index < MAX_FACET_VALUES || value.selected).then_some(value)
    };
    values.into_iter().enumerate().filter_map(keep).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_query_is_taken_apart() {
        assert_eq!(
            Terms::parse("  Blue\tTEA pot tea ").expect("fine").0,
            ["blue", "tea", "pot"]
        );
        assert!(Terms::parse(" \u{0} ").expect("fine").0.is_empty());
        assert_eq!(
            Terms::parse("a b c d e f g h i j").expect("fine").0.len(),
            8
        );
        assert!(Terms::parse(&"é".repeat(200)).is_ok());
        assert_eq!(
            Terms::parse(&"a".repeat(201)).expect_err("too long").code(),
            "QUERY_TOO_LONG"
        );
    }

    #[test]
    fn wildcards_are_letters_like_others() {
        assert_eq!(escape("100%_!"), "100!%!_!!");
    }

    fn category(slug: &str, above: &[&str]) -> category::Model {
        let id = |slug: &str| Uuid::new_v5(&Uuid::NAMESPACE_OID, slug.as_bytes());
        let parent_path = above.iter().fold(String::new(), |path, slug| {
            category::path_below(&path, id(slug))
        });
        category::Model {
            id: id(slug),
            version: 1,
            name: slug.to_uppercase(),
            name_key: slug.to_owned(),
            slug: slug.to_owned(),
            parent_id: above.last().map(|slug| id(slug)),
            path: category::path_below(&parent_path, id(slug)),
            depth: above.len() as i32 + 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_category_counts_what_is_below_it() {
        let categories = [
            category("home", &[]),
            category("kitchen", &["home"]),
            category("pots", &["home", "kitchen"]),
            category("sport", &[]),
            category("toys", &[]),
        ];
        let counts = HashMap::from([
            (categories[0].id, 1),
            (categories[2].id, 4),
            (categories[3].id, 9),
        ]);
        let values = roll_up(&categories, &counts, Some("toys"));
        let told: Vec<_> = values
            .iter()
            .map(|value| (value.value.as_str(), value.count, value.selected))
            .collect();
        assert_eq!(
            told,
            [
                ("sport", 9, false),
                ("home", 5, false),
                ("kitchen", 4, false),
                ("pots", 4, false),
                ("toys", 0, true)
            ]
        );
    }

    #[test]
    fn a_long_facet_is_cut_but_keeps_what_is_chosen() {
        let value = |index: i32| FacetValue {
            value: index.to_string(),
            label: String::new(),
            count: 1,
            selected: index == 70,
        };
        let values = shorten((0..80).map(value).collect());
        assert_eq!(values.len(), 51);
        assert_eq!(values[50].value, "70");
    }
}
