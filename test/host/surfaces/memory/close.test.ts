import { nullLogger } from "@synaps/host";
import { expect, it } from "vitest";
import { Memory } from "../../../../packages/host/src/surfaces/memory/memory.js";
import { tempDir } from "../../../helpers/temp.js";

it("the end of the host waits for no query, and a new memory has every note", async () => {
  const services = { baseDir: tempDir(), logger: nullLogger, clock: { wallMs: () => 1 } };
  const memory = new Memory(services);
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
  await expect(memory.query("m")).rejects.toMatchObject({ code: "HOST_STOPPED" });
  const again = new Memory(services);
  expect((await again.query("m"))[0]?.content).toBe("kept");
  await again.close();
});
