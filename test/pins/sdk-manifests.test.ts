import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hostConfigJsonSchema } from "@synaps/host/tooling";
import { manifestJsonSchema } from "@synaps/sdk/manifest";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";

const CATALOG_FILES = ["agent.json", "gateway.json", "messaging.json", "proxy.json", "synaps.json"];
const GENERATED = [
  "contract.json",
  "extension.schema.json",
  "host-config.schema.json",
  ...CATALOG_FILES.map((name) => join("catalogs", name)),
];

describe("the generated files in manifests/", () => {
  it("are what the packages say today (else run `pnpm run manifests`)", () => {
    const fresh = tempDir();
    execFileSync(process.execPath, [repo("scripts/generate-manifests.mjs"), fresh]);
    const written = readdirSync(fresh, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".json"),
    );
    expect(written.sort()).toEqual([...GENERATED].sort());
    for (const name of written) {
      expect(readFileSync(repo(`manifests/${name}`), "utf8"), name).toBe(
        readFileSync(join(fresh, name), "utf8"),
      );
    }
  });

  it("are not followed by left-overs of catalogs that no longer exist", () => {
    expect(readdirSync(repo("manifests/catalogs"))).toEqual(CATALOG_FILES);
  });

  it("hold the schema of the sources, not only of the last build", () => {
    const stored: unknown = JSON.parse(readFileSync(repo("manifests/extension.schema.json"), "utf8"));
    expect(stored).toEqual(JSON.parse(JSON.stringify(manifestJsonSchema())));
    const config: unknown = JSON.parse(readFileSync(repo("manifests/host-config.schema.json"), "utf8"));
    expect(config).toEqual(JSON.parse(JSON.stringify(hostConfigJsonSchema())));
  });

  it("name no address that somebody else could own", () => {
    for (const name of GENERATED) {
      const text = readFileSync(repo(`manifests/${name}`), "utf8");
      expect(text.replaceAll("http://json-schema.org/draft-07/schema#", "")).not.toContain("://");
      expect(text.endsWith("}\n")).toBe(true);
    }
  });
});
