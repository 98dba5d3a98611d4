// Waiting for what a client shows, without guessing how long it takes.

import { from, type ObservableInput } from "rxjs";

const PATIENCE = 30_000;

/** What an observable has said so far, and what it says next. */
export class Watched<T> {
  readonly seen: T[] = [];
  /** Why nothing more will come. */
  #ended: string | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #stop: () => void;

  constructor(source: ObservableInput<T>) {
    const end = (reason: string): void => {
      this.#ended = reason;
      this.#look();
    };
    const subscription = from(source).subscribe({
      next: (value) => {
        this.seen.push(value);
        this.#look();
      },
      error: (reason) => end(String(reason)),
      complete: () => end("it was completed"),
    });
    this.#stop = () => subscription.unsubscribe();
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }

  get last(): T | undefined {
    return this.seen.at(-1);
  }

  /** The first value from number `after` on that the condition holds for. */
  async until(what: string, condition: (value: T) => boolean, after = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        this.#waiting.delete(look);
        clearTimeout(timer);
        finish();
      };
      const fail = (reason: string): void => {
        const message = `no ${what}: ${reason}; last: ${JSON.stringify(this.last)}`;
        settle(() => reject(new Error(message)));
      };
      const look = (): void => {
        const found = this.seen.slice(after).find(condition);
        if (found !== undefined) settle(() => resolve(found));
        else if (this.#ended !== undefined) fail(this.#ended);
      };
      const timer = setTimeout(() => fail("waited in vain"), PATIENCE);
      this.#waiting.add(look);
      look();
    });
  }

  stop(): void {
    this.#stop();
  }
}
