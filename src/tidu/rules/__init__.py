"""What the policy means: facts, expressions, rule sets, findings. Pure Python.

Nothing here knows a framework, a database, a spreadsheet or a solver.
"""
