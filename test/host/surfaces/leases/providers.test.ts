import { registryOfHost } from "../../../helpers/registry-of-host.js";
import { settingsOf } from "@synaps/host/tooling";
import { expect, it, onTestFinished } from "vitest";
import { ExtensionRegistry } from "../../../../packages/host/src/supervision/extension-registry.js";
import { gone } from "../../../e2e/host/support/fixture.js";
import { FAST } from "../../../helpers/hosts.js";
import { late, PROVIDER, type Late } from "../../../helpers/late.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

/** The extensions alone, without the surface that routes to providers. */
async function registryOf({ folder }: Late): Promise<ExtensionRegistry> {
  const settings = settingsOf({ folders: [folder], baseDir: tempDir(), limits: FAST });
  const registry = registryOfHost(settings);
  onTestFinished(() => registry.stop(Promise.resolve()));
  await registry.load();
  await registry.start();
  return registry;
}

const COMPLETE = { method: "provider.complete", params: { model: "small" }, deadlineMs: 20_000 };
const extension = { deferred: { providers: [PROVIDER] } };

it(
  verifies("LEASE-015") + "a provider is known without a process; its first use starts it once",
  async () => {
    const one = late({ does: { declares: { providers: [PROVIDER] } }, extension });
    const registry = await registryOf(one);
    const provider = registry.get("late");
    expect(provider?.declarations).toMatchObject({ tools: [], providers: [PROVIDER] });
    expect([provider?.waitsForUse, one.starts()]).toEqual([true, []]);
    const replies = await Promise.all([1, 2, 3].map(async () => provider?.call(COMPLETE)));
    expect(replies.map((reply) => reply?.type)).toEqual(["reply", "reply", "reply"]);
    expect(one.starts()).toHaveLength(1);
  },
);

it(verifies("LEASE-016") + "one that is another than declared gets nothing, and is ended", async () => {
  const declares = { providers: [{ ...PROVIDER, models: [{ id: "small", context_window: 9 }] }] };
  const one = late({ does: { declares }, extension });
  const provider = (await registryOf(one)).get("late");
  expect(await provider?.call(COMPLETE)).toMatchObject({ type: "none", reason: "failed" });
  expect(provider?.failure?.code).toBe("HANDSHAKE_DRIFT");
  const [pid = 0] = one.starts();
  await gone(pid);
  expect(one.notes()).toEqual([`start ${pid}`]);
});
