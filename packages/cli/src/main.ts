import { CommanderError, type Command } from "commander";
import { EXIT } from "./exit-codes.js";
import { createIo, type Io } from "./io.js";
import { errors, presentError } from "./present-error.js";
import { createProgram } from "./program.js";

/** Runs the command and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const io = createIo(argv);
  process.exit(await exitCodeOf(argv, io));
}

async function exitCodeOf(argv: readonly string[], io: Io): Promise<number> {
  try {
    const code = await runCommand(argv, io);
    if (io.stdout.failure) throw errors.outputFailed(io.stdout.failure);
    return code;
  } catch (error) {
    return presentError(io, error);
  }
}

async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  let written = "";
  let exitCode: number = EXIT.ok;
  const program = createProgram(io, {
    out: (text) => {
      written += text;
    },
    exitCode: (code) => {
      exitCode = code;
    },
  });
  if (argv.length === 0) {
    program.outputHelp();
    await io.stderr.write(written);
    return EXIT.usage;
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, program, argv);
  }
  await io.stdout.write(written);
  return exitCode;
}

/** Commander's own words, in our form: what failed, then what to do. */
function usageError({ message, code }: CommanderError, program: Command, argv: readonly string[]): Error {
  // Commander answers `help nonsense` with the whole help and no word about it.
  if (code === "commander.help")
    return errors.usage(`unknown command '${argv.at(-1)}'`, "Run: synaps-ext --help");
  const [what = "", ...rest] = message.replace(/^error: /, "").split("\n");
  const suggestion = /\((Did you mean .*\?)\)/.exec(rest.join(" "))?.[1];
  const command = program.commands.find((one) => one.name() === argv[0]);
  const help = ["synaps-ext", ...(command ? [command.name()] : []), "--help"].join(" ");
  return errors.usage(what, suggestion ?? `Run: ${help}`);
}
