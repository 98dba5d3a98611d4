// graphql-ws, set up as a storefront does it: it comes back after whatever closed the connection.

import { type Client, type ClientOptions, createClient } from "graphql-ws";
import WebSocket from "ws";

/** A client that reconnects and subscribes again, with the token that holds then. */
export function webSocketClient(
  url: string,
  accessToken: () => string | undefined,
  on: NonNullable<ClientOptions["on"]> = {},
): Client {
  return createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: () => {
      const token = accessToken();
      return token ? { authorization: `Bearer ${token}` } : {};
    },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise((retry) => setTimeout(retry, 50)),
    shouldRetry: () => true,
    on,
  });
}
