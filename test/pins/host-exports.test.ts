import * as host from "@synaps/host";
import * as tooling from "@synaps/host/tooling";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { verifies } from "../requirements/verifies.js";

/** The names that an entry exports, types included. */
function namesOf(entry: string): string[] {
  const source = readFileSync(repo(`packages/host/src/${entry}.ts`), "utf8");
  return [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = ""]) =>
    list
      .split(",")
      .map((name) =>
        name
          .trim()
          .replace(/^type /, "")
          .replace(/^.* as /, ""),
      )
      .filter(Boolean),
  );
}

/** What importers rely on. A change here is a change of the public interface: say so in the changelog. */
describe("the entries of the host export", () => {
  it(". for programs that embed it", () => {
    expect(Object.keys(host).sort()).toEqual([
      "ControlClient",
      "DEFAULT_LIMITS",
      "HOST_ERROR_CODES",
      "HostError",
      "Memory",
      "ProviderStream",
      "TurnFeedback",
      "createHost",
      "defaultBaseDir",
      "findHosts",
      "frameInjection",
      "nullLogger",
      "reportLine",
      "stderrLogger",
      "stripControl",
      "systemClock",
    ]);
  });

  it("./tooling for the command and other tools", () => {
    expect(Object.keys(tooling).sort()).toEqual([
      "ConsentStore",
      "CoverageStore",
      "DEFAULT_INSTALL_LIMITS",
      "SchemaCheck",
      "TrustStore",
      "approveCode",
      "changesText",
      "checkedConfigText",
      "codeHash",
      "collectInventory",
      "compilePayload",
      "consentRecord",
      "coverageFor",
      "discoverExtensions",
      "ensurePrivateFolder",
      "findProjectExtensions",
      "hashTree",
      "hostConfigJsonSchema",
      "inspectConfig",
      "inspectHostConfig",
      "installFolder",
      "isClosedGuard",
      "machineKey",
      "planFolder",
      "planSetup",
      "readRegularFile",
      "redacted",
      "resolveCommand",
      "resolveSidecar",
      "runCommand",
      "setDisabled",
      "setUp",
      "settingsOf",
      "socketFolder",
      "uninstallFolder",
      "verifyCommand",
      "withLock",
      "writeConfigValue",
      "writtenValues",
    ]);
  });

  it(verifies("PKG-004") + "no name and no value twice, types included", () => {
    const [main, tools] = [namesOf("index"), namesOf("tooling")];
    // What the search found is at least what exists at run time.
    expect(main).toEqual(expect.arrayContaining(Object.keys(host)));
    expect(tools).toEqual(expect.arrayContaining(Object.keys(tooling)));
    const all = [...main, ...tools];
    expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
    const values = new Set<unknown>(Object.values(host));
    expect(Object.entries(tooling).filter(([, value]) => values.has(value))).toEqual([]);
  });

  it("and no other entry exists", () => {
    const { exports } = JSON.parse(readFileSync(repo("packages/host/package.json"), "utf8")) as {
      exports: object;
    };
    expect(Object.keys(exports)).toEqual([".", "./tooling", "./package.json"]);
  });
});
