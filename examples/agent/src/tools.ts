import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { promisify } from "node:util";
import type { JsonObject } from "@synaps/sdk/protocol";
import { outputOf, Refused, type Points } from "./points.js";
import type { Watch } from "./watch.js";

const SHELL_MS = 10_000;

interface Tool {
  /** Names of the texts that it needs. */
  needs: readonly string[];
  run(input: Record<string, string>, signal: AbortSignal): Promise<string>;
}

/** Tools that really read, write and run, in one folder. */
export class Tools {
  readonly #points: Points;
  readonly #watch: Watch;
  readonly #tools: Readonly<Record<string, Tool>>;

  constructor(points: Points, watch: Watch, folder: string) {
    this.#points = points;
    this.#watch = watch;
    const inside = (path: string): Promise<string> => this.#inside(folder, path);
    this.#tools = {
      list_files: { needs: [], run: async () => (await readdir(folder)).sort().join("\n") },
      read_file: { needs: ["path"], run: async ({ path = "" }) => readFile(await inside(path), "utf8") },
      write_file: {
        needs: ["path", "content"],
        async run({ path = "", content = "" }) {
          await writeFile(await inside(path), content);
          return `wrote ${path}`;
        },
      },
      shell: {
        needs: ["command"],
        async run({ command = "" }, signal) {
          const options = { cwd: folder, signal, timeout: SHELL_MS };
          return (await promisify(execFile)("bash", ["-c", command], options)).stdout;
        },
      },
    };
  }

  /** Names of the tools that there are, unless an extension has the search left out. */
  async discover(): Promise<string[]> {
    const asked = await this.#points.step("agent.before_tool_discovery", { component: SYSTEM });
    const found = asked === undefined ? [] : Object.keys(this.#tools);
    await this.#points.tell("agent.after_tool_discovery", { component: SYSTEM, output: found });
    return found;
  }

  /** Checks the input, then runs the tool between its hooks. Rejects when it fails or is not allowed. */
  async call(name: string, input: JsonObject, signal: AbortSignal): Promise<string> {
    const component = { type: "tool" as const, name };
    const asked = await this.#points.step("agent.tool_validation", { component, input });
    const checked = (asked?.input ?? input) as JsonObject;
    if (asked !== undefined) this.#toolFor(name, checked);
    const kinds = {
      before: "agent.before_tool_execution",
      after: "agent.after_tool_execution",
      failed: "agent.tool_error",
    } as const;
    const call = { tool_name: name, tool_input: checked, data: { component }, signal };
    const result = await this.#points.around<JsonObject>(kinds, call, async (agreed, { target = name }) => {
      const { tool, texts } = this.#toolFor(target, agreed);
      return { output: await this.#watch.time(component, () => tool.run(texts, signal)) };
    });
    return outputOf(result);
  }

  #toolFor(name: string, input: JsonObject): { tool: Tool; texts: Record<string, string> } {
    const tool = Object.hasOwn(this.#tools, name) ? this.#tools[name] : undefined;
    if (tool === undefined) throw new Error(`There is no tool '${name}'.`);
    const missing = tool.needs.filter((need) => typeof input[need] !== "string");
    if (missing.length > 0) throw new Error(`${name} needs the text '${missing.join("', '")}'.`);
    return { tool, texts: input as Record<string, string> };
  }

  /** Extensions fail open, so what must never happen is prevented here, and told. */
  async #inside(folder: string, path: string): Promise<string> {
    const file = resolve(folder, path);
    if (file.startsWith(folder + sep)) return file;
    const reason = `${path} is outside of the folder`;
    await this.#points.tell("agent.security_violation", { component: SYSTEM, reason, value: path });
    throw new Refused(reason);
  }
}

const SYSTEM = { type: "system", name: "tools" } as const;
