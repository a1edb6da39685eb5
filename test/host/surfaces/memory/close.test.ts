import { nullLogger } from "@synaps/host";
import { expect, it } from "vitest";
import { Memory } from "../../../../packages/host/src/surfaces/memory/memory.js";
import { tempDir } from "../../../helpers/temp.js";

it("the end of the host waits for no query, and the memory can be used again", async () => {
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
  for (const end of ends) expect(end).toMatch(/^MEMORY_UNAVAILABLE .*the host is stopping/);
  expect((await memory.query("m"))[0]?.content).toBe("kept");
  await memory.close();
});
