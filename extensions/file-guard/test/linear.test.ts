import { expect, test } from "vitest";
import { readCall } from "../src/read-call.js";
import { makeWorld } from "./support/world.js";

test("megabytes of patch, path and content take a time that grows with them and no faster", async () => {
  const seconds = (size: number): number => {
    const hard = [
      " ".repeat(size),
      `*** Add File: ${" ".repeat(size)}x`,
      "\n--- a\n".repeat(size / 8),
      `--- "${"\\1".repeat(size / 2)}\n+++ x\n`,
    ];
    const start = process.cpuUsage();
    for (const command of hard) readCall("patch", { command });
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  seconds(10_000);
  const small = Math.max(seconds(100_000), 2_000);
  expect(seconds(1_000_000) / small).toBeLessThan(60);
  const { judge } = makeWorld();
  expect((await judge("Read", { file_path: "../".repeat(500) + "etc/shadow" })).action).toBe("confirm");
  expect((await judge("Read", { file_path: "x/../".repeat(200) + ".env" })).action).toBe("confirm");
  expect((await judge("Write", { file_path: "a", content: "/etc/passwd ".repeat(200_000) })).action).toBe(
    "continue",
  );
});
