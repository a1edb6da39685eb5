import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createClaudeHooks } from "./extension.js";

serve(createClaudeHooks());
