import { expect, it } from "vitest";
import { compatibilityWarnings } from "../../../../packages/host/src/loading/manifest/compatibility.js";

const warnings = (compatibility: object | null) =>
  compatibilityWarnings("x", "/x/plugin.json", { manifest: { compatibility } as never, protocol: 3 });

it("says nothing when the versions fit, or when no range is given", () => {
  for (const fits of [
    null,
    {},
    { synaps: null },
    { synaps: "" },
    { synaps: ">=0.3", extension_protocol: "^3" },
    { synaps: "*" },
  ]) {
    expect(warnings(fits)).toEqual([]);
  }
});

it("warns when they do not fit, and when the range is none; never more than that", () => {
  const [first, second] = warnings({ synaps: ">=99.0.0", extension_protocol: "latest please" });
  expect(first).toMatchObject({
    severity: "warning",
    code: "MANIFEST_INCOMPATIBLE",
    pointer: "/compatibility/synaps",
  });
  expect(second?.message).toBe("compatibility.extension_protocol 'latest please' is not a version range");
});
