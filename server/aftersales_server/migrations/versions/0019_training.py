"""training: courses of a tenant's own, people, classes, certificates, tasks; duties of customers, dealers and people."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(astext_type=sa.Text())
INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(precision=14, scale=2)
NEW_REFERENCES = {
    "contract_id": "service_contracts",
    "customer_id": "customers",
    "service_unit_id": "service_units",
    "trainee_id": "trainees",
}
NEW_INDEXES = {"contract": "contract_id", "customer": "customer_id", "trainee": "trainee_id", "unit": "service_unit_id"}


def upgrade() -> None:
    _table(
        "training_curricula",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        unique=(
            (
                "vertical",
                "code",
                "revision",
            ),
        ),
        versioned=False,
        fixed=True,
    )
    _table(
        "trainees",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        references={
            "asset_id": "assets",
            "contract_id": "service_contracts",
            "customer_id": "customers",
            "engineer_id": "engineers",
            "service_unit_id": "service_units",
            "successor_id": "trainees",
        },
    )
    op.create_index("ix_trainees_customer", "trainees", ["tenant_id", "customer_id", "vertical"])
    op.create_index("ix_trainees_unit", "trainees", ["tenant_id", "service_unit_id", "vertical"])
    op.create_index(
        "uq_trainees_engineer",
        "trainees",
        ["tenant_id", "engineer_id", "vertical"],
        unique=True,
        postgresql_where=sa.text("engineer_id is not null"),
    )
    _extend_duties()
    _table(
        "training_sessions",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("curriculum", sa.Text(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("units", JSON, nullable=False),
        sa.Column("training_duty_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("venue", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("agreed_with", sa.Text(), nullable=True),
        sa.Column("agreed_at", INSTANT, nullable=True),
        sa.Column("warnings", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        references={
            "asset_id": "assets",
            "contract_id": "service_contracts",
            "customer_id": "customers",
            "service_unit_id": "service_units",
            "trainer_id": "engineers",
            "training_duty_id": "training_duties",
        },
        unique=(("number",),),
        checks={
            "capacity_positive": "capacity > 0",
            "period": "ends_at > starts_at",
            "state_known": "state in ('tentative', 'agreed', 'confirmed', 'held', 'cancelled')",
        },
    )
    op.create_index("ix_training_sessions_customer", "training_sessions", ["tenant_id", "customer_id", "starts_at"])
    op.create_index("ix_training_sessions_duty", "training_sessions", ["tenant_id", "training_duty_id"])
    op.create_index("ix_training_sessions_trainer", "training_sessions", ["tenant_id", "trainer_id", "starts_at"])
    op.create_index("ix_training_sessions_unit", "training_sessions", ["tenant_id", "service_unit_id", "starts_at"])
    _table(
        "training_certificates",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("curriculum", sa.Text(), nullable=False),
        sa.Column("outcomes", JSON, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("issued_by", sa.Text(), nullable=False),
        references={"trainee_id": "trainees"},
        unique=(("number",),),
        versioned=False,
        fixed=True,
    )
    op.create_index(
        "ix_training_certificates_trainee", "training_certificates", ["tenant_id", "trainee_id", "curriculum"]
    )
    _table(
        "training_enrolments",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("warnings", JSON, nullable=False),
        sa.Column("units", JSON, nullable=False),
        sa.Column("results", JSON, nullable=False),
        sa.Column("assessed_at", INSTANT, nullable=True),
        sa.Column("assessed_by", sa.Text(), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("enrolled_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        references={
            "certificate_id": "training_certificates",
            "session_id": "training_sessions",
            "trainee_id": "trainees",
        },
        unique=(
            (
                "session_id",
                "trainee_id",
            ),
        ),
    )
    op.create_index("ix_training_enrolments_trainee", "training_enrolments", ["tenant_id", "trainee_id"])
    _table(
        "training_tasks",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("training_duty_id", sa.Uuid(), nullable=True),
        sa.Column("training_session_id", sa.Uuid(), nullable=True),
        sa.Column("trainee_id", sa.Uuid(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        references={
            "customer_id": "customers",
            "trainee_id": "trainees",
            "training_duty_id": "training_duties",
            "training_session_id": "training_sessions",
        },
        checks={
            "kind_known": "kind in ('provide_venue', 'name_successor')",
            "state_known": "state in ('open', 'done', 'cancelled')",
        },
    )
    op.create_index("ix_training_tasks_customer", "training_tasks", ["tenant_id", "customer_id", "state"])
    op.create_index("ix_training_tasks_duty", "training_tasks", ["tenant_id", "training_duty_id"])
    op.create_index("ix_training_tasks_session", "training_tasks", ["tenant_id", "training_session_id"])
    op.create_index("ix_training_tasks_trainee", "training_tasks", ["tenant_id", "trainee_id"])
    _table(
        "training_cadences",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("curriculum", sa.Text(), nullable=False),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("last_held_on", sa.Date(), nullable=True),
        references={"customer_id": "customers", "service_unit_id": "service_units"},
        unique=(
            (
                "vertical",
                "curriculum",
                "customer_id",
            ),
            (
                "vertical",
                "curriculum",
                "service_unit_id",
            ),
        ),
        checks={
            "months_positive": "months > 0",
        },
    )
    _table(
        "project_team_members",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        references={"contract_id": "service_contracts", "engineer_id": "engineers"},
    )
    op.create_index(
        "uq_project_team_members_active",
        "project_team_members",
        ["tenant_id", "contract_id", "engineer_id"],
        unique=True,
        postgresql_where=sa.text("left_on is null"),
    )
    _table(
        "knowledge_transfers",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("curriculum", sa.Text(), nullable=False),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        references={"appointment_id": "service_appointments", "customer_id": "customers"},
        versioned=False,
        fixed=True,
    )
    op.create_index("ix_knowledge_transfers_appointment", "knowledge_transfers", ["tenant_id", "appointment_id"])


def downgrade() -> None:
    op.drop_table("knowledge_transfers")
    op.drop_table("project_team_members")
    op.drop_table("training_cadences")
    op.drop_table("training_tasks")
    op.drop_table("training_enrolments")
    op.drop_table("training_certificates")
    op.drop_table("training_sessions")
    _narrow_duties()
    op.drop_table("trainees")
    op.drop_table("training_curricula")


def _table(
    name: str,
    *columns: sa.Column[Any],
    references: dict[str, str] | None = None,
    unique: tuple[tuple[str, ...], ...] = (),
    checks: dict[str, str] | None = None,
    versioned: bool = True,
    fixed: bool = False,
) -> None:
    """A tenant's table with its keys; `fixed`: rows are never changed."""
    version = [sa.Column("version", sa.Integer(), nullable=False)] if versioned else []
    op.create_table(
        name,
        *columns,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *version,
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{code}")) for code, rule in (checks or {}).items()),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{to}.tenant_id", f"{to}.id"], name=op.f(f"fk_{name}_tenant_id_{column}")
            )
            for column, to in (references or {}).items()
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        *(
            sa.UniqueConstraint("tenant_id", *given, name=op.f(f"uq_{name}_tenant_id_{'_'.join(given)}"))
            for given in unique
        ),
    )
    (append_only if fixed else distribute)(name)


