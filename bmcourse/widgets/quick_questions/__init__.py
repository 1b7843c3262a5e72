"""Quick questions that answer at once; they need no kernel."""

from bmcourse.widgets.quick_questions.view import QuickQuestions

__all__ = ["QuickQuestions"]
