//! The subgraph's schema, as composition sees it.

use crate::shop::Shop;

#[tokio::test]
async fn sdl() {
    let shop = Shop::open().await;
    insta::assert_snapshot!(shop.order.service.endpoint.sdl());
}
