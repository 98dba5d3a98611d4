// Manifests of persisted operations, in the format of Apollo's tools.

import { createHash } from "node:crypto";
import { type DocumentNode, Kind, print } from "graphql";

/** A manifest of these operations. An operation's id is the SHA-256 of its text. */
export function manifest(documents: readonly DocumentNode[]): string {
  const operations = documents.map((document) => {
    const operation = document.definitions.find(
      (definition) => definition.kind === Kind.OPERATION_DEFINITION,
    );
    if (!operation?.name) throw new Error("a persisted operation needs a name");
    const body = print(document);
    return {
      id: createHash("sha256").update(body).digest("hex"),
      name: operation.name.value,
      type: operation.operation,
      body,
    };
  });
  const content = { format: "apollo-persisted-query-manifest", version: 1, operations };
  return `${JSON.stringify(content, null, 2)}\n`;
}
