import type { Host } from "@synaps/host";
import { proxyCatalog } from "@synaps/sdk/catalogs";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const TAP = `import { appendFileSync } from "node:fs";
import { defineExtension, serve } from ${JSON.stringify(repo("packages/sdk/dist/index.js"))};
serve(defineExtension({ hooks: { "proxy.packet": ({ session_id, data }) =>
  appendFileSync("seen.jsonl", JSON.stringify([session_id, data.protocol, data.direction, data.bytes]) + "\\n") } }));`;

it(
  verifies("STREAM-006") + "hooks of one protocol see its chunks alone, each once, in order and as it went",
  async () => {
    const folder = tempDir();
    const roots = ["http", "ftp"].map((protocol) =>
      writeExtension(
        folder,
        `tap-${protocol}`,
        {
          protocol_version: 3,
          runtime: "process",
          command: "node",
          args: ["main.mjs"],
          permissions: ["proxy.content"],
          hooks: [{ hook: "proxy.packet", where: { protocol } }],
        },
        { "main.mjs": TAP },
      ),
    );
    const { host } = await startedHost([folder], { catalogs: [proxyCatalog] as never });
    const sent: string[][] = [];
    const ends: Promise<unknown>[] = [];
    for (let n = 0; n < 60; n += 1) {
      const protocol = n % 3 === 0 ? "ftp" : "http";
      const direction = n % 2 === 0 ? "inbound" : "outbound";
      const session_id = protocol === "ftp" ? "18446744073709551615" : String(n % 4);
      const bytes = Buffer.from(`chunk ${n} \0\xff`, "latin1").toString("base64");
      sent.push([session_id, protocol, direction, bytes]);
      const data = { protocol, client_addr: "127.0.0.1:4000", direction, bytes };
      const outcome = await (host as Host).emit({ kind: "proxy.packet", session_id, data } as never);
      ends.push((outcome as { settled: Promise<unknown> }).settled);
    }
    await Promise.all(ends);
    for (const [at, protocol] of ["http", "ftp"].entries()) {
      const path = join(roots[at] ?? "", "seen.jsonl");
      const seen = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
      const bySession = (lines: readonly string[][]): string[] =>
        lines
          .map((line) => JSON.stringify(line))
          .sort((a, b) => Number(a.slice(2, 3)) - Number(b.slice(2, 3)));
      const own = sent.filter(([, name]) => name === protocol);
      expect(bySession(seen.map((line) => JSON.parse(line) as string[]))).toEqual(bySession(own));
    }
    for (const { offered, answered } of host.snapshot().streams) expect(answered).toBe(offered);
  },
);
