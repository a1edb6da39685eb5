import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** TLS without certificates: both sides know a key. */
export const PSK = {
  ciphers: "PSK",
  maxVersion: "TLSv1.2",
  key: Buffer.from("a key that both sides know"),
  identity: "example",
} as const;

export interface Backends {
  readonly ports: Readonly<Record<"http" | "tls" | "ssh" | "mail", number>>;
  stop(): Promise<void>;
}

/** One real server for each route of the example. */
export async function startBackends(): Promise<Backends> {
  const http = createHttpServer((request, response) => {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => (bytes += chunk.length));
    request.on("end", () => response.end(`${request.method} of ${bytes} bytes\n`));
  });
  const tls = createTlsServer(
    { ciphers: PSK.ciphers, maxVersion: PSK.maxVersion, pskCallback: () => PSK.key },
    (socket) => socket.on("error", () => {}).end("over TLS\n"),
  );
  // Says its name at once, and answers when the client has ended: that takes a half-closed connection.
  const ssh = createServer({ allowHalfOpen: true }, (socket) => {
    let text = "";
    socket.on("error", () => {}).write("SSH-2.0-example\r\n");
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("end", () => socket.end(`you said ${JSON.stringify(text)}\n`));
  });
  // Speaks first, as servers for mail do: the client says nothing before.
  const mail = createServer((socket) => {
    socket.on("error", () => {}).write("220 example\r\n");
    socket.on("data", (chunk) => socket.end(`250 ${chunk.toString()}`));
  });
  const servers: readonly Server[] = [http, tls, ssh, mail];
  const ports = await Promise.all(servers.map(listen));
  const [httpPort = 0, tlsPort = 0, sshPort = 0, mailPort = 0] = ports;
  return {
    ports: { http: httpPort, tls: tlsPort, ssh: sshPort, mail: mailPort },
    async stop() {
      http.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
