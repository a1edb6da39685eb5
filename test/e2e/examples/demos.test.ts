import { expect, test } from "vitest";
import { runDemo } from "../../helpers/demo.js";

test("the demo of payload-limiter refuses the byte too many", async () => {
  expect(JSON.parse(await runDemo("payload-limiter"))).toMatchObject({
    outcome: { action: "block", reason: "The content has 65537 bytes; at most 65536 are allowed." },
  });
});

test("the demo of traffic-logger writes the line of a connection", async () => {
  expect(await runDemo("traffic-logger")).toMatch(
    /^\S+ +session session="1" protocol="http" .* bytes_in=5 bytes_out=0 chunks_in=1 /m,
  );
});
