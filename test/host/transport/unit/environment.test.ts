import { expect, it } from "vitest";
import {
  childEnvironment,
  PASSED_ON,
  PASSED_ON_WINDOWS,
} from "../../../../packages/host/src/transport/process/environment.js";

/** An environment that has each of these variables, with its name as its value. */
const all = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `the ${name}`]));

const EVERYWHERE = "PATH HOME LANG TERM XDG_RUNTIME_DIR TMPDIR TZ LC_ALL LC_CTYPE".split(" ");
const ON_WINDOWS = (
  "APPDATA COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA PATHEXT PROGRAMDATA PROGRAMFILES " +
  "SYSTEMDRIVE SYSTEMROOT TEMP TMP USERNAME USERPROFILE WINDIR"
).split(" ");

it("exactly these variables are passed on, and on Windows some more", () => {
  expect([...PASSED_ON]).toEqual(EVERYWHERE);
  expect([...PASSED_ON_WINDOWS]).toEqual(ON_WINDOWS);
  const from = all([...EVERYWHERE, ...ON_WINDOWS, "SECRET", "LC_TIME"]);
  expect(childEnvironment(from, [], "linux")).toEqual(all(EVERYWHERE));
  expect(childEnvironment(from, [], "darwin")).toEqual(all(EVERYWHERE));
  expect(childEnvironment(from, [], "win32")).toEqual(all([...EVERYWHERE, ...ON_WINDOWS]));
});

it("what the manifest names is passed on too, when it is there, even as an empty text", () => {
  const from = { PATH: "/bin", KEY: "k", EMPTY: "", GONE: undefined };
  expect(childEnvironment(from, ["KEY", "EMPTY", "GONE", "NONE"], "linux")).toStrictEqual({
    PATH: "/bin",
    KEY: "k",
    EMPTY: "",
  });
});

it("a variable keeps the spelling of the manifest on Windows", () => {
  expect(childEnvironment({ my_key: "1" }, ["My_Key"], "win32")).toEqual({ My_Key: "1" });
});
