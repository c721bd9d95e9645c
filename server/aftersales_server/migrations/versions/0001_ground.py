"""Schema `app`: the tenant of a transaction, and what makes a table a tenant table."""

from alembic import op
from sqlalchemy import text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FUNCTIONS = (
    # Compared with in every policy: STABLE, and without a table in it, so that indexes stay usable.
    """
    CREATE FUNCTION app.current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$
    """,
    # SET LOCAL and not set_config(): Citus carries only the former to its workers.
    """
    CREATE FUNCTION app.set_tenant(tenant uuid) RETURNS void LANGUAGE plpgsql
    AS $$ BEGIN EXECUTE format('SET LOCAL app.tenant_id = %L', tenant::text); END $$
    """,
    """
    CREATE FUNCTION app.has_citus() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') $$
    """,
    # One colocation group for all tenant tables: the first one founds it, the others join.
    """
    CREATE FUNCTION app.place_by_tenant(name text) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE founder text;
    BEGIN
      IF NOT app.has_citus() THEN RETURN; END IF;
      EXECUTE $q$ SELECT min(logicalrelid::text) FROM pg_dist_partition WHERE partmethod = 'h' $q$ INTO founder;
      EXECUTE format('SELECT create_distributed_table(%L, ''tenant_id'', colocate_with => %L)',
                     name, coalesce(founder, 'none'));
    END $$
    """,
    """
    CREATE FUNCTION app.place_everywhere(name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF app.has_citus() THEN EXECUTE format('SELECT create_reference_table(%L)', name); END IF;
    END $$
    """,
    """
    CREATE FUNCTION app.isolate(name text, tenant_column text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name::regclass);
      EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name::regclass);
      EXECUTE format('CREATE POLICY tenant_isolation ON %s USING (%I = app.current_tenant()) '
                     'WITH CHECK (%I = app.current_tenant())', name::regclass, tenant_column, tenant_column);
    END $$
    """,
    """
    CREATE FUNCTION app.distribute(name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM app.place_by_tenant(name);
      PERFORM app.isolate(name, 'tenant_id');
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO aftersales_app, aftersales_system',
                     name::regclass);
    END $$
    """,
    """
    CREATE FUNCTION app.distribute_append_only(name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM app.place_by_tenant(name);
      PERFORM app.isolate(name, 'tenant_id');
      EXECUTE format('GRANT SELECT, INSERT ON %s TO aftersales_app, aftersales_system', name::regclass);
    END $$
    """,
    """
    CREATE FUNCTION app.reference(name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM app.place_everywhere(name);
      EXECUTE format('GRANT SELECT ON %s TO aftersales_app', name::regclass);
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO aftersales_system', name::regclass);
    END $$
    """,
    """
    CREATE FUNCTION app.platform_only(name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM app.place_everywhere(name);
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO aftersales_system', name::regclass);
    END $$
    """,
    """
    CREATE FUNCTION app.platform_append_only(name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM app.place_everywhere(name);
      EXECUTE format('GRANT SELECT, INSERT ON %s TO aftersales_system', name::regclass);
    END $$
    """,
    """
    CREATE FUNCTION app.registry(name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM app.place_everywhere(name);
      PERFORM app.isolate(name, 'id');
      EXECUTE format('GRANT SELECT ON %s TO aftersales_app', name::regclass);
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO aftersales_system', name::regclass);
    END $$
    """,
)

# Without this setting Citus keeps SET LOCAL from its workers, and policies there see no tenant. Elsewhere it is
# harmless, but a role that isn't superuser may not set what no extension defines.
_PROPAGATE_TENANT = """
DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I SET citus.propagate_set_commands = %L', current_database(), 'local');
EXCEPTION WHEN insufficient_privilege THEN
  IF app.has_citus() THEN RAISE; END IF;
END $$
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA app")
    op.execute("GRANT USAGE ON SCHEMA app TO aftersales_app, aftersales_system")
    for function in _FUNCTIONS:
        op.execute(text(function.replace(":", r"\:")))
    op.execute(_PROPAGATE_TENANT)
    op.execute("GRANT USAGE ON SCHEMA public TO aftersales_app, aftersales_system")


def downgrade() -> None:
    op.execute("DROP SCHEMA app CASCADE")
