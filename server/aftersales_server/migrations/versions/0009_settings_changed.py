"""Lets a tenant's own unit of work say that its settings changed, without a right to write the registry."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The owner is bound by the policy too (FORCE), so this reaches the transaction's own tenant only.
    op.execute(
        """
        CREATE FUNCTION app.settings_changed() RETURNS void LANGUAGE sql SECURITY DEFINER
        SET search_path = public, pg_temp
        AS $$ UPDATE tenants SET settings_version = settings_version + 1 WHERE id = app.current_tenant() $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION app.settings_changed() FROM public")
    op.execute("GRANT EXECUTE ON FUNCTION app.settings_changed() TO aftersales_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.settings_changed()")
