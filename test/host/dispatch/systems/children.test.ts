import { agentCatalog } from "@synaps/sdk/catalogs";
import { expect, it } from "vitest";
import { startedWith } from "../../../helpers/catalog-host.js";
import { repo } from "../../../helpers/paths.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { allLive } from "../../../helpers/wait.js";

const MAIN = `
import { CONTINUE, serve } from ${JSON.stringify(repo("test/fixtures/fixture-kit.mjs"))};
serve({
  initialize: () => ({ protocol_version: 3, capabilities: {}, features: [] }),
  hook: ({ data }) => {
    if (data.input === "end") process.exit(3);
    return data.input === "no" ? { action: "block", reason: "by a process" } : CONTINUE;
  },
});
`;

it("a hook in another process decides like one within, and takes nothing along when it ends", async () => {
  const folder = tempDir();
  writeExtension(
    folder,
    "outside",
    {
      protocol_version: 3,
      runtime: "process",
      command: "node",
      args: ["main.mjs"],
      permissions: ["agent.content", "agent.intercept"],
      hooks: [{ hook: "agent.before_agent_execution" }],
    },
    { "main.mjs": MAIN },
  );
  const { host } = await startedWith(agentCatalog, { folders: [folder] });
  await allLive(host as never);
  const seen: unknown[] = [];
  await host.use({
    id: "within",
    metadata: { priority: "lowest" },
    events: ["agent.before_agent_execution"],
    on: ({ data }) => void seen.push(data.input),
  });
  const ask = (input: string) =>
    host.emit({
      kind: "agent.before_agent_execution",
      data: { component: { type: "agent", name: "writer" }, input },
    });
  expect(await ask("no")).toMatchObject({ action: "block", reason: "by a process", by: "outside" });
  const end = await ask("end");
  expect([end.action, end.votes[0]]).toMatchObject(["continue", { status: "abstained", reason: "crash" }]);
  expect(seen).toEqual(["end"]);
});
