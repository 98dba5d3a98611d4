// A typed subscription over graphql-ws.

import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type FormattedExecutionResult, type GraphQLFormattedError, print } from "graphql";
import type { Client } from "graphql-ws";
import { Observable } from "rxjs";

/** Events of a subscription. A refusal is an answer with errors; any other failure is an error. */
export function subscription<Data, Variables extends Record<string, unknown>>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Observable<FormattedExecutionResult<Data>> {
  return new Observable((observer) =>
    client.subscribe<Data>(
      { query: print(document), variables },
      {
        next: (result) => observer.next(result as FormattedExecutionResult<Data>),
        complete: () => observer.complete(),
        error: (error) => {
          if (!isRefusal(error)) {
            observer.error(error);
            return;
          }
          observer.next({ errors: error });
          observer.complete();
        },
      },
    ),
  );
}

function isRefusal(error: unknown): error is readonly GraphQLFormattedError[] {
  return Array.isArray(error);
}
