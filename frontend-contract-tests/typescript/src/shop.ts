// A private shop with demo data, on a free port and in a folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { root } from "../codegen/places.ts";

const binary = resolve(process.env["BAZAAR_BIN"] ?? join(root, "target/debug/bazaar"));

/** A running `bazaar run`; it can be stopped and started again at the same address. */
export class Shop {
  readonly folder: string;
  #process: ChildProcess;
  #address: string;

  private constructor(folder: string, process: ChildProcess, address: string) {
    this.folder = folder;
    this.#process = process;
    this.#address = address;
  }

  /** Starts a shop with demo data. */
  static async open(): Promise<Shop> {
    const folder = mkdtempSync(join(tmpdir(), "bazaar-typescript-"));
    cpSync(await demoFolder(), folder, { recursive: true });
    const { child, address } = await run(folder, 0);
    return new Shop(folder, child, address);
  }

  /** Where operations go over HTTP. */
  get url(): string {
    return `${this.#address}/graphql`;
  }

  /** Where operations go over WebSocket. */
  get webSocketUrl(): string {
    return this.url.replace(/^http/, "ws");
  }

  /** Where `path` is. */
  at(path: string): string {
    return `${this.#address}${path}`;
  }

  /** Ends the process: politely by default, or as a crash does. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await end(this.#process, signal);
  }

  /** Starts a stopped shop again, at the same address and with its data. */
  async start(): Promise<void> {
    const { child } = await run(this.folder, Number(new URL(this.#address).port));
    this.#process = child;
  }

  /** Ends the process and removes the data. */
  async close(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Running {
  child: ChildProcess;
  address: string;
}

async function run(folder: string, port: number): Promise<Running> {
  if (!existsSync(binary)) throw new Error(`no shop at ${binary} (cargo build -p bazaar)`);
  const child = spawn(binary, ["run", "--data", folder, "--port", String(port)], {
    env: { ...process.env, BAZAAR_LOG: "warn", BAZAAR_LOG_FORMAT: "json", BAZAAR_DEMO: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.removeListener("exit", kill));
  const complaints: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk.toString()));

  // It says its address once it answers.
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /GraphQL\s+(http:\S+)\/graphql/.exec(line)?.[1];
    if (address) {
      child.stdout.resume();
      return { child, address };
    }
  }
  throw new Error(`the shop ended instead of starting: ${complaints.join("")}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

/** A folder with demo data; made once per build of the shop, as filling it takes seconds. */
async function demoFolder(): Promise<string> {
  const cache = join(root, "target/typescript-contracts");
  const template = join(cache, `demo-${statSync(binary).mtimeMs}`);
  if (existsSync(template)) return template;
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const draft = join(cache, "draft");
  const { child } = await run(draft, 0);
  await end(child, "SIGTERM");
  renameSync(draft, template);
  return template;
}
