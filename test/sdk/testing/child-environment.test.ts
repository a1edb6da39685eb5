import { describe, expect, it } from "vitest";
import * as host from "../../../packages/host/src/transport/process/environment.js";
import * as sdk from "../../../packages/sdk/src/testing/child-environment.js";

describe("the environment that the harness gives a child", () => {
  it("has the names that a host passes on, on every platform", () => {
    expect(sdk.PASSED_ON).toEqual(host.PASSED_ON);
    expect(sdk.PASSED_ON_WINDOWS).toEqual(host.PASSED_ON_WINDOWS);
  });

  it("has what the caller adds, also in place of what is passed on", () => {
    expect(sdk.childEnvironment({ LANG: "C", OWN: "1" })).toMatchObject({ LANG: "C", OWN: "1" });
  });
});
