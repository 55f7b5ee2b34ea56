"""63号 annex 2 as JDM graphs for zen-engine, in three forms.

One expression node, a decision table per scored item, one function node: the same
rules each time. The engine has no unknown (comparing an absent figure is an error): its
figures are never missing, and a base that is not positive gives no points.
"""

from __future__ import annotations

import json
from typing import Any

Row = tuple[str, str]  # a condition and what it is worth

SHARES: dict[str, tuple[str, str, list[tuple[str, int]]]] = {
    "i01": ("main_revenue", "revenue", [("0.8", 5), ("0.7", 3), ("0.6", 1)]),
    "i07": (
        "net_profit",
        "revenue",
        [("0.1", 10), ("0.08", 8), ("0.06", 6), ("0.04", 4), ("0.02", 2)],
    ),
    "i12": ("rnd_staff", "employees", [("0.2", 5), ("0.1", 3), ("0.05", 1)]),
}
CHOICES: dict[str, tuple[str, list[Row]]] = {
    "i03": (
        "niche_years",
        [(">= 10", "5"), (">= 8", "4"), (">= 6", "3"), (">= 4", "2"), (">= 2", "1")],
    ),
    "i04": (
        "lead_product_field",
        [
            ("'key_chain_breakthrough'", "5"),
            ("'six_basics_or_chain_leader_supplier'", "3"),
        ],
    ),
    "i05": ("digital_level", [(">= 3", "5"), (">= 2", "3")]),
    "i13": (
        "rnd_institution",
        [
            ("'national'", "10"),
            ("'province'", "8"),
            ("'city'", "4"),
            ("'below_city'", "2"),
        ],
    ),
}
RND_STEPS = [(5000000, "0.1", 10), (4000000, "0.08", 8), (3000000, "0.06", 6),
             (2000000, "0.04", 4), (1000000, "0.03", 2)]  # fmt: skip
PROPERTY = [("class1_ip_high_value", 10), ("class1_ip_own", 8), ("class1_ip", 6),
            ("class2_ip", 2)]  # fmt: skip
DEBT = [("0.5", 5), ("0.6", 3), ("0.7", 1)]
GROWTH = [("0.1", 10), ("0.08", 8), ("0.06", 6), ("0.04", 4), ("0", 2)]


def gates(large: dict[str, dict[str, int]]) -> dict[str, str]:
    """The gates and their parts; ``score`` is there already."""
    sme = "true"
    for row, bounds in reversed(large.items()):
        reached = " and ".join(f"{fact} >= {bound}" for fact, bound in bounds.items())
        sme = f"size_row == '{row}' ? not ({reached}) : {sme}"
    return {
        "niche_years": "niche_years >= 2",
        "rnd": (
            "revenue > 0 and rnd_expense >= 1000000 and rnd_expense >= revenue * 0.03"
        ),
        "revenue_or_equity": (
            "revenue >= 10000000 or new_equity + new_equity_2 >= 20000000"
        ),
        "score_reached": "$.score >= 60",
        "direct_award": (
            "science_award in ['province_top3', 'national_top5', 'national_top3']"
        ),
        "direct_rnd_mean": "rnd_expense + rnd_expense_2 >= 20000000",
        "direct_equity_total": "new_equity + new_equity_2 >= 60000000",
        "direct_contest": "maker_contest in ['top500', 'top50']",
        "score_or_direct": (
            "$.score_reached or $.direct_award or $.direct_rnd_mean"
            " or $.direct_equity_total or $.direct_contest"
        ),
        "conduct": (
            "not abnormal_list and not serious_dishonesty and not major_accident"
            " and not tax_violation and not falsification and not prohibited_product"
        ),
        "sme": sme,
        "lead_product_share": "revenue > 0 and lead_product_revenue > revenue * 0.5",
        "outcome": (
            "$.niche_years and $.rnd and $.revenue_or_equity and $.score_or_direct"
            " and $.conduct and $.sme"
        ),
    }


def _ladder(steps: list[Row]) -> str:
    return " : ".join(f"{when} ? {points}" for when, points in steps) + " : 0"


def _rows(item: str) -> list[Row]:
    """The rows of an item as whole conditions, best first."""
    if item in SHARES:
        part, whole, steps = SHARES[item]
        return [(f"{part} >= {whole} * {s}", str(p)) for s, p in steps]
    if item in CHOICES:
        field, rows = CHOICES[item]
        return [
            (f"{field} {'==' if test[0] == chr(39) else ''} {test}", points)
            for test, points in rows
        ]
    if item == "i08":
        return [(f"total_liabilities <= total_assets * {s}", str(p)) for s, p in DEBT]
    if item == "i02":
        change = (
            "main_revenue * main_revenue_3 + main_revenue_2 * main_revenue_2"
            " >= main_revenue_2 * main_revenue_3 * "
        )
        return [(f"{change}{2 + 2 * float(s)}", str(p)) for s, p in GROWTH]
    if item == "i10":
        return [(f"{fact} >= 1", str(points)) for fact, points in PROPERTY]
    enough = "(rnd_expense >= {} or revenue > 0 and rnd_expense >= revenue * {})"
    return [
        (enough.format(money, share), str(points)) for money, share, points in RND_STEPS
    ]


