import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { debianPackages } from "./debian-packages.js";

interface Program {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The installed redis-server, or that of Debian, unpacked in a folder. Undefined where there is neither. */
export function redisProgram(): Program | undefined {
  if (spawnSync("redis-server", ["--version"]).status === 0)
    return { path: "redis-server", env: process.env };
  const place = debianPackages("redis-server", ["redis-server", "redis-tools", "libjemalloc2", "liblzf1"]);
  if (place === undefined) return undefined;
  const lib = join(place, "usr", "lib");
  const folders = readdirSync(lib).map((name) => join(lib, name));
  const program = {
    path: join(place, "usr", "bin", "redis-server"),
    env: { ...process.env, LD_LIBRARY_PATH: folders.join(":") },
  };
  return spawnSync(program.path, ["--version"], { env: program.env }).status === 0 ? program : undefined;
}

/** A real server on a port of its own on loopback, which can be killed, stopped and started again on the same data. */
export class RedisServer {
  readonly port: number;
  readonly #program: Program;
  readonly #folder = mkdtempSync(join(tmpdir(), "redis-"));
  #child: ChildProcess | undefined;

  private constructor(program: Program, port: number) {
    this.#program = program;
    this.port = port;
  }

  static async start(program: Program): Promise<RedisServer> {
    const server = new RedisServer(program, await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Writes each change to the disk at once, so that a killed server comes back with everything that it had. */
  async start(): Promise<void> {
    const { path, env } = this.#program;
    const args = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.#folder];
    const child = spawn(path, [...args, "--appendonly", "yes", "--appendfsync", "always"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes("Ready to accept connections")) return void child.stdout.resume();
    throw new Error("redis-server ended before it was ready");
  }

  /** Ends as a power cut does. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  /** From here on the server takes connections and answers nothing. */
  hang(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** Ends the server and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  goOn(): void {
    this.#child?.kill("SIGCONT");
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
