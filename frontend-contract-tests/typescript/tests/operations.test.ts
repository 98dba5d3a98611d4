// Operations that only an app or a partner sends.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { root } from "../codegen/places.ts";
import { cartWith, login, order, pay, present, variant } from "../src/checkout.ts";
import {
  MobileCartAddDocument,
  MobileCartViewDocument,
  MobileHomeDocument,
  MobileOrderChangedDocument,
  MobileOrdersDocument,
  MobileOrderTrackingDocument,
  MobileProductDetailDocument,
} from "../src/generated/graphql.ts";
import { request } from "../src/request.ts";
import { Shop } from "../src/shop.ts";
import { subscription } from "../src/subscription.ts";
import { webSocketClient } from "../src/web-socket.ts";
import { Watched } from "./watched.ts";

const shop = await Shop.open();
after(() => shop.close());
const guest = { url: shop.url };

test("the app's home page is one request", async () => {
  const { newest, affordable, categories } = await request(guest, MobileHomeDocument, { first: 4 });
  assert.equal(newest.nodes.length, 4);
  assert.equal(affordable.nodes.length, 4);
  const prices = affordable.nodes.map(({ priceRange }) => Number(priceRange?.min.amount));
  assert.deepEqual(prices, [...prices].sort((one, other) => one - other));
  assert.ok(categories.length > 0);
});

test("the app shows a product and puts it into a cart", async () => {
  const variables = { slug: "demo-product-0001" };
  const { product } = await request(guest, MobileProductDetailDocument, variables);
  const [first] = present(product, "no product").variants;
  assert.equal(first?.price.amount, "125000");
  assert.equal(first?.price.fractionDigits, 0);
  assert.equal(first?.isPurchasable, true);

  const { cart, cartToken } = await cartWith(guest, 1);
  const lines = [{ variantId: await variant(guest), quantity: 20 }];
  const { cartLinesAdd } = await request(guest, MobileCartAddDocument, {
    input: { cartId: cart.id, cartToken, lines },
  });
  const [refusal] = cartLinesAdd.userErrors;
  assert.equal(refusal?.code, "CART_CAPACITY_EXCEEDED");
  assert.equal(refusal?.max, cart.capacity);
  const view = await request(guest, MobileCartViewDocument, { id: cart.id, cartToken });
  assert.equal(view.cart?.totalQuantity, 1);
  assert.ok((view.cart?.shippingMethods.length ?? 0) > 0);
});

test("the app follows an order from its payment on", async () => {
  const { accessToken } = await login(shop.url, "customer");
  const buyer = { url: shop.url, accessToken };
  const own = await order(buyer);
  const webSocket = webSocketClient(shop.webSocketUrl, () => accessToken);
  const variables = { orderId: own.orderId };
  const events = new Watched(subscription(webSocket, MobileOrderChangedDocument, variables));
  await events.until("the first event", () => true);
  await pay(buyer, own);
  const { data } = await events.until(
    "CONFIRMED",
    ({ data }) => data?.orderStatusChanged.status === "CONFIRMED",
  );
  assert.ok(data?.orderStatusChanged.timeline.some(({ type }) => type === "OrderConfirmed"));
  events.stop();

  const tracking = await request(buyer, MobileOrderTrackingDocument, { id: own.orderId });
  assert.equal(tracking.order?.status, "CONFIRMED");
  assert.equal(tracking.order?.trackingNumber, null);
  const { me } = await request(buyer, MobileOrdersDocument, {});
  assert.equal(me?.orders?.nodes[0]?.id, own.orderId);
  await webSocket.dispose();
});

interface Manifest {
  format: string;
  version: number;
  operations: { id: string; name: string; type: string; body: string }[];
}

test("what partners may send answers, and is named by its hash", async () => {
  const file = join(root, "schema/manifests/partner.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  assert.equal(manifest.format, "apollo-persisted-query-manifest");
  assert.equal(manifest.version, 1);
  const variables: Record<string, unknown> = {
    PartnerCatalogPage: { first: 2 },
    PartnerStock: { skus: ["DEMO-0001-A"] },
  };
  assert.deepEqual(manifest.operations.map(({ name }) => name).sort(), Object.keys(variables));
  for (const { id, name, type, body } of manifest.operations) {
    assert.equal(id, createHash("sha256").update(body).digest("hex"), name);
    assert.equal(type, "query");
    const response = await fetch(shop.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: body, operationName: name, variables: variables[name] }),
    });
    const answer = (await response.json()) as { data?: unknown; errors?: unknown };
    assert.equal(answer.errors, undefined, JSON.stringify(answer));
    assert.ok(answer.data);
  }
});
