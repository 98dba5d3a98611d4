// Access tokens whose time is up. The shop issues none that are expired already, so one is made
// with the key that lies in the data folder of the test's own shop.

import { createPrivateKey, sign } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Shop } from "../src/shop.ts";

const PRIVATE_KEY = /-----BEGIN PRIVATE KEY-----\s[\w+/=\s]+?-----END PRIVATE KEY-----/;

/** The same token, issued and expired an hour earlier. */
export function expired(shop: Shop, accessToken: string): string {
  const [header, payload] = accessToken.split(".");
  if (!header || !payload) throw new Error("not a token");
  const text = Buffer.from(payload, "base64url").toString();
  const claims = JSON.parse(text) as Record<string, unknown>;
  for (const time of ["iat", "nbf", "exp"]) {
    const value = claims[time];
    if (typeof value === "number") claims[time] = value - 3600;
  }
  const message = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  const signature = sign(null, Buffer.from(message), createPrivateKey(privateKey(shop.folder)));
  return `${message}.${signature.toString("base64url")}`;
}

function privateKey(folder: string): string {
  for (const name of readdirSync(folder).filter((name) => name.startsWith("accounts.db"))) {
    const key = PRIVATE_KEY.exec(readFileSync(join(folder, name), "latin1"));
    if (key) return key[0];
  }
  throw new Error("the shop has no signing key");
}
