// A host of its own with so many extensions: says how much memory it and its children hold once it is quiet.
import { readdirSync, readFileSync } from "node:fs";
import { startHost } from "../ours.mjs";

const [, , count, main] = process.argv;
const extensions = Object.fromEntries(Array.from({ length: Number(count) }, (_, n) => [`e${n}`, { main }]));
const host = await startHost(extensions);
for (let n = 0; n < 20; n += 1)
  await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: {} });
for (let n = 0; n < 3; n += 1) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  globalThis.gc?.();
}

const field = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0) * 1024;
const children = [];
for (const pid of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
  try {
    const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (Number(parent) !== process.pid || !command.includes(main)) continue;
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    children.push({ rss: field(rollup, "Rss"), pss: field(rollup, "Pss") });
  } catch {
    // It ended while it was looked at.
  }
}
const { rss, heapUsed } = process.memoryUsage();
process.stdout.write(JSON.stringify({ rss, heapUsed, children }));
await host.stop();
