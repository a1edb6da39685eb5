import type { Rule } from "./rule.js";
import { token } from "./rule.js";

/** Model providers and their tooling. */
export const AI_RULES: readonly Rule[] = [
  {
    id: "anthropic-key",
    description: "Anthropic API or admin key",
    keywords: ["sk-ant-"],
    pattern: /sk-ant-[A-Za-z0-9_-]{24,}/g,
    source: "Anthropic docs: API keys; GitHub docs: Supported secret scanning patterns",
  },
  {
    id: "openrouter-key",
    description: "OpenRouter API key",
    keywords: ["sk-or-"],
    pattern: /sk-or-(?:v1-)?[a-f0-9]{48,}/g,
    source: "OpenRouter docs: Authentication",
  },
  {
    id: "openai-key",
    description: "OpenAI project, service account, admin or user key",
    keywords: ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-none-", "t3blbkfj"],
    pattern: token(
      /sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{36,}|[A-Za-z0-9]{20,}T3BlbkFJ[A-Za-z0-9]{20,})/,
    ),
    source: "OpenAI API reference: Authentication; GitHub docs: Supported secret scanning patterns",
  },
  {
    id: "sk-key",
    description: "API key with the prefix sk-, used by several model providers",
    keywords: ["sk-"],
    pattern: token(/sk-[A-Za-z0-9]{32,}/),
    entropy: 3.2,
    source: "OpenAI (before 2024), DeepSeek and other providers' API references",
  },
  {
    id: "huggingface-token",
    description: "Hugging Face user or organisation token",
    keywords: ["hf_", "api_org_"],
    pattern: token(/(?:hf|api_org)_[A-Za-z0-9]{30,}/),
    source: "Hugging Face docs: User access tokens",
  },
  {
    id: "replicate-token",
    description: "Replicate API token",
    keywords: ["r8_"],
    pattern: token(/r8_[A-Za-z0-9]{37,}/),
    source: "Replicate docs: API tokens",
  },
  {
    id: "groq-key",
    description: "Groq API key",
    keywords: ["gsk_"],
    pattern: token(/gsk_[A-Za-z0-9]{40,}/),
    source: "Groq console docs: API keys",
  },
  {
    id: "perplexity-key",
    description: "Perplexity API key",
    keywords: ["pplx-"],
    pattern: /pplx-[A-Za-z0-9]{40,}/g,
    source: "Perplexity docs: API keys",
  },
  {
    id: "xai-key",
    description: "xAI API key",
    keywords: ["xai-"],
    pattern: token(/xai-[A-Za-z0-9]{60,}/),
    source: "GitHub docs: Supported secret scanning patterns (xAI)",
  },
  {
    id: "nvidia-key",
    description: "NVIDIA API key",
    keywords: ["nvapi-"],
    pattern: /nvapi-[A-Za-z0-9_-]{48,}/g,
    source: "NVIDIA NGC docs: API keys",
  },
  {
    id: "langsmith-key",
    description: "LangSmith API key",
    keywords: ["lsv2_"],
    pattern: /lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/g,
    source: "LangSmith docs: API keys",
  },
  {
    id: "pinecone-key",
    description: "Pinecone API key",
    keywords: ["pcsk_"],
    pattern: /pcsk_[A-Za-z0-9_]{40,}/g,
    source: "Pinecone docs: Manage API keys",
  },
];
