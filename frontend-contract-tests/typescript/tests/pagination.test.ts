// Pages become one list.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { apolloClient } from "../src/apollo.ts";
import { ProductListDocument, type ProductListQueryVariables } from "../src/generated/graphql.ts";
import { Shop } from "../src/shop.ts";
import { Watched } from "./watched.ts";

const shop = await Shop.open();
after(() => shop.close());

const CHEAPEST = { first: 10, sort: { field: "PRICE", direction: "ASC" } } as const;

function listPage(variables: ProductListQueryVariables) {
  const client = apolloClient({ url: shop.url });
  const query = client.watchQuery({ query: ProductListDocument, variables });
  const page = new Watched(query);
  const ids = (): string[] => page.last?.data?.products?.nodes?.map((node) => node?.id ?? "") ?? [];
  const loaded = (count: number) => page.until(`${count} products`, () => ids().length === count);
  const end = (): string | null => page.last?.data?.products?.pageInfo?.endCursor ?? null;
  return { client, query, page, ids, loaded, end };
}

test("the next pages continue the list, without a product twice or left out", async () => {
  const { query, page, ids, loaded, end } = listPage(CHEAPEST);
  await loaded(10);
  const first = ids();
  for (const count of [20, 30]) {
    await query.fetchMore({ variables: { after: end() } });
    await loaded(count);
  }
  assert.deepEqual(ids().slice(0, 10), first);
  assert.equal(new Set(ids()).size, 30);

  // The same thirty as in one page.
  const whole = listPage({ ...CHEAPEST, first: 30 });
  await whole.loaded(30);
  assert.deepEqual(ids(), whole.ids());
  page.stop();
  whole.page.stop();
});

test("a page that overlaps with the list adds what is new", async () => {
  const { query, page, ids, loaded, end } = listPage(CHEAPEST);
  await loaded(10);
  const after = end();
  await query.fetchMore({ variables: { after, first: 5 } });
  await loaded(15);
  await query.fetchMore({ variables: { after, first: 10 } });
  await loaded(20);
  assert.equal(new Set(ids()).size, 20);
  page.stop();
});

test("another filter is another list", async () => {
  const { client, query, page, ids, loaded, end } = listPage(CHEAPEST);
  await loaded(10);
  const dearest = { field: "PRICE", direction: "DESC" } as const;
  const variables = { first: 10, filter: { inStock: true }, sort: dearest };
  const { data } = await client.query({ query: ProductListDocument, variables });
  const dear = data?.products.nodes.map(({ id }) => id) ?? [];
  assert.equal(dear.length, 10);
  await query.fetchMore({ variables: { after: end() } });
  await loaded(20);
  assert.deepEqual(ids().filter((id) => dear.includes(id)), []);
  page.stop();
});

test("the last page says that it is the last", async () => {
  const { query, page, loaded, end } = listPage({
    first: 100,
    filter: { categorySlug: "no-such-category" },
  });
  await page.until("an empty list", ({ data }) => data?.products?.totalCount === 0);
  assert.equal(end(), null);
  assert.equal(page.last?.data?.products?.pageInfo?.hasNextPage, false);
  await query.fetchMore({ variables: { after: null } });
  await loaded(0);
  page.stop();
});
