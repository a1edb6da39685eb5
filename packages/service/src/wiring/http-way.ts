import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { readRegularFile } from "@synaps/host/tooling";
import type { ServicePlaces } from "../server/places.js";
import type { HttpWay } from "./entries.js";
import { writePrivate } from "./private-files.js";

const MOST_BYTES = 4096;
const TOKEN_BYTES = 32;

/** Returns the port and the token of the service's HTTP listener: those that are kept, or new ones that are kept nowhere yet. */
export async function httpWay(places: ServicePlaces, tokenEnv: string | undefined): Promise<HttpWay> {
  const port = (await keptPort(places)) ?? (await freePort());
  const token = (await keptToken(places)) ?? randomBytes(TOKEN_BYTES).toString("hex");
  return { port, token, tokenEnv };
}

/** Keeps port and token where the service looks for them at its start. */
export async function keepHttpWay(places: ServicePlaces, { port, token }: HttpWay): Promise<void> {
  await writePrivate(places.tokenFile, `${token}\n`);
  await writePrivate(places.httpFile, `${JSON.stringify({ port })}\n`);
}

/** Lets the service open no HTTP listener any more, from its next start on. */
export async function forgetHttpWay({ httpFile, tokenFile }: ServicePlaces): Promise<void> {
  for (const file of [httpFile, tokenFile]) await rm(file, { force: true });
}

async function keptPort({ httpFile }: ServicePlaces): Promise<number | undefined> {
  try {
    const { port } = JSON.parse((await readRegularFile(httpFile, MOST_BYTES)).toString()) as {
      port?: unknown;
    };
    return Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536 ? Number(port) : undefined;
  } catch {
    return undefined;
  }
}

async function keptToken({ tokenFile }: ServicePlaces): Promise<string | undefined> {
  try {
    const token = (await readRegularFile(tokenFile, MOST_BYTES)).toString().trim();
    return /^[0-9a-f]{64}$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

/** A port of the loopback address that nobody listens at now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
