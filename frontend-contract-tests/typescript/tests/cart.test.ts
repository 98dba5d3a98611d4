// A cart that shows a change at once, and what the shop says of it afterwards.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { CombinedGraphQLErrors } from "@apollo/client";

import { apolloClient } from "../src/apollo.ts";
import { cartWith, present } from "../src/checkout.ts";
import {
  type CartFieldsFragment,
  CartLinesAddDocument,
  type CartLinesAddMutation,
  CartViewDocument,
} from "../src/generated/graphql.ts";
import { Shop } from "../src/shop.ts";
import { Network } from "./network.ts";
import { Watched } from "./watched.ts";

const shop = await Shop.open();
after(() => shop.close());

/** A page that shows a cart with two units of one variant. */
async function cartPage() {
  const network = new Network();
  const own = await cartWith({ url: shop.url }, 2);
  const client = apolloClient({ url: shop.url, fetch: network.fetch });
  const variables = { id: own.cart.id, cartToken: own.cartToken };
  const page = new Watched(client.watchQuery({ query: CartViewDocument, variables }));
  await page.until("the cart", ({ data }) => data?.cart != null);
  const shown = (): CartFieldsFragment =>
    present(page.last?.data?.cart as CartFieldsFragment, page.last);
  return { network, own, client, page, shown };
}

/** Adds units of the cart's variant, and shows them before the shop has answered. */
function add({ own, client, shown }: Awaited<ReturnType<typeof cartPage>>, quantity: number) {
  const cart = shown();
  const line = present(cart.lines[0], cart);
  const variantId = present(line.variant, line).id;
  return client.mutate({
    mutation: CartLinesAddDocument,
    variables: {
      input: { cartId: cart.id, cartToken: own.cartToken, lines: [{ variantId, quantity }] },
    },
    optimisticResponse: guess({
      ...cart,
      totalQuantity: cart.totalQuantity + quantity,
      lines: [{ ...line, quantity: line.quantity + quantity }],
    }),
  });
}

/** The answer as it will probably be. What comes from the cache names its types already. */
function guess(cart: CartFieldsFragment): CartLinesAddMutation {
  const payload = { __typename: "CartLinesAddPayload", cart, userErrors: [], warnings: [] };
  return { cartLinesAdd: payload };
}

test("an added unit is counted at once, and the shop's answer replaces the guess", async () => {
  const shopper = await cartPage();
  const { network, page, shown } = shopper;
  const release = network.hold();
  const before = page.seen.length;

  const answer = add(shopper, 3);
  await page.until("five units", ({ data }) => data?.cart?.totalQuantity === 5, before);
  const guessed = shown();
  assert.equal(guessed.cost.subtotal.amount, "250000", "a guess knows no new price");

  release();
  const { data } = await answer;
  assert.deepEqual(data?.cartLinesAdd.userErrors, []);
  assert.equal(shown().totalQuantity, 5);
  assert.equal(shown().cost.subtotal.amount, "625000");
  assert.deepEqual(shown(), data?.cartLinesAdd.cart, "the page shows the answer, line for line");
  page.stop();
});

test("a guess is taken back when the network fails", async () => {
  const shopper = await cartPage();
  const { network, page, shown } = shopper;
  const before = page.seen.length;
  network.break(true);
  await assert.rejects(add(shopper, 1), /the network is down/);
  assert.deepEqual(
    page.seen.slice(before).map(({ data }) => data?.cart?.totalQuantity),
    [3, 2],
  );
  assert.equal(shown().cost.subtotal.amount, "250000");
  page.stop();
});

test("a guess is taken back when the shop fails the request", async () => {
  const { own, client, page, shown } = await cartPage();
  const before = page.seen.length;
  const input = { cartId: own.cart.id, cartToken: own.cartToken, lines: [] };
  const refused = client.mutate({
    mutation: CartLinesAddDocument,
    variables: { input },
    context: { headers: { authorization: "Bearer not-a-token" } },
    optimisticResponse: guess({ ...shown(), totalQuantity: 0, lines: [] }),
  });
  await assert.rejects(refused, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error));
    assert.equal(error.errors[0]?.extensions?.["code"], "UNAUTHENTICATED");
    return true;
  });
  assert.deepEqual(
    page.seen.slice(before).map(({ data }) => data?.cart?.totalQuantity),
    [0, 2],
  );
  assert.equal(shown().lines.length, 1);
  page.stop();
});

test("a refused change leaves the cart that the shop sends along", async () => {
  const shopper = await cartPage();
  const { network, page, shown } = shopper;
  const release = network.hold();
  const before = page.seen.length;
  const answer = add(shopper, 9);
  await page.until("eleven units", ({ data }) => data?.cart?.totalQuantity === 11, before);

  release();
  const { data } = await answer;
  const [refusal] = data?.cartLinesAdd.userErrors ?? [];
  assert.equal(refusal?.code, "CART_CAPACITY_EXCEEDED");
  assert.equal(shown().totalQuantity, 2);
  page.stop();
});
