import { expect, test } from "vitest";
import { classifyPath, type Place } from "../src/paths.js";
import { literal, dynamic } from "../src/model.js";
import { RULES } from "../src/rules/index.js";
import { readDangerous, judge } from "./corpus-files.js";

const PLACE: Place = { project: "/home/me/app", home: "/home/me", protectedPaths: ["keep", "/data/prod"] };

test.each([
  ["/", "root"],
  ["/*", "root"],
  ["/etc/nginx", "system"],
  ["/var/log", "system"],
  ["/u*", "system"],
  ["~", "home"],
  ["~/*", "home"],
  ["/home/bob", "home"],
  [".", "project"],
  ["*", "project"],
  ["./src/..", "project"],
  [".git/refs/heads", "git"],
  [".git/hooks", "git-state"],
  ["vendor/lib/.git", "git-state"],
  [".git/index.lock", "inside"],
  ["dist/*", "inside"],
  ["/home/me/app/x", "inside"],
  ["../other", "outside"],
  ["~/Documents", "outside"],
  ["/opt/x", "outside"],
  ["/tmp/x", "temp"],
  ["/tmp/*", "temp-root"],
  ["~/.cache/pip", "cache"],
  ["keep/a", "protected"],
  ["/data", "protected"],
])("%s is %s", (path, kind) => {
  expect(classifyPath({ ...literal(path), glob: path.includes("*") }, "/home/me/app", PLACE)).toBe(kind);
});

test.each([
  ["/tmp/me", "~", "home"],
  ["/tmp/me", "~/old-photos", "outside"],
  ["/tmp/me", "/tmp/me/old-photos", "outside"],
  ["/tmp/me", "~/.cache/pip", "cache"],
  ["/tmp/me", "/tmp/other", "temp"],
  ["/tmp/me", "/tmp/*", "temp-root"],
  ["/tmp", "~/x", "temp"],
  ["/tmp", "~", "temp-root"],
])("with the home %s, %s is %s", (home, path, kind) => {
  const field = { ...literal(path), glob: path.includes("*") };
  expect(classifyPath(field, "/home/me/app", { ...PLACE, home })).toBe(kind);
});

test.each([
  ["$X", "unknown"],
  ["$X/*", "unknown"],
  ["$X/bin", "unknown"],
  ["$X/node_modules", "inside"],
  ["/tmp/$X", "temp"],
  ["/$X", "system"],
])("%s with an unknown value is %s", (path, kind) => {
  expect(classifyPath(dynamic(path), "/home/me/app", PLACE)).toBe(kind);
});

test("a project in a temporary folder does not make its parent scratch space", () => {
  const place = { ...PLACE, project: "/tmp/app", protectedPaths: [] };
  expect(classifyPath(literal("/tmp/app"), "/tmp/app", place)).toBe("project");
  expect(classifyPath(literal(".."), "/tmp/app", place)).toBe("temp-root");
});

test("rule ids are unique, and each rule says what to do instead", () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const rule of RULES) expect(rule.remedy, rule.id).toMatch(/^[A-Z].*\.$/);
});

test("every rule has a command in the corpus that it finds", () => {
  const found = new Set(
    readDangerous("dangerous.txt").flatMap(({ command }) => judge(command).findings.map(({ rule }) => rule)),
  );
  const unproved = RULES.map(({ id }) => id).filter((id) => !found.has(id));
  // They need a configuration, an agent or a size that a corpus line cannot have: other tests prove them.
  expect(unproved).toEqual(["delete-protected", "interactive", "too-complex"]);
});
