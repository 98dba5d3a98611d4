// The steps of a checkout, as a storefront makes them.

import {
  CartAddressSetDocument,
  CartCreateDocument,
  type CartFieldsFragment,
  CartShippingMethodSetDocument,
  LoginDocument,
  OrderCreateDocument,
  PaymentInitiateDocument,
  ProductPageDocument,
} from "./generated/graphql.ts";
import { request, type Sender } from "./request.ts";
import type { Tokens } from "./session.ts";

/** A cart, and the proof that it is the visitor's. */
export interface OwnCart {
  cart: CartFieldsFragment;
  cartToken: string | null;
}

/** An order, and the proof that it is the visitor's. */
export interface OwnOrder {
  orderId: string;
  orderToken: string | null;
}

/** Signs a demo account in. */
export async function login(url: string, who: "customer" | "staff" | "admin"): Promise<Tokens> {
  const input = { email: `${who}@bazaar.test`, password: "bazaar-demo" };
  const data = await request({ url }, LoginDocument, { input });
  return present(data.login.session, data.login);
}

/** The first variant of the product that is always in stock. */
export async function variant(sender: Sender): Promise<string> {
  const data = await request(sender, ProductPageDocument, { slug: "demo-product-0001" });
  return present(data.product?.variants[0], data).id;
}

/** A cart with so many units of a variant. */
export async function cartWith(sender: Sender, quantity: number): Promise<OwnCart> {
  const lines = [{ variantId: await variant(sender), quantity }];
  const { cartCreate } = await request(sender, CartCreateDocument, { input: { lines } });
  return { cart: present(cartCreate.cart, cartCreate), cartToken: cartCreate.cartToken };
}

/** An order that waits for its payment. */
export async function order(sender: Sender): Promise<OwnOrder> {
  const { cart, cartToken } = await cartWith(sender, 1);
  const own = { cartId: cart.id, cartToken };
  const address = {
    recipient: "Ayu Lestari",
    line1: "Jl. Sudirman 1",
    city: "Jakarta",
    postalCode: "10220",
    countryCode: "ID",
  };
  const email = "guest@bazaar.test";
  await request(sender, CartAddressSetDocument, { input: { ...own, email, address } });
  await request(sender, CartShippingMethodSetDocument, { input: { ...own, code: "REGULAR" } });
  const input = { ...own, idempotencyKey: crypto.randomUUID() };
  // A busy shop asks to send the same again.
  for (;;) {
    const { orderCreate } = await request(sender, OrderCreateDocument, { input });
    if (orderCreate.userErrors[0]?.code === "TRY_AGAIN") continue;
    const created = present(orderCreate.order, orderCreate);
    return { orderId: created.id, orderToken: orderCreate.orderToken };
  }
}

/** Pays an order on the demo provider's page. */
export async function pay(sender: Sender, { orderId, orderToken }: OwnOrder): Promise<void> {
  const { paymentInitiate } = await request(sender, PaymentInitiateDocument, {
    input: { orderId, orderToken, provider: "DEMO", idempotencyKey: crypto.randomUUID() },
  });
  const page = present(paymentInitiate.action?.redirectUrl, paymentInitiate);
  const body = new URLSearchParams({ outcome: "paid" });
  const answer = await fetch(page, { method: "POST", body, redirect: "manual" });
  if (answer.status >= 400) throw new Error(`the provider's page answers ${answer.status}`);
}

/** What has to be there; the answer it is missing in explains why it is not. */
export function present<T>(value: T | null | undefined, answer: unknown): T {
  if (value == null) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return value;
}
