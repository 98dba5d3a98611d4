// Apollo Client, set up as a storefront does it.

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import type { Client as WebSocketClient } from "graphql-ws";
import { from, mergeMap, of } from "rxjs";

import { connection } from "./connection.ts";
import { isUnauthenticated, type Session } from "./session.ts";

/** What a client needs to know. */
export interface ApolloSetup {
  url: string;
  session?: Session;
  fetch?: typeof fetch;
  webSocket?: WebSocketClient;
}

/** A client of the shop. */
export function apolloClient({ url, session, fetch, webSocket }: ApolloSetup): ApolloClient {
  const http = new HttpLink({ uri: url, ...(fetch && { fetch }) });
  const authenticated = session ? sessionLink(session).concat(http) : http;
  return new ApolloClient({
    cache: shopCache(),
    link: webSocket
      ? ApolloLink.split(
          ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
          new GraphQLWsLink(webSocket),
          authenticated,
        )
      : authenticated,
  });
}

/** A cache that keeps what has an id once, and pages of a list as one list. */
export function shopCache(): InMemoryCache {
  return new InMemoryCache({
    typePolicies: {
      Query: {
        fields: {
          products: connection(["filter", "sort"]),
          orders: connection(["filter"]),
          search: connection(["query", "filter", "sort"]),
        },
      },
      User: { fields: { orders: connection([]) } },
      // Parts of one cart; an operation that asks for less must not drop the rest.
      CartCost: { merge: true },
    },
  });
}

/** Sends the access token; a request refused for it is sent once more with a new one. */
function sessionLink(session: Session): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const attempt = (): ReturnType<typeof forward> => {
      const token = session.accessToken;
      if (token) operation.setContext({ headers: { authorization: `Bearer ${token}` } });
      return forward(operation);
    };
    const token = session.accessToken;
    return attempt().pipe(
      mergeMap((result) =>
        token && isUnauthenticated(result.errors)
          ? from(session.renew(token)).pipe(
              mergeMap((renewed) => (renewed ? attempt() : of(result))),
            )
          : of(result),
      ),
    );
  });
}
