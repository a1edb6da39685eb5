import { fstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  PipePool,
  removeStalePipes,
  type NamedPipes,
} from "../../../packages/host/src/transport/process/pipes.js";
import { tempDir } from "../../helpers/temp.js";

/** A pool with a folder for temporary files of its own. */
function pool(): { pipes: PipePool; folder: string; open: (command: string) => NamedPipes | undefined } {
  const folder = tempDir();
  vi.stubEnv("TMPDIR", folder);
  const pipes = new PipePool();
  const opened: (NamedPipes | undefined)[] = [];
  onTestFinished(() => {
    for (const one of opened) for (const key of ["stdin", "stdout", "stderr"] as const) one?.[key]?.destroy();
    pipes.close();
    vi.unstubAllEnvs();
  });
  const open = (command: string): NamedPipes | undefined => {
    const one = pipes.open(command);
    opened.push(one);
    return one;
  };
  return { pipes, folder, open };
}

/** Names of the pipes that are ready. */
const names = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)));
const ready = (folder: string): number => names(folder).length;

describe.skipIf(process.platform === "win32")("pipes", () => {
  it("are all three streams of a program, and the last one only of a runtime of JavaScript", () => {
    const { open } = pool();
    const kinds = (command: string): string[] => {
      const one = open(command);
      one?.handedOver();
      expect([one?.stdin === undefined, one?.stdout === undefined]).toEqual(
        (one?.stdio.slice(0, 2) ?? []).map((end) => end === "pipe"),
      );
      return one?.stdio.map((end) => typeof end) ?? [];
    };
    for (const command of ["node", "/usr/bin/node", "BUN", "deno.exe", "Node.EXE"])
      expect([command, ...kinds(command)]).toEqual([command, "string", "string", "number"]);
    for (const command of ["sh", "nodejs", "mynode", "node.exe.x", "nodexexe", "/node/sh"])
      expect([command, ...kinds(command)]).toEqual([command, "number", "number", "number"]);
  });

  it("have no names any more once they were opened, are open in one direction each, and the child's ends are closed when handed over", () => {
    const { folder, open } = pool();
    const one = open("sh");
    // More are being made beside these.
    for (const name of ["1", "2", "3", "4", "5"]) expect(names(folder)).toContain(name);
    for (const name of ["6", "7", "8"]) expect(names(folder)).not.toContain(name);
    const ends = one?.stdio.map(Number) ?? [];
    for (const fd of ends) expect(fstatSync(fd).isFIFO()).toBe(true);
    one?.handedOver();
    for (const fd of ends) expect(() => fstatSync(fd)).toThrow("EBADF");
    expect([one?.stdin?.writable, one?.stdout?.readable, one?.stderr.readable]).toEqual([true, true, true]);
    expect([one?.stdin?.readable, one?.stdout?.writable, one?.stderr.writable]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("are made ahead, sixty-four at a time, once for all who ask, and not while enough are there", async () => {
    const { pipes, folder } = pool();
    await Promise.all([pipes.prepare(), pipes.prepare()]);
    expect(ready(folder)).toBe(64);
    await pipes.prepare();
    expect(ready(folder)).toBe(64);
  });

  it("are made eight at a time for a start that cannot wait, and ahead again when few are left", async () => {
    const { pipes, folder, open } = pool();
    open("sh")?.handedOver();
    await pipes.prepare();
    expect(ready(folder)).toBe(5 + 64);
  });

  it("are none on a system that has no program for them, now and later", () => {
    const { folder, open } = pool();
    const path = process.env["PATH"];
    vi.stubEnv("PATH", "/none");
    expect(open("sh")).toBeUndefined();
    vi.stubEnv("PATH", path);
    expect(open("sh")).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are none any more once the pool was closed", async () => {
    const { pipes, folder, open } = pool();
    const preparing = pipes.prepare();
    pipes.close();
    await preparing;
    await pipes.prepare();
    expect([open("sh"), readdirSync(folder)]).toEqual([undefined, []]);
    pipes.close();
  });

  it("are none any more when the pool was closed while they were being made", async () => {
    const folder = tempDir();
    vi.stubEnv("TMPDIR", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    for (let round = 0; round < 20; round += 1) {
      const pipes = new PipePool();
      const preparing = pipes.prepare();
      // Looked for without a pause: the program makes all of them within a millisecond.
      const untilMs = performance.now() + 5_000;
      while (ready(folder) === 0 && performance.now() < untilMs);
      pipes.close();
      await preparing;
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});

describe.skipIf(process.platform === "win32")("the folders of programs that are gone", () => {
  it("are known by their exact names, and are folders", () => {
    const folder = tempDir();
    const stay = [
      "xsynaps-pipes-12-aB3_dE",
      "synaps-pipes-12-aB3_dEx",
      "synaps-pipes-12-aB3_d",
      "synaps-pipes-012-aB3_dE",
      "synaps-pipes-0-aB3_dE",
      "synaps-pipes-12345678901-aB3_dE",
      "synaps-pipes-1x2-aB3_dE",
      "synaps-pipes-12-aB3-dE",
      "synaps-pipes-99-aB3_dE",
    ];
    const go = ["synaps-pipes-1-aB3_dE", "synaps-pipes-12-123456", "synaps-pipes-1234567890-aB3_dE"];
    for (const name of [...stay, ...go]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "synaps-pipes-12-a_file"), "");
    const asked: number[] = [];
    removeStalePipes((pid) => {
      asked.push(pid);
      return pid === 99;
    }, folder);
    expect(readdirSync(folder).sort()).toEqual([...stay, "synaps-pipes-12-a_file"].sort());
    expect([...new Set(asked)].sort((a, b) => a - b)).toEqual([1, 12, 99, 1_234_567_890]);
  });
});
