import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import type { HostEventMap, Outcome } from "@synaps/host";
import { startedHost } from "../../helpers/hosts.js";
import { PYTHON_FRAMES } from "../../helpers/python.js";
import { numbers } from "../../helpers/random.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const EDITS = 200;
/** Every fifth edit is broken. */
const BROKEN = 5;
const PER_SECOND = 2_000;
const KIND = "before_tool_call";

/** Says continue to everything. */
const GUARD = `${PYTHON_FRAMES}
while True:
    m = read()
    if m.get("method") == "initialize":
        write({"id": m["id"], "result": {"protocol_version": 3, "features": ["meta"], "capabilities": {}}})
    elif "id" in m: write({"id": m["id"], "result": {"action": "continue"}})
`;

/** In every configuration one side is asked, after the guard or before it. */
const SIDES = ["left", "right"] as const;

function content(edit: number): string {
  const [on, off] = edit % 2 === 0 ? SIDES : [...SIDES].reverse();
  // The order of all three changes along with who is asked: a mixture would show.
  const priority = on === "left" ? -10 : 10;
  return [
    `[hooks]\ntimeout_ms = ${20_000 + edit}`,
    `[hooks.of.${on}]\nenabled = true\npriority = ${priority}`,
    `[hooks.of.${off}]\nenabled = false\npriority = ${-priority}`,
    `[hooks.of.guard]\npriority = 0\n`,
  ].join("\n");
}

/** Ways to break a file, the end of each of which is a valid start of another configuration. */
function broken(edit: number, below: (limit: number) => number): string {
  const whole = content(edit);
  const ways = [
    () => `${whole.slice(0, 1 + below(whole.length - 2))}\n[`,
    () => whole.replace("enabled", "enabeld"),
    () => whole.replace("true", '"yes"'),
    () => `${whole}\n[hooks]\nenabled = false\n`,
    () => whole.replace(/timeout_ms = \d+/, "timeout_ms = 0"),
  ];
  return ways[below(ways.length)]?.() ?? "";
}

it(
  verifies("HOSTCONF-016") +
    `${EDITS} edits under ${PER_SECOND} events a second lose no event and show no half`,
  async () => {
    const [folder, baseDir, below] = [tempDir(), tempDir(), numbers(16)];
    writeExtension(
      folder,
      "guard",
      {
        protocol_version: 3,
        runtime: "process",
        command: "python3",
        args: ["main.py"],
        permissions: ["tools.intercept"],
        hooks: [{ hook: KIND, id: "all" }],
      },
      { "main.py": GUARD },
    );
    mkdirSync(join(baseDir, "extensions"));
    const file = join(baseDir, "extensions", "host.toml");
    writeFileSync(file, content(0));
    const { host } = await startedHost([folder], { baseDir });
    for (const id of SIDES) await host.use({ id, events: [KIND], on: () => ({ action: "continue" }) });

    const reloads: HostEventMap["config_reload"][] = [];
    let onReload = (): void => {};
    host.on("config_reload", (reload) => {
      reloads.push(reload);
      onReload();
    });

    const seen = { left: 0, right: 0 };
    const wrong: string[] = [];
    const pending = new Set<Promise<unknown>>();
    let offered = 0;
    /** The edit whose configuration counts. */
    let current = 0;
    const raise = (): void => {
      const at = current;
      offered += 1;
      const check = ({ votes }: Outcome): void => {
        const text = votes.map(({ extension, status }) => `${extension} ${status}`).join(", ");
        const side = at % 2 === 0 ? "left" : "right";
        const order = side === "left" ? ["left voted", "guard voted"] : ["guard voted", "right voted"];
        if (text === order.join(", ")) seen[side] += 1;
        else wrong.push(`${at}: ${text}`);
      };
      const asked = host.emit({ kind: KIND, tool_name: "bash", tool_input: { n: offered } }).then(check);
      pending.add(asked);
      void asked.finally(() => pending.delete(asked));
    };

    const started = performance.now();
    for (let edit = 1; edit <= EDITS; edit += 1) {
      const isBroken = edit % BROKEN === 0;
      const noticed = new Promise<void>((resolve) => {
        onReload = () => {
          if (!isBroken) current = edit;
          resolve();
        };
      });
      writeFileSync(file, isBroken ? broken(edit, below) : content(edit));
      let isNoticed = false;
      void noticed.then(() => (isNoticed = true));
      while (!isNoticed) {
        const due = ((performance.now() - started) * PER_SECOND) / 1_000;
        for (let n = Math.min(100, due - offered); n > 0; n -= 1) raise();
        await setImmediate();
      }
    }
    await Promise.all(pending);
    const applied = reloads.map(({ applied: isApplied }) => isApplied);
    expect(applied).toEqual(Array.from({ length: EDITS }, (_, n) => (n + 1) % BROKEN !== 0));
    expect(wrong).toEqual([]);
    expect(seen.left + seen.right).toBe(offered);
    expect(Math.min(seen.left, seen.right)).toBeGreaterThan(0);
    const [guard] = host.snapshot().subscriptions.filter(({ extension }) => extension === "guard");
    expect(guard).toMatchObject({ matched: offered, voted: offered });
  },
);
