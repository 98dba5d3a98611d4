// urql, set up as a storefront does it.

import { authExchange } from "@urql/exchange-auth";
import { cacheExchange, Client, fetchExchange } from "urql";

import { isUnauthenticated, type Session } from "./session.ts";

/** A client of the shop. */
export function urqlClient(url: string, session: Session, fetcher: typeof fetch = fetch): Client {
  const authentication = authExchange(async ({ appendHeaders }) => {
    let sent = session.accessToken;
    return {
      addAuthToOperation(operation) {
        sent = session.accessToken;
        return sent ? appendHeaders(operation, { authorization: `Bearer ${sent}` }) : operation;
      },
      didAuthError: (error) => sent !== undefined && isUnauthenticated(error.graphQLErrors),
      async refreshAuth() {
        if (sent) await session.renew(sent);
      },
    };
  });
  return new Client({
    url,
    fetch: fetcher,
    exchanges: [cacheExchange, authentication, fetchExchange],
  });
}
