import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Server } from "node:net";
import { ensurePrivateFolder, withLock } from "@synaps/host/tooling";
import type { ServicePlaces } from "./places.js";

/**
 * Makes the server listen at the socket of the service, unless a service listens there already: false then. Several programs
 * may try at once, one of them wins. The socket of a service that was killed is replaced. Throws a HostError for a folder that is
 * not this user's alone.
 */
export async function claim(server: Server, places: ServicePlaces): Promise<boolean> {
  ensurePrivateFolder(places.folder);
  return withLock(places.lock, async () => {
    if (await isAnswered(places.socket)) return false;
    if (process.platform !== "win32") rmSync(places.socket, { force: true });
    // Before anybody can be answered: whoever finds the socket finds the process, too.
    writeFileSync(places.pidFile, `${process.pid}\n`, { mode: 0o600 });
    await listening(server, places.socket);
    if (process.platform !== "win32") chmodSync(places.socket, 0o600);
    return true;
  });
}

/** Ends the listening, which removes the socket, and then the file with the process id. */
export async function release(server: Server, places: ServicePlaces): Promise<void> {
  await withLock(places.lock, () => {
    server.close();
    if (pidOf(places) === process.pid) rmSync(places.pidFile, { force: true });
    return Promise.resolve();
  });
}

/** The process id that the running service wrote; undefined when there is no such file. */
export function pidOf({ pidFile }: ServicePlaces): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, "utf8").trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves to true if somebody listens at the socket, whether or not he answers. */
export function isAnswered(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
  });
}

/** Resolves once the server listens; rejects with the system's error. */
export function listening(
  server: Server,
  ...where: [path: string] | [port: number, address: string]
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const done = (): void => {
      server.off("error", reject);
      // A client that could not be accepted tries again.
      server.on("error", () => {});
      resolve();
    };
    if (where.length === 1) server.listen(where[0], done);
    else server.listen(where[0], where[1], done);
  });
}
