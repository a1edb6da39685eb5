import { settingsOf } from "@synaps/host";
import { expect, it, onTestFinished } from "vitest";
import { Fleet } from "../../../packages/host/src/fleet.js";
import { Inbound } from "../../../packages/host/src/inbound/inbound.js";
import { Reloader } from "../../../packages/host/src/lifecycle/reload.js";
import { gone, variant } from "../../e2e/host/support/fixture.js";
import { FAST } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { verifies } from "../../requirements/verifies.js";

/** The extensions alone, with everything that is told about one of them. */
async function followed(): Promise<{ fleet: Fleet; reloader: Reloader; told: string[] }> {
  const folder = tempDir();
  variant(folder, "echoes-votes", { id: "m" });
  const settings = settingsOf({ folders: [folder], baseDir: tempDir(), limits: FAST });
  const fleet = new Fleet(settings, new Inbound());
  onTestFinished(() => fleet.stop(Promise.resolve()));
  const told: string[] = [];
  fleet.onMembers(({ type, extension }) => void told.push(`${type} ${extension.id}`));
  fleet.onState((extension, _, to) => void told.push(`${extension.id} ${to}`));
  await fleet.load();
  await fleet.start();
  return { fleet, reloader: new Reloader(settings, fleet), told };
}

it(
  verifies("LIFE-023") + "whoever follows lets go of the old one at the switch, not when its process ends",
  async () => {
    const { fleet, reloader, told } = await followed();
    const pid = fleet.get("m")?.generation?.child.pid ?? 0;
    told.length = 0;
    await reloader.reload("m");
    const switched = ["m starting", "m running", "replaced m", "m stopped"];
    expect(told).toEqual(switched);
    await gone(pid);
    // By then the id is the new one's: that nobody is told again keeps what the new one has.
    await until("the old one is over", () => fleet.get("m")?.state === "running");
    expect(told).toEqual(switched);
  },
);

it(verifies("LIFE-023") + "and when one is unloaded", async () => {
  const { reloader, told } = await followed();
  told.length = 0;
  await reloader.unload("m");
  expect(told).toEqual(["removed m", "m stopped"]);
});

it(verifies("LIFE-023") + "one that fails keeps no other from following", async () => {
  const { fleet, reloader, told } = await followed();
  fleet.onMembers(() => {
    throw new Error("a surface fell over");
  });
  fleet.onMembers(({ type }) => void told.push(`after it: ${type}`));
  await reloader.reload("m");
  expect(told).toContain("after it: replaced");
});
