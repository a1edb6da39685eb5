import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { InstallOptions } from "@synaps/host/tooling";
import { onTestFinished } from "vitest";
import { tempDir } from "../../../helpers/temp.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface AssetServer {
  /** As `https://127.0.0.1:port`. */
  origin: string;
  /** Trusts the server's own certificate, and else does what the global one does. */
  fetch: NonNullable<InstallOptions["fetch"]>;
  /** Paths that were asked for. */
  asked: string[];
}

/** A real https server on this machine, with a certificate of its own. */
export async function assetServer(answers: Readonly<Record<string, Buffer | Answer>>): Promise<AssetServer> {
  const dir = tempDir();
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  execFileSync(
    "openssl",
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=127.0.0.1"
      .split(" ")
      .concat("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert),
    { stdio: "ignore" },
  );
  const asked: string[] = [];
  const ca = readFileSync(cert);
  const server = createServer({ key: readFileSync(key), cert: ca }, (incoming, response) => {
    const path = incoming.url ?? "";
    asked.push(path);
    const answer = answers[path];
    if (Buffer.isBuffer(answer)) response.end(answer);
    else if (answer) answer(incoming, response);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const fetch: AssetServer["fetch"] = (url, { signal }) =>
    new Promise((resolve, reject) => {
      const outgoing = request(url, { ca, signal }, (incoming) => {
        const headers = new Headers();
        for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
        const status = incoming.statusCode ?? 0;
        // A body that is given up is an error of nobody.
        incoming.on("error", () => {});
        const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
        resolve(new Response(body, { status, headers }));
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  return { origin: `https://127.0.0.1:${port}`, fetch, asked };
}
