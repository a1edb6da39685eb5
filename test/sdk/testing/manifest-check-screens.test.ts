import { defineExtension } from "@synaps/sdk";
import { checkAgainstManifest } from "@synaps/sdk/testing";
import { expect, it } from "vitest";
import { section } from "../../helpers/manifests.js";
import { verifies } from "../../requirements/verifies.js";

const fields = [
  { key: "model", label: "M", editor: "custom" },
  { key: "lang", label: "L", editor: "text" },
];
const manifest = {
  name: "sample",
  commands: [
    { name: "go", interactive: true },
    { name: "ls", command: "ls" },
  ],
  settings: { categories: [{ id: "voice", label: "V", fields }] },
  extension: section(),
};
const hooks = { before_tool_call: () => undefined };

it(verifies("SDK-025") + "commands and editors of code and manifest have to fit", () => {
  const good = defineExtension({
    hooks,
    commands: { go: () => undefined },
    settings: { "voice/model": { open: () => undefined } },
  });
  expect(checkAgainstManifest(good, manifest)).toEqual([]);
  const bad = defineExtension({
    hooks,
    commands: { ls: () => undefined },
    settings: { "voice/lang": { open: () => undefined } },
  });
  expect(checkAgainstManifest(bad, manifest).map(({ code, message }) => [code, message])).toEqual([
    ["COMMAND_NOT_DECLARED", "the command 'ls' is never called: the manifest does not declare it"],
    ["COMMAND_WITHOUT_HANDLER", "the manifest declares the command 'go', but there is no handler"],
    [
      "EDITOR_NOT_DECLARED",
      "the settings editor 'voice/lang' is never called: the manifest does not declare it",
    ],
    [
      "EDITOR_WITHOUT_HANDLER",
      "the manifest declares the settings editor 'voice/model', but there is no handler",
    ],
  ]);
});
