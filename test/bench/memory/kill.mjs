// Kills a host at random while it stores notes, again and again, and looks whether a note that it acknowledged is missing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const APPENDS = fileURLToPath(new URL("../../host/surfaces/memory/fixtures/appends.mjs", import.meta.url));

export async function killAtRandom(folder, appends) {
  mkdirSync(folder, { recursive: true });
  const acknowledged = [];
  let kills = 0;
  while (acknowledged.length < appends) {
    const path = join(folder, `acked-${kills}`);
    const out = openSync(path, "w");
    const window = kills % 2 === 0 ? 1 : 16;
    const child = spawn(process.execPath, [APPENDS, folder, "1000000", `k${kills}`, `${window}`], {
      stdio: ["ignore", out, "inherit"],
    });
    closeSync(out);
    while (statSync(path).size === 0) await after(1);
    await after(Math.random() * 300);
    child.kill("SIGKILL");
    await once(child, "exit");
    kills += 1;
    for (const line of readFileSync(path, "utf8").split("\n").slice(0, -1)) acknowledged.push(line.slice(3));
  }
  const stored = new Set();
  let torn = 0;
  for (const line of readFileSync(join(folder, "memory", "notes.jsonl"), "utf8").split("\n")) {
    try {
      if (line !== "") stored.add(JSON.parse(line).content);
    } catch {
      torn += 1;
    }
  }
  const lost = acknowledged.filter((content) => !stored.has(content)).length;
  return { acknowledged: acknowledged.length, kills, lost, torn };
}
