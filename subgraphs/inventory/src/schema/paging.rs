//! What the lists of this schema have in common.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QuerySelect, QueryTrait, Select,
};
use serde::Serialize;
use service::cursor::{COUNT_CAP, CursorKey};
use service::graphql::PageInfo;
use service::{ApiError, Secret};

/// The cursor keys of the lists.
pub(super) struct Cursors {
    /// Of `stockLevels`.
    pub(super) stock_levels: CursorKey,
    /// Of `stockHistory`.
    pub(super) stock_history: CursorKey,
    /// Of `warehouses`.
    pub(super) warehouses: CursorKey,
}

impl Cursors {
    /// Derives the keys.
    pub(super) fn new(secret: &Secret) -> Self {
        Self {
            stock_levels: CursorKey::new(secret, "inventory.stockLevels"),
            stock_history: CursorKey::new(secret, "inventory.stockHistory"),
            warehouses: CursorKey::new(secret, "inventory.warehouses"),
        }
    }
}

/// One page of a list: its rows, and what is needed to count all of them should the client ask.
pub(super) struct Page<E: EntityTrait> {
    /// The rows of the page.
    pub(super) rows: Vec<E::Model>,
    has_next: bool,
    has_previous: bool,
    everything: Select<E>,
}

impl<E: EntityTrait> Page<E> {
    /// From up to `size + 1` rows; the one too many only tells that there are more.
    pub(super) fn new(
        mut rows: Vec<E::Model>,
        size: u64,
        is_first: bool,
        everything: Select<E>,
    ) -> Self {
        let has_next = rows.len() as u64 > size;
        rows.truncate(size as usize);
        Self {
            rows,
            has_next,
            has_previous: !is_first,
            everything,
        }
    }

    /// Where the page stands; `position` gives a row's place in the list.
    pub(super) fn info<P: Serialize>(
        &self,
        cursors: &CursorKey,
        position: impl Fn(&E::Model) -> P,
    ) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.rows.first().map(|row| cursors.encode(&position(row))),
            end_cursor: self.rows.last().map(|row| cursors.encode(&position(row))),
        }
    }

    /// How many rows the whole list has; counting stops at [`COUNT_CAP`].
    pub(super) async fn count(
        &self,
        db: &DatabaseConnection,
        id: impl ColumnTrait,
    ) -> Result<i32, ApiError> {
        let capped = self
            .everything
            .clone()
            .select_only()
            .column(id)
            .limit(COUNT_CAP)
            .into_query();
        let count = Query::select()
            .expr_as(Expr::cust("COUNT(*)"), "rows")
            .from_subquery(capped, "capped")
            .to_owned();
        let row = db.query_one(&count).await?;
        let rows: i64 = row
            .map(|row| row.try_get("", "rows"))
            .transpose()?
            .unwrap_or_default();
        Ok(int(rows))
    }
}

/// A number as a GraphQL `Int`. What is shown here stays far below its end.
pub(super) fn int(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}
