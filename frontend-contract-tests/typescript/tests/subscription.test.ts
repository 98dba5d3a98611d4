// graphql-ws, when the shop goes away and comes back.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { order, pay } from "../src/checkout.ts";
import { OrderStatusChangedDocument } from "../src/generated/graphql.ts";
import { Shop } from "../src/shop.ts";
import { subscription } from "../src/subscription.ts";
import { webSocketClient } from "../src/web-socket.ts";
import { Watched } from "./watched.ts";

const shop = await Shop.open();
after(() => shop.close());

/** A guest who watches an order, and what happens to the connection. */
async function watching() {
  const guest = { url: shop.url };
  const own = await order(guest);
  const closed: number[] = [];
  const client = webSocketClient(shop.webSocketUrl, () => undefined, {
    closed: (event) => closed.push((event as { code: number }).code),
  });
  const events = new Watched(subscription(client, OrderStatusChangedDocument, own));
  const status = (wanted: string, after = 0) =>
    events.until(wanted, ({ data }) => data?.orderStatusChanged.status === wanted, after);
  await status("PENDING");
  return { guest, own, closed, client, events, status };
}

test("events come until the client has enough", async () => {
  const { guest, own, client, closed, events, status } = await watching();
  await pay(guest, own);
  const { data } = await status("CONFIRMED");
  assert.match(data?.orderStatusChanged.number ?? "", /^BZ-\d{4}-\d{6}$/);
  assert.ok(data?.orderStatusChanged.placedAt);
  const end = new Promise<void>((resolve) => client.on("closed", () => resolve()));
  events.stop();
  await end;
  assert.deepEqual(closed, [1000], "with its last subscription the connection ends");
});

test("an order is nobody else's to watch", async () => {
  const { own, client, events } = await watching();
  const variables = { orderId: own.orderId, orderToken: "not-the-token" };
  const stranger = new Watched(subscription(client, OrderStatusChangedDocument, variables));
  const { data, errors } = await stranger.until("an answer", () => true);
  assert.equal(data ?? null, null);
  assert.equal(errors?.[0]?.extensions?.["code"], "ORDER_NOT_FOUND");

  // It ends that subscription only.
  assert.equal(events.seen.length, 1);
  for (const watched of [stranger, events]) watched.stop();
  await client.dispose();
});

test("after a crash and a new start the subscription continues by itself", async () => {
  const { guest, own, client, closed, events, status } = await watching();
  await shop.stop("SIGKILL");
  await shop.start();

  // Subscribed again, it first gets what is; then what changes.
  await status("PENDING", 1);
  assert.equal(closed[0], 1006);
  await pay(guest, own);
  await status("CONFIRMED", 2);
  events.stop();
  await client.dispose();
});

test(
  "after a polite stop and a new start the subscription continues by itself",
  async () => {
    const { guest, own, client, closed, events, status } = await watching();
    try {
      await shop.stop("SIGTERM");
      await shop.start();
      await status("PENDING", 1);
      assert.equal(closed[0], 1001);
      await pay(guest, own);
      await status("CONFIRMED", 2);
    } finally {
      events.stop();
      await client.dispose();
    }
  },
);

test("what happened while the connection was lost is seen after it", async () => {
  const { guest, own, client, events, status } = await watching();
  const lost = new Promise<void>((resolve) => client.on("closed", () => resolve()));
  client.terminate();
  await Promise.all([lost, pay(guest, own)]);
  await status("CONFIRMED");
  const statuses = events.seen.map(({ data }) => data?.orderStatusChanged.status);
  assert.deepEqual(statuses.slice(-1), ["CONFIRMED"]);
  events.stop();
  await client.dispose();
});
