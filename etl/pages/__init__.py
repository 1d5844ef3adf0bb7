"""Pages that derive from the definitions and the rules: disclosure, findings, and the connection kit for source holders.

Text only: nothing here reads a delivery or the state. `schedules.documents` writes them and says whether they are current.
"""
