"""Settings come from the environment, and a wrong variable is named in a sentence."""

from pathlib import Path

import pytest

from aftersales_server.errors import OperatorError
from aftersales_server.settings import (
    APP_ROLE,
    Settings,
    database_name,
    load_operations,
    load_settings,
    with_credentials,
    with_database,
)

KEY = "k" * 32


def load(folder: Path, **variables: str) -> Settings:
    return load_settings({"AFTERSALES_DATA_DIR": str(folder), **variables})


def test_given_nothing_but_a_folder_then_the_embedded_defaults_hold(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.database_url is None
    assert settings.redis_url is None
    assert settings.base_url == "http://127.0.0.1:8600"
    assert settings.development_clock


def test_given_no_data_folder_variable_then_the_folder_lies_where_the_command_was_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).data_folder == tmp_path / ".data"


def test_given_a_database_of_ones_own_then_the_clock_can_not_be_moved_by_default(tmp_path: Path) -> None:
    settings = load(tmp_path, AFTERSALES_DATABASE_URL="postgresql://owner:secret@db/aftersales")
    assert not settings.development_clock
    assert load(
        tmp_path,
        AFTERSALES_DATABASE_URL="postgresql://owner:secret@db/aftersales",
        AFTERSALES_DEVELOPMENT_CLOCK="1",
    ).development_clock


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first = load(folder).secret_key
    assert len(first) >= 32
    assert load(folder).secret_key == first
    assert (folder / "secret.key").stat().st_mode & 0o077 == 0


def test_the_role_urls_derive_from_the_owners_and_their_passwords_from_the_key(tmp_path: Path) -> None:
    variables = {"AFTERSALES_DATABASE_URL": "postgres://owner:s%40crt@db:5433/sales?sslmode=require"}
    settings = load(tmp_path, AFTERSALES_SECRET_KEY=KEY, **variables)
    password = settings.role_password(APP_ROLE)
    assert settings.owner_dsn == "postgresql://owner:s%40crt@db:5433/sales?sslmode=require"
    assert settings.app_dsn == f"postgresql://aftersales_app:{password}@db:5433/sales?sslmode=require"
    assert settings.system_dsn.startswith("postgresql://aftersales_system:")
    assert password not in settings.system_dsn
    other = load(tmp_path, AFTERSALES_SECRET_KEY="j" * 32, **variables)
    assert other.role_password(APP_ROLE) != password


def test_given_a_url_for_a_role_then_its_password_is_the_one_in_the_url(tmp_path: Path) -> None:
    bouncer = "postgresql://aftersales_app:p%2Fw@bouncer:6432/sales"
    settings = load(tmp_path, AFTERSALES_DATABASE_URL="postgresql://o@db/sales", AFTERSALES_APP_DATABASE_URL=bouncer)
    assert settings.app_dsn == bouncer
    assert settings.role_password(APP_ROLE) == "p/w"


def test_a_child_process_reads_the_same_settings(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        AFTERSALES_DATABASE_URL="postgresql://owner:pw@db/sales",
        AFTERSALES_REDIS_URL="redis://cache/3",
        AFTERSALES_PORT="9001",
        AFTERSALES_BASE_DOMAIN="example.test",
    )
    assert load_settings(settings.to_environment()) == settings


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load(tmp_path, AFTERSALES_SECRET_KEY=KEY, AFTERSALES_DATABASE_URL="postgresql://owner:hidden@db/sales")
    assert KEY not in repr(settings)
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AFTERSALES_PORT", "70000"),
        ("AFTERSALES_PORT", "eighty"),
        ("AFTERSALES_DATABASE_URL", "mysql://db/sales"),
        ("AFTERSALES_DATABASE_URL", "sales"),
        ("AFTERSALES_SYSTEM_DATABASE_URL", "db/sales"),
        ("AFTERSALES_REDIS_URL", "memcached://cache"),
        ("AFTERSALES_DEVELOPMENT_CLOCK", "perhaps"),
        ("AFTERSALES_STORAGE_URL", "ftp://files"),
        ("AFTERSALES_STORAGE_URL", "files"),
        ("AFTERSALES_FILE_BYTES", "many"),
        ("AFTERSALES_SECRET_KEY", "short"),
    ],
)
def test_given_a_wrong_value_then_the_sentence_names_the_variable(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(OperatorError, match=variable):
        load(tmp_path, **{variable: value})


def test_given_a_data_folder_that_is_a_file_then_the_sentence_says_what_to_set(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(OperatorError, match="AFTERSALES_DATA_DIR"):
        load(file)


def test_given_no_servers_then_what_needs_them_says_which_variable_is_missing(tmp_path: Path) -> None:
    settings = load(tmp_path)
    with pytest.raises(OperatorError, match="AFTERSALES_DATABASE_URL"):
        settings.require_services()
    with_database_only = settings.with_services(database_url="postgresql://o@db/sales", redis_url="redis://cache")
    with_database_only.require_services()
    with pytest.raises(OperatorError, match="AFTERSALES_REDIS_URL"):
        load(tmp_path, AFTERSALES_DATABASE_URL="postgresql://o@db/sales").require_services()


def test_urls_keep_their_socket_folder_when_role_or_database_change() -> None:
    dsn = "postgresql://aftersales@/aftersales?host=/run/pg&port=5432"
    assert with_credentials(dsn, "app", "p@ss") == "postgresql://app:p%40ss@/aftersales?host=/run/pg&port=5432"
    assert with_database(dsn, "other") == "postgresql://aftersales@/other?host=/run/pg&port=5432"
    assert database_name(dsn) == "aftersales"
    assert database_name("postgresql://owner@db") == "owner"


def test_given_roles_for_introspection_then_they_alone_may_ask_and_without_them_everybody(tmp_path: Path) -> None:
    assert load(tmp_path).introspection_roles is None
    settings = load(tmp_path, AFTERSALES_INTROSPECTION_ROLES="owner, dispatcher")
    assert settings.introspection_roles == frozenset({"owner", "dispatcher"})
    with pytest.raises(OperatorError, match=r"AFTERSALES_INTROSPECTION_ROLES.*emperor"):
        load(tmp_path, AFTERSALES_INTROSPECTION_ROLES="emperor")


def test_given_a_file_of_operations_then_they_are_registered_and_a_child_process_does_the_same(tmp_path: Path) -> None:
    file = tmp_path / "operations.json"
    file.write_text('["{ tickets { totalCount } }"]')
    settings = load(tmp_path, AFTERSALES_PERSISTED_FILE=str(file), AFTERSALES_PERSISTED_ONLY="1")
    assert settings.persisted_only
    assert load_operations(settings) == ("{ tickets { totalCount } }",)
    assert load_settings(settings.to_environment()) == settings
    assert load_operations(load(tmp_path)) == ()


@pytest.mark.parametrize("content", ["{}", "[1]", "nonsense", None])
def test_a_file_that_is_no_list_of_operations_is_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "operations.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(OperatorError, match="AFTERSALES_PERSISTED_FILE"):
        load_operations(load(tmp_path, AFTERSALES_PERSISTED_FILE=str(file)))


def test_registered_operations_alone_need_a_file_of_them(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="AFTERSALES_PERSISTED_FILE"):
        load(tmp_path, AFTERSALES_PERSISTED_ONLY="1")
