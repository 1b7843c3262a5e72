"""The course's own layer over nbval collects the notebooks."""

pytest_plugins = ["bmcourse.testing.plugin"]
