import { readFileSync } from "node:fs";
import { mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

interface Room {
  tests: string[];
}

const rooms = JSON.parse(readFileSync(new URL("rooms.json", import.meta.url), "utf8")) as Record<
  string,
  Room
>;
const room = rooms[process.env["SYNAPS_MUTATION_ROOM"] ?? ""];
if (!room) throw new Error("SYNAPS_MUTATION_ROOM names no room of test/mutation/rooms.json");

// The tests of one room: all that a mutant of it must not survive.
const config = mergeConfig(base, {});
export default {
  ...config,
  test: { ...config.test, include: room.tests, globalSetup: [] },
};
