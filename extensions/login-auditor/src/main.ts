import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createLoginAuditor } from "./extension.js";

serve(createLoginAuditor());
