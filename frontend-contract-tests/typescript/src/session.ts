// Who is signed in. The access token is short-lived; a refresh token is used once, so all requests
// that are refused at the same time must share one refresh.

import { TokenRefreshDocument } from "./generated/graphql.ts";
import { request } from "./request.ts";

/** What a login gives. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The tokens of one visitor, shared by all clients of a page. */
export class Session {
  readonly #url: string;
  readonly #fetch: typeof fetch;
  #tokens: Tokens | undefined;
  #refresh: Promise<boolean> | undefined;
  /** Called when the shop ends the session. */
  onSignedOut: () => void = () => {};

  constructor(url: string, tokens?: Tokens, fetcher: typeof fetch = fetch) {
    this.#url = url;
    this.#tokens = tokens;
    this.#fetch = fetcher;
  }

  /** The token to send, if anybody is signed in. */
  get accessToken(): string | undefined {
    return this.#tokens?.accessToken;
  }

  /**
   * Replaces an access token that was refused. Says whether there is a token to try again with;
   * if not, nobody is signed in any more.
   */
  async renew(refused: string): Promise<boolean> {
    // Whoever was refused with an older token can use the one that came meanwhile.
    if (this.accessToken !== refused) return this.#tokens !== undefined;
    this.#refresh ??= this.#exchange().finally(() => {
      this.#refresh = undefined;
    });
    return this.#refresh;
  }

  async #exchange(): Promise<boolean> {
    const tokens = this.#tokens;
    if (!tokens) return false;
    const sender = { url: this.#url, fetch: this.#fetch };
    const input = { refreshToken: tokens.refreshToken };
    const { tokenRefresh } = await request(sender, TokenRefreshDocument, { input });
    this.#tokens = tokenRefresh.session ?? undefined;
    if (!this.#tokens) this.onSignedOut();
    return this.#tokens !== undefined;
  }
}

/** Whether a list of errors says that the access token is not good, or not good any more. */
export function isUnauthenticated(
  errors: readonly { extensions?: Record<string, unknown> | undefined }[] | undefined,
): boolean {
  return errors?.some(({ extensions }) => extensions?.["code"] === "UNAUTHENTICATED") ?? false;
}