def _extend_duties() -> None:
    """A duty may be of a customer, a dealer or a person as well, and remembers its course."""
    for column in NEW_REFERENCES:
        op.add_column("training_duties", sa.Column(column, sa.Uuid(), nullable=True))
    for column in ("vertical", "trigger", "state"):
        op.add_column("training_duties", sa.Column(column, sa.Text(), nullable=True))
    op.add_column("training_duties", sa.Column("terms", JSON, nullable=True))
    op.add_column("training_duties", sa.Column("fee", MONEY, nullable=True))
    # Forced row-level security hides every row from the owner, who is to fill the new columns.
    _force(False)
    op.execute(
        """
        UPDATE training_duties duty
        SET vertical = asset.vertical, customer_id = asset.customer_id, trigger = 'acceptance', terms = '{}',
            state = CASE WHEN duty.held_at IS NOT NULL THEN 'held' WHEN asset.state = 'retired' THEN 'cancelled'
                    ELSE 'due' END
        FROM assets asset WHERE asset.tenant_id = duty.tenant_id AND asset.id = duty.asset_id
        """
    )
    _force(True)
    for column in ("vertical", "trigger", "state", "terms"):
        op.alter_column("training_duties", column, nullable=False)
    op.alter_column("training_duties", "asset_id", nullable=True)
    op.drop_constraint("uq_training_duties_tenant_id_asset_id_curriculum", "training_duties", type_="unique")
    op.create_check_constraint(
        op.f("ck_training_duties_state_known"), "training_duties", "state in ('due', 'held', 'unmet', 'cancelled')"
    )
    op.create_check_constraint(op.f("ck_training_duties_fee"), "training_duties", "fee >= 0")
    for column, table in NEW_REFERENCES.items():
        op.create_foreign_key(
            op.f(f"fk_training_duties_tenant_id_{column}"), "training_duties", table, ["tenant_id", column],
            ["tenant_id", "id"],
        )  # fmt: skip
    for name, column in NEW_INDEXES.items():
        op.create_index(f"ix_training_duties_{name}", "training_duties", ["tenant_id", column], unique=False)


def _narrow_duties() -> None:
    """Back to courses that an asset's acceptance made due."""
    _force(False)
    op.execute("DELETE FROM training_duties WHERE asset_id IS NULL OR trigger <> 'acceptance'")
    _force(True)
    for name in NEW_INDEXES:
        op.drop_index(f"ix_training_duties_{name}", table_name="training_duties")
    for column in (*NEW_REFERENCES, "vertical", "trigger", "state", "terms", "fee"):
        op.drop_column("training_duties", column)
    op.alter_column("training_duties", "asset_id", nullable=False)
    op.create_unique_constraint(
        op.f("uq_training_duties_tenant_id_asset_id_curriculum"), "training_duties",
        ["tenant_id", "asset_id", "curriculum"],
    )  # fmt: skip


def _force(forced: bool) -> None:
    for table in ("training_duties", "assets"):
        op.execute(f"ALTER TABLE {table} {'' if forced else 'NO '}FORCE ROW LEVEL SECURITY")
