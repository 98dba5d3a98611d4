//! Where a page stands in its list.

use async_graphql::SimpleObject;

/// Where a page stands in its list (Relay cursor connections).
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(shareable)]
pub struct PageInfo {
    /// Whether there are more items after this page.
    pub has_next_page: bool,
    /// Whether there are items before this page; true whenever the page was asked for with `after`.
    pub has_previous_page: bool,
    /// Cursor of the first item of the page.
    pub start_cursor: Option<String>,
    /// Cursor of the last item of the page; pass it as `after` to get the next page.
    pub end_cursor: Option<String>,
}
