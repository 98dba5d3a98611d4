//! What `bazaar run` tells its user.

use crate::settings::Settings;

/// Addresses, demo accounts and a first query.
pub fn text(settings: &Settings, url: &str) -> String {
    let mut text = format!(
        "
  Bazaar is open.

  GraphiQL   {url}/graphiql
  GraphQL    {url}/graphql
  Data       {}
",
        settings.data.display()
    );
    if settings.demo {
        text.push_str(
            "
  Demo accounts (password: bazaar-demo)
    customer@bazaar.test   buys
    staff@bazaar.test      catalog, warehouse, support
    admin@bazaar.test      everything
",
        );
    }
    text.push_str(&format!(
        "
  A first query
    curl {url}/graphql -H 'content-type: application/json' \\
      -d '{{\"query\":\"{{ products(first: 3) {{ nodes {{ name priceRange {{ min {{ amount currencyCode }} }} }} }} }}\"}}'

  Ctrl-C stops it."
    ));
    text
}
