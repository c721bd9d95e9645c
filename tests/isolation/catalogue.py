"""What PostgreSQL's catalogue must say of every table, as a list of what it says otherwise."""

from collections.abc import Iterable
from typing import Any

APP, SYSTEM = "aftersales_app", "aftersales_system"
POLICY = "(tenant_id = app.current_tenant())"
WITHOUT_TENANT = {
    "alembic_version": "the schema's own revision",
    "tenants": "the registry; a tenant sees its own row by id",
    "platform_settings": "values of the whole platform",
    "platform_tokens": "tokens of platform admins",
    "platform_actions": "what platform admins did",
}
SWEEPER_INDEXES = {
    "ix_stored_files_pending": "a round looks for abandoned uploads over all tenants, as the system role",
    "ix_commitments_next_alarm": "the sweeper looks for due alarms over all tenants, as the system role",
    "ix_outbox_messages_done": "the worker looks for messages to forget over all tenants, as the system role",
    "ix_maintenance_plans_next": "the planner looks for plans whose horizon moved on, over all tenants, as that role",
    "ix_planned_obligations_remind": "the reminders' round looks for whom to remind over all tenants, as that role",
    "ix_revisit_plans_next": "the revisits' round looks for due seasons over all tenants, as the system role",
    "ix_reminder_series_next": "the reminders' round looks for due reminders over all tenants, as the system role",
}
DEFINER_FUNCTIONS = {"settings_changed": "raises the settings version of the transaction's own tenant"}

_TABLES = """
select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
       exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull)
         as has_tenant,
       pg_get_userbyid(c.relowner) as owner
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
"""
_POLICIES = """
select tablename, policyname, permissive, roles::text[] as roles, cmd, qual, with_check
from pg_policies where schemaname = 'public'
"""
_INDEXES = """
select t.relname as table_name, i.relname as name, x.indisunique as is_unique, x.indexprs is not null as computed,
       (select a.attname from pg_attribute a where a.attrelid = t.oid and a.attnum = x.indkey[0]) as first
from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
where t.relnamespace = 'public'::regnamespace
"""
_FOREIGN_KEYS = """
select t.relname as table_name, o.conname as name, f.relname as target, o.confdeltype::text as on_delete,
       (select array_agg(a.attname::text order by k.n) from unnest(o.conkey) with ordinality k(num, n)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.num) as columns,
       (select array_agg(a.attname::text order by k.n) from unnest(o.confkey) with ordinality k(num, n)
        join pg_attribute a on a.attrelid = f.oid and a.attnum = k.num) as targets
from pg_constraint o join pg_class t on t.oid = o.conrelid join pg_class f on f.oid = o.confrelid
where o.contype = 'f' and t.relnamespace = 'public'::regnamespace
"""
_FORBIDDEN = """
select 'enum ' || typname as thing from pg_type
where typtype = 'e' and typnamespace in ('public'::regnamespace, 'app'::regnamespace)
union all select 'trigger ' || tgname from pg_trigger where not tgisinternal
union all select 'exclusion constraint ' || conname from pg_constraint where contype = 'x'
union all select 'sequence ' || relname from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace
union all select 'rule ' || rulename from pg_rules where schemaname = 'public'
"""
_OWNED = """
select pg_get_userbyid(refobjid) || ' owns ' || pg_describe_object(classid, objid, objsubid) as thing
from pg_shdepend where deptype = 'o' and refobjid in ($1::regrole, $2::regrole)
  and dbid = (select oid from pg_database where datname = current_database())
"""
_ROLES = """
select rolname as name, rolbypassrls as bypasses,
       rolsuper or rolcreaterole or rolcreatedb or rolreplication as powerful,
       (select count(*) from pg_auth_members m where m.member = r.oid) as memberships
from pg_roles r where rolname in ($1, $2)
"""
_DEFINERS = """
select p.proname as name, coalesce(p.proconfig::text, '') as config, has_function_privilege('public', p.oid, 'execute')
  as anybody
from pg_proc p where p.prosecdef and p.pronamespace in ('public'::regnamespace, 'app'::regnamespace)
"""
_PRIVILEGES = """
select c.relname as name, r.role, array_agg(p.privilege) filter (where has_table_privilege(r.role, c.oid, p.privilege))
  as granted
from pg_class c, unnest($1::text[]) r(role),
     unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p(privilege)
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by 1, 2
"""


