//! Amounts, currencies and taxes, exactly.
//!
//! An amount is a whole number of a currency's smallest unit ([`Money`]). Nothing
//! here uses floating point: products are taken in `i128`, and every rounding of a
//! tax happens in one function.
//!
//! - [`Currency`]: the table of codes and fraction digits.
//! - [`Money`]: an amount with its currency; checked arithmetic; text in and out.
//! - [`allocate`]: splits an amount so that the parts add up exactly.
//! - [`TaxRate`], [`TaxTable`]: tax rates as data, and the two directions of tax.

mod allocate;
mod amount;
mod currency;
mod error;
mod tax;

pub use allocate::allocate;
pub use amount::Money;
pub use currency::{CURRENCIES, Currency};
pub use error::MoneyError;
pub use tax::{
    PPN_2022, PPN_2025, PPN_2025_LUXURY, Rounding, TaxCategory, TaxRate, TaxTable, tax_exclusive,
    tax_inclusive,
};
