import { createHost } from "@synaps/host";

const host = createHost({ folders: ["./counts-words"] });
await host.start();

for (const { apiName, description } of host.tools.list()) console.log(`${apiName}: ${description}`);

const result = await host.tools.call(
  "counts-words:count",
  { text: "one two\n\nthree" },
  { sessionId: "s-1", onProgress: ({ current, total }) => console.log(`${current} of ${total}`) },
);
console.log(result.status, result.content);

const wrong = await host.tools.call("counts-words_count", { txt: "?" });
console.log(wrong.status, wrong.content);

await host.stop();
