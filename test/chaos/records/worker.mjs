// Changes files under a base folder, one after the other, and says each number once its change was acknowledged.
//     node worker.mjs <base> <process> <first number> <end>
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createHost } from "../../../packages/host/dist/index.js";
import { QuarantineStore } from "../../../packages/host/dist/loading/records/quarantine-store.js";
import { TrustStore } from "../../../packages/host/dist/loading/records/trust-store.js";
import { consentRecord, ConsentStore, writeConfigValue } from "../../../packages/host/dist/tooling.js";
import { EXTENSION, keyOf, kindOf } from "./files.mjs";

const [baseDir = "", ...numbers] = process.argv.slice(2);
const [own, first, end] = numbers.map(Number);
const quiet = () => {};
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const host = createHost({ baseDir, projectExtensions: false, logger });
await host.start();

const consents = new ConsentStore(baseDir);
const quarantines = new QuarantineStore(baseDir);
const trust = new TrustStore(baseDir);
const plugin = join(baseDir, "plugins", EXTENSION, ".synaps-plugin", "plugin.json");
const { version, extension } = JSON.parse(readFileSync(plugin, "utf8"));
const section = { ...extension, env: [] };

const CHANGES = {
  approve: (root) => consents.write(new Map([[root, consentRecord({ root, version, section }, "hash", 0)]])),
  config: async (key) => void (await writeConfigValue(baseDir, EXTENSION, key, `value of ${key}`)),
  quarantine: (root) => quarantines.set(root, { since: 1, reason: "a trial" }),
  trust: (provider) => trust.set(provider, true),
  async extension(key) {
    const tool_input = { key, value: `value of ${key}` };
    const outcome = await host.emit({ kind: "before_tool_call", tool_name: "set", tool_input });
    const [vote] = outcome.votes;
    if (vote?.status !== "voted") throw new Error(`no answer: ${JSON.stringify(vote)}`);
  },
};

for (let number = first; number < end; number += 1) {
  await CHANGES[kindOf(own, number)](keyOf(own, number));
  writeSync(1, `${number}\n`);
}
await host.stop();
