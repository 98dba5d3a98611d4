//! Two types that differ in their `!` only.

use apollo_compiler::ast::Type;

/// What happened to the `!`s of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    /// Nothing.
    None,
    /// Some were added.
    Stricter,
    /// Some were taken away.
    Looser,
    /// Both, at different depths.
    Both,
}

impl Shift {
    /// `None` if the types differ in more than that.
    pub(super) fn between(before: &Type, after: &Type) -> Option<Self> {
        let here = match (before.is_non_null(), after.is_non_null()) {
            (false, true) => Self::Stricter,
            (true, false) => Self::Looser,
            _ => Self::None,
        };
        match (before.is_list(), after.is_list()) {
            (true, true) => Some(here.and(Self::between(before.item_type(), after.item_type())?)),
            (false, false) if before.inner_named_type() == after.inner_named_type() => Some(here),
            _ => None,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, shift) | (shift, Self::None) => shift,
            (Self::Stricter, Self::Stricter) => Self::Stricter,
            (Self::Looser, Self::Looser) => Self::Looser,
            _ => Self::Both,
        }
    }
}
