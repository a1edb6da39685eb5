import { createHost } from "@synaps/host";

const host = createHost({ folders: ["./parrot"] });
await host.start();

const clock = {
  name: "clock",
  description: "Says what time it is.",
  inputSchema: { type: "object" },
  run: () => "noon",
};
const stream = host.providers.stream(
  { model: "parrot:bird:grey", messages: [{ role: "user", content: "hello" }] },
  { ownTools: [clock] },
);
for await (const event of stream) {
  const shown = "text" in event ? event.text : "name" in event ? event.name : "";
  console.log(event.type, shown);
}

const { text, turns, ranTools } = await stream.result;
console.log(`${text.trim()} (${turns} turns, ran ${ranTools[0]?.name})`);

await host.stop();
