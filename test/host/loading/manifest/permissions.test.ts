import { PERMISSIONS } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { parse, problem, VALID } from "./support.js";

it(
  verifies("PERM-001") +
    "the strict reading refuses a permission that does not exist, and says which was meant",
  () => {
    expect(problem({ permissions: ["tools.intercept", "tools.intercep"] })).toMatchObject({
      code: "PERMISSION_UNKNOWN",
      pointer: "/extension/permissions/1",
      message: "Unknown extension permission: tools.intercep",
      hint: "Did you mean 'tools.intercept'?",
    });
  },
);

it(verifies("PERM-002") + "the reserved permission is refused as not implemented", () => {
  expect(problem({ permissions: ["tools.intercept", "tools.override"] })).toMatchObject({
    code: "PERMISSION_UNKNOWN",
    pointer: "/extension/permissions/1",
    message: "Reserved extension permission is not implemented yet: tools.override",
  });
});

it(verifies("PERM-003") + "permission names are the reference's, and two of ours", () => {
  expect(Object.keys(PERMISSIONS).sort()).toEqual([
    "audio.input",
    "audio.output",
    "config.subscribe",
    "config.write",
    "context_providers.register",
    "environment.inherit",
    "hooks.fail_closed",
    "memory.read",
    "memory.write",
    "privacy.llm_content",
    "providers.register",
    "session.drive",
    "session.lifecycle",
    "tools.intercept",
    "tools.register",
    "tools.transform_output",
  ]);
});

it.each([
  ["before_tool_call", "tools.intercept"],
  ["after_tool_call", "tools.intercept"],
  ["before_message", "privacy.llm_content"],
  ["on_message_complete", "privacy.llm_content"],
  ["on_compaction", "privacy.llm_content"],
  ["on_session_start", "session.lifecycle"],
  ["on_session_end", "session.lifecycle"],
])(verifies("PERM-004") + "hook %s needs %s", (hook, permission) => {
  expect(problem({ permissions: ["tools.register"], hooks: [{ hook }] })).toMatchObject({
    code: "PERMISSION_MISSING",
    pointer: "/extension/hooks/0/hook",
    message: `Extension 'my-ext' lacks permission '${permission}' required for hook '${hook}'`,
    hint: `Add "${permission}" to /extension/permissions.`,
  });
  expect(parse({ ...VALID, permissions: [permission], hooks: [{ hook }] }).kind).toBe("extension");
});
