// TypeScript made of documents: types, and the documents themselves as typed nodes.

import { preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { buildASTSchema, type DocumentNode, print } from "graphql";

import type { Source } from "./operations.ts";

const CONFIG = {
  // All custom scalars are strings on the wire, so that no digit is lost.
  scalars: { BigInt: "string", DateTime: "string", Decimal: "string", ID: "string" },
  strictScalars: true,
  enumType: "string-literal",
  useTypeImports: true,
  importExtension: ".ts",
  immutableTypes: true,
  inlineFragmentTypes: "combine",
};

/** The client preset's folder for these documents: path below the folder → text. */
export async function presetFolder(
  schema: DocumentNode,
  documents: Source[],
): Promise<Map<string, string>> {
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: "generated/",
    schema,
    schemaAst: buildASTSchema(schema),
    documents: documents.map((source) => ({ ...source, rawSDL: print(source.document) })),
    config: CONFIG,
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
  });
  const files = new Map<string, string>();
  for (const section of sections) {
    const name = section.filename.replace("generated/", "");
    files.set(name, `${(await codegen(section)).trimEnd()}\n`);
  }
  return files;
}

/** One file with the types and documents of these operations, for clients that bring their own. */
export async function operationsFile(
  schema: DocumentNode,
  documents: Source[],
  heading: string,
): Promise<string> {
  const text = await codegen({
    filename: "operations.ts",
    schema,
    schemaAst: buildASTSchema(schema),
    documents: documents.map((source) => ({ ...source, rawSDL: print(source.document) })),
    config: CONFIG,
    plugins: [{ "typescript-operations": {} }, { "typed-document-node": {} }],
    pluginMap: {
      "typescript-operations": typescriptOperations,
      "typed-document-node": typedDocumentNode,
    },
  });
  return `${heading}\n\n${text.trimEnd()}\n`;
}
