import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir } from "../helpers/temp.js";
import { declarationsOf, entriesOf } from "../helpers/declarations.js";
import { verifies } from "../requirements/verifies.js";

const entries = [
  ...entriesOf("builtins"),
  ...entriesOf("host"),
  ...entriesOf("metrics"),
  ...entriesOf("sdk"),
  ...entriesOf("service"),
];

describe(verifies("DOC-030") + "the docstrings of exports", () => {
  it.each(entries)("%s: each export has one", (_, file) => {
    const bare = declarationsOf(file).filter(({ hasDocstring }) => !hasDocstring);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it("are looked for in all entries, and there are hundreds", () => {
    expect(entries.map(([name]) => name)).toEqual([
      "@synaps/builtins",
      "@synaps/host",
      "@synaps/host/tooling",
      "@synaps/metrics",
      "@synaps/sdk",
      "@synaps/sdk/guard",
      "@synaps/sdk/protocol",
      "@synaps/sdk/framing",
      "@synaps/sdk/manifest",
      "@synaps/sdk/catalogs",
      "@synaps/sdk/testing",
      "@synaps/sdk/values",
      "@synaps/service",
      "@synaps/service/server",
      "@synaps/service/agents",
      "@synaps/service/wiring",
    ]);
    expect(entries.flatMap(([, file]) => declarationsOf(file)).length).toBeGreaterThan(300);
  });

  it("are missed where there are none, in the file itself and behind another name", () => {
    const folder = tempDir();
    writeFileSync(
      join(folder, "index.d.ts"),
      '/** An entry. */\n\nexport { a as b, type C } from "./far.js";\nexport declare const d: 1;\n',
    );
    writeFileSync(
      join(folder, "far.d.ts"),
      "/** Of something else. */\ninterface Inner {\n    a: 1;\n}\nexport declare function a(): void;\n/** Has one. */\nexport interface C extends Inner {\n}\nexport {};\n",
    );
    const found = declarationsOf(join(folder, "index.d.ts"));
    expect(found.map(({ name, hasDocstring }) => [name, hasDocstring])).toEqual([
      ["d", false],
      ["b", false],
      ["C", true],
    ]);
  });
});