async def problems(connection: Any, append_only: frozenset[str]) -> list[str]:
    """Every rule that a table, index, key, role or function of this database breaks."""
    tables = {row["name"]: row for row in await connection.fetch(_TABLES)}
    found = [*_of_tables(tables, await connection.fetch(_POLICIES))]
    found += _of_indexes(tables, await connection.fetch(_INDEXES))
    found += _of_foreign_keys(tables, await connection.fetch(_FOREIGN_KEYS))
    found += [row["thing"] for row in await connection.fetch(_FORBIDDEN)]
    found += [row["thing"] for row in await connection.fetch(_OWNED, APP, SYSTEM)]
    found += _of_roles(await connection.fetch(_ROLES, APP, SYSTEM))
    found += _of_definers(await connection.fetch(_DEFINERS))
    found += _of_privileges(tables, append_only, await connection.fetch(_PRIVILEGES, [APP, SYSTEM]))
    return found


def _of_tables(tables: dict[str, Any], policies: Iterable[Any]) -> Iterable[str]:
    by_table: dict[str, list[Any]] = {}
    for policy in policies:
        by_table.setdefault(policy["tablename"], []).append(policy)
    for name, table in tables.items():
        if not table["has_tenant"]:
            if name not in WITHOUT_TENANT:
                yield f"{name} has no tenant_id that is NOT NULL"
            continue
        if not table["forced"]:
            yield f"{name} doesn't enable and force row-level security"
        told = [(p["permissive"], p["roles"], p["cmd"], p["qual"], p["with_check"]) for p in by_table.get(name, [])]
        if told != [("PERMISSIVE", ["public"], "ALL", POLICY, POLICY)]:
            yield f"{name} hasn't exactly the tenant policy: {told}"


def _of_indexes(tables: dict[str, Any], indexes: Iterable[Any]) -> Iterable[str]:
    for index in indexes:
        if index["computed"]:
            yield f"{index['name']} indexes an expression: use a generated column"
        if not tables[index["table_name"]]["has_tenant"] or index["first"] == "tenant_id":
            continue
        if index["is_unique"] or index["name"] not in SWEEPER_INDEXES:
            yield f"{index['name']} of {index['table_name']} doesn't begin with tenant_id"


def _of_foreign_keys(tables: dict[str, Any], keys: Iterable[Any]) -> Iterable[str]:
    for key in keys:
        if key["on_delete"] not in {"a", "r", "c"}:
            yield f"{key['name']} changes rows on delete"
        if not tables[key["table_name"]]["has_tenant"] or key["target"] == "tenants":
            continue
        if key["columns"][0] != "tenant_id" or key["targets"][0] != "tenant_id":
            yield f"{key['name']} of {key['table_name']} leaves the tenant"


def _of_roles(roles: Iterable[Any]) -> Iterable[str]:
    for role in roles:
        if role["powerful"] or role["memberships"]:
            yield f"{role['name']} may do more than a role of ours needs"
        if role["bypasses"] != (role["name"] == SYSTEM):
            yield f"{role['name']} has the wrong BYPASSRLS"


def _of_definers(functions: Iterable[Any]) -> Iterable[str]:
    for function in functions:
        if function["name"] not in DEFINER_FUNCTIONS:
            yield f"{function['name']} runs with its owner's rights and isn't listed"
        if "search_path" not in function["config"] or function["anybody"]:
            yield f"{function['name']} must fix its search_path and not be for everybody"


def _of_privileges(tables: dict[str, Any], append_only: frozenset[str], rows: Iterable[Any]) -> Iterable[str]:
    for row in rows:
        name, granted = row["name"], frozenset(row["granted"] or ())
        wanted: set[str] = {"SELECT", "INSERT"} if name in append_only else {"SELECT", "INSERT", "UPDATE", "DELETE"}
        if row["role"] == APP and not tables[name]["has_tenant"]:
            wanted = {"SELECT"} if name in {"tenants", "platform_settings"} else set()
        if name == "alembic_version":
            wanted = set()
        if granted != wanted:
            yield f"{row['role']} has {sorted(granted)} on {name}, not {sorted(wanted)}"
