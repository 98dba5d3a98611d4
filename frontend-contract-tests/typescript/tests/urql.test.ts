// urql: a query, a mutation, an error, a token that expires.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Observable } from "rxjs";

import { cartWith, login, present } from "../src/checkout.ts";
import {
  CartLinesUpdateDocument,
  CartViewDocument,
  MyAccountDocument,
  ProductListDocument,
  ProductPageDocument,
} from "../src/generated/graphql.ts";
import { Session } from "../src/session.ts";
import { Shop } from "../src/shop.ts";
import { urqlClient } from "../src/urql.ts";
import { expired } from "./expired-token.ts";
import { Network } from "./network.ts";
import { Watched } from "./watched.ts";

const shop = await Shop.open();
after(() => shop.close());

test("a query answers, and answers from the cache the second time", async () => {
  const network = new Network();
  const client = urqlClient(shop.url, new Session(shop.url), network.fetch);
  const variables = { slug: "demo-product-0001" };
  const { data, error } = await client.query(ProductPageDocument, variables).toPromise();
  assert.equal(error, undefined);
  assert.equal(data?.product?.variants[0]?.price.minorAmount, "125000");
  const again = await client.query(ProductPageDocument, variables).toPromise();
  assert.deepEqual(again.data, data);
  assert.equal(network.count("ProductPage"), 1);
});

test("a mutation answers, and what shows the cart asks again", async () => {
  const client = urqlClient(shop.url, new Session(shop.url));
  const { cart, cartToken } = await cartWith({ url: shop.url }, 1);
  const line = present(cart.lines[0], cart);
  const page = new Watched(
    new Observable<number | undefined>((observer) => {
      const shown = client
        .query(CartViewDocument, { id: cart.id, cartToken })
        .subscribe(({ data }) => observer.next(data?.cart?.totalQuantity));
      return () => shown.unsubscribe();
    }),
  );
  await page.until("one unit", (units) => units === 1);
  const input = { cartId: cart.id, cartToken, lines: [{ lineId: line.id, quantity: 4 }] };
  const { data } = await client.mutation(CartLinesUpdateDocument, { input }).toPromise();
  assert.deepEqual(data?.cartLinesUpdate.userErrors, []);
  assert.equal(data?.cartLinesUpdate.cart?.totalQuantity, 4);
  await page.until("four units", (units) => units === 4);
  page.stop();
});

test("top-level errors come with their codes", async () => {
  const client = urqlClient(shop.url, new Session(shop.url));
  const { data, error } = await client.query(ProductListDocument, { first: 1000 }).toPromise();
  assert.equal(data ?? null, null);
  assert.equal(error?.graphQLErrors[0]?.extensions["code"], "BAD_USER_INPUT");
});

/** The demo customer, whose access token has expired. */
async function returning() {
  const network = new Network();
  const tokens = await login(shop.url, "customer");
  const session = new Session(
    shop.url,
    { ...tokens, accessToken: expired(shop, tokens.accessToken) },
    network.fetch,
  );
  return { network, client: urqlClient(shop.url, session, network.fetch) };
}

test("an expired token is refreshed once for all requests", async () => {
  const { network, client } = await returning();
  const [account, list, page] = await Promise.all([
    client.query(MyAccountDocument, {}).toPromise(),
    client.query(ProductListDocument, { first: 2 }).toPromise(),
    client.query(ProductPageDocument, { slug: "demo-product-0002" }).toPromise(),
  ]);
  assert.equal(account.data?.me?.email, "customer@bazaar.test");
  assert.equal(list.data?.products.nodes.length, 2);
  assert.ok(page.data?.product);
  assert.equal(network.count("TokenRefresh"), 1);
});

test("a refusal that comes after the refresh needs no other", async () => {
  const { network, client } = await returning();
  const release = network.hold("ProductList");
  const list = client.query(ProductListDocument, { first: 2 }).toPromise();
  const account = await client.query(MyAccountDocument, {}).toPromise();
  assert.equal(account.data?.me?.email, "customer@bazaar.test");
  release();
  assert.equal((await list).data?.products.nodes.length, 2);
  assert.equal(network.count("ProductList"), 2);
  assert.equal(network.count("TokenRefresh"), 1);
});
