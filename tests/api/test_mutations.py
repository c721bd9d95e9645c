"""Mutations: typed input, one unit of work each, payloads read by the planner, refusals as userErrors."""

from typing import Any

import pytest

from tests.api.world import Api, identifier

pytestmark = pytest.mark.anyio

RENAME = """
mutation Rename($input: RenameTicketInput!) {
  renameTicket(input: $input) {
    __typename
    ticket { number title age { hours } customer { name } }
    tickets { title }
    userErrors { code field message }
  }
}
"""


async def title_of(api: Api, n: int) -> str:
    data = await api.data("query ($id: ID!) { ticket(id: $id) { title } }", {"id": api.world.ticket_id(n)})
    title: str = data["ticket"]["title"]
    return title


async def test_the_payload_is_read_after_the_write(api: Api) -> None:
    """Given a mutation, when its payload asks for the entity in depth, then it shows the new state."""
    before = await title_of(api, 20)
    data = await api.data(RENAME, {"input": {"id": api.world.ticket_id(20), "title": "renamed"}})
    assert data["renameTicket"] == {
        "__typename": "RenameTicketPayload",
        "ticket": {"number": "T-00020", "title": "renamed", "age": {"hours": 10}, "customer": {"name": "Customer 2"}},
        "tickets": [{"title": "renamed"}, {"title": "renamed"}],
        "userErrors": [],
    }
    assert len(api.world.statements) == 2  # one for each entity field of the payload
    await api.data(RENAME, {"input": {"id": api.world.ticket_id(20), "title": before}})


@pytest.mark.parametrize(("language", "message"), [("en", "title is required."), ("zh-CN", "必须填写 title。")])
async def test_a_refusal_is_a_user_error_in_the_callers_language(api: Api, language: Any, message: str) -> None:
    """Given input that the service refuses, when sent, then the payload says code, field and a sentence."""
    answer = await api.data(RENAME, {"input": {"id": api.world.ticket_id(20), "title": ""}}, language=language)
    assert answer["renameTicket"] == {
        "__typename": "RenameTicketPayload",
        "ticket": None,
        "tickets": None,
        "userErrors": [{"code": "REQUIRED", "field": "title", "message": message}],
    }


async def test_a_refusal_undoes_what_was_written(api: Api) -> None:
    """Given a service that writes and then refuses, when called, then nothing is left of it."""
    before = await title_of(api, 21)
    variables = {"input": {"id": api.world.ticket_id(21), "title": "half", "failAfterWriting": True}}
    answer = await api.data(RENAME, variables)
    assert answer["renameTicket"]["userErrors"][0]["code"] == "CHECK_REFUSED"
    assert await title_of(api, 21) == before


async def test_an_unforeseen_exception_tells_nothing(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Given a bug in a mutation, when it strikes, then the caller gets a number and the log the reason."""
    before = await title_of(api, 22)
    answer = await api.ask(RENAME, {"input": {"id": api.world.ticket_id(22), "title": "explode"}})
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"] == {"code": "INTERNAL_ERROR", "requestId": "request-1"}
    assert "secret" not in str(answer)
    assert "the secret of the cellar" in caplog.text
    assert await title_of(api, 22) == before


async def test_mutations_of_one_document_run_one_after_another_each_for_itself(api: Api) -> None:
    """Given three mutations of which the middle one is refused, when sent together, then the others stand."""
    before = await title_of(api, 23)
    answer = await api.data(
        """mutation ($id: ID!, $before: String!) {
          a: renameTicket(input: {id: $id, title: "first"}) { ticket { title } userErrors { code } }
          b: renameTicket(input: {id: $id, title: ""}) { ticket { title } userErrors { code } }
          c: renameTicket(input: {id: $id, title: $before}) { ticket { title } userErrors { code } }
          d: __typename
        }""",
        {"id": api.world.ticket_id(23), "before": before},
    )
    assert answer == {
        "a": {"ticket": {"title": "first"}, "userErrors": []},
        "b": {"ticket": None, "userErrors": [{"code": "REQUIRED"}]},
        "c": {"ticket": {"title": before}, "userErrors": []},
        "d": "Mutation",
    }


async def test_a_mutation_for_other_roles_is_refused_before_it_starts(api: Api) -> None:
    """Given a mutation for dispatchers, when a customer calls it, then FORBIDDEN and nothing is written."""
    from aftersales_graphql.errors import RequestRefused

    before = await title_of(api, 1)
    caller = api.caller.as_customer(identifier(api.world.ours, "customer", 1))
    with pytest.raises(RequestRefused) as refused:
        await api.ask(RENAME, {"input": {"id": api.world.ticket_id(1), "title": "mine"}}, caller=caller)
    assert refused.value.errors[0]["extensions"]["code"] == "FORBIDDEN"
    assert await title_of(api, 1) == before


async def test_functions_answer_queries_with_values_and_references(api: Api) -> None:
    """Given a root field that Python computes, when asked, then its references are read with the caller's eyes."""
    own = api.caller.as_customer(identifier(api.world.ours, "customer", 1))
    assert await api.data("{ me { roles customer { name } __typename } }", caller=own) == {
        "me": {"roles": ["customer"], "customer": {"name": "Customer 1"}, "__typename": "Me"}
    }
    assert await api.data("{ me { customer { name } } }") == {"me": {"customer": None}}


async def test_a_failing_query_function_leaves_no_detail(api: Api) -> None:
    """Given a bug in a root field, when asked, then INTERNAL_ERROR with the request's number."""
    answer = await api.ask("{ broken }")
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"
    assert "secret" not in str(answer)
