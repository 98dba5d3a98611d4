//! Roles, and the permissions they grant.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What somebody is to the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Buys without an account.
    Guest,
    /// Buys with an account.
    Customer,
    /// Sells in the shop.
    Seller,
    /// Answers customers.
    Support,
    /// Keeps the product data.
    Catalog,
    /// Keeps and ships the goods.
    Warehouse,
    /// Keeps the money.
    Finance,
    /// Runs the shop.
    Admin,
    /// A company that sends its own operations.
    Partner,
}

/// A permission, named `<what>:<how>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(&'static str);

impl Scope {
    /// Change products, categories and prices; see those that are not published.
    pub const CATALOG_WRITE: Self = Self("catalog:write");
    /// See stock by warehouse, reservations and movements.
    pub const INVENTORY_READ: Self = Self("inventory:read");
    /// Change stock.
    pub const INVENTORY_WRITE: Self = Self("inventory:write");
    /// See everybody's orders.
    pub const ORDERS_READ: Self = Self("orders:read");
    /// Change everybody's orders.
    pub const ORDERS_WRITE: Self = Self("orders:write");
    /// Pack and ship orders.
    pub const ORDERS_FULFIL: Self = Self("orders:fulfil");
    /// See everybody's payments.
    pub const PAYMENTS_READ: Self = Self("payments:read");
    /// Give money back.
    pub const PAYMENTS_REFUND: Self = Self("payments:refund");
    /// See everybody's accounts.
    pub const USERS_READ: Self = Self("users:read");
    /// Change accounts and their roles.
    pub const USERS_WRITE: Self = Self("users:write");
    /// See the messages sent to customers.
    pub const EMAILS_READ: Self = Self("emails:read");

    /// The name of the permission.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl AsRef<str> for Scope {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.0)
    }
}

/// Who may do what. A role that is not named beside a permission does not have it.
const GRANTS: &[(Scope, &[Role])] = &[
    (Scope::CATALOG_WRITE, &[Role::Catalog, Role::Admin]),
    (Scope::INVENTORY_READ, &[Role::Warehouse, Role::Admin]),
    (Scope::INVENTORY_WRITE, &[Role::Warehouse, Role::Admin]),
    (Scope::ORDERS_READ, &[Role::Support, Role::Admin]),
    (Scope::ORDERS_WRITE, &[Role::Support, Role::Admin]),
    (Scope::ORDERS_FULFIL, &[Role::Warehouse, Role::Admin]),
    (
        Scope::PAYMENTS_READ,
        &[Role::Support, Role::Finance, Role::Admin],
    ),
    (Scope::PAYMENTS_REFUND, &[Role::Finance, Role::Admin]),
    (Scope::USERS_READ, &[Role::Support, Role::Admin]),
    (Scope::USERS_WRITE, &[Role::Admin]),
    (Scope::EMAILS_READ, &[Role::Support, Role::Admin]),
];

/// Every permission these roles grant together.
#[must_use]
pub fn scopes_of(roles: &[Role]) -> BTreeSet<Scope> {
    GRANTS
        .iter()
        .filter(|(_, granted_to)| roles.iter().any(|role| granted_to.contains(role)))
        .map(|(scope, _)| *scope)
        .collect()
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 9] = [
        Self::Guest,
        Self::Customer,
        Self::Seller,
        Self::Support,
        Self::Catalog,
        Self::Warehouse,
        Self::Finance,
        Self::Admin,
        Self::Partner,
    ];

    /// The name of the role in tokens, events and the schema.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "GUEST",
            Self::Customer => "CUSTOMER",
            Self::Seller => "SELLER",
            Self::Support => "SUPPORT",
            Self::Catalog => "CATALOG",
            Self::Warehouse => "WAREHOUSE",
            Self::Finance => "FINANCE",
            Self::Admin => "ADMIN",
            Self::Partner => "PARTNER",
        }
    }

    /// Every permission this role grants.
    #[must_use]
    pub fn scopes(self) -> BTreeSet<Scope> {
        scopes_of(&[self])
    }

    /// Whether people with this role work for the shop.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        match self {
            Self::Support | Self::Catalog | Self::Warehouse | Self::Finance | Self::Admin => true,
            Self::Guest | Self::Customer | Self::Seller | Self::Partner => false,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// The text was not the name of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown role")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == name)
            .ok_or(UnknownRole)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{GRANTS, Role, Scope, scopes_of};

    #[test]
    fn every_role_has_its_name() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            let json = serde_json::to_value(role).expect("a string");
            assert_eq!(json, role.as_str());
        }
        assert!("admin".parse::<Role>().is_err());
    }

    #[test]
    fn buyers_sellers_and_partners_have_no_staff_permission() {
        let outside = [Role::Guest, Role::Customer, Role::Seller, Role::Partner];
        assert!(scopes_of(&outside).is_empty());
        assert!(outside.iter().all(|role| !role.is_staff()));
    }

    #[test]
    fn every_staff_role_has_a_permission_and_admin_has_all() {
        for role in Role::ALL.into_iter().filter(|role| role.is_staff()) {
            assert!(!role.scopes().is_empty(), "{role}");
        }
        let all: BTreeSet<Scope> = GRANTS.iter().map(|(scope, _)| *scope).collect();
        assert_eq!(Role::Admin.scopes(), all);
        assert_eq!(all.len(), GRANTS.len(), "one row per permission");
    }

    #[test]
    fn who_answers_customers_cannot_give_money_back() {
        let support = Role::Support.scopes();
        assert!(support.contains(&Scope::ORDERS_WRITE));
        assert!(support.contains(&Scope::USERS_READ));
        assert!(!support.contains(&Scope::PAYMENTS_REFUND));
        assert!(!support.contains(&Scope::USERS_WRITE));
        assert!(Role::Finance.scopes().contains(&Scope::PAYMENTS_REFUND));
    }

    #[test]
    fn the_warehouse_fulfils_orders_and_does_not_rewrite_them() {
        let warehouse = Role::Warehouse.scopes();
        assert_eq!(
            warehouse,
            BTreeSet::from([
                Scope::INVENTORY_READ,
                Scope::INVENTORY_WRITE,
                Scope::ORDERS_FULFIL
            ])
        );
    }

    #[test]
    fn several_roles_add_up() {
        let both = scopes_of(&[Role::Catalog, Role::Finance]);
        assert!(both.contains(&Scope::CATALOG_WRITE));
        assert!(both.contains(&Scope::PAYMENTS_REFUND));
    }
}
