// Keeps the model's paths inside the project, and fills the placeholders {project} and {home} in its commands.
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { defineExtension, modify, proceed, serve } from "@synaps/sdk";

/** A path that leaves the project starts at the project instead: `/notes.md` and `../notes.md` become `notes.md`. */
function keep(path, project) {
  const inside = relative(project, resolve(project, path));
  const leaves = inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return leaves ? join(sep, path).slice(1) : path;
}

/** The input with its path or command rewritten; anything else about it stays. */
function rewrite(input, project) {
  if (typeof input?.path === "string") return { ...input, path: keep(input.path, project) };
  if (typeof input?.command !== "string") return input;
  // Functions as replacements, because "$" means something in a replacement text.
  const command = input.command.replaceAll("{project}", () => project).replaceAll("{home}", () => "~");
  return { ...input, command };
}

serve(
  defineExtension({
    config: { project_root: { type: "string", default: "" } },
    hooks: {
      before_tool_call({ tool_input }, { config }) {
        if (config.project_root === "") return proceed();
        const rewritten = rewrite(tool_input, config.project_root);
        return JSON.stringify(rewritten) === JSON.stringify(tool_input) ? proceed() : modify(rewritten);
      },
    },
  }),
);
