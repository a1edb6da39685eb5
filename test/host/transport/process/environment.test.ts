import { expect, it } from "vitest";
import { childEnvironment } from "../../../../packages/host/src/transport/process/environment.js";

it("finds the variables of Windows in a copied environment, by whatever spelling", () => {
  const copied = { Path: "C:\\bin", SystemRoot: "C:\\Windows", comspec: "cmd.exe", My_Key: "1", OTHER: "2" };
  expect(childEnvironment(copied, ["MY_KEY"], "win32")).toEqual({
    PATH: "C:\\bin",
    SYSTEMROOT: "C:\\Windows",
    COMSPEC: "cmd.exe",
    MY_KEY: "1",
  });
});

it("takes spelling as it is on other systems", () => {
  expect(childEnvironment({ Path: "/bin", path: "/b", HOME: "/h" }, [], "linux")).toEqual({ HOME: "/h" });
});

it("hands on variables only, not what every object inherits", () => {
  const names = ["constructor", "toString", "__proto__", "hasOwnProperty"];
  for (const platform of ["linux", "win32"] as const)
    expect(childEnvironment({ ...process.env, PATH: "/bin" }, names, platform)).toEqual(
      childEnvironment({ ...process.env, PATH: "/bin" }, [], platform),
    );
});
