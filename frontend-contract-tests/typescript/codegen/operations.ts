// The documents in `operations/`: a folder for each front end, one operation a file.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DefinitionNode, type DocumentNode, Kind, parse, visit } from "graphql";

import { operationsFolder } from "./places.ts";

/** A front end with operations of its own. */
export const FRONTS = ["spa", "mobile", "staff", "partner"] as const;
export type Front = (typeof FRONTS)[number];

/** A file with an operation, or with the fragments of a front end. */
export interface Source {
  location: string;
  document: DocumentNode;
}

/** The files of a front end, sorted by name. */
export function sources(front: Front): Source[] {
  const folder = join(operationsFolder, front);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".graphql"))
    .sort()
    .map((name) => ({
      location: `${front}/${name}`,
      document: parse(readFileSync(join(folder, name), "utf8"), { noLocation: true }),
    }));
}

/** Every operation of a front end, each with the fragments it uses and nothing else. */
export function operations(front: Front): DocumentNode[] {
  const definitions = sources(front).flatMap(({ document }) => document.definitions);
  return definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => {
      const document: DefinitionNode[] = [operation];
      // The list grows while it is walked: fragments use fragments.
      for (const definition of document) {
        for (const name of spreads(definition)) {
          const fragment = definitions.find(
            (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === name,
          );
          if (!fragment) throw new Error(`operations/${front}: there is no fragment ${name}`);
          if (!document.includes(fragment)) document.push(fragment);
        }
      }
      return { kind: Kind.DOCUMENT, definitions: document };
    });
}

/** Names of the fragments spread in a definition, in the order they appear. */
function spreads(definition: DefinitionNode): string[] {
  const names: string[] = [];
  visit(definition, { FragmentSpread: ({ name }) => void names.push(name.value) });
  return names;
}
