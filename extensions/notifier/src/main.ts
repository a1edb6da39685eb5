import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createNotifier } from "./extension.js";

serve(createNotifier());
