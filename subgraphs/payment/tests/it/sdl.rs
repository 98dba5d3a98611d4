//! What this subgraph hands to composition.

use crate::shop::Shop;

#[tokio::test]
async fn sdl() {
    let shop = Shop::open().await;
    insta::assert_snapshot!(shop.subgraph.service.endpoint.sdl());
}
