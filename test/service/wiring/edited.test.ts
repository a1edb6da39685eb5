import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { unwire, type UnwiredFile } from "@synaps/service/wiring";
import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { CONFIGURATIONS, type Configuration } from "./configurations.js";
import { place, wiredWith, write } from "./place.js";

interface Group {
  matcher?: string;
  hooks: { command: string; timeout?: number }[];
}
interface Settings {
  model?: string;
  hooks: Record<string, Group[]>;
}

/** Wires a configuration, changes the file as somebody may do, and takes the wiring back. */
async function edited(
  configuration: Configuration,
  change: (text: string) => string,
): Promise<{ left: string; wired: string; unwired: UnwiredFile | undefined; file: string }> {
  const surroundings = place();
  const file = write(surroundings, configuration);
  await wiredWith(surroundings, configuration.agent, { mode: "closed" });
  const wired = readFileSync(file, "utf8");
  writeFileSync(file, change(wired));
  const { files } = await unwire(surroundings, configuration.agent, "user");
  return { left: readFileSync(file, "utf8"), wired, unwired: files.find(({ path }) => path === file), file };
}

function named(name: string): Configuration {
  const found = CONFIGURATIONS.find((one) => one.name === name);
  if (!found) throw new Error(`no configuration is called '${name}'`);
  return found;
}

/** Changes settings as a tool does that knows nothing of their form. */
function byTool(change: (settings: Settings) => void, indent: number | string = 4) {
  return (text: string): string => {
    const settings = JSON.parse(text) as Settings;
    change(settings);
    return JSON.stringify(settings, null, indent);
  };
}

const OWN = { hooks: [{ type: "command", command: "/own/late" }] };

describe(verifies("WIRING-002") + "unwire after somebody edited the file", () => {
  it.each(CONFIGURATIONS)("$agent, $name: all bytes of the user stay", async (configuration) => {
    const comment = configuration.path.endsWith(".toml") ? "# mine\n" : "// mine\n";
    const { left, unwired } = await edited(configuration, (text) => text + comment);
    const { text = "", path } = configuration;
    expect(unwired).toMatchObject({ how: "cleaned", edited: [] });
    // A file without an object is no configuration: the empty one that came with our entries stays.
    const version =
      path.includes(".claude") || path.includes(".codex") || path.includes(".gemini")
        ? ""
        : '  "version": 1\n';
    expect(left).toBe((text.trim() === "" ? `{\n${version}}\n` : text) + comment);
  });

  it("own hooks stay: in the same list before and behind, and in an event of their own", async () => {
    const { left } = await edited(
      named("a usual file"),
      byTool(({ hooks }) => {
        hooks["PreToolUse"]?.push(structuredClone(OWN) as Group);
        hooks["SessionStart"]?.unshift(structuredClone(OWN) as Group);
        hooks["Mine"] = [structuredClone(OWN) as Group];
      }),
    );
    const settings = JSON.parse(named("a usual file").text ?? "") as Settings;
    settings.hooks["PreToolUse"]?.push(OWN as Group);
    settings.hooks["SessionStart"] = [OWN as Group];
    settings.hooks["Mine"] = [OWN as Group];
    expect(JSON.parse(left)).toEqual(settings);
  });

  it("an own handler that was put into a group of ours stays in it", async () => {
    const { left, unwired } = await edited(
      named("no file"),
      byTool(({ hooks }) => void hooks["Stop"]?.[0]?.hooks.push({ command: "/own/late" })),
    );
    expect([JSON.parse(left), unwired?.edited]).toEqual([
      { hooks: { Stop: [{ hooks: [{ command: "/own/late" }] }] } },
      [],
    ]);
  });

  it("a file that another tool wrote anew, with its members in another order, keeps the user's", async () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, one]) => [name, reversed(one)]),
      );
    };
    const { left, unwired } = await edited(named("a usual file"), (text) =>
      JSON.stringify(reversed(JSON.parse(text)), null, "\t"),
    );
    expect(unwired).toMatchObject({ how: "cleaned", edited: [] });
    expect(left).toBe(JSON.stringify(reversed(JSON.parse(named("a usual file").text ?? "")), null, "\t"));
  });

  it.each([
    ["a timeout", (group: Group) => void Object.assign(group.hooks[0] ?? {}, { timeout: 60 })],
    ["a matcher", (group: Group) => void (group.matcher = "Bash")],
    ["the command", (group: Group) => void (group.hooks[0] && (group.hooks[0].command += " || true"))],
    ["another member", (group: Group) => void Object.assign(group.hooks[0] ?? {}, { async: true })],
  ])("an entry with %s of the user's is shown and left; all others go", async (_, change) => {
    let wanted: Settings = { hooks: {} };
    const { left, unwired } = await edited(
      named("no file"),
      byTool((settings) => {
        const [group] = settings.hooks["PreToolUse"] ?? [];
        if (group) change(group);
        wanted = { hooks: { PreToolUse: structuredClone(settings.hooks["PreToolUse"] ?? []) } };
      }),
    );
    expect(JSON.parse(left)).toEqual(wanted);
    expect(unwired?.edited.map(({ event, edited: isEdited }) => [event, isEdited])).toEqual([
      ["PreToolUse", true],
    ]);
  });

  it("comments between entries stay, on lines of their own and behind others", async () => {
    const { left } = await edited(named("a usual file"), (text) =>
      text
        .replace(/^( *)"Notification"/m, '$1// about notifications\n$1"Notification"')
        .replace(/\{\n *"hooks": \[\n *\{\n *"type": "command",\n *"command": "if /, "// ours\n      $&"),
    );
    expect(left).toContain("      // ours\n");
    expect(left).toContain("    // about notifications\n");
    expect(left.replaceAll(/^ *\/\/.*\n/gm, "")).toBe(named("a usual file").text);
  });

  it("a block of TOML into which somebody wrote stays as it is, and its entries are shown", async () => {
    const { left, wired, unwired } = await edited(named("Codex with hooks in config.toml"), (text) =>
      text.replace("timeout = 15", "timeout = 99"),
    );
    expect(left).toBe(wired.replace("timeout = 15", "timeout = 99"));
    expect([unwired?.how, unwired?.edited.length]).toEqual([
      "untouched",
      wired.split("extensions/agents/hook' codex").length - 1,
    ]);
  });

  it("an edited entry is no reason to wire its event twice", async () => {
    const surroundings = place();
    const { file } = await wiredWith(surroundings, "claude-code");
    const change = byTool(
      ({ hooks }) => void Object.assign(hooks["PreToolUse"]?.[0] ?? {}, { matcher: "Bash" }),
      2,
    );
    writeFileSync(file, change(readFileSync(file, "utf8")));
    const again = await wiredWith(surroundings, "claude-code", { mode: "closed" });
    expect([again.edited.map(({ event }) => event), again.closed]).toEqual([["PreToolUse"], []]);
    const { hooks } = JSON.parse(readFileSync(file, "utf8")) as Settings;
    expect(hooks["PreToolUse"]).toHaveLength(1);
  });

  it("rights that the user set meanwhile stay, and a file that is gone stays gone", async () => {
    const surroundings = place();
    const file = write(surroundings, named("a usual file"));
    await wiredWith(surroundings, "claude-code");
    chmodSync(file, 0o600);
    await unwire(surroundings, "claude-code", "user");
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");

    const gone = place();
    const { file: made } = await wiredWith(gone, "gemini");
    chmodSync(made, 0o600);
    writeFileSync(made, "");
    const { files } = await unwire(gone, "gemini", "user");
    expect([files[0]?.how, existsSync(made)]).toEqual(["untouched", true]);
  });
});
