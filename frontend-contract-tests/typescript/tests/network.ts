// A `fetch` that can be watched, held back and broken.

/** Operations that were sent, and what may happen to them. */
export class Network {
  /** Names of the operations sent so far. */
  readonly sent: string[] = [];
  #gate: { operation: string | undefined; open: Promise<void> } | undefined;
  #broken = false;

  readonly fetch: typeof fetch = async (input, init) => {
    const operation = operationName(input, init);
    this.sent.push(operation);
    if (this.#broken) throw new TypeError("the network is down");
    const response = await fetch(input, init);
    const gate = this.#gate;
    if (gate && (gate.operation ?? operation) === operation) await gate.open;
    return response;
  };

  /** Holds answers back, all or those to one operation, until the returned function is called. */
  hold(operation?: string): () => void {
    let release = (): void => {};
    const open = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#gate = { operation, open };
    return () => {
      release();
      this.#gate = undefined;
    };
  }

  /** Lets requests fail, or no longer. */
  break(broken: boolean): void {
    this.#broken = broken;
  }

  /** How often an operation was sent. */
  count(operation: string): number {
    return this.sent.filter((name) => name === operation).length;
  }
}

function operationName(input: string | URL | Request, init: RequestInit | undefined): string {
  const text =
    typeof init?.body === "string"
      ? (JSON.parse(init.body) as { query: string }).query
      : (new URL(input instanceof Request ? input.url : input).searchParams.get("query") ?? "");
  return /(?:query|mutation|subscription)\s+(\w+)/.exec(text)?.[1] ?? "";
}
