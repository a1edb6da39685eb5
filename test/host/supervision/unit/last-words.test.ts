import { expect, it } from "vitest";
import { generation } from "./generation-kit.js";

it("a process is gone when its last output was read, or after a moment when somebody else holds the pipe", async () => {
  const { made, child, clock } = generation(undefined, undefined, {}, { exitDrainMs: 50 });
  await made.shakeHands(true);
  let gone = false;
  void made.gone.then(() => (gone = true));
  const { stdout } = child;
  stdout.end = () => stdout;
  child.end({ code: 0 });
  await clock.pass(49);
  expect(gone).toBe(false);
  await clock.pass(1);
  expect(gone).toBe(true);
  const other = generation(undefined, undefined, {}, { exitDrainMs: 50 });
  await other.made.shakeHands(true);
  other.child.end({ code: 0 });
  await other.made.gone;
  expect(other.clock.now()).toBe(0);
});

it("an answer that arrives right behind the exit counts", async () => {
  const { made, child, clock } = generation();
  await made.shakeHands(true);
  const reply = made.connection.request("hook.handle", "{}", 1_000);
  await clock.pass(0);
  const { stdout } = child;
  const end = stdout.end.bind(stdout);
  stdout.end = () => stdout;
  child.end({ code: 0 });
  await clock.pass(10);
  child.say({ id: child.heard[1]?.id, result: 5 });
  end();
  expect(await reply).toEqual({ type: "result", result: 5 });
});
