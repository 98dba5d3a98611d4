// The package in clients/typescript, as somebody who has installed it meets it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSchema, parse, validate } from "graphql";

import { root } from "../codegen/places.ts";

const here = fileURLToPath(new URL("..", import.meta.url));
const published = join(root, "clients/typescript");

// A folder with the consumer and, installed beside it, the package and what it depends on.
const folder = mkdtempSync(join(tmpdir(), "bazaar-consumer-"));
after(() => rmSync(folder, { recursive: true, force: true }));
cpSync(join(here, "consumer"), folder, { recursive: true });
const client = join(folder, "client");
for (const name of ["package.json", "tsconfig.json", "schema.graphql", "src"]) {
  cpSync(join(published, name), join(client, name), { recursive: true });
}
mkdirSync(join(folder, "node_modules/@bazaar"), { recursive: true });
symlinkSync(client, join(folder, "node_modules/@bazaar/client"));
for (const name of ["graphql", "@graphql-typed-document-node"]) {
  symlinkSync(join(here, "node_modules", name), join(folder, "node_modules", name));
}

function compile(project: string): void {
  const compiler = join(here, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", project]);
  assert.equal(status, 0, `${stdout}${stderr}`);
}

test("it builds, and a program that uses it type-checks and runs", async () => {
  compile(client);
  const { exports } = JSON.parse(readFileSync(join(client, "package.json"), "utf8")) as {
    exports: Record<string, string | Record<string, string>>;
  };
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  for (const target of targets) assert.ok(existsSync(join(client, target)), target);

  compile(folder);
  const program = (await import(pathToFileURL(join(folder, "built/shelf.js")).href)) as {
    documents: string[];
    label: (send: () => Promise<unknown>, slug: string) => Promise<string>;
  };
  const schema = buildSchema(readFileSync(join(client, "schema.graphql"), "utf8"));
  for (const document of program.documents) {
    assert.deepEqual(validate(schema, parse(document)), []);
  }
});
