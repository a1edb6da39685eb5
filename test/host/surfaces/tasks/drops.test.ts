import { expect, it } from "vitest";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { verifies } from "../../../requirements/verifies.js";
import { interactive, offering } from "../commands/support.js";

it(
  verifies("UI-054") + "reports of tasks that change nothing are counted, in the status and in the log",
  async () => {
    const { host, log } = await offering({ commands: [interactive("tell")] });
    const started = Array.from({ length: 66 }, (_, n) => ["task.start", { id: `t${n}`, label: "work" }]);
    const wrong = [
      ["task.start", { id: "no label" }],
      ["task.done", { id: "never started" }],
      ...Array.from({ length: 6 }, () => ["task.log", "no object"]),
    ];
    await host.commands.invoke("tell", [JSON.stringify([...started, ...wrong])]);
    expect(host.tasks.of("offers-commands")).toHaveLength(64);
    expect(host.tasks.dropped("offers-commands")).toBe(10);
    expect(statusOf(host, "offers-commands").diagnostics).toMatchObject([
      {
        code: "SENT_DROPPED",
        message: "Extension 'offers-commands' sent a report of a task that was dropped: 64 tasks are open",
      },
    ]);
    expect(log.filter(({ message }) => message === "a report of a task was dropped")).toMatchObject([
      { fields: { extension: "offers-commands", count: 10, reason: "it is malformed" } },
    ]);
    expect(host.tasks.dropped("other")).toBe(0);
  },
);
