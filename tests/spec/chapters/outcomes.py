"""Chapter 1: the five outcomes and their truth tables."""

from tests.spec.book import Chapter, TruthTable

OUTCOMES = ("met", "unmet", "unknown", "manual", "not_applicable")


def square(*lines: str) -> dict[str, str]:
    """Five lines of five outcomes → ``{"met unmet": …}``."""
    return {
        f"{first} {second}": outcome
        for first, line in zip(OUTCOMES, lines, strict=True)
        for second, outcome in zip(OUTCOMES, line.split(), strict=True)
    }


ALL = TruthTable(
    "**并且**：一项不满足，整体就不满足；其次是数据不详；再次是待人工认定。"
    "不适用的项退出，全部退出则整体不适用。",
    "All must hold: unmet > unknown > manual > met; not_applicable leaves.",
    "A and B",
    square(
        "met unmet unknown manual met",
        "unmet unmet unmet unmet unmet",
        "unknown unmet unknown unknown unknown",
        "manual unmet unknown manual manual",
        "met unmet unknown manual not_applicable",
    ),
    square=True,
)
ANY = TruthTable(
    "**或者**：一项满足，整体就满足；还有不详或待人工认定的项时不下“不满足”的结论。",
    "One suffices: met > unknown > manual > unmet; not_applicable leaves.",
    "A or B",
    square(
        "met met met met met",
        "met unmet unknown manual unmet",
        "met unknown unknown unknown unknown",
        "met manual unknown manual manual",
        "met unmet unknown manual not_applicable",
    ),
    square=True,
)
NOT = TruthTable(
    "**非**：满足与不满足互换，其余三种不变。",
    "Not swaps met and unmet; the rest stay.",
    "not A",
    {
        "met": "unmet",
        "unmet": "met",
        "unknown": "unknown",
        "manual": "manual",
        "not_applicable": "not_applicable",
    },
)
AT_LEAST = TruthTable(
    "**任意两项以上**：够数即满足；算上未定的也不够数即不满足；"
    "否则有不详的为不详，只剩待认定的为待认定。三项次序无关。",
    "At least two of three: met once reached, unmet once out of reach; in between "
    "unknown while a figure is missing, else manual. The order does not matter.",
    "at_least(2, A, B, C)",
    {
        "met met met": "met",
        "met met unmet": "met",
        "met met unknown": "met",
        "met met manual": "met",
        "met met not_applicable": "met",
        "met unmet unmet": "unmet",
        "met unmet unknown": "unknown",
        "met unmet manual": "manual",
        "met unmet not_applicable": "unmet",
        "met unknown unknown": "unknown",
        "met unknown manual": "unknown",
        "met unknown not_applicable": "unknown",
        "met manual manual": "manual",
        "met manual not_applicable": "manual",
        "met not_applicable not_applicable": "unmet",
        "unmet unmet unmet": "unmet",
        "unmet unmet unknown": "unmet",
        "unmet unmet manual": "unmet",
        "unmet unmet not_applicable": "unmet",
        "unmet unknown unknown": "unknown",
        "unmet unknown manual": "unknown",
        "unmet unknown not_applicable": "unmet",
        "unmet manual manual": "manual",
        "unmet manual not_applicable": "unmet",
        "unmet not_applicable not_applicable": "unmet",
        "unknown unknown unknown": "unknown",
        "unknown unknown manual": "unknown",
        "unknown unknown not_applicable": "unknown",
        "unknown manual manual": "unknown",
        "unknown manual not_applicable": "unknown",
        "unknown not_applicable not_applicable": "unmet",
        "manual manual manual": "manual",
        "manual manual not_applicable": "manual",
        "manual not_applicable not_applicable": "unmet",
        "not_applicable not_applicable not_applicable": "not_applicable",
    },
    symmetric=True,
)

CHAPTER = Chapter(
    1,
    "五种结论与真值表",
    "The five outcomes and their truth tables",
    (ALL, ANY, NOT, AT_LEAST),
)
