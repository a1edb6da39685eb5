import { createHost } from "@synaps/host";

const host = createHost({ folders: ["./extensions"] });
host.onLoad((event) => {
  switch (event.type) {
    case "loaded":
      console.log(`${event.extension} is ready (${event.loaded} so far)`);
      break;
    case "failed":
      console.log(`${event.failure.extension}: ${event.failure.reason}`);
      break;
    case "finished":
      console.log(`${event.loaded.length} ready, ${event.failed.length} not`);
  }
});
await host.start();
await host.stop();
