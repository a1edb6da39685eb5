import { describe, expect, it } from "vitest";
import { cyclesIn } from "./layers.js";
import { foldersIn, resolveImport, sourcesIn, type Source } from "./sources.js";

const sdk = sourcesIn(["packages/sdk/src"]);
const audit = sourcesIn(["packages/audit/src"]);
const builtins = sourcesIn(["packages/builtins/src"]);
const guards = sourcesIn(["packages/guards/src"]);
const host = sourcesIn(["packages/host/src"]);
const cli = sourcesIn(["packages/cli/src"]);
const metrics = sourcesIn(["packages/metrics/src"]);
const service = sourcesIn(["packages/service/src"]);
const packages = [...sdk, ...audit, ...builtins, ...guards, ...host, ...metrics, ...service, ...cli];
const examples = sourcesIn(foldersIn("examples").map((name) => `examples/${name}/src`));
const extensions = sourcesIn(foldersIn("extensions").map((name) => `extensions/${name}`));
const everything = [...packages, ...examples, ...extensions];

/** Imports of these files that the rule does not allow, as "file: import". */
function wrongImports(
  sources: readonly Source[],
  isAllowed: (from: string, source: Source) => boolean,
): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter(({ from }) => !isAllowed(from, source))
      .map(({ from }) => `${source.path}: ${from}`),
  );
}

/** Files outside of the named places that import a package. */
function importersOf(name: string, places: readonly string[]): string[] {
  return wrongImports(
    everything.filter(({ path }) => !isIn(path, places)),
    (from) => from !== name && !from.startsWith(`${name}/`),
  );
}

/** Files outside of the named places in which the pattern occurs, as "file: what". */
function usersOf(pattern: RegExp, sources: readonly Source[], places: readonly string[]): string[] {
  return sources
    .filter(({ path }) => !isIn(path, places))
    .flatMap(({ path, code }) => (code.match(pattern) ?? []).map((found) => `${path}: ${found}`));
}

function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

describe("who may import whom", () => {
  it("reads what it thinks it reads", () => {
    expect([sdk.length > 30, host.length > 30, extensions.length > 30]).toEqual([true, true, true]);
    const index = sdk.find(({ path }) => path === "packages/sdk/src/index.ts");
    expect(index?.imports).toContainEqual({ from: "./serve/serve.js", typeOnly: false });
    expect(index?.imports).toContainEqual({ from: "./protocol/json.js", typeOnly: true });
  });

  it("extensions: the SDK, the audit, the built-in hooks, what guards share, built-ins of Node, packages to bundle and their own files", () => {
    const wrong = wrongImports(extensions, (from, source) => {
      const own = source.path.split("/").slice(0, 2).join("/");
      const target = resolveImport(source, { from, typeOnly: false });
      if (target === undefined)
        return (
          !from.startsWith("@synaps/") || /^@synaps\/(sdk(\/\w+)?|audit|builtins|guards\/\w+)$/.test(from)
        );
      // Tests do not ship: they may share what they test with.
      const shared =
        source.path.startsWith(`${own}/test/`) && /^extensions\/[\w-]+\/test\/support\//.test(target);
      return shared || isIn(target, [own]);
    });
    expect(wrong).toEqual([]);
  });

  it("the host: of the SDK only what both sides share, the audit and the built-in hooks", () => {
    const shared = /^@synaps\/(sdk\/(protocol|framing|manifest|catalogs|values)|audit|builtins)$/;
    expect(wrongImports(host, (from) => !from.startsWith("@synaps/") || shared.test(from))).toEqual([]);
  });

  it("the metrics: the entry of the host for embedders, and nothing else of this repository", () => {
    expect(wrongImports(metrics, (from) => !from.startsWith("@synaps/") || from === "@synaps/host")).toEqual(
      [],
    );
  });

  it("the service: the entries of the host, and the protocol and catalogs", () => {
    const entries = /^@synaps\/(host(\/tooling)?|sdk\/(protocol|catalogs|framing))$/;
    expect(wrongImports(service, (from) => !from.startsWith("@synaps/") || entries.test(from))).toEqual([]);
  });

  it("the SDK: no other package of this repository", () => {
    expect(wrongImports(sdk, (from) => !from.startsWith("@synaps/"))).toEqual([]);
  });

  it("the audit, the built-in hooks and the guards: of the SDK only the protocol and what looks at values", () => {
    const shared = /^@synaps\/sdk\/(protocol|values)$/;
    const wrong = wrongImports(
      [...audit, ...builtins, ...guards],
      (from) => !from.startsWith("@synaps/") || shared.test(from),
    );
    expect(wrong).toEqual([]);
  });

  it("examples: the entries for embedders, and not the one for tools", () => {
    const entries =
      /^@synaps\/(host|audit|metrics|example-shared|sdk(\/(protocol|catalogs|testing|guard))?)$/;
    expect(wrongImports(examples, (from) => !from.startsWith("@synaps/") || entries.test(from))).toEqual([]);
  });

  it("no file reaches into another package by a path", () => {
    const wrong = wrongImports([...packages, ...examples], (from, source) => {
      const own = source.path.split("/").slice(0, 2).join("/");
      return !from.startsWith(".") || isIn(resolveImport(source, { from, typeOnly: false }) ?? "", [own]);
    });
    expect(wrong).toEqual([]);
  });
});

