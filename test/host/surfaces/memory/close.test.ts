import { nullLogger } from "@synaps/host";
import { expect, it } from "vitest";
import { Memory } from "../../../../packages/host/src/surfaces/memory/memory.js";
import { tempDir } from "../../../helpers/temp.js";

it("the end of the host waits for the query that is under way, and not for those behind it", async () => {
  const memory = new Memory({ baseDir: tempDir(), logger: nullLogger, clock: { wallMs: () => 1 } });
  await memory.append("m", { content: "kept" });
  const queries = Array.from({ length: 50 }, () =>
    memory.query("m").then(
      ([note]) => note?.content,
      ({ code, message }: Error & { code: string }) => `${code} ${message}`,
    ),
  );
  // The first query has begun when the store is closed.
  await Promise.resolve();
  await memory.close();
  const ends = await Promise.all(queries);
  expect(ends[0]).toBe("kept");
  for (const end of ends.slice(1)) expect(end).toMatch(/^MEMORY_UNAVAILABLE .*closed before the query began/);
  expect((await memory.query("m"))[0]?.content).toBe("kept");
  await memory.close();
});
