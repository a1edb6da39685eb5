import { formatsOf } from "./format-table.js";

/** Model providers and tools for agents, by the beginning of their keys. */
export const AI_FORMATS = formatsOf(String.raw`
tavily-key | Tavily API key | tvly- | (?:dev-|prod-)?[A-Za-z0-9_-]{24,} | Tavily docs: API key
firecrawl-key | Firecrawl API key | fc- | [a-f0-9]{32}(?![A-Za-z0-9]) | Firecrawl docs: Authentication
together-key | Together AI API key | tgp_v1_ | [A-Za-z0-9_-]{40,} | Together AI docs: API keys
fireworks-key | Fireworks AI API key | fw_ | [A-Za-z0-9]{22,40}(?![A-Za-z0-9_]) | Fireworks AI docs: API keys
cerebras-key | Cerebras API key | csk- | [a-z0-9]{40,} | Cerebras docs: API keys
elevenlabs-key | ElevenLabs API key | sk_ | [a-f0-9]{48}(?![A-Za-z0-9]) | ElevenLabs docs: API keys
langfuse-key | Langfuse secret key | sk-lf- | [a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12} | Langfuse docs: API keys
cursor-key | Cursor API key | key_ crsr_ | [a-f0-9]{64} | Cursor docs: API keys
voyage-key | Voyage AI API key | pa- | [A-Za-z0-9_-]{40,48}(?![A-Za-z0-9_-]) | Voyage AI docs: API key
jina-key | Jina AI API key | jina_ | [A-Za-z0-9_-]{50,} | Jina AI docs: API keys
browserbase-key | Browserbase API key | bb_live_ | [A-Za-z0-9_-]{20,} | Browserbase docs: Authentication
e2b-key | E2B API key or access token | e2b_ sk_e2b_ | [a-f0-9]{40} | E2B docs: API key
modal-token | Modal token secret | as- | [A-Za-z0-9]{22}(?![A-Za-z0-9]) | Modal docs: Tokens
runpod-key | Runpod API key | rpa_ | [A-Z0-9]{30,}[a-z0-9]{0,16} | Runpod docs: API keys
llama-cloud-key | LlamaCloud API key | llx- | [A-Za-z0-9]{40,} | LlamaCloud docs: API keys
helicone-key | Helicone API key | sk-helicone- pk-helicone- | [a-z0-9-]{24,} | Helicone docs: API keys
wandb-key | Weights & Biases API key | wandb_v1_ | [A-Za-z0-9_]{40,} | Weights & Biases docs: API keys
gemini-auth-key | Google API key bound to a service account | AQ.A | [A-Za-z0-9_-]{40,} | Google AI docs: API keys
openai-session | OpenAI session token | sess- | [A-Za-z0-9]{40} | GitHub docs: Supported secret scanning patterns (OpenAI)
mem0-key | Mem0 API key | m0- | [A-Za-z0-9]{36,} | Mem0 docs: API keys
braintrust-key | Braintrust service token | bt-st- | [A-Za-z0-9]{40,} | Braintrust docs: Service tokens
brave-search-key | Brave Search API key | BSA | [A-Za-z0-9_-]{27,28}(?![A-Za-z0-9_-]) | Brave Search API docs: Authentication
apify-token | Apify API or integration token | apify_api_ apify_ui_ | [A-Za-z0-9]{34,} | GitHub docs: Supported secret scanning patterns (Apify)
context7-key | Context7 API key | ctx7sk- | [a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12} | Context7 docs: API keys
voiceflow-key | Voiceflow API key | VF.DM. VF.WS. VF. | [a-fA-F0-9]{24}\.[A-Za-z0-9]{16} | Voiceflow docs: API keys
`);
