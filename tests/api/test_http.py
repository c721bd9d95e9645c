"""The API over real HTTP: who may ask, in which language, with which body; and GraphiQL without another host."""

import re
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from aftersales.kit.errors import InvalidInput
from aftersales_graphql.gateway import Body, Extensions, PersistedOperations, PersistedQuery
from tests.api.serving import Directory, Served, serve
from tests.api.world import World

pytestmark = pytest.mark.anyio


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer.json()["errors"]]


async def test_a_query_is_answered(served: Served) -> None:
    """Given a token, when a query is posted, then 200 with its data, and the caller's request id comes back."""
    answer = await served.post("{ tickets(first: 1) { nodes { title } } }", headers={"x-request-id": "my-request-1"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"] == "my-request-1"
    assert list(answer.json()) == ["data"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("ours.example.com", 200),
        ("OURS.example.com:8000", 200),
        ("theirs.example.com", 401),
        ("nobody.example.com", 404),
        ("example.com", 404),
        ("ours.elsewhere.com", 404),
        ("a.ours.example.com", 404),
    ],
)
async def test_the_tenant_may_stand_in_the_host_name(served: Served, host: str, status: int) -> None:
    """Given a tenant's own host name, when asked at /graphql, then it is served like under its path."""
    headers = {**served.headers, "host": host}
    answer = await served.client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert answer.status_code == status


async def test_the_modern_media_type_is_spoken(served: Served) -> None:
    """Given a client of the GraphQL-over-HTTP draft, when it asks, then its media type is used."""
    accept = "application/graphql-response+json, application/json;q=0.5"
    answer = await served.post("{ __typename }", headers={"accept": accept})
    assert answer.headers["content-type"].startswith("application/graphql-response+json")


@pytest.mark.parametrize(
    ("slug", "token", "status", "code"),
    [
        ("nobody", "ours-dispatcher", 404, "NOT_FOUND"),
        ("ours", "wrong", 401, "UNAUTHENTICATED"),
        ("theirs", "ours-dispatcher", 401, "UNAUTHENTICATED"),
        ("ours", None, 401, "UNAUTHENTICATED"),
    ],
)
async def test_who_is_not_known_is_not_served(
    served: Served, slug: str, token: str | None, status: int, code: str
) -> None:
    """Given an unknown tenant, or a token that isn't this tenant's, when asked, then the status and a code."""
    answer = await served.post(
        "{ __typename }", slug, headers={"authorization": f"Bearer {token}" if token else "Basic eHg="}
    )
    assert answer.status_code == status
    assert codes(answer) == [code]


@pytest.mark.parametrize(
    ("accept_language", "message"),
    [
        ("en-GB,en;q=0.9", "A page takes 0 to 100 rows, got 500."),
        ("zh-TW", "每页数量必须在 0 到 100 之间,收到 500。"),
        ("fr, zh;q=0.5, en;q=0.4", "每页数量必须在 0 到 100 之间,收到 500。"),
        ("fr, zh;q=0.1, en;q=0.4", "A page takes 0 to 100 rows, got 500."),
        ("fr;q=what", "每页数量必须在 0 到 100 之间,收到 500。"),
        (None, "每页数量必须在 0 到 100 之间,收到 500。"),
    ],
)
async def test_messages_follow_accept_language(served: Served, accept_language: str | None, message: str) -> None:
    """Given Accept-Language, when something is refused, then in that language, else in the tenant's."""
    headers = {"accept-language": accept_language} if accept_language else {}
    served.client.headers.pop("accept-language", None)
    answer = await served.post("{ tickets(first: 500) { totalCount } }", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "REQUEST_MALFORMED"),
        (b"not json", "REQUEST_MALFORMED"),
        (b'"text"', "REQUEST_MALFORMED"),
        (b'{"query": 1}', "REQUEST_MALFORMED"),
        (b'{"query": "{ __typename }", "variables": []}', "REQUEST_MALFORMED"),
        (b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 65 + b"]" * 65 + b"}}", "REQUEST_MALFORMED"),
        (b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 400_000 + b"]" * 400_000 + b"}}",
         "REQUEST_MALFORMED"),
        (b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 60_000 + b"1" + b"}" * 60_001, "REQUEST_MALFORMED"),
        (b"{}", "REQUIRED"),
        (b'[{"query": "{ __typename }"}]', "BATCH_REFUSED"),
    ],
)  # fmt: skip
async def test_a_body_that_is_no_request_is_refused(served: Served, content: bytes, code: str) -> None:
    """Given another body, when posted, then 400 and a code."""
    answer = await served.client.post("/t/ours/graphql", content=content, headers=served.headers)
    assert answer.status_code == 400
    assert codes(answer) == [code]


