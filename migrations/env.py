"""How does Alembic reach the database? One upgrade at a time, over our own tables."""

from typing import Any

from alembic import context
from sqlalchemy import DateTime, LargeBinary, create_engine, pool, text

from hotline import schema
from hotline.database import Encrypted, UtcMoment

_MIGRATION_LOCK = 781_33000


def _render_item(kind: str, item: Any, _context: Any) -> str | bool:
    # Old migrations must not import living code.
    if kind == "type" and isinstance(item, UtcMoment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Encrypted):
        return "sa.LargeBinary()"
    return False


def _compare_type(
    _context: Any, _inspected: Any, _metadata: Any, inspected_type: Any, metadata_type: Any
) -> bool | None:
    if isinstance(metadata_type, UtcMoment):
        return not isinstance(inspected_type, DateTime)
    if isinstance(metadata_type, Encrypted):
        return not isinstance(inspected_type, LargeBinary)
    return None


def _run() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_lock({_MIGRATION_LOCK})"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=schema.metadata,
            render_as_batch=True,
            render_item=_render_item,
            compare_type=_compare_type,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


_run()
