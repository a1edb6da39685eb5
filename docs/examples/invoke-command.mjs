import { createHost } from "@synaps/host";

const host = createHost({ folders: ["./deploys"] });
await host.start();

host.ui.onChange((change) => {
  if (change.type === "widget") console.log(`widget: ${change.widget.lines.join(" ")}`);
  if (change.type === "task") console.log(`task: ${change.task.label} ${change.task.fraction ?? ""}`);
  if (change.type === "editor_commit") console.log(`chosen: ${change.value}`);
});

const outcome = await host.commands.invoke("deploy", "staging", {
  onOutput: (event) => {
    if (event.kind === "table") console.log(event.rows);
  },
});
console.log(outcome.status, outcome.counts.retained, "events");

await host.ui.settings.open("deploys", "deploys", "place");
await host.ui.settings.key("deploys", "Down");
await host.ui.settings.key("deploys", "Enter");

await host.stop();
