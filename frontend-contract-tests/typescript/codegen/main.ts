// Writes everything that is made of the graph and the front ends' operations:
//
//   schema/manifests/partner.json                      what partners may send
//   clients/typescript/{schema.graphql,src/operations.ts}  the published client
//   frontend-contract-tests/typescript/src/generated/  what these tests use
//
// With --check nothing is written; a file that is missing, stale or left over is an error.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildASTSchema, concatAST, print, validate } from "graphql";

import { apiSchema } from "./api-schema.ts";
import { manifest } from "./manifest.ts";
import { FRONTS, operations, sources } from "./operations.ts";
import { root, supergraphFile } from "./places.ts";
import { operationsFile, presetFolder } from "./typescript.ts";

const HEADING = "// Made by scripts/typescript-client of the graph and the front ends' operations.";
const PRESET = "frontend-contract-tests/typescript/src/generated";

const schema = apiSchema(readFileSync(supergraphFile, "utf8"));
for (const front of FRONTS) {
  const errors = validate(
    buildASTSchema(schema),
    concatAST(sources(front).map(({ document }) => document)),
  );
  if (errors.length > 0) throw new Error(`operations/${front}: ${errors.join("\n")}`);
}

const files = new Map<string, string>();
files.set("schema/manifests/partner.json", manifest(operations("partner")));
files.set("clients/typescript/schema.graphql", `${print(schema)}\n`);
files.set(
  "clients/typescript/src/operations.ts",
  await operationsFile(schema, [...sources("spa"), ...sources("mobile")], HEADING),
);
for (const [name, text] of await presetFolder(schema, FRONTS.flatMap(sources))) {
  files.set(`${PRESET}/${name}`, text);
}

const leftOver = existsSync(join(root, PRESET))
  ? readdirSync(join(root, PRESET))
      .map((name) => `${PRESET}/${name}`)
      .filter((path) => !files.has(path))
  : [];

if (process.argv.includes("--check")) {
  const stale = [...files]
    .filter(([path, text]) => {
      const file = join(root, path);
      return !existsSync(file) || readFileSync(file, "utf8") !== text;
    })
    .map(([path]) => path);
  const wrong = [...stale, ...leftOver];
  for (const path of wrong) console.error(`${path} is stale: run \`make schema\``);
  process.exit(wrong.length === 0 ? 0 : 1);
}
for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
for (const path of leftOver) rmSync(join(root, path));
