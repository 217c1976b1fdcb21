"""Errors of the web channel are problem documents."""

from __future__ import annotations

import json

import pytest

from bot.channels.problems import Problem, bad_request, too_long, too_many, unauthorized, unavailable


@pytest.mark.parametrize(
    ("problem", "status", "headers"),
    [
        (bad_request("Mend it."), 400, {}),
        (unauthorized("Mend it."), 401, {"WWW-Authenticate": "Bearer"}),
        (too_long("Mend it."), 413, {}),
        (too_many(2.2, "Mend it."), 429, {"Retry-After": "3"}),
        (unavailable("Mend it."), 503, {"Retry-After": "5"}),
    ],
)
def test_a_problem_is_a_document_with_type_title_status_and_detail(
    problem: Problem, status: int, headers: dict[str, str]
) -> None:
    response = problem.response()
    assert response.status == status
    assert response.content_type == "application/problem+json"
    body = json.loads(response.body)
    assert body.pop("title")
    detail = body.pop("detail")
    assert body == {"type": "about:blank", "status": status}
    assert (
        detail == "Mend it." if problem.says_where_to_turn else detail.startswith("Mend it. If you are in danger, call")
    )
    assert headers.items() <= dict(response.headers).items()


@pytest.mark.parametrize("wait", [0.001, 0.5, 0.999, 1, 1.5, 2, 2.5, 3, 10.01, 3600])
def test_retry_after_is_whole_seconds_never_too_short_and_never_much_too_long(wait: float) -> None:
    seconds = int(too_many(wait, "Wait.").headers["Retry-After"])
    assert max(1, wait) <= seconds <= wait + 1.5


def test_a_problem_is_raised_like_any_error() -> None:
    problem = too_long("Mend it.")
    with pytest.raises(Problem) as caught:
        raise problem
    assert caught.value is problem


def test_headers_of_one_problem_do_not_show_up_in_another() -> None:
    bad_request("one").headers["X-Mark"] = "1"
    assert "X-Mark" not in bad_request("two").headers
