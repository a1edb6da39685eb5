import { describe, expect, it } from "vitest";
import type { HostError } from "../../../../packages/host/src/errors.js";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import type { Extension } from "../../../../packages/host/src/supervision/extension.js";
import { Members, type MemberChange } from "../../../../packages/host/src/supervision/members.js";
import { extensionOf } from "./extension-kit.js";
import { inventoryEntry, loadedExtension } from "./loaded-kit.js";

const make = (id: string): Extension => extensionOf([], loadedExtension({}, { id })).extension;

/** Members of these ids, and all changes that were told. */
function membersOf(...ids: string[]) {
  const warnings: string[] = [];
  const members = new Members({ ...nullLogger, warn: (message) => void warnings.push(message) });
  const changes: MemberChange[] = [];
  const stop = members.listen((change) => void changes.push(change));
  const joined = ids.map((id) => {
    const [entry, extension] = [inventoryEntry(id), make(id)];
    members.add(entry, extension);
    return { entry, extension };
  });
  return { members, changes, stop, joined, warnings };
}

const ids = (members: Members): string[] => members.all().map(({ id }) => id);

describe("members", () => {
  it("are in load order, whenever they joined", () => {
    const { members, joined } = membersOf("b", "c", "a");
    expect(ids(members)).toEqual(["a", "b", "c"]);
    expect(members.status().map(({ id }) => id)).toEqual(["a", "b", "c"]);
    const [b, c, a] = joined;
    expect(members.entries()).toEqual([a, b, c].map((one) => [one?.entry, one?.extension]));
  });

  it("are found by their id and by themselves", () => {
    const { members, joined } = membersOf("a", "b");
    const [a, b] = joined;
    expect([members.get("b"), members.get("none")]).toEqual([b?.extension, undefined]);
    expect(members.require("a")).toBe(a?.extension);
    expect(members.entryOf(b?.extension ?? make("b"))).toBe(b?.entry);
    expect(members.entryOf(make("a"))).toBeUndefined();
  });

  it("that are not there are told with those that are", () => {
    try {
      membersOf("a", "b").members.require("none");
      expect.unreachable();
    } catch (error) {
      const { code, hint } = error as HostError;
      expect([code, hint]).toEqual(["EXTENSION_NOT_FOUND", "Known: a, b."]);
    }
  });

  it("are known by their id and their folder together", () => {
    const { members } = membersOf("a", "c");
    expect(members.knows(inventoryEntry("a"))).toBe(true);
    expect(members.knows(inventoryEntry("a", { root: "/elsewhere" }))).toBe(false);
    expect(members.knows(inventoryEntry("b", { root: "/a" }))).toBe(false);
  });

  it("may be folders without an extension that runs", () => {
    const { members, changes } = membersOf();
    members.add(inventoryEntry("a", { status: "invalid" }), undefined);
    expect([ids(members), changes, members.status().length]).toEqual([[], [], 1]);
  });
});

describe("who listens to members", () => {
  it("hears who joins, who takes whose place, and who leaves", () => {
    const { members, changes, joined } = membersOf("a", "b");
    const [a] = joined;
    const successor = make("a");
    const entry = inventoryEntry("a", { root: "/new" });
    const previous = members.replace([entry, inventoryEntry("a", { root: "/other" })], entry, successor);
    expect(previous).toBe(a?.extension);
    expect(previous?.successor).toBe(successor);
    expect(ids(members)).toEqual(["a", "b"]);
    expect(members.get("a")).toBe(successor);
    expect(members.status().map(({ root }) => root)).toEqual(["/new", "/other", "/b"]);
    members.remove(successor);
    expect([ids(members), members.status().map(({ id }) => id)]).toEqual([["b"], ["b"]]);
    const newcomer = inventoryEntry("c");
    expect(members.replace([newcomer], newcomer, make("c"))).toBeUndefined();
    expect(changes.map(({ type, extension }) => `${type} ${extension.id}`)).toEqual([
      "added a",
      "added b",
      "replaced a",
      "removed a",
      "added c",
    ]);
    expect(changes[2]).toEqual({ type: "replaced", extension: successor, previous });
  });

  it("hears nothing any more once it stopped, and is warned of when it fails", () => {
    const { members, changes, stop, warnings } = membersOf("a");
    stop();
    members.listen(() => {
      throw new Error("no");
    });
    members.add(inventoryEntry("b"), make("b"));
    expect(changes).toHaveLength(1);
    expect(warnings).toEqual(["a listener for the coming and going of extensions failed"]);
  });
});

describe("the status of a folder", () => {
  it("is that of its extension, with its hooks and what is wrong", async () => {
    const { members } = membersOf();
    const loaded = loadedExtension({ hooks: [{ hook: "before_tool_call" }, { hook: "after_tool_call" }] });
    const { extension, started } = extensionOf([], loaded);
    const entry = inventoryEntry("x", { extension: loaded });
    members.add(entry, extension);
    await started();
    expect(members.status()).toStrictEqual([
      {
        id: "x",
        version: "1.2.3",
        root: "/x",
        state: extension.state,
        hooks: ["before_tool_call", "after_tool_call"],
        diagnostics: entry.diagnostics,
        process: extension.snapshot(),
      },
    ]);
    expect(extension.state).not.toBe("loaded");
  });

  it("is that of the folder when no extension of it runs", () => {
    const { members } = membersOf();
    const states = ["ready", "invalid", "pending_consent", "disabled"] as const;
    for (const status of states) members.add(inventoryEntry(status, { status }), undefined);
    const told = members.status().map(({ id, version, state, hooks, process }) => ({
      id,
      version,
      state,
      hooks,
      process,
    }));
    const base = { version: null, hooks: [], process: undefined };
    expect(told).toEqual(
      ["disabled", "invalid", "pending_consent", "ready"].map((id) => ({
        id,
        ...base,
        state: id === "ready" ? "loaded" : id,
      })),
    );
  });
});
