import type { LeaseReason } from "./result.js";

/** More are only asked for by mistake; the oldest are forgotten, and have to be activated again. */
const MAX_GRANTS = 16_384;

type Standing = "granted" | "revoked";

/** Which tools were activated for which session. Exactly one tool each: never its siblings. */
export class Grants {
  readonly #standing = new Map<string, Standing>();

  grant(session: string, extension: string, tool: string): void {
    const key = keyOf(session, extension, tool);
    this.#standing.delete(key);
    this.#standing.set(key, "granted");
    for (const oldest of this.#standing.keys()) {
      if (this.#standing.size <= MAX_GRANTS) break;
      this.#standing.delete(oldest);
    }
  }

  /** Why the tool may not be called, if so. */
  refusal(session: string, extension: string, tool: string): Extract<LeaseReason, `${string}ed`> | undefined {
    switch (this.#standing.get(keyOf(session, extension, tool))) {
      case "granted":
        return undefined;
      case "revoked":
        return "revoked";
      case undefined:
        return "not_granted";
    }
  }

  revoke(session: string, extension: string, tool: string): void {
    const key = keyOf(session, extension, tool);
    if (this.#standing.has(key)) this.#standing.set(key, "revoked");
  }

  endSession(session: string): void {
    this.#forget(([one]) => one === session);
  }

  forgetExtension(extension: string): void {
    this.#forget(([, one]) => one === extension);
  }

  #forget(matches: (parts: readonly unknown[]) => boolean): void {
    for (const key of this.#standing.keys()) {
      if (matches(JSON.parse(key) as unknown[])) this.#standing.delete(key);
    }
  }
}

/** No character can be smuggled from one part into the next. */
function keyOf(session: string, extension: string, tool: string): string {
  return JSON.stringify([session, extension, tool]);
}
