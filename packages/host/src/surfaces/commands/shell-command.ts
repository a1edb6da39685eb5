import { existsSync } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { Extension } from "../../supervision/extension.js";
import { resolveCommand } from "../../loading/manifest/resolve-command.js";
import type { ExitInfo, SpawnRequest } from "../../transport/process/child.js";
import { spawnError } from "../../transport/process/diagnose.js";
import { programEnvironment } from "../../transport/process/environment.js";
import { isFolder } from "../../transport/process/program-file.js";
import { runToEnd } from "../../transport/process/run-to-end.js";
import { readBraked } from "../../transport/read-braked.js";
import type { HostServices } from "../services.js";
import type { OutputEvent } from "./output-event.js";
import type { CommandEnd } from "./outcome.js";

/**
 * Runs a command that is a program: in the extension's folder, without a shell, with the environment that the
 * extension's programs get, nothing on its input, without a time limit, and its whole process group gone afterwards. Standard output arrives
 * as `text` in pieces as they come, standard error as `system`, a line each.
 */
export async function runShellCommand(
  services: Pick<HostServices, "env" | "limits" | "clock" | "spawn">,
  { id, loaded }: Extension,
  { command, args }: { command: string; args: readonly string[] },
  typed: readonly string[],
  signal: AbortSignal,
  sink: (event: OutputEvent) => void,
): Promise<CommandEnd> {
  const { limits, clock, env } = services;
  const request: SpawnRequest = {
    command: programOf(command, loaded.root),
    args: [...args, ...typed],
    cwd: loaded.root,
    env: programEnvironment(env, loaded),
    onStderrLine: (content) => sink({ kind: "system", content }),
  };
  const decoder = new StringDecoder("utf8");
  const text = (content: string): void => {
    if (content !== "") sink({ kind: "text", content });
  };
  const { sigtermMs: forceKillAfterMs, exitDrainMs: drainMs } = limits;
  const { exit, interrupted } = await runToEnd(
    (full) => services.spawn(id, full),
    request,
    { clock, forceKillAfterMs, drainMs, signal },
    ({ stdout }) => readBraked(stdout, clock, (chunk) => text(decoder.write(chunk))),
  );
  text(decoder.end());
  if (exit === undefined || interrupted) return { status: "cancelled", reason: "it was given up and ended" };
  return endOf(id, request, exit);
}

function endOf(id: string, request: SpawnRequest, exit: ExitInfo): CommandEnd {
  if (exit.error) {
    return { status: "failed", reason: spawnError(id, request, exit, undefined).message };
  }
  const result = { shape: "shell", exitCode: exit.code, signal: exit.signal } as const;
  if (exit.code === 0) return { status: "done", result };
  const reason = exit.signal ? `it was ended by ${exit.signal}` : `it ended with code ${exit.code}`;
  return { status: "failed", reason, result };
}

/** A bare name is a file of the extension's folder when there is one, else left for PATH. */
function programOf(command: string, root: string): string {
  const own = join(root, command);
  // A folder of that name is no program.
  return existsSync(own) && !isFolder(own) ? own : resolveCommand(command, root);
}
