// What a client is told when something goes wrong, and what it is not told.

import assert from "node:assert/strict";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { CombinedGraphQLErrors, gql, type TypedDocumentNode } from "@apollo/client";

import { apolloClient } from "../src/apollo.ts";
import { login } from "../src/checkout.ts";
import {
  CartCreateDocument,
  LoginDocument,
  MyAccountDocument,
  OrderDetailDocument,
  ProductListDocument,
  StaffOrdersDocument,
} from "../src/generated/graphql.ts";
import { Session } from "../src/session.ts";
import { Shop } from "../src/shop.ts";

const shop = await Shop.open();
after(() => shop.close());

/** The errors that an answer consists of. */
async function refusal(answer: Promise<unknown>) {
  let errors: CombinedGraphQLErrors["errors"] = [];
  await assert.rejects(answer, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    ({ errors } = error);
    return true;
  });
  const [first] = errors;
  assert.ok(first);
  return { code: first.extensions?.["code"], path: first.path, message: first.message };
}

test("what a user can put right is in the payload, with a code and the field", async () => {
  const client = apolloClient({ url: shop.url });
  const lines = [{ variantId: "var_nothing", quantity: 1 }];
  const { data } = await client.mutate({
    mutation: CartCreateDocument,
    variables: { input: { lines } },
  });
  assert.deepEqual(data?.cartCreate.userErrors, [
    {
      __typename: "CartUserError",
      field: ["input", "lines", "0", "variantId"],
      code: "VARIANT_NOT_FOUND",
      message: data?.cartCreate.userErrors[0]?.message,
    },
  ]);
  assert.equal(data?.cartCreate.cart, null);
});

test("a wrong password is a user error, not a failed request", async () => {
  const client = apolloClient({ url: shop.url });
  const input = { email: "customer@bazaar.test", password: "wrong" };
  const { data } = await client.mutate({ mutation: LoginDocument, variables: { input } });
  assert.equal(data?.login.session, null);
  assert.equal(data?.login.userErrors[0]?.code, "INVALID_CREDENTIALS");
});

test("what does not exist, or is somebody else's, is null", async () => {
  const client = apolloClient({ url: shop.url });
  const variables = { id: "order_nothing" };
  const { data } = await client.query({ query: OrderDetailDocument, variables });
  assert.equal(data?.order, null);
});

test("what a program has to put right is a top-level error with a code and a path", async () => {
  const client = apolloClient({ url: shop.url });
  const products = (variables: object) => client.query({ query: ProductListDocument, variables });
  const tooMany = await refusal(products({ first: 1000 }));
  assert.deepEqual([tooMany.code, tooMany.path], ["BAD_USER_INPUT", ["products"]]);
  const foreign = await refusal(products({ after: "not-a-cursor" }));
  assert.deepEqual([foreign.code, foreign.path], ["BAD_USER_INPUT", ["products"]]);
  const wrongType = await refusal(products({ first: "ten" }));
  assert.equal(wrongType.code, "BAD_USER_INPUT");
});

test("a document that does not fit the graph is refused, with every reason", async () => {
  const client = apolloClient({ url: shop.url });
  const query = gql("query Wrong { products { nodes { id price colour } } }");
  await assert.rejects(client.query({ query }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assert.deepEqual(
      error.errors.map(({ extensions }) => extensions?.["code"]),
      ["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_VALIDATION_FAILED"],
    );
    return true;
  });
});

test("who is not signed in, and who may not, are told apart", async () => {
  const anonymous = apolloClient({ url: shop.url });
  const unknown = await refusal(anonymous.query({ query: StaffOrdersDocument }));
  assert.equal(unknown.code, "UNAUTHENTICATED");
  const { data } = await anonymous.query({ query: MyAccountDocument });
  assert.equal(data?.me, null);

  const session = new Session(shop.url, await login(shop.url, "customer"));
  const customer = apolloClient({ url: shop.url, session });
  const forbidden = await refusal(customer.query({ query: StaffOrdersDocument }));
  assert.equal(forbidden.code, "FORBIDDEN");
});

test("a fault of the shop is masked, and can be reported by its request id", async () => {
  const session = new Session(shop.url, await login(shop.url, "customer"));
  const client = apolloClient({ url: shop.url, session });
  spoil("notification.db");
  const { data, error } = await client.query({ query: MAILS, errorPolicy: "all" });

  // What the other services know is still shown.
  assert.match(data?.me?.id ?? "", /^usr_/);
  assert.equal(data?.me?.emails, null);

  assert.ok(CombinedGraphQLErrors.is(error));
  const [fault] = error.errors;
  assert.equal(fault?.message, "Internal server error");
  const { code, requestId, ...more } = fault?.extensions ?? {};
  assert.equal(code, "INTERNAL_SERVER_ERROR");
  assert.match(String(requestId), /^[0-9a-f-]{36}$/);
  assert.deepEqual(more, {});
});

test(
  "the path of an error leads to the field that is null for it",
  async () => {
    const session = new Session(shop.url, await login(shop.url, "customer"));
    const client = apolloClient({ url: shop.url, session });
    const { error } = await client.query({ query: MAILS, errorPolicy: "all" });
    assert.ok(CombinedGraphQLErrors.is(error));
    assert.deepEqual(error.errors[0]?.path, ["me", "emails"]);
  },
);

const MAILS: TypedDocumentNode<{ me: { id: string; emails: unknown[] | null } | null }> = gql(
  "query Mails { me { id emails { id subject } } }",
);

/** Overwrites a database under the running shop. */
function spoil(name: string): void {
  for (const file of readdirSync(shop.folder).filter((file) => file.startsWith(name))) {
    const path = join(shop.folder, file);
    writeFileSync(path, Buffer.alloc(statSync(path).size, 0xff), { flag: "r+" });
  }
}
