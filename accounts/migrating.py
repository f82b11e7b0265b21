"""Migrations of many tables in seconds instead of minutes."""

from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """Tables, or what is added to tables that are there: fields, indexes, constraints, triggers.

    After each single operation Django renders all models that are related to the changed one, and
    ours are related through clinic, patient and step: some hundred operations took a minute. None
    of these looks at another one's state, so the models are rendered once for all of them. What
    a table is given by an operation of its own belongs into a later group than the table: here
    it would be made with it, and then again.
    """

    reduces_to_sql = True

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # nothing rendered, nothing to render again
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        # states are the other way round here: from_state still knows what is taken away
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"{len(self.operations)} changes at once"
