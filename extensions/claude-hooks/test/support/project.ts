import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { JsonValue } from "@synaps/sdk";
import type { HookEvent } from "@synaps/sdk/protocol";
import { createHarness, type Harness, type HostAnswers } from "@synaps/sdk/testing";
import { createClaudeHooks } from "../../src/extension.js";

/** An event in the whole envelope; members that it does not have are null, as a host sends them. */
export function sent(event: Partial<HookEvent> & { kind: string }): never {
  const names = "tool_name tool_runtime_name tool_input tool_output message session_id transcript data".split(
    " ",
  );
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...event } as never;
}

/** A call of a shell, in this folder. */
export function shell(command: string, cwd: string, further: object = {}): never {
  const call = { kind: "before_tool_call", tool_name: "bash", tool_input: { command }, session_id: "s1" };
  return sent({ ...call, data: { cwd }, ...further });
}

/** A folder of its own for one test, with a project, a home and the extension's own folder in it. */
export class Project {
  readonly #top = realpathSync(mkdtempSync(join(tmpdir(), "claude-hooks-")));
  readonly folder = join(this.#top, "project");
  readonly home = join(this.#top, "home");
  readonly root = join(this.#top, "extension");
  readonly #config = new Map<string, JsonValue>();
  readonly #harnesses: Harness[] = [];

  constructor(fixture?: URL) {
    for (const folder of [this.folder, this.home, this.root]) mkdirSync(folder);
    if (fixture !== undefined) cpSync(fixture, this.folder, { recursive: true });
  }

  /** Writes a file, with folders above it. */
  write(path: string, content: string | object, mode = 0o644): string {
    const whole = join(this.folder, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, typeof content === "string" ? content : JSON.stringify(content));
    chmodSync(whole, mode);
    return whole;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Writes the project's hook configuration. */
  hooks(hooks: object, further: object = {}): void {
    this.write(".claude/settings.json", { ...further, hooks });
  }

  /** An extension in this process; its host keeps what it sets, and tells it. */
  async start(config: Record<string, string> = {}): Promise<Harness> {
    for (const [key, value] of Object.entries({ project_root: this.folder, ...config }))
      this.#config.set(key, value);
    const tell = (key: string, value: JsonValue): void => {
      if (value === null) this.#config.delete(key);
      else this.#config.set(key, value);
      for (const one of this.#harnesses) one.notify("config.changed", { key, value });
    };
    const answers: HostAnswers = {
      "config.get": (params) => ({ value: this.#config.get((params as { key: string }).key) ?? null }),
      "config.set": (params) => {
        const { key, value } = params as { key: string; value: JsonValue };
        tell(key, value);
        return { ok: true };
      },
      "config.subscribe": () => ({ ok: true }),
    };
    const harness = (await createHarness(createClaudeHooks(this.home), {
      root: this.root,
      config: Object.fromEntries(this.#config),
      answers,
    })) as Harness;
    this.#harnesses.push(harness);
    return harness;
  }

  /** Approves everything that `show` lists, as a user does who reads it; returns what was shown. */
  async approveAll(harness: Harness, ...path: string[]): Promise<string> {
    const shown = await this.command(harness, "show", ...path);
    for (const [, digest] of shown.matchAll(/^ {2}digest: (\S+)$/gm))
      await this.command(harness, "approve", digest as string, ...path);
    return shown;
  }

  /** The text that the command showed. */
  async command(harness: Harness, ...args: string[]): Promise<string> {
    const { output } = await harness.invoke("claude-hooks", args);
    return output.map((event) => (event as { content?: string }).content ?? "").join("\n");
  }

  async end(): Promise<void> {
    for (const harness of this.#harnesses) await harness.stop();
    rmSync(this.#top, { recursive: true, force: true });
  }
}
