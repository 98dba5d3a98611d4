// The smallest program that uses the published client: any GraphQL client would do for `send`.

import {
  type CartLinesAddInput,
  CartLinesAddDocument,
  MobileHomeDocument,
  type OrderStatus,
  ProductPageDocument,
} from "@bazaar/client";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";

type Send = <Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

export async function label(send: Send, slug: string): Promise<string> {
  const { product } = await send(ProductPageDocument, { slug });
  const [variant] = product?.variants ?? [];
  const amount: string = variant?.price.minorAmount ?? "";

  // @ts-expect-error what was not asked for is not there
  product?.createdAt;
  // @ts-expect-error a slug is a string
  await send(ProductPageDocument, { slug: 1 });
  // @ts-expect-error there is no such status
  const status: OrderStatus = "LOST";
  return `${product?.name} ${variant?.name} ${amount}${status && ""}`;
}

export async function fill(send: Send, input: CartLinesAddInput): Promise<number | undefined> {
  const { cartLinesAdd } = await send(CartLinesAddDocument, { input });
  switch (cartLinesAdd.userErrors[0]?.code) {
    case "CART_CAPACITY_EXCEEDED":
      return cartLinesAdd.cart?.capacity;
    default:
      return cartLinesAdd.cart?.totalQuantity;
  }
}

export const documents = [ProductPageDocument, CartLinesAddDocument, MobileHomeDocument].map(print);
