// The schema that clients see: the supergraph without the gateway's machinery.

import { type DirectiveNode, type DocumentNode, Kind, type NameNode, parse, visit } from "graphql";

/** Types and directives of the federation specifications carry the specification's name. */
const MACHINERY = /^(join|link)(__|$)|^(core|inaccessible|tag|authenticated|requiresScopes|policy)$/;

/** The API schema of a supergraph, as SDL. */
export function apiSchema(supergraph: string): DocumentNode {
  return visit(parse(supergraph), {
    enter(node) {
      if ("directives" in node && isInaccessible(node.directives)) return null;
      if (node.kind === Kind.DIRECTIVE) return isMachinery(node.name) ? null : undefined;
      if (!("name" in node) || !node.name) return undefined;
      switch (node.kind) {
        case Kind.DIRECTIVE_DEFINITION:
        case Kind.SCALAR_TYPE_DEFINITION:
        case Kind.ENUM_TYPE_DEFINITION:
        case Kind.INPUT_OBJECT_TYPE_DEFINITION:
          return isMachinery(node.name) ? null : undefined;
        default:
          return undefined;
      }
    },
  });
}

function isMachinery(name: NameNode): boolean {
  return MACHINERY.test(name.value);
}

function isInaccessible(directives: readonly DirectiveNode[] | undefined): boolean {
  return directives?.some((directive) => directive.name.value === "inaccessible") ?? false;
}
