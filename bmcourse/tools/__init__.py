"""What learners, instructors and maintainers run: `python -m bmcourse`."""
