//! What to propose while somebody types.

use std::collections::HashMap;

use sea_orm::prelude::*;
use sea_orm::sea_query::CaseStatement;
use sea_orm::{Order, QueryOrder, QuerySelect};

use super::listing::{Audience, Filter};
use super::search::{Terms, begins_with};
use crate::entity::{category, product};

/// How many products are looked at to propose words.
const SAMPLE: u64 = 200;

/// Proposals for a query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Suggestions {
    pub(crate) queries: Vec<String>,
    pub(crate) products: Vec<product::Model>,
    pub(crate) categories: Vec<category::Model>,
}

/// Proposes queries, published products and categories whose names match; nothing for a blank
/// query.
pub(crate) async fn suggest(
    db: &DatabaseConnection,
    terms: &Terms,
    limit: u64,
) -> Result<Suggestions, DbErr> {
    let Some(first) = terms.words().first() else {
        return Ok(Suggestions::default());
    };

    // Products whose name begins with what was typed come first
    let begins: Expr = CaseStatement::new()
        .case(
            product::Column::NameKey.like(begins_with(first)),
            Expr::value(0_i64),
        )
        .finally(Expr::value(1_i64))
        .into();
    let mut products = product::Entity::find()
        .filter(
            Filter::default()
                .condition(Audience::Public, None)
                .add(terms.occur_in(product::Column::NameKey)),
        )
        .order_by(begins, Order::Asc)
        .order_by(product::Column::NameKey, Order::Asc)
        .order_by(product::Column::Id, Order::Asc)
        .limit(SAMPLE)
        .all(db)
        .await?;
    let limit_here = usize::try_from(limit).unwrap_or(usize::MAX);
    let queries = complete(
        terms.words(),
        products.iter().map(|product| product.name_key.as_str()),
        limit_here,
    );
    products.truncate(limit_here);

    let categories = category::Entity::find()
        .filter(terms.occur_in(category::Column::NameKey))
        .order_by(category::Column::NameKey, Order::Asc)
        .limit(limit)
        .all(db)
        .await?;
    Ok(Suggestions {
        queries,
        products,
        categories,
    })
}

/// Completes the last word with words of these names, the most frequent first.
fn complete<'a>(
    words: &[String],
    names: impl Iterator<Item = &'a str>,
    limit: usize,
) -> Vec<String> {
    let Some((last, before)) = words.split_last() else {
        return Vec::new();
    };
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in names {
        for word in name.split(|char: char| !char.is_alphanumeric()) {
            if word.starts_with(last.as_str()) && !before.iter().any(|other| other == word) {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    let mut completions: Vec<_> = counts.into_iter().collect();
    completions.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
    completions
        .into_iter()
        .take(limit)
        .map(|(word, _)| {
            before
                .iter()
                .map(String::as_str)
                .chain([word])
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(words: &[&str], names: &[&str]) -> Vec<String> {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        complete(&words, names.iter().copied(), 3)
    }

    #[test]
    fn the_last_word_is_completed_by_frequency() {
        let names = ["teak table", "teapot, blue", "blue teapot", "steam iron"];
        assert_eq!(completed(&["tea"], &names), ["teapot", "teak"]);
        assert_eq!(
            completed(&["blue", "te"], &["blue teapot"]),
            ["blue teapot"]
        );
        assert_eq!(
            completed(&["blue", "bl"], &["blue teapot"]),
            Vec::<String>::new()
        );
        assert_eq!(completed(&["x"], &names), Vec::<String>::new());
        assert_eq!(completed(&["a"], &["aa ab ac ad"]), ["aa", "ab", "ac"]);
    }
}
