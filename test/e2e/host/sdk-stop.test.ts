import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { authorFolder, manifestFor } from "../../helpers/author-program.js";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

it.each([1, 3])(
  verifies("AUTH-005") + "protocol %i: stop writes memory and configuration",
  async (protocol_version) => {
    const folder = authorFolder({
      "main.mjs": `import { defineExtension, serve } from "@synaps/sdk";
serve(defineExtension({
  async stop({ memory, configuration, log }) {
    await memory.append("last words");
    await configuration.set("left", "at night");
    log("stopped");
  },
}));`,
      ".synaps-plugin/plugin.json": manifestFor([], {
        protocol_version,
        permissions: ["memory.write", "config.write"],
        config: [{ key: "left" }],
      }),
    });
    const baseDir = tempDir();
    const { host } = await startedHost([dirname(folder)], { baseDir, limits: { shutdownMs: 10_000 } });
    await host.stop();
    const id = basename(folder);
    expect(host.logs(id, 5).map(({ line }) => line)).toEqual(["stopped"]);
    const notes = readFileSync(join(baseDir, "memory", `${id}.jsonl`), "utf8");
    expect(JSON.parse(notes)).toMatchObject({ content: "last words" });
    expect(readFileSync(join(baseDir, "plugins", id, "config"), "utf8")).toContain("left = at night");
  },
);
