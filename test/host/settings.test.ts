import { createHost, DEFAULT_LIMITS, type HostLimits } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { settingsOf } from "../../packages/host/src/settings.js";

const names = Object.keys(DEFAULT_LIMITS) as (keyof HostLimits)[];
const refused = { code: "HOST_OPTIONS_INVALID" };

describe("limits", () => {
  it.each(names)("'%s' refuses what is no number, not finite enough or negative", (name) => {
    const odd: unknown[] = [null, NaN, -1, "5", true, [], Object.create(null)];
    if (name.endsWith("Ms")) odd.push(Infinity, 2 ** 31);
    else odd.push(0, 0.5, 1.5, -Infinity);
    for (const value of odd)
      expect(() => createHost({ limits: { [name]: value } }), String(typeof value)).toThrow(
        expect.objectContaining({ ...refused, message: expect.stringContaining(`'${name}'`) as unknown }),
      );
  });

  it.each(names)("'%s' takes a usual number, and its default for undefined", (name) => {
    expect(settingsOf({ limits: { [name]: 7 } }).limits[name]).toBe(7);
    const without = { limits: { [name]: undefined } } as unknown as { limits: Partial<HostLimits> };
    expect(settingsOf(without).limits[name]).toBe(DEFAULT_LIMITS[name]);
  });

  it("that do not exist are refused", () => {
    const odd = { limits: { handshakeSeconds: 1 } as unknown as Partial<HostLimits> };
    expect(() => createHost(odd)).toThrow(expect.objectContaining(refused));
    expect(() => createHost({ limits: 5 as unknown as Partial<HostLimits> })).toThrow(
      expect.objectContaining(refused),
    );
  });
});

describe("other options", () => {
  const odd: Record<string, unknown> = {
    folders: "extensions",
    baseDir: 5,
    projectDir: {},
    projectExtensions: "yes",
    control: 1,
    lazy: "no",
    catalogs: [null],
    chain: "strictest",
    confirm: true,
    logger: {},
    trace: "stderr",
    env: "PATH",
    clock: {},
    random: 0.5,
  };

  it.each(Object.entries(odd))("'%s' of a wrong type is refused at once", (name, value) => {
    expect(() => createHost({ [name]: value })).toThrow(
      expect.objectContaining({ ...refused, message: expect.stringContaining(`'${name}'`) as unknown }),
    );
  });

  it("a catalog that `defineCatalog` did not make is checked by its rules", () => {
    const catalog = { name: "mine", chain: "first_decision", kinds: { "mine.x": { permission: "no.such" } } };
    expect(() => createHost({ catalogs: [catalog as never] })).toThrow(
      expect.objectContaining({
        ...refused,
        message: expect.stringContaining("Catalog 'mine' is wrong at /kinds/mine.x") as unknown,
      }),
    );
  });

  it.each(Object.keys(odd))("'%s' that is null counts as absent", (name) => {
    expect(() => createHost({ [name]: null })).not.toThrow();
  });

  it("that are no object are refused", () => {
    for (const options of [null, 5, "x", []])
      expect(() => createHost(options as never)).toThrow(expect.objectContaining(refused));
  });

  it("randomness that throws or is no fraction is not used", () => {
    const thrower = (): number => {
      throw new Error("no entropy");
    };
    for (const random of [thrower, () => 9, () => NaN, () => "0.5" as never]) {
      const value = settingsOf({ random }).random();
      expect(typeof value).toBe("number");
      expect(value >= 0 && value < 1).toBe(true);
    }
    expect(settingsOf({ random: () => 0.25 }).random()).toBe(0.25);
  });
});
