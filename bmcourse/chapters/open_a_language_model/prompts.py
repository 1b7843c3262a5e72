"""The ten prompts on which the course's model is compared with two other programs."""

PROMPTS = (
    "What is the capital of France?",
    "Explain in one sentence why the sky is blue.",
    "Translate 'good morning' into Spanish.",
    "List three fruits that are red.",
    "Write a short poem about the sea.",
    "Complete this Python function: def add(a, b):",
    "中国的首都是哪里？",
    "你好，你是谁？",
    "用一句话介绍北京。",
    "一加一等于几？",
)
"""Six in English, four in Chinese."""

STEPS = 16
"""How many tokens of each answer are compared."""
