import type { LeaseReason } from "./result.js";

/** Activations that are kept. Only a mistake makes more; the oldest are dropped, and have to be made again. */
const MAX_GRANTS = 16_384;

type Standing = "granted" | "revoked";

/** The tools that were activated, by session. An activation is for exactly one tool, never for its siblings. */
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

  /** The reason why the tool may not be called, if there is one. */
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

/** JSON, so that no character of one part can be taken for the next part. */
function keyOf(session: string, extension: string, tool: string): string {
  return JSON.stringify([session, extension, tool]);
}
