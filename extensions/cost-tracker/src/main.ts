import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createCostTracker } from "./extension.js";

serve(createCostTracker());
