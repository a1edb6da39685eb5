import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { shellGuard } from "./extension.js";

serve(shellGuard);
