// Access tokens that expire while somebody is shopping.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { ApolloClient } from "@apollo/client";

import { apolloClient } from "../src/apollo.ts";
import { login, order } from "../src/checkout.ts";
import {
  CartViewDocument,
  CategoryTreeDocument,
  MyAccountDocument,
  OrderStatusChangedDocument,
  ProductListDocument,
  TokenRefreshDocument,
} from "../src/generated/graphql.ts";
import { request, send } from "../src/request.ts";
import { Session, type Tokens } from "../src/session.ts";
import { Shop } from "../src/shop.ts";
import { subscription } from "../src/subscription.ts";
import { webSocketClient } from "../src/web-socket.ts";
import { expired } from "./expired-token.ts";
import { Network } from "./network.ts";
import { Watched } from "./watched.ts";

const shop = await Shop.open();
after(() => shop.close());

/** The demo customer, whose access token has expired. */
async function returning(tokens?: Tokens) {
  const fresh = tokens ?? (await login(shop.url, "customer"));
  const network = new Network();
  const session = new Session(
    shop.url,
    { ...fresh, accessToken: expired(shop, fresh.accessToken) },
    network.fetch,
  );
  const client = apolloClient({ url: shop.url, session, fetch: network.fetch });
  return { fresh, network, session, client };
}

/** A page that asks for several things at once; the answers to what needs an account. */
async function openPage(client: ApolloClient) {
  const [account, , , again] = await Promise.all([
    client.query({ query: MyAccountDocument }),
    client.query({ query: ProductListDocument, variables: { first: 5 } }),
    client.query({ query: CategoryTreeDocument }),
    client.query({ query: MyAccountDocument, context: { queryDeduplication: false } }),
    client.query({ query: CartViewDocument, variables: { id: "cart_nothing" } }),
  ]);
  return [account, again];
}

test("the shop says that a token has expired, in a way that a client can act on", async () => {
  const { session } = await returning();
  const sender = { url: shop.url, accessToken: session.accessToken ?? "" };
  const answer = await send(sender, MyAccountDocument, {});
  assert.deepEqual(answer.errors?.map(({ extensions }) => extensions?.code), ["UNAUTHENTICATED"]);
  assert.match(answer.errors?.[0]?.message ?? "", /expired/);
});

test("many requests with an expired token share one refresh and are sent again", async () => {
  const { fresh, network, session, client } = await returning();
  for (const { data } of await openPage(client)) {
    assert.equal(data?.me?.email, "customer@bazaar.test");
  }
  assert.equal(network.count("TokenRefresh"), 1);
  assert.equal(network.count("ProductList"), 2);
  assert.notEqual(session.accessToken, fresh.accessToken);

  // From here on nothing is refused, and nothing is refreshed.
  await client.refetchQueries({ include: "all" });
  await client.query({ query: MyAccountDocument, fetchPolicy: "network-only" });
  assert.equal(network.count("TokenRefresh"), 1);
});

test("a refusal that comes after the refresh uses its token and asks for no other", async () => {
  const { network, session } = await returning();
  const old = session.accessToken ?? "";
  assert.equal(await session.renew(old), true);
  assert.equal(await session.renew(old), true);
  assert.equal(network.count("TokenRefresh"), 1);
});

test("a session that the shop does not continue ends, and the page shows it", async () => {
  const { network, session, client } = await returning({
    ...(await login(shop.url, "customer")),
    refreshToken: "not-a-refresh-token",
  });
  let signedOut = 0;
  session.onSignedOut = () => {
    signedOut += 1;
  };
  await assert.rejects(openPage(client), /expired/);
  assert.equal(network.count("TokenRefresh"), 1);
  assert.equal(signedOut, 1);
  assert.equal(session.accessToken, undefined);

  // The visitor goes on as a guest.
  const { data } = await client.query({ query: MyAccountDocument, fetchPolicy: "network-only" });
  assert.equal(data?.me, null);
  assert.equal(network.count("TokenRefresh"), 1);
});

test("a refresh that does not reach the shop leaves the session as it is", async () => {
  const { network, session, client } = await returning();
  const token = session.accessToken;
  network.break(true);
  await assert.rejects(session.renew(token ?? ""), /the network is down/);
  assert.equal(session.accessToken, token);
  network.break(false);
  const { data } = await client.query({ query: MyAccountDocument });
  assert.equal(data?.me?.email, "customer@bazaar.test");
});

test("a refresh token that was used twice ends the session", async () => {
  const { fresh } = await returning();
  const refresh = async (refreshToken: string) => {
    const variables = { input: { refreshToken } };
    const data = await request({ url: shop.url }, TokenRefreshDocument, variables);
    return data.tokenRefresh;
  };
  const second = await refresh(fresh.refreshToken);
  assert.ok(second.session);
  const third = await refresh(second.session.refreshToken);
  assert.ok(third.session);

  const stolen = await refresh(fresh.refreshToken);
  assert.equal(stolen.session, null);
  assert.equal(stolen.userErrors[0]?.code, "TOKEN_REUSED");
  // Its owner is told why it ended.
  const owner = await refresh(third.session.refreshToken);
  assert.equal(owner.session, null);
  assert.equal(owner.userErrors[0]?.code, "TOKEN_REUSED");
});

test("a subscription with an expired token is refused, and goes on with a new one", async () => {
  const tokens = await login(shop.url, "customer");
  const own = await order({ url: shop.url, accessToken: tokens.accessToken });
  const { session } = await returning(tokens);
  const open = async () => {
    const webSocket = webSocketClient(shop.webSocketUrl, () => session.accessToken);
    const variables = { orderId: own.orderId };
    const events = new Watched(subscription(webSocket, OrderStatusChangedDocument, variables));
    const first = await events.until("an answer", () => true);
    events.stop();
    await webSocket.dispose();
    return first;
  };
  const refused = await open();
  assert.deepEqual(refused.errors?.map(({ extensions }) => extensions?.["code"]), [
    "UNAUTHENTICATED",
  ]);
  assert.equal(await session.renew(session.accessToken ?? ""), true);
  assert.equal((await open()).data?.orderStatusChanged.status, "PENDING");
});
