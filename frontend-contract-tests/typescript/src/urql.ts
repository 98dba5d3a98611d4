// urql, set up as a storefront does it.

import { authExchange } from "@urql/exchange-auth";
import { cacheExchange, Client, fetchExchange, makeOperation } from "urql";

import { isUnauthenticated, type Session } from "./session.ts";

/** A client of the shop. */
export function urqlClient(url: string, session: Session, fetcher: typeof fetch = fetch): Client {
  const authentication = authExchange(async ({ appendHeaders }) => {
    // Refusals may come after the refresh that an earlier one has caused, so what counts is the
    // token that the refused request was sent with.
    let refused: string | undefined;
    return {
      addAuthToOperation(operation) {
        const accessToken = session.accessToken;
        if (!accessToken) return operation;
        const context = { ...operation.context, accessToken };
        const signed = makeOperation(operation.kind, operation, context);
        return appendHeaders(signed, { authorization: `Bearer ${accessToken}` });
      },
      didAuthError(error, { context }) {
        if (!isUnauthenticated(error.graphQLErrors)) return false;
        refused = context["accessToken"] as string | undefined;
        return refused !== undefined;
      },
      async refreshAuth() {
        if (refused) await session.renew(refused);
      },
    };
  });
  return new Client({
    url,
    fetch: fetcher,
    exchanges: [cacheExchange, authentication, fetchExchange],
  });
}
