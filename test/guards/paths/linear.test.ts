import { expect, test } from "vitest";
import { guardedKind } from "@synaps/guards/paths";

const PLACES = { home: "/home/me", base: "/srv/synaps", own: null };

test("a path of 4096 characters takes no longer than others by more than its length", () => {
  const micros = (path: string): number => {
    const { user } = process.cpuUsage();
    for (let n = 0; n < 300; n += 1) guardedKind(path, PLACES);
    return process.cpuUsage({ user, system: 0 }).user;
  };
  for (const part of ["a/", ".env.", "-", "cert.", "secret", "credentials", "/.claude/hooks"]) {
    const [short, long] = [part.repeat(40 / part.length), part.repeat(4_000 / part.length)];
    micros(`/${short}`);
    expect(micros(`/${long}`) / Math.max(micros(`/${short}`), 1_000)).toBeLessThan(1_000);
  }
});
