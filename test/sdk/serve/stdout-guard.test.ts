import { events } from "@synaps/sdk/testing";
import { describe, expect, it } from "vitest";
import { spawnFixture } from "../../helpers/sdk-children.js";

describe("the guard of standard output", () => {
  it("lets nothing but frames out, however the extension prints", async () => {
    const child = await spawnFixture("prints.mjs");
    const ways = (await child.callTool("ways", null)) as string[];
    expect(ways.length).toBeGreaterThan(15);
    for (const way of ways) {
      expect(await child.send(events.before_message({ message: way }))).toEqual({
        action: "inject",
        content: way,
      });
    }
    expect(await child.stop()).toEqual({ code: 0, signal: null });
    expect([child.strayBytes, child.problems]).toEqual([0, []]);
    for (const way of ways) expect(child.stderr).toContain(`by ${way}`);
    for (const when of [
      "printed while importing",
      "written while importing",
      "printed before serve",
      "printed after serve",
      "printed in start",
      "printed in stop",
    ]) {
      expect(child.stderr).toContain(when);
    }
  });
});
