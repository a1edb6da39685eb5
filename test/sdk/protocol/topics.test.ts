import { isTopic, topicGlobProblem, topicMatches, topicPermission } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { complaints } from "../../helpers/manifests.js";

describe("globs of topics", () => {
  it.each([
    ["deploy.finished", "deploy.finished", true],
    ["deploy.*", "deploy.finished", true],
    ["deploy.*", "deploy", false],
    ["deploy.*", "deploy.eu.finished", false],
    ["deploy.**", "deploy.eu.finished", true],
    ["deploy.**", "deploy", true],
    ["deploy.**", "deployed", false],
    ["*.finished", "deploy.finished", true],
    ["**.finished", "a.b.finished", true],
    ["**.finished", "finished", true],
    ["a.**.b.**.c", "a.x.b.y.b.z.c", true],
    ["a.**.b.**.c", "a.x.y.c", false],
    ["rate_*.exceeded", "rate_limit.exceeded", true],
    ["rate_*.exceeded", "rate_.exceeded", true],
    ["**", "anything.at.all", true],
  ])("defect 10: %s and %s: %s", (glob, topic, fits) => {
    expect([topicGlobProblem(glob), topicMatches(glob, topic)]).toEqual([undefined, fits]);
  });

  it("take no long time, whatever the pattern", () => {
    const topic = Array.from({ length: 64 }, () => "a").join(".");
    const glob = `${"**.a*.".repeat(20)}b`;
    const started = performance.now();
    for (let n = 0; n < 100; n += 1) expect(topicMatches(glob, topic)).toBe(false);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("are told from topics and other permissions", () => {
    expect([isTopic("a.b-c_d.1"), isTopic("a.*"), isTopic(""), isTopic(null)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(topicPermission("events.publish:a.*")).toEqual({ verb: "publish", glob: "a.*" });
    expect([topicPermission("events.publish"), topicPermission("tools.intercept")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("permissions for topics in a manifest", () => {
  const with3 = (permission: string) =>
    complaints({ protocol_version: 3, permissions: [permission], hooks: [] });

  it("are enough without a hook, under protocol 3", () => {
    expect(with3("events.subscribe:deploy.**")).toEqual([]);
    expect(complaints({ permissions: ["tools.intercept", "events.publish:a"] })).toEqual([
      "/extension/permissions/1: the permission 'events.publish:a' needs protocol_version 3 or newer",
    ]);
  });

  it.each([
    ["events.publish:", "it must be a text"],
    [
      "events.publish:Deploy",
      "'Deploy' is no lower-case name: a to z, 0 to 9, '_' and '-', with '*' for any part of one name",
    ],
    ["events.subscribe:a**.b", "'**' stands for whole names and must stand alone between dots"],
    ["events.subscribe:a..b", "there is nothing between two dots, or at an end"],
  ])("are refused for a bad glob: %s", (permission, why) => {
    expect(with3(permission)).toEqual([
      `/extension/permissions/0: the topics of the permission '${permission}' are wrong: ${why}`,
    ]);
  });
});
