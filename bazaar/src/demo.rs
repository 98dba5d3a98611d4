//! What a new shop is filled with, the same on every machine.

use accounts::demo::DemoAccount;
use auth::Role;
use catalog::demo::DemoVariant;
use clock::Clock;

use crate::services::{Databases, accounts_config};

/// The password of all demo accounts.
const PASSWORD: &str = "bazaar-demo";

/// Who can sign in.
const ACCOUNTS: [(&str, &str, &[Role]); 3] = [
    ("customer@bazaar.test", "Citra Customer", &[Role::Customer]),
    (
        "staff@bazaar.test",
        "Surya Staff",
        &[Role::Catalog, Role::Warehouse, Role::Support],
    ),
    ("admin@bazaar.test", "Agus Admin", &[Role::Admin]),
];

/// Fills an empty shop; returns whether there was anything to do.
pub(crate) async fn load(databases: &Databases, clock: &Clock) -> anyhow::Result<bool> {
    let now = clock.now();
    let config = catalog::Config::default();
    let products = catalog::demo::load(&databases.get("catalog"), &config, now).await?;
    // Each step leaves alone what is there, so that a start that was interrupted is completed.
    for (email, name, roles) in ACCOUNTS {
        let account = DemoAccount {
            email,
            password: PASSWORD,
            name,
            roles,
        };
        accounts::demo::account(&databases.get("accounts"), &accounts_config(), now, account)
            .await?;
    }
    let levels = catalog::demo::variants().into_iter().map(|variant| {
        let (main, east) = stock(&variant);
        (variant.variant_id, variant.sku, main, east)
    });
    inventory::demo::load(&databases.get("inventory"), now, levels).await?;
    Ok(products > 0)
}

/// Units in the main and in the east warehouse: 0 to 500 in all, some variants out of stock, and
/// plenty of the first one.
fn stock(variant: &DemoVariant) -> (i64, i64) {
    if variant.sku == "DEMO-0001-A" {
        return (1_200, 300);
    }
    // Spread evenly, without a pattern that a list would show.
    let spread = (variant.index as i64).wrapping_mul(7_919) % 1_000;
    match spread {
        0..100 => (0, 0),
        100..130 => (3, 0),
        _ => (
            spread * 400 / 1_000,
            if spread % 3 == 0 { spread / 10 } else { 0 },
        ),
    }
}