describe("what stands in one place", () => {
  it("vscode-jsonrpc in host/rpc, and where programs speak to the service", () => {
    const places = ["packages/host/src/transport/rpc", "packages/service/src"];
    expect(importersOf("vscode-jsonrpc", places)).toEqual([]);
  });

  it("execa in host/process", () => {
    expect(importersOf("execa", ["packages/host/src/transport/process"])).toEqual([]);
  });

  it("starting processes in host/process, in the harness for authors, and where the service is started", () => {
    const places = [
      "packages/host/src/transport/process",
      "packages/sdk/src/testing",
      // The service is nobody's child, and ends by itself.
      "packages/service/src/client/start.ts",
      // The hook of an agent is started as the agent does, and Codex is asked about its trust.
      "packages/service/src/wiring/canary-hook.ts",
      "packages/service/src/wiring/codex-trust.ts",
      "extensions",
      "examples",
    ];
    expect(importersOf("node:child_process", places)).toEqual([]);
  });

  it("prom-client and OpenTelemetry in the metrics", () => {
    expect(importersOf("prom-client", ["packages/metrics/src/metrics.ts"])).toEqual([]);
    expect(importersOf("@opentelemetry/api", ["packages/metrics/src/open-telemetry.ts"])).toEqual([]);
  });

  it("smol-toml where the host reads its configuration, and where the one of Codex is changed", () => {
    const places = [
      "packages/host/src/loading/host-config/source.ts",
      "packages/service/src/wiring/toml-entries.ts",
    ];
    expect(importersOf("smol-toml", places)).toEqual([]);
  });

  it("jsonc-parser where configuration files of agents are changed", () => {
    expect(importersOf("jsonc-parser", ["packages/service/src/wiring"])).toEqual([]);
  });

  it("zod in the SDK's manifest and catalogs, and where the host reads its records", () => {
    const sdkPlaces = ["packages/sdk/src/manifest", "packages/sdk/src/catalogs"];
    const hostPlaces = ["packages/host/src/loading/config", "packages/host/src/loading/records"];
    expect(importersOf("zod", [...sdkPlaces, ...hostPlaces])).toEqual([]);
  });

  it("process.env in the host's settings and in programs", () => {
    const places = [
      "packages/host/src/settings.ts",
      "packages/cli",
      "examples",
      "extensions",
      // Builds the environment of a child as a host does.
      "packages/sdk/src/testing/child-environment.ts",
      // Programs call it as they call createHost.
      "packages/service/src/client/client.ts",
      // The text of a program.
      "packages/service/src/wiring/node-hook.ts",
    ];
    expect(usersOf(/\bprocess\.env\b/g, everything, places)).toEqual([]);
  });

  it("process.exit and console in programs", () => {
    const programs = ["packages/cli", "packages/sdk/src/serve", "examples", "extensions"];
    expect(usersOf(/\bprocess\.exit\b|\bconsole\.\w+/g, everything, programs)).toEqual([]);
  });

  it("time and chance in the host's clock and settings", () => {
    const pattern = /\bDate\.now\b|\bnew Date\(\)|(?<![.\w])set(?:Timeout|Interval)\(|\bMath\.random\b/g;
    const places = ["packages/host/src/time", "packages/host/src/settings.ts"];
    expect(usersOf(pattern, host, places)).toEqual([]);
    expect(wrongImports(host, (from) => !from.startsWith("node:timers"))).toEqual([]);
  });
});

describe("how modules are written", () => {
  it("no default exports and no export *", () => {
    expect(usersOf(/^export default\b|^export \*|\bas default\b/gm, packages, [])).toEqual([]);
  });

  it("no file or folder named after nothing", () => {
    const vague = /(^|[/-])(utils?|helpers?|common|misc)(\.ts$|[/-])/;
    expect(everything.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
  });

  it.each([
    ["sdk", sdk],
    ["audit", audit],
    ["builtins", builtins],
    ["host", host],
    ["metrics", metrics],
    ["cli", cli],
  ])("no cycles among the modules of %s", (_, sources) => {
    expect(cyclesIn(sources, { types: false })).toEqual([]);
  });

  it("every relative import names a file that exists, with its ending", () => {
    const known = new Set(packages.map(({ path }) => path));
    const wrong = packages.flatMap((source) =>
      source.imports
        .map((one) => ({ from: one.from, target: resolveImport(source, one) }))
        .filter(({ target, from }) => target !== undefined && (!known.has(target) || !from.endsWith(".js")))
        .map(({ from }) => `${source.path}: ${from}`),
    );
    expect(wrong).toEqual([]);
  });
});
