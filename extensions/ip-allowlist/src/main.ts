import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createAllowlist } from "./extension.js";

serve(createAllowlist());
