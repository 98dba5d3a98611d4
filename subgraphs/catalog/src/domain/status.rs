//! The life of a product.

use std::fmt;

/// Where a product is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProductStatus {
    /// Being prepared; never shown.
    Draft,
    /// Shown, and sold if available.
    Published,
    /// Taken off the shelves for now.
    Unpublished,
    /// Gone for good; kept for the orders that refer to it.
    Archived,
}

/// Which status may follow which.
const TRANSITIONS: [(ProductStatus, ProductStatus); 5] = [
    (ProductStatus::Draft, ProductStatus::Published),
    (ProductStatus::Draft, ProductStatus::Archived),
    (ProductStatus::Published, ProductStatus::Unpublished),
    (ProductStatus::Unpublished, ProductStatus::Published),
    (ProductStatus::Unpublished, ProductStatus::Archived),
];

impl ProductStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [
        Self::Draft,
        Self::Published,
        Self::Unpublished,
        Self::Archived,
    ];

    /// The name in the database, in events and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Published => "PUBLISHED",
            Self::Unpublished => "UNPUBLISHED",
            Self::Archived => "ARCHIVED",
        }
    }

    /// The status of a database row.
    pub(crate) fn of_row(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == name)
            .expect("a check constraint allows no other name")
    }

    /// Whether a product may go from this status to `to`.
    pub(crate) fn may_become(self, to: Self) -> bool {
        TRANSITIONS.contains(&(self, to))
    }
}

impl fmt::Display for ProductStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::ProductStatus::{self, Archived, Draft, Published, Unpublished};

    #[test]
    fn published_and_unpublished_alternate_and_archived_is_the_end() {
        assert!(Draft.may_become(Published));
        assert!(Published.may_become(Unpublished));
        assert!(Unpublished.may_become(Published));
        assert!(Unpublished.may_become(Archived));
        assert!(
            !Published.may_become(Archived),
            "customers may be looking at it: unpublish first"
        );
        assert!(!Draft.may_become(Unpublished));
        for status in ProductStatus::ALL {
            assert!(!Archived.may_become(status));
            assert!(!status.may_become(Draft));
            assert_eq!(ProductStatus::of_row(status.as_str()), status);
        }
    }
}
