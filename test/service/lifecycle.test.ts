import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { servicePlaces } from "@synaps/service";
import { startService } from "@synaps/service/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { cli, finished, start } from "../e2e/cli/command.js";
import { FakeClock } from "../helpers/fake-clock.js";
import { isAlive } from "../helpers/is-alive.js";
import { post, startedService } from "../helpers/service.js";
import { tempDir } from "../helpers/temp.js";
import { until } from "../helpers/wait.js";

function pidIn(base: string): number {
  return Number(readFileSync(servicePlaces(base).pidFile, "utf8"));
}

describe("the one service of a base folder", () => {
  it("is started once by many at the same time, outlives them, is replaced when it was killed, and leaves nothing", async () => {
    const base = tempDir();
    const env = { SYNAPS_BASE_DIR: base };
    const { socket, pidFile } = servicePlaces(base);
    const starters = await Promise.all(Array.from({ length: 5 }, () => cli(["serve", "--detach"], { env })));
    expect(starters.map(({ code, stdout }) => [code, stdout])).toEqual(Array(5).fill([0, `${socket}\n`]));
    const first = pidIn(base);
    onTestFinished(() => void (isAlive(first) && process.kill(first, "SIGKILL")));
    expect((await post({ socket }, "/v1/status", {})).json<{ pid: number }>().pid).toBe(first);

    expect(await cli(["serve"], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`kill ${first}`) as unknown,
    });
    process.kill(first, "SIGKILL");
    await until("it is gone", () => !isAlive(first));
    expect(existsSync(socket)).toBe(true);
    const again = await cli(["serve", "--detach", "--json"], { env });
    // A starter of before that was slow may have been the next one already.
    const { pid } = JSON.parse(again.stdout) as { pid: number };
    expect([pid !== first, pidIn(base)]).toEqual([true, pid]);
    expect((await post({ socket }, "/v1/status", {})).json<{ pid: number }>().pid).toBe(pid);
    process.kill(pid, "SIGTERM");
    await until("it has ended", () => !isAlive(pid));
    expect([existsSync(socket), existsSync(pidFile)]).toEqual([false, false]);
  });

  it("ends by Ctrl-C in the foreground", async () => {
    const child = start(["serve"]);
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await until("it listens", () => said.includes("listens at"));
    child.kill("SIGINT");
    expect((await finished(child)).code).toBe(130);
  });

  it("listens in no folder that others may enter", async () => {
    const base = tempDir();
    const { folder } = servicePlaces(base);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    await expect(startService({ baseDir: base, env: {} })).rejects.toMatchObject({
      message: expect.stringContaining("others may enter it") as unknown,
    });
  });

  it("ends after a time without use, and not while a program is connected", async () => {
    const clock = new FakeClock();
    const { service, client } = await startedService({ clock, idleMs: 1_000 });
    const program = await client();
    await program.status();
    await clock.pass(5_000);
    await program.status();
    program.close();
    const { socket } = service.places;
    await post({ socket }, "/v1/status", {});
    await clock.pass(900);
    await post({ socket }, "/v1/status", {});
    await clock.pass(900);
    expect(existsSync(socket)).toBe(true);
    await until("its end", async () => {
      await clock.pass(1_000);
      return !existsSync(socket);
    });
    await service.ended;
  });
});

describe("the HTTP listener", () => {
  const TOKEN = "0123456789abcdef0123456789abcdef";

  /** A base folder with the two files that open the listener. */
  function configured(token = TOKEN, mode = 0o600, port: unknown = 0): string {
    const base = tempDir();
    const { httpFile, tokenFile } = servicePlaces(base);
    mkdirSync(join(base, "extensions", "agents"), { recursive: true });
    writeFileSync(httpFile, JSON.stringify({ port }));
    writeFileSync(tokenFile, `${token}\n`, { mode });
    chmodSync(tokenFile, mode);
    return base;
  }

  it("answers hooks with the token, on the loopback address, and nothing else", async () => {
    const { service } = await startedService({ baseDir: configured() });
    const url = service.http ?? "";
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const bearer = { authorization: `Bearer ${TOKEN}` };
    const asked: [string, Record<string, string>, number][] = [
      ["/v1/hooks/emacs", bearer, 400],
      ["/v1/hooks/emacs", {}, 401],
      ["/v1/hooks/emacs", { authorization: `Bearer ${TOKEN}x` }, 401],
      ["/v1/hooks/emacs", { authorization: "Bearer " }, 401],
      ["/v1/hooks/emacs", { ...bearer, origin: "http://evil.example" }, 403],
      ["/v1/hooks/emacs", { ...bearer, host: "evil.example" }, 403],
      ["/v1/status", bearer, 404],
      ["/v1/tools/call", bearer, 404],
    ];
    for (const [path, headers, status] of asked)
      expect((await post({ url }, path, "{}", headers)).status, `${path} ${JSON.stringify(headers)}`).toBe(
        status,
      );
  });

  it("opens when its files are written while the service runs, and takes a new token over", async () => {
    const base = tempDir();
    const clock = new FakeClock();
    const { service } = await startedService({ baseDir: base, clock });
    const { socket, httpFile, tokenFile } = service.places;
    const used = async (): Promise<string | undefined> => {
      await clock.pass(1_000);
      await post({ socket }, "/v1/status", {});
      return service.http;
    };
    expect(await used()).toBeUndefined();
    mkdirSync(join(base, "extensions", "agents"), { recursive: true });
    const statusWith = async (token: string): Promise<number> =>
      (await post({ url: service.http ?? "" }, "/v1/hooks/emacs", "{}", { authorization: `Bearer ${token}` }))
        .status;
    writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
    writeFileSync(httpFile, `{"port":0}`);
    await expect.poll(used).toBeDefined();
    expect(await statusWith(TOKEN)).toBe(400);
    writeFileSync(tokenFile, `new-${TOKEN}`);
    await expect
      .poll(async () => (await used()) !== undefined && (await statusWith(`new-${TOKEN}`)))
      .toBe(400);
    expect(await statusWith(TOKEN)).toBe(401);
  });

  it("is not opened with a token that others may read, without one, or at what is no port; the socket serves on", async () => {
    const wrong: [string, RegExp][] = [
      [configured(TOKEN, 0o644), /others may read/],
      [configured("short"), /holds no token/],
      [configured(TOKEN, 0o600, "http"), /names no port/],
      [configured(TOKEN, 0o600, 70_000), /names no port/],
    ];
    for (const [baseDir, why] of wrong) {
      const { service, log } = await startedService({ baseDir });
      expect(service.http).toBeUndefined();
      expect(log.map(({ message }) => message).join()).toMatch(why);
      expect(log.map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`).join()).not.toContain(
        TOKEN,
      );
      expect((await post({ socket: service.places.socket }, "/v1/status", {})).status).toBe(200);
    }
  });
});
