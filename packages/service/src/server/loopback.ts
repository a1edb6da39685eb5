import { HostError } from "@synaps/host";
import { readRegularFile } from "@synaps/host/tooling";
import { createHash, timingSafeEqual } from "node:crypto";
import { statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listening } from "./claim.js";
import { messageOf } from "./error-fields.js";
import { send, type HttpRoutes } from "./http.js";
import type { ServicePlaces } from "./places.js";

const ADDRESS = "127.0.0.1";
const MOST_FILE_BYTES = 4_096;
/** Shortest token that is taken: 128 random bits as hexadecimal digits. */
const SHORTEST_TOKEN = 32;
/** Time for a whole request. */
const REQUEST_MS = 30_000;
/** Agents keep their connection for a whole session. */
const KEEP_ALIVE_MS = 10 * 60_000;
const MAX_CONNECTIONS = 256;
/** Paths that are answered on the loopback address: the hooks of agents, and nothing else. */
const HOOKS = "/v1/hooks/";

/** The HTTP listener for agents that can only speak HTTP. */
export interface Loopback {
  readonly url: string;
  readonly server: Server;
}

/**
 * Listens where `http.json` says so, for requests that carry the token. Undefined without such a file. Throws a HostError when
 * the files are wrong, others may read the token, or the port is taken.
 */
export async function openLoopback(places: ServicePlaces, routes: HttpRoutes): Promise<Loopback | undefined> {
  const port = await portOf(places);
  if (port === undefined) return undefined;
  const token = digestOf(await tokenOf(places));
  const server = createServer(
    {
      requestTimeout: REQUEST_MS,
      headersTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: 16 * 1024,
    },
    (request, response) => {
      const refusal = refusalOf(request, token);
      if (refusal === undefined) void routes.answer(request, response);
      else refuse(response, refusal);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  try {
    await listening(server, port, ADDRESS);
  } catch (error) {
    throw unavailable(
      `port ${port} cannot be used: ${messageOf(error)}`,
      "Find out who listens there. Hooks over HTTP are not answered meanwhile, and whoever listens there may have seen the token.",
    );
  }
  const bound = server.address() as AddressInfo;
  return { url: `http://${ADDRESS}:${bound.port}`, server };
}

interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** The reason for not answering: another name than the loopback address, a page in a browser, no token. */
function refusalOf(request: IncomingMessage, token: Buffer): Refusal | undefined {
  const { host, origin, authorization } = request.headers;
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? ""))
    return { status: 403, message: "This listener is known by its loopback address only" };
  if (origin !== undefined) return { status: 403, message: "Pages in a browser are not answered" };
  const given = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
  if (given === undefined || !timingSafeEqual(digestOf(given), token))
    return { status: 401, message: "The token is missing or wrong" };
  if (!(request.url ?? "").startsWith(HOOKS))
    return { status: 404, message: "Only the hooks of agents are answered here" };
  return undefined;
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  send(response, status, { error: { code: "SERVICE_INVALID", message } }, { connection: "close" });
}

async function portOf({ httpFile }: ServicePlaces): Promise<number | undefined> {
  const text = await contentOf(httpFile);
  if (text === undefined) return undefined;
  const port = portIn(text);
  if (port === undefined)
    throw unavailable(`'${httpFile}' names no port`, `It has to be as { "port": 41234 }, or not there.`);
  return port;
}

function portIn(text: string): number | undefined {
  try {
    const { port } = JSON.parse(text) as { port?: unknown };
    return Number.isInteger(port) && Number(port) >= 0 && Number(port) < 65_536 ? Number(port) : undefined;
  } catch {
    return undefined;
  }
}

async function tokenOf({ tokenFile }: ServicePlaces): Promise<string> {
  const token = (await contentOf(tokenFile))?.trim() ?? "";
  const again = "Run `synaps-ext agents wire claude-code --http` again.";
  if (token.length < SHORTEST_TOKEN) throw unavailable(`'${tokenFile}' holds no token`, again);
  if (process.platform !== "win32" && (statSync(tokenFile).mode & 0o077) !== 0)
    throw unavailable(`others may read '${tokenFile}'`, `Remove it. ${again}`);
  return token;
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(path, MOST_FILE_BYTES)).toString("utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw unavailable(`'${path}' cannot be read: ${messageOf(error)}`, "Correct its rights.");
  }
}

/** Digests have the same length, whatever was given. */
function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function unavailable(why: string, hint: string): HostError {
  return new HostError("SERVICE_UNAVAILABLE", `The HTTP listener: ${why}`, { hint });
}
