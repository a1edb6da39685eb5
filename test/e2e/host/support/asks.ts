import type { Host } from "@synaps/host";
import { call, told, variant } from "./fixture.js";

export interface HostReply {
  id: string | number;
  result?: unknown;
  error?: { code: number; message: string };
}

/** Writes an extension that asks the host what an event tells it to ask. */
export function asker(
  folder: string,
  permissions: readonly string[],
  more: { id?: string; extension?: Readonly<Record<string, unknown>> } = {},
): string {
  const { id = "asker", extension } = more;
  return variant(folder, "string-request-ids", {
    id,
    extension: { permissions: ["tools.intercept", ...permissions], ...extension },
  });
}

/** Makes the only asker of a host ask something; resolves with the reply that reached it. */
export async function ask(
  host: Host,
  method: string,
  params: unknown,
  id: string | number = "my-id",
): Promise<HostReply> {
  return told(await host.emit(call({ id, method, params }))) as unknown as HostReply;
}

/** The error that it got, as one line. */
export async function refusal(host: Host, method: string, params: unknown): Promise<string> {
  const { error } = await ask(host, method, params);
  return error ? `${error.code} ${error.message}` : "none";
}
