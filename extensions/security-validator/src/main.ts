import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { securityValidator } from "./extension.js";

serve(securityValidator());
