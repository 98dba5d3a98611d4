// One operation by plain HTTP, for what happens beside a client: logins, refreshes, other people.

import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";

/** An error of an answer. */
export interface AnswerError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; requestId?: string };
}

/** What a server answers. */
export interface Answer<Data> {
  data?: Data | null;
  errors?: AnswerError[];
}

/** Where to send, as whom, and how. */
export interface Sender {
  url: string;
  accessToken?: string;
  fetch?: typeof fetch;
}

/** Sends an operation and returns the whole answer. */
export async function send<Data, Variables>(
  sender: Sender,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const headers: Record<string, string> = {
    accept: "application/graphql-response+json",
    "content-type": "application/json",
  };
  if (sender.accessToken) headers["authorization"] = `Bearer ${sender.accessToken}`;
  const response = await (sender.fetch ?? fetch)(sender.url, {
    method: "POST",
    headers,
    body: JSON.stringify({ query: print(document), variables }),
  });
  return (await response.json()) as Answer<Data>;
}

/** Sends an operation and returns its data; an answer with errors is an error. */
export async function request<Data, Variables>(
  sender: Sender,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const answer = await send(sender, document, variables);
  if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer));
  return answer.data;
}
