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

WORDINGS = (
    "What is the capital of France?",
    "What's the capital of France?",
    "what is the capital of france",
    "Which city is the capital of France?",
    "Tell me the capital of France.",
    "The capital of France?",
)
"""One question in six wordings."""

SUMS = tuple(
    (f"What is {a} + {b}?", a + b)
    for a, b in ((2, 2), (7, 5), (17, 25), (38, 47), (123, 456), (805, 97))
)
"""Questions with right answers that a child can check."""

INVENTED = (
    "In which year did the physicist Karel Dvornik win the Nobel Prize?",
    "What is the capital of the country Zubrovia?",
    "Who wrote the novel The Glass Lighthouse?",
)
"""Questions about what does not exist."""

OPPOSITES = (
    ("Is Berlin in Germany? Answer yes or no.", "Is Berlin in Spain? Answer yes or no."),
    ("Is 9 larger than 7? Answer yes or no.", "Is 7 larger than 9? Answer yes or no."),
    ("Is a tomato a fruit? Answer yes or no.", "Is a tomato a stone? Answer yes or no."),
)
"""Pairs whose right answers are yes and no."""

QUESTIONS = (
    *WORDINGS,
    *(question for question, _ in SUMS),
    *INVENTED,
    *(question for pair in OPPOSITES for question in pair),
)
"""All that is asked to show what the model gets wrong."""

LENGTH = 16
"""At most so many tokens of a short answer."""

LONGEST = 64
"""At most so many tokens of any answer: so many are stored."""
