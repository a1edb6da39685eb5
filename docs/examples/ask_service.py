import os
from synaps_service import Service

service = Service(cwd=os.getcwd(), agent="my-program")
step = service.before(
    {"before": "before_tool_call", "after": "after_tool_call"},
    {"tool_name": "bash", "tool_input": {"command": "ls"}, "session_id": "s-1"},
)
if "confirm" in step:  # only the user's own yes is one
    agreed = input(step["confirm"]["message"] + " [yes/no] ") == "yes"
    step = service.confirm(step["ticket"], agreed)
while step["run"]:  # once more for each try that an extension asks for
    output = "\n".join(os.listdir())
    step = service.after(step["ticket"], output)
print(step["result"]["output"] if step["result"]["ran"] else step["result"]["reason"])
