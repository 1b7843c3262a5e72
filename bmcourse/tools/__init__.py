"""What instructors and maintainers run."""