BASES = {
    "i01": "revenue > 0",
    "i02": "main_revenue_2 > 0 and main_revenue_3 > 0",
    "i07": "revenue > 0",
    "i08": "total_assets > 0",
    "i12": "employees > 0",
}
ITEMS = [f"i{number:02}" for number in range(1, 14)]
QUALITY = (
    "(quality_award ? 3 : 0) + (management_system ? 3 : 0)"
    " + (own_brand ? 3 : 0) + (standards ? 3 : 0)"
)
TOTAL = " + ".join(f"$.{item}" for item in ITEMS)


def points(item: str) -> str:
    """An item's points as one expression."""
    if item == "i06":
        return f"min([5, {QUALITY}])"
    if item == "i09":
        return "max([0, min([15, local_feature_score])])"
    steps = _ladder(_rows(item))
    return f"{BASES[item]} ? ({steps}) : 0" if item in BASES else steps


def expressions(large: dict[str, dict[str, int]]) -> str:
    """Everything in one expression node: the trace has one result per rule."""
    rules = {item: points(item) for item in ITEMS} | {"score": TOTAL} | gates(large)
    return _graph([_expression_node("rules", rules)], [])


def tables(large: dict[str, dict[str, int]]) -> str:
    """A decision table per item: the trace names the row that was hit."""
    plain = {item: points(item) for item in ("i06", "i09")}
    nodes = [_expression_node("plain", plain)]
    nodes.extend(_table_node(item) for item in ITEMS if item not in plain)
    total = TOTAL.replace("$.", "")
    nodes.append(_expression_node("gates", {"score": total} | gates(large)))
    return _graph(nodes[:-1], nodes[-1:])


def _table_node(item: str) -> dict[str, Any]:
    base = BASES.get(item)
    if item in CHOICES:
        field, tests = CHOICES[item]
        rows = [*tests, ("", "0")]
        inputs = [{"id": "test", "name": item, "field": field}]
    else:
        rows = [*_rows(item), ("", "0")]
        if base:
            rows.insert(0, (f"not ({base})", "0"))
        inputs = [{"id": "test", "name": item}]
    rules = [
        {"_id": f"{item}-{number}", "test": test, "points": worth}
        for number, (test, worth) in enumerate(rows)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "points", "name": item, "field": item}],
        "rules": rules,
    }
    return _node(item, "decisionTableNode", content)


def function(large: dict[str, dict[str, int]], names: list[str]) -> str:
    """Everything in one JavaScript function: no trace per rule, for information."""
    rules = {item: points(item) for item in ITEMS} | {"score": TOTAL} | gates(large)
    lines = []
    for name, rule in rules.items():
        script = rule.replace("$.", "out.")
        for word, sign in ((" and ", " && "), (" or ", " || "), ("not ", "!")):
            script = script.replace(word, sign)
        script = script.replace("min([", "Math.min(...[").replace(
            "max([", "Math.max(...["
        )
        if " in [" in script:
            field, _, options = script.partition(" in ")
            script = f"{options}.includes({field})"
        lines.append(f"out.{name} = {script};")
    taken = "{" + ", ".join(names) + "}"
    body = "\n".join(lines)
    source = (
        f"export const handler = async ({taken}) => {{ const out = {{}};\n{body}\n"
        "return out; }"
    )
    return _graph([_node("rules", "functionNode", {"source": source})], [])


def _expression_node(name: str, rules: dict[str, str]) -> dict[str, Any]:
    content = [
        {"id": f"{name}-{key}", "key": key, "value": rule}
        for key, rule in rules.items()
    ]
    return _node(name, "expressionNode", {"expressions": content})


def _node(name: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    place = {"x": 0, "y": 0}
    return {
        "id": name,
        "name": name,
        "type": kind,
        "position": place,
        "content": content,
    }


def _graph(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> str:
    ends = [_node("in", "inputNode", {}), _node("out", "outputNode", {})]
    pairs = [("in", node["id"]) for node in first]
    if second:
        last = second[0]["id"]
        pairs += [("in", last)] + [(node["id"], last) for node in first]
        pairs += [(last, "out")] + [(node["id"], "out") for node in first]
    else:
        pairs += [(node["id"], "out") for node in first]
    edges = [
        {"id": f"e{n}", "type": "edge", "sourceId": a, "targetId": b}
        for n, (a, b) in enumerate(pairs)
    ]
    return json.dumps({"nodes": [*ends, *first, *second], "edges": edges})
