"""A logger writes errors only inside the block, and as before after it."""

import logging

import pytest

from bmcourse import logs


def test_errors_pass_and_warnings_do_not(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("bmcourse.tests.logs")
    with logs.errors_only(log):
        log.warning("quiet")
        log.error("heard")
    assert caplog.messages == ["heard"]


def test_the_level_comes_back_after_an_exception() -> None:
    log = logging.getLogger("bmcourse.tests.logs")
    log.setLevel(logging.DEBUG)
    with pytest.raises(ValueError, match="lost"), logs.errors_only(log):
        raise ValueError("lost")
    assert log.level == logging.DEBUG
