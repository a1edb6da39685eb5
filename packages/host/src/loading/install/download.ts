import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { HostError, messageOf } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import type { Fetch, InstallLimits } from "./settings.js";

export interface DownloadRequest {
  url: string;
  /** 64 hexadecimal digits. */
  sha256: string;
  /** File that is written; it must not exist. */
  to: string;
}

export interface DownloadServices {
  fetch: Fetch;
  clock: Clock;
  limits: Pick<InstallLimits, "connectMs" | "downloadMs" | "downloadBytes">;
  signal: AbortSignal | undefined;
}

const MAX_REDIRECTS = 5;

/** Fetches a file over https only, also where it is redirected to, and checks its hash. Throws a HostError. */
export async function download(request: DownloadRequest, services: DownloadServices): Promise<void> {
  const over = new AbortController();
  const { clock, limits, signal } = services;
  const abort = (): void => over.abort(new Error("it was given up"));
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  const timer = clock.after(limits.downloadMs, () =>
    over.abort(new Error(`it took longer than ${limits.downloadMs} ms`)),
  );
  try {
    const response = await answerOf(request.url, services, over);
    const found = await save(response, request.to, limits.downloadBytes);
    if (found === request.sha256.toLowerCase()) return;
    throw new HostError(
      "PREBUILT_CHECKSUM",
      `The asset '${request.url}' is another than the manifest says: its sha256 is ${found}`,
      { hint: "Do not use it. Tell the author: the file was exchanged, or the manifest is out of date." },
    );
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw unreachable(request.url, over.signal.aborted ? over.signal.reason : error);
  } finally {
    timer.cancel();
    signal?.removeEventListener("abort", abort);
    // A body that was not read to its end must not go on arriving.
    over.abort();
  }
}

async function answerOf(
  first: string,
  { fetch, clock, limits }: DownloadServices,
  over: AbortController,
): Promise<Response> {
  let url = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    checkUrl(url);
    const timer = clock.after(limits.connectMs, () =>
      over.abort(new Error(`the server did not answer within ${limits.connectMs} ms`)),
    );
    const response = await fetch(url, { redirect: "manual", signal: over.signal }).finally(() =>
      timer.cancel(),
    );
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      if (response.ok) return response;
      throw unreachable(first, new Error(`the server answered ${response.status}`));
    }
    await response.body?.cancel();
    url = new URL(location, url).href;
  }
  throw unreachable(first, new Error(`it is redirected more than ${MAX_REDIRECTS} times`));
}

/** Throws for anything but https, and for a URL with a name and password in it. */
export function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "https:" && parsed.username === "" && parsed.password === "") return;
  throw new HostError("SETUP_INVALID", `The asset '${url.slice(0, 200)}' is not at an https address`, {
    hint: "Assets are fetched over https only, without a password in the address.",
  });
}

/** Writes, counts and hashes the body. Returns the hash. */
async function save({ body, headers }: Response, to: string, most: number): Promise<string> {
  const tooLarge = new HostError("PREBUILT_UNSAFE", `The asset is larger than ${most} bytes`, {
    hint: "Ask its author for a smaller one.",
  });
  if (Number(headers.get("content-length") ?? 0) > most) throw tooLarge;
  const hash = createHash("sha256");
  const file = await open(to, "wx", 0o600);
  try {
    let bytes = 0;
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > most) throw tooLarge;
      hash.update(chunk);
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

function unreachable(url: string, why: unknown): HostError {
  // fetch hides the reason one level down.
  const cause = why instanceof Error && why.cause instanceof Error ? why.cause : why;
  return new HostError(
    "PREBUILT_UNREACHABLE",
    `The asset '${url}' could not be fetched: ${messageOf(cause)}`,
    {
      hint: "Check the connection and try again.",
      cause: why,
    },
  );
}
