//! GraphQL types that several subgraphs share; byte-identical in all of them.

mod address;
mod money;
mod page_info;
mod scalars;
mod sdl;

pub use address::{AddressInput, PostalAddress};
pub use money::{CurrencyCode, Money, MoneyInput, MoneyInputError};
pub use page_info::PageInfo;
pub use scalars::{BigInt, DATE_TIME_DESCRIPTION, Decimal};
pub use sdl::federation_sdl;
