"""The full-text index over SearchTerms: FTS5 on SQLite, GIN on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE registry_search USING fts5(
         terms, content='registry_searchterms', content_rowid='enterprise_id',
         tokenize='unicode61', detail=none, columnsize=0, prefix='1')""",
    """CREATE TRIGGER registry_search_insert AFTER INSERT ON registry_searchterms BEGIN
         INSERT INTO registry_search(rowid, terms) VALUES (new.enterprise_id, new.terms);
       END""",
    """CREATE TRIGGER registry_search_delete AFTER DELETE ON registry_searchterms BEGIN
         INSERT INTO registry_search(registry_search, rowid, terms)
         VALUES ('delete', old.enterprise_id, old.terms);
       END""",
    """CREATE TRIGGER registry_search_update AFTER UPDATE ON registry_searchterms BEGIN
         INSERT INTO registry_search(registry_search, rowid, terms)
         VALUES ('delete', old.enterprise_id, old.terms);
         INSERT INTO registry_search(rowid, terms) VALUES (new.enterprise_id, new.terms);
       END""",
    # Rows of before the index was there.
    "INSERT INTO registry_search(registry_search) VALUES ('rebuild')",
]
POSTGRES = [
    """CREATE INDEX registry_search ON registry_searchterms
         USING gin (to_tsvector('simple', terms))""",
]
UNDO_SQLITE = [
    "DROP TRIGGER registry_search_update",
    "DROP TRIGGER registry_search_delete",
    "DROP TRIGGER registry_search_insert",
    "DROP TABLE registry_search",
]
UNDO_POSTGRES = ["DROP INDEX registry_search"]


def make(_apps, editor) -> None:
    postgres = editor.connection.vendor == "postgresql"
    for statement in POSTGRES if postgres else SQLITE:
        editor.execute(statement)


def undo(_apps, editor) -> None:
    postgres = editor.connection.vendor == "postgresql"
    for statement in UNDO_POSTGRES if postgres else UNDO_SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(make, undo)]
