import type { ToolProgress } from "@synaps/host";
import { expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { toolHost } from "./support.js";

const TALKS = "offers-tools:talks";

it(
  verifies("TOOL-002", "TOOL-014") + "reports arrive in order while the tool runs, and its result after them",
  async () => {
    const { host } = await toolHost();
    const seen: ToolProgress[] = [];
    const reports = [
      { message: "looking", current: 1, total: 3 },
      { content: "part one" },
      { current: 2 },
      { message: "done", unknown: true },
    ];
    const result = await host.tools.call(TALKS, { reports }, { onProgress: (one) => void seen.push(one) });
    expect(seen).toEqual([
      { message: "looking", current: 1, total: 3 },
      { content: "part one" },
      { current: 2 },
      { message: "done" },
    ]);
    expect(result).toMatchObject({ content: "talked", progressDropped: 0 });
  },
);

it(verifies("TOOL-014") + "a listener that throws disturbs neither the tool nor its extension", async () => {
  const { host } = await toolHost();
  const onProgress = (): void => {
    throw new Error("broken listener");
  };
  expect(await host.tools.call(TALKS, { reports: [{ current: 1 }] }, { onProgress })).toMatchObject({
    status: "ok",
  });
});

it(
  verifies("TOOL-014") + "what makes no sense is dropped and counted, or ignored when no call is meant",
  async () => {
    const { host } = await toolHost();
    const seen: ToolProgress[] = [];
    const junk = [null, [], "text", {}, { token: 7 }, { token: "999", message: "for nobody" }];
    const reports = [{}, { message: 5 }, { current: "1" }, { message: "fine" }];
    const result = await host.tools.call(
      TALKS,
      { reports, junk },
      { onProgress: (one) => void seen.push(one) },
    );
    expect(seen).toEqual([{ message: "fine" }]);
    expect(result.progressDropped).toBe(3);
  },
);

it(verifies("TOOL-014") + "a flood is bounded in number and in text", async () => {
  const { host } = await toolHost();
  let seen = 0;
  const onProgress = (): void => void (seen += 1);
  const many = Array.from({ length: 10_050 }, (_, current) => ({ current }));
  expect((await host.tools.call(TALKS, { reports: many }, { onProgress })).progressDropped).toBe(50);
  expect(seen).toBe(10_000);
  let text = 0;
  const content = "x".repeat(300_000);
  const long = await host.tools.call(
    TALKS,
    { reports: Array.from({ length: 8 }, () => ({ content })) },
    { onProgress: ({ content: part = "" }) => void (text += part.length) },
  );
  expect([text, long.progressDropped]).toEqual([900_000, 5]);
  const [longest = 0] = await new Promise<number[]>((resolve) => {
    const lengths: number[] = [];
    const said = { reports: [{ message: "y".repeat(5_000) }] };
    const listen = { onProgress: ({ message = "" }: ToolProgress) => void lengths.push(message.length) };
    void host.tools.call(TALKS, said, listen).then(() => resolve(lengths));
  });
  expect(longest).toBe(1_000);
});

it(verifies("TOOL-014") + "one extension cannot speak for the call of another", async () => {
  const { host } = await toolHost();
  const seen: unknown[] = [];
  // The token of the first call of the host, guessed by a call that did not get one.
  await host.tools.call(TALKS, { reports: [], junk: [{ token: "1", message: "guessed" }] });
  await host.tools.call(TALKS, { reports: [] }, { onProgress: (one) => void seen.push(one) });
  expect(seen).toEqual([]);
});
