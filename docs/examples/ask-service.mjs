import { connectService } from "@synaps/service";

const service = await connectService();
const from = { cwd: process.cwd(), agent: "my-program" };
const stop = await service.follow(({ agent, kind, action }) => console.log(agent, kind, action));

for (const command of ["echo hello", "rm -rf /"]) {
  const end = await service.intercept(
    { before: "before_tool_call", after: "after_tool_call" },
    { tool_name: "bash", tool_input: { command }, session_id: "s-1" },
    (input) => `the output of ${JSON.stringify(input)}`,
    from,
  );
  console.log(end.ran ? end.output : `not run: ${end.by}`);
}

const event = { kind: "before_tool_call", tool_name: "bash", tool_input: { command: "rm -rf ." } };
const outcome = await service.emit(event, from);
console.log(outcome.action, outcome.votes.length);

stop();
service.close();
