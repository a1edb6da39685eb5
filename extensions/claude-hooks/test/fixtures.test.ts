import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { isJsonObject, type HookEvent, type JsonObject } from "@synaps/sdk/protocol";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Project, sent } from "./support/project.js";

interface Case {
  title: string;
  event: Partial<HookEvent> & { kind: string };
  /** A verdict, or a part of the text with which the extension abstains. */
  expect: { action: string } | { abstains: string };
  /** Files of the project afterwards; null for one that is not there. */
  leaves?: Record<string, string | null>;
  /** Parts of lines of the log. */
  logs?: string[];
}

interface Fixture {
  about: string;
  files?: string[];
  env?: Record<string, string>;
  events: Case[];
}

const FIXTURES = new URL("./fixtures/", import.meta.url);
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { tool_input } = JSON.parse(body) as { tool_input: { command: string } };
      if (request.url === "/failing")
        return response.writeHead(500).end('{"decision":"block","reason":"no"}');
      if (tool_input.command !== "deploy") return response.writeHead(204).end();
      const reason = `${request.headers["authorization"]} and ${String(request.headers["x-other"])}`;
      return response.end(JSON.stringify({ decision: "block", reason }));
    });
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

describe.each(readdirSync(FIXTURES))("%s", (name) => {
  const folder = new URL(`${name}/`, FIXTURES);
  const fixture = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Fixture;

  test.concurrent(fixture.about, async () => {
    const project = new Project(new URL("project/", folder));
    try {
      const filled = <T>(value: T): T =>
        JSON.parse(JSON.stringify(value).replaceAll("{project}", project.folder)) as T;
      fillPort(project.folder);
      const files = filled(fixture.files ?? [".claude/settings.json"]);
      const config: Record<string, string> = { files: files.join(";") };
      if (fixture.env !== undefined)
        config["env_file"] = project.write("variables", lines(fixture.env), 0o600);
      const harness = await project.start(config);
      await project.approveAll(harness);

      for (const { title, event, expect: wanted, leaves, logs } of filled(fixture.events)) {
        const data = { cwd: project.folder, ...(isJsonObject(event.data) ? event.data : {}) } as JsonObject;
        const answered = harness.send(sent({ session_id: "s1", ...event, data }));
        if ("abstains" in wanted) await expect(answered, title).rejects.toThrow(wanted.abstains);
        else expect(await answered, title).toEqual(wanted);
        for (const [path, content] of Object.entries(leaves ?? {}))
          await vi.waitFor(() => expect(contentOf(join(project.folder, path)), title).toBe(content));
        for (const part of logs ?? []) expect(harness.logs.join("\n"), title).toContain(part);
      }
    } finally {
      await project.end();
    }
  });
});

/** The only part of a configuration that a fixture cannot know. */
function fillPort(folder: string): void {
  const path = join(folder, ".claude/settings.json");
  if (!existsSync(path)) return;
  writeFileSync(path, readFileSync(path, "utf8").replaceAll("{port}", String(port)));
}

function lines(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

function contentOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
