import { expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { interactive, offering } from "./commands/support.js";

it(
  verifies("LIFE-032") +
    "after a stop every call of the program is refused, and nothing is started or written",
  async () => {
    const { host } = await offering({
      commands: [interactive("tell"), { name: "program", command: "node", args: ["--version"] }],
      manifest: { provides: { sidecar: { command: "node" } } },
    });
    const id = "offers-commands";
    expect(await host.memory.append(id, { content: "before" })).toMatchObject({ ok: true });
    await host.stop();
    const calls = {
      tool: () => host.tools.call(`${id}:x`),
      command: () => host.commands.invoke("tell"),
      program: () => host.commands.invoke("program"),
      sidecar: () => host.sidecars.start(id),
      note: () => host.memory.append(id, { content: "after" }),
      notes: () => host.memory.query(id),
      value: () => host.config.get(id, "a"),
      setting: () => host.config.set(id, "a", "b"),
      keys: () => host.config.list(id),
      completion: () => host.providers.complete({ model: "a:b:c", messages: [] }),
      stream: () => host.providers.stream({ model: "a:b:c", messages: [] }).result,
      editor: () => host.ui.settings.open(id, "a", "b"),
      info: () => host.ui.askInfo(id),
    };
    for (const [what, call] of Object.entries(calls)) {
      const end = await call().catch((error: unknown) => error);
      expect([what, end]).toMatchObject([what, { name: "HostError", code: "HOST_STOPPED" }]);
    }
  },
);
