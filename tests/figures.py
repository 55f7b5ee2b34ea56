"""Figures of a fictional firm between two rungs: gates met, failed, and not known."""

FIGURES = {
    "revenue@2025": "60000000.00",
    "revenue@2024": "50000000.00",
    "main_revenue@2025": "58000000.00",
    "rnd_expense@2025": "300000.00",
    "rnd_expense@2024": "2500000.00",
    "total_assets@2025": "80000000.00",
    "total_liabilities@2025": "70000000.00",
    "employees@2025": 120,
    "class1_ip": 3,
    "holds_innovative_sme": True,
    "industry": "C3912",
}