async def test_a_body_beyond_a_megabyte_is_refused(served: Served) -> None:
    """Given a body larger than any request needs, when posted, then 413 and a code."""
    answer = await served.client.post("/t/ours/graphql", content=b" " * 1_000_001, headers=served.headers)
    assert answer.status_code == 413
    assert codes(answer) == ["BODY_TOO_LARGE"]


async def test_a_crash_outside_the_executor_tells_nothing(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """Given a bug in authentication, when it strikes, then 500, a request id, and no detail."""
    answer = await served.post("{ __typename }", headers={"authorization": "Bearer crash"})
    assert answer.status_code == 500
    assert codes(answer) == ["INTERNAL_ERROR"]
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] in caplog.text


async def test_persisted_operations_run_by_their_hash(served: Served) -> None:
    """Given a registered text and one that a client persists, when sent by hash, then both run."""

    def by_hash(text: str, *, known: bool) -> dict[str, Any]:
        extensions = {"persistedQuery": {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest()}}
        return {"extensions": extensions} if known else {"query": text, "extensions": extensions}

    registered, own = "{ registered: __typename }", "{ own: __typename }"
    assert (await served.post(None, body=by_hash(registered, known=True))).json() == {"data": {"registered": "Query"}}
    assert codes(await served.post(None, body=by_hash(own, known=True))) == ["OPERATION_NOT_PERSISTED"]
    assert (await served.post(None, body=by_hash(own, known=False))).json() == {"data": {"own": "Query"}}
    assert (await served.post(None, body=by_hash(own, known=True))).json() == {"data": {"own": "Query"}}
    forged = {**by_hash(own, known=False), "query": "{ forged: __typename }"}
    forged["extensions"] = {"persistedQuery": {"sha256Hash": "0" * 64}}
    assert codes(await served.post(None, body=forged)) == ["PERSISTED_HASH_MISMATCH"]


def test_what_one_tenant_persists_no_other_finds() -> None:
    """Given an operation that a tenant persisted, when another tenant names its hash, then it isn't known."""
    ours, theirs, text = uuid4(), uuid4(), "{ own: __typename }"
    persisted = PersistedOperations()
    named = Extensions(persisted_query=PersistedQuery(sha256_hash=sha256(text.encode()).hexdigest()))
    assert persisted.resolve(Body(query=text, extensions=named), ours) == text
    assert persisted.resolve(Body(extensions=named), ours) == text
    with pytest.raises(InvalidInput, match="No operation is registered"):
        persisted.resolve(Body(extensions=named), theirs)


async def test_only_persisted_operations_where_that_is_wanted(world: World, directory: Directory) -> None:
    """Given a gateway that runs registered operations only, when another text comes, then it is refused."""
    persisted = PersistedOperations(["{ __typename }"], only=True)
    async with serve(world, directory, persisted=persisted) as strict:
        assert (await strict.post("{ __typename }")).json() == {"data": {"__typename": "Query"}}
        assert codes(await strict.post("{ other: __typename }")) == ["OPERATION_NOT_PERSISTED"]


async def test_graphiql_comes_from_here_alone(served: Served) -> None:
    """Given a browser, when it opens the address, then the page and all it loads come from this server."""
    page = await served.client.get("/t/ours/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "connect-src 'self'" in page.headers["content-security-policy"]
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(sources) == 7
    for source in sources:
        if source.startswith("data:"):
            continue
        assert source.startswith("/graphiql/"), source
        asset = await served.client.get(source)
        assert asset.status_code == 200
        assert len(asset.content) > 50
        again = await served.client.get(source, headers={"if-none-match": asset.headers["etag"]})
        assert again.status_code == 304
    assert (await served.client.get("/graphiql/../../etc/passwd")).status_code == 404
    assert (await served.client.get("/graphiql/LICENSE.react")).status_code == 404


async def test_each_tenant_gets_the_schema_of_its_verticals(served: Served, directory: Directory) -> None:
    """Given two sets of verticals, when their tenants ask, then fields of a vertical exist only where it is enabled."""
    text = "query ($id: ID!) { asset(id: $id) { serial solar { tankLitres } } }"
    customer = await served.post('{ tickets(first: 1, filter: {number: {eq: "T-00001"}}) { nodes { asset { id } } } }')
    variables = {"id": customer.json()["data"]["tickets"]["nodes"][0]["asset"]["id"]}
    assert codes(await served.post(text, variables=variables)) == ["GRAPHQL_VALIDATION_FAILED"]
    directory.verticals = frozenset({"solar"})
    answer = await served.post(text, variables=variables)
    assert answer.json() == {"data": {"asset": {"serial": "S-1", "solar": {"tankLitres": 101}}}}
    directory.verticals = frozenset()
    assert codes(await served.post(text, variables=variables)) == ["GRAPHQL_VALIDATION_FAILED"]
