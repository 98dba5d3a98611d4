// Waiting for what a client shows, without guessing how long it takes.

const PATIENCE = 30_000;

/** Where values come from, one after the other. */
interface Source<T> {
  subscribe(next: (value: T) => void): { unsubscribe(): void };
}

/** What an observable has said so far, and what it says next. */
export class Watched<T> {
  readonly seen: T[] = [];
  #waiting = new Set<() => void>();
  readonly #stop: () => void;

  constructor(source: Source<T>) {
    const subscription = source.subscribe((value) => {
      this.seen.push(value);
      for (const look of this.#waiting) look();
    });
    this.#stop = () => subscription.unsubscribe();
  }

  get last(): T | undefined {
    return this.seen.at(-1);
  }

  /** The first value from number `after` on that the condition holds for. */
  async until(what: string, condition: (value: T) => boolean, after = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.seen.slice(after).find(condition);
        if (found === undefined) return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited in vain for ${what}; last: ${JSON.stringify(this.last)}`));
      }, PATIENCE);
      this.#waiting.add(look);
      look();
    });
  }

  stop(): void {
    this.#stop();
  }
}
