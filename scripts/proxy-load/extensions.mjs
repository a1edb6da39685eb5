// The two extensions of the load: one digests each direction of each session, the other one sleeps over each chunk.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} sdk path of the built SDK
 * @param {string} source
 */
function write(folder, name, sdk, source) {
  const root = join(folder, name);
  mkdirSync(join(root, ".synaps-plugin"), { recursive: true });
  const extension = {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    args: ["main.mjs"],
    permissions: ["proxy.observe", "proxy.content"],
    // A machine that is busy with other things must not end a wait.
    hooks: ["proxy.open", "proxy.packet", "proxy.close"].map((hook) => ({ hook, timeout_ms: 60_000 })),
  };
  const manifest = { name, version: "1.0.0", description: "Part of the load", extension };
  writeFileSync(join(root, ".synaps-plugin", "plugin.json"), JSON.stringify(manifest));
  writeFileSync(
    join(root, "main.mjs"),
    `import { defineExtension, serve } from ${JSON.stringify(sdk)};\n${source}`,
  );
  return root;
}

/** Writes a line for each session that has ended: what it saw in each direction, and what came at a wrong moment. */
const DIGEST = `
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
const way = () => ({ bytes: 0, chunks: 0, hash: createHash("sha256") });
const said = ({ bytes, chunks, hash }) => ({ bytes, chunks, sha256: hash.digest("hex") });
const open = new Map();
let strays = 0;
let dropped = 0;
serve(defineExtension({
  hooks: {
    "proxy.open": ({ session_id, data }) => {
      if (open.has(session_id)) strays += 1;
      open.set(session_id, { client: data.client_addr, inbound: way(), outbound: way() });
    },
    "proxy.packet": ({ session_id, data, meta }) => {
      const session = open.get(session_id);
      dropped += meta?.dropped ?? 0;
      if (!session) return void (strays += 1);
      const bytes = Buffer.from(data.bytes, "base64");
      const to = session[data.direction];
      to.bytes += bytes.length;
      to.chunks += 1;
      to.hash.update(bytes);
    },
    "proxy.close": ({ session_id }) => {
      const { client, inbound, outbound } = open.get(session_id) ?? {};
      if (!client) return void (strays += 1);
      open.delete(session_id);
      const line = { client, inbound: said(inbound), outbound: said(outbound), strays, dropped };
      appendFileSync("seen.jsonl", JSON.stringify(line) + "\\n");
    },
  },
}));`;

const SLEEP = `
import { setTimeout as sleep } from "node:timers/promises";
serve(defineExtension({
  hooks: { "proxy.open": () => {}, "proxy.packet": () => sleep(SLEEP_MS), "proxy.close": () => {} },
}));`;

/**
 * @param {string} folder
 * @param {string} sdk
 */
export const writeDigester = (folder, sdk) => write(folder, "digester", sdk, DIGEST);

/**
 * @param {string} folder
 * @param {string} sdk
 * @param {number} ms
 */
export const writeSleeper = (folder, sdk, ms) =>
  write(folder, "sleeper", sdk, SLEEP.replace("SLEEP_MS", String(ms)));
