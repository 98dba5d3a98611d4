// What has an id is asked for with its id, and kept once.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { gql } from "@apollo/client";
import {
  buildASTSchema,
  isObjectType,
  Kind,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";

import { apiSchema } from "../codegen/api-schema.ts";
import { FRONTS, operations } from "../codegen/operations.ts";
import { supergraphFile } from "../codegen/places.ts";
import { apolloClient, shopCache } from "../src/apollo.ts";
import { login, order, pay } from "../src/checkout.ts";
import {
  MyAccountDocument,
  OrderDetailDocument,
  OrderStatusChangedDocument,
  OrderStatusUpdateDocument,
} from "../src/generated/graphql.ts";
import { request } from "../src/request.ts";
import { Session } from "../src/session.ts";
import { Shop } from "../src/shop.ts";
import { webSocketClient } from "../src/web-socket.ts";
import { Watched } from "./watched.ts";

const schema = buildASTSchema(apiSchema(readFileSync(supergraphFile, "utf8")));
const cache = shopCache();

const shop = await Shop.open();
after(() => shop.close());

for (const front of FRONTS) {
  test(`operations of ${front} ask for the id and type of everything that has an id`, () => {
    const documents = operations(front);
    assert.ok(documents.length > 0);
    for (const document of documents) {
      const violations: string[] = [];
      const types = new TypeInfo(schema);
      visit(
        cache.transformDocument(document),
        visitWithTypeInfo(types, {
          SelectionSet(selections, _key, parent) {
            const type = types.getParentType();
            if (!parent || !isObjectType(type) || !("id" in type.getFields())) return;
            // A fragment is looked at where it is defined.
            if (onlySpreads(selections)) return;
            for (const field of ["id", "__typename"]) {
              if (!selects(selections, field)) violations.push(`${type.name} without ${field}`);
            }
          },
        }),
      );
      const [operation] = document.definitions;
      assert.equal(operation?.kind, Kind.OPERATION_DEFINITION);
      assert.deepEqual(violations, [], operation.name?.value);
    }
  });
}

function selects({ selections }: SelectionSetNode, name: string): boolean {
  return selections.some(
    (selection) =>
      (selection.kind === Kind.FIELD && selection.name.value === name && !selection.alias) ||
      selection.kind === Kind.FRAGMENT_SPREAD,
  );
}

function onlySpreads({ selections }: SelectionSetNode): boolean {
  return selections.every(
    (selection) =>
      selection.kind === Kind.FRAGMENT_SPREAD ||
      (selection.kind === Kind.FIELD && selection.name.value === "__typename"),
  );
}

test("an order's new status shows in the list and in the detail, whoever brought it", async () => {
  const tokens = await login(shop.url, "customer");
  const buyer = { url: shop.url, accessToken: tokens.accessToken };
  const own = await order(buyer);
  const session = new Session(shop.url, tokens);
  const webSocket = webSocketClient(shop.webSocketUrl, () => session.accessToken);
  const client = apolloClient({ url: shop.url, session, webSocket });

  const list = new Watched(client.watchQuery({ query: MyAccountDocument }));
  const variables = { id: own.orderId };
  const detail = new Watched(client.watchQuery({ query: OrderDetailDocument, variables }));
  const inList = (): string | undefined =>
    list.last?.data?.me?.orders?.nodes?.find((node) => node?.id === own.orderId)?.status;
  const shows = async (status: string): Promise<void> => {
    await detail.until(status, ({ data }) => data?.order?.status === status);
    await list.until(status, () => inList() === status);
  };
  await shows("PENDING");

  // The subscription's events go into the cache; nobody asks again.
  const events = new Watched(
    client.subscribe({
      query: OrderStatusChangedDocument,
      variables: { orderId: own.orderId },
    }),
  );
  await events.until(
    "the first event",
    ({ data }) => data?.orderStatusChanged.status === "PENDING",
  );
  await pay(buyer, own);
  await shows("CONFIRMED");
  const staff = await login(shop.url, "staff");
  const input = { orderId: own.orderId, status: "PROCESSING" } as const;
  const moved = await request(
    { url: shop.url, accessToken: staff.accessToken },
    OrderStatusUpdateDocument,
    { input },
  );
  assert.deepEqual(moved.orderStatusUpdate.userErrors, []);
  await shows("PROCESSING");

  // Everything with an id is in the cache under its id, and only there.
  const stored = client.cache.extract() as Record<string, unknown>;
  assert.ok(stored[`Order:${own.orderId}`]);
  for (const [key, entry] of Object.entries(stored)) {
    for (const type of embedded(entry)) assert.fail(`${key} holds a ${type} of its own`);
  }
  const kept = client.cache.readFragment<{ status: string }>({
    id: `Order:${own.orderId}`,
    fragment: gql("fragment Status on Order { status }"),
  });
  assert.equal(kept?.status, "PROCESSING");

  for (const watched of [list, detail, events]) watched.stop();
  await webSocket.dispose();
});

/** Types of the objects below a stored one that should have been stored under their own id. */
function embedded(entry: unknown): string[] {
  if (typeof entry !== "object" || entry === null) return [];
  return Object.values(entry).flatMap((value: unknown) => {
    if (typeof value !== "object" || value === null) return [];
    const name = "__typename" in value ? String(value.__typename) : undefined;
    const type = name === undefined ? undefined : schema.getType(name);
    const hasId = isObjectType(type) && "id" in type.getFields();
    return [...(hasId ? [type.name] : []), ...embedded(value)];
  });
}
