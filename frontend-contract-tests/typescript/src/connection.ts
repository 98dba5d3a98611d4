// How the pages of a Relay connection become one list in Apollo's cache.

import type { FieldPolicy, Reference } from "@apollo/client";

interface Connection {
  readonly nodes?: readonly Reference[];
}

/**
 * A list is told apart by `keyArgs`; a page with `after` continues it, one without begins it anew.
 * What is in the list already is not added again, as a page may overlap after an insertion.
 */
export function connection(keyArgs: string[]): FieldPolicy<Connection> {
  return {
    keyArgs: keyArgs.length > 0 ? keyArgs : false,
    merge(existing, incoming, { args }) {
      const before = args?.["after"] == null ? [] : (existing?.nodes ?? []);
      const known = new Set(before.map(({ __ref }) => __ref));
      const added = (incoming.nodes ?? []).filter(({ __ref }) => !known.has(__ref));
      return { ...existing, ...incoming, nodes: [...before, ...added] };
    },
  };
}
