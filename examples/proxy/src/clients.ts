import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { PSK } from "./backends.js";

/** One request with a body of so many bytes. */
export async function overHttp(port: number, bytes: number): Promise<string> {
  const sent = request({ port, method: "POST", path: "/", agent: false });
  sent.end(Buffer.alloc(bytes, "x"));
  const [response] = (await once(sent, "response")) as [NodeJS.ReadableStream];
  return text(response);
}

export async function overTls(port: number): Promise<string> {
  const { ciphers, maxVersion, key: psk, identity } = PSK;
  const socket = connectTls({
    port,
    ciphers,
    maxVersion,
    pskCallback: () => ({ psk, identity }),
    checkServerIdentity: () => undefined,
  });
  return text(socket);
}

/** Says something, ends its own side, and reads the other one to its end. */
export async function sayAndEnd(port: number, words: string): Promise<string> {
  const socket = connect({ port, allowHalfOpen: true });
  socket.end(words);
  return text(socket);
}

/** Waits for the greeting before it says anything. */
export async function afterGreeting(port: number, words: string): Promise<string> {
  const socket = connect(port);
  const [greeting] = (await once(socket, "data")) as [Buffer];
  socket.write(words);
  return greeting.toString() + (await text(socket));
}

/** Breaks its connection off once the other side has said something. */
export async function breakOff(port: number): Promise<string> {
  const socket = connect(port);
  socket.write("SSH-2.0-hasty\r\n");
  await once(socket, "data");
  socket.resetAndDestroy();
  await closed(socket);
  return "broken off\n";
}

/** Tells how a connection ends that nobody takes. */
export async function refused(port: number, words: string): Promise<string> {
  const socket = connect(port);
  socket.write(words);
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  return `${error.code}\n`;
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, "close");
}
