"""Chapters 2 to 6: facts and years, comparing, ratios, sums, growth."""

from tests.spec.book import Case, Chapter, row, years

FACTS = Chapter(
    2,
    "事实、年度与单位",
    "Facts, years and units",
    (
        Case(
            "写事实编号。分年度的事实不写年度就是上年度（y1）；`[y2]` 是上上年度，`[y0]` 是当年。"
            "上例按 2026 年评定，上年度为 2025 年。没有填的是“不详”，不是零。",
            "A fact's id; a yearly fact alone is last year. Absent is unknown, never zero.",
            "revenue[y2] >= '1500万元'",
            (
                years("met", "revenue", "", "1500万元"),
                years("unmet", "revenue", "9000万元", "1499万元"),
                years("unknown", "revenue", "9000万元"),
            ),
        ),
        Case(
            "当年的事实用 `[y0]`。",
            "The year of the assessment itself.",
            "srdi_score[y0] >= 50",
            (
                row("met", **{"srdi_score[y0]": "50"}),
                row("unknown", srdi_score="80"),
            ),
            aside=True,
        ),
        Case(
            "带单位的数要加引号，照法规原文写：元、万元、亿元，美元，%，年、项、人、分、名、个、天、级。"
            "两边单位不一致的表达式读不进来（第 13 章）。",
            "Quantities with a unit stand in quotes, written as the law writes them.",
            "valuation_usd > '10亿美元'",
            (
                row("unmet", valuation_usd="10亿美元"),
                row("met", valuation_usd="1000000001美元"),
            ),
        ),
        Case(
            "标准可以给常数起名，表达式里直接写名字。",
            "A rule set may name a constant; the expression then names it.",
            "rnd_expense >= min_rnd",
            (row("met", rnd_expense="100万元"), row("unmet", rnd_expense="99万元")),
        ),
        Case(
            "是否类事实本身就是条件。",
            "A yes/no fact is a condition by itself.",
            "not abnormal_list",
            (
                row("met", abnormal_list="否"),
                row("unmet", abnormal_list="是"),
                row("unknown"),
            ),
        ),
    ),
)

COMPARING = Chapter(
    3,
    "比较与边界",
    "Comparing, exact to the border",
    (
        Case(
            "可用 `>= > <= < == !=`。数按十进制精确比较，不先取整；差一分钱也算差。",
            "Decimals are compared exactly; nothing is rounded first.",
            "revenue >= '1500万元'",
            (
                row("met", revenue="1500万元"),
                row("unmet", revenue="14999999.99元"),
                row("unknown"),
            ),
        ),
        Case(
            "“超过”“高于”不含本数，用 `>`。",
            "“More than” excludes the figure itself.",
            "net_profit > 0",
            (
                row("unmet", net_profit="0"),
                row("met", net_profit="0.01元"),
                row("unmet", net_profit="-5万元"),
            ),
        ),
        Case(
            "连写就是“并且”。",
            "A chain of comparisons is a conjunction.",
            "class1_ip >= class1_ip_own >= 2",
            (
                row("met", class1_ip="3", class1_ip_own="2"),
                row("unmet", class1_ip="1", class1_ip_own="2"),
                row("unmet", class1_ip_own="1"),
                row("unknown", class1_ip_own="2"),
            ),
        ),
        Case(
            "`==` 与 `!=` 也是精确的。",
            "Equality is exact, too.",
            "class2_ip != 0",
            (row("met", class2_ip="1"), row("unmet", class2_ip="0"), row("unknown")),
            aside=True,
        ),
        Case(
            "事实可以与同单位的事实比较。",
            "A fact may be compared with a fact of the same unit.",
            "total_liabilities < total_assets",
            (
                row("met", total_liabilities="99万元", total_assets="100万元"),
                row("unmet", total_liabilities="100万元", total_assets="100万元"),
                row("unknown", total_assets="100万元"),
            ),
        ),
    ),
)

RATIOS = Chapter(
    4,
    "比值",
    "Ratios",
    (
        Case(
            "`ratio(部分, 整体)` 用乘法比较，不做除法：恰好 3% 就是满足，少一分钱就是不满足。"
            "基数为零或为负时比值没有意义，结论是待人工认定，哪怕分子不详。",
            "Compared by multiplying. A base of zero or below: manual, whatever the part.",
            "ratio(rnd_expense, revenue) >= '3%'",
            (
                row("met", rnd_expense="90万元", revenue="3000万元"),
                row("unmet", rnd_expense="899999.99元", revenue="3000万元"),
                row("met", rnd_expense="1元", revenue="33.33元"),
                row("manual", rnd_expense="90万元", revenue="0"),
                row("manual", revenue="-1元"),
                row("unknown", rnd_expense="90万元"),
                row("unknown", revenue="3000万元"),
            ),
        ),
        Case(
            "上限同理，恰好等于算满足。",
            "An upper bound is met exactly on it.",
            "ratio(total_liabilities, total_assets) <= '80%'",
            (
                row("met", total_liabilities="80万元", total_assets="100万元"),
                row("unmet", total_liabilities="800000.01元", total_assets="100万元"),
                row("met", total_liabilities="-1元", total_assets="100万元"),
            ),
            aside=True,
        ),
    ),
)

SUMS = Chapter(
    5,
    "几年的合计与平均",
    "Sums and means of years",
    (
        Case(
            "`sum_years(2, x)` 是上年度与上上年度之和；缺一年就是不详。",
            "The sum of the last years; one missing year makes it unknown.",
            "sum_years(2, rnd_expense) >= '1200万元'",
            (
                years("met", "rnd_expense", "700万元", "500万元"),
                years("unmet", "rnd_expense", "700万元", "499万元"),
                years("unknown", "rnd_expense", "9000万元"),
            ),
        ),
        Case(
            "逐次发生、只增不减的（如新增股权融资），已知各年之和就是下限：够了即满足，不够则不详。",
            "Events that add up bound the sum from below: enough is met, less is unknown.",
            "sum_years(2, new_equity) >= '2000万元'",
            (
                years("met", "new_equity", "", "2000万元"),
                years("unknown", "new_equity", "1999万元"),
                years("unmet", "new_equity", "1999万元", "0"),
                years("unknown", "new_equity"),
            ),
        ),
        Case(
            "这样的合计，值是一个区间。",
            "The value of such a sum is a range.",
            "sum_years(3, new_equity)",
            (
                years("8000000～…", "new_equity", "300万元", "500万元"),
                years("9000000", "new_equity", "300万元", "500万元", "100万元"),
                years("不详", "new_equity"),
            ),
        ),
        Case(
            "`mean_years(2, x)` 与 2 倍的界限比合计，除不尽也没有误差。",
            "The mean: the sum is compared with the bound times the years.",
            "mean_years(3, main_revenue) >= '4亿元'",
            (
                years("met", "main_revenue", "5亿元", "4亿元", "3亿元"),
                years("unmet", "main_revenue", "5亿元", "4亿元", "299999999.99元"),
                years("unknown", "main_revenue", "50亿元", "4亿元"),
            ),
        ),
        Case(
            "比值的两边可以是合计。",
            "A ratio may be of two sums.",
            "ratio(sum_years(2, rnd_expense), sum_years(2, revenue)) >= '3%'",
            (
                years(
                    "met", "rnd_expense", "4万元", "2万元",
                    revenue="100万元", **{"revenue[y2]": "100万元"},
                ),
                years(
                    "manual", "rnd_expense", "4万元", "2万元",
                    revenue="0", **{"revenue[y2]": "0"},
                ),
                years("unknown", "rnd_expense", "4万元", "2万元", revenue="100万元"),
            ),
        ),
    ),
)  # fmt: skip

GROWTH = Chapter(
    6,
    "增长",
    "Growth",
    (
        Case(
            "`compound_growth(2, x)`：上年度与 y3（再往前两年）比的年均复合增长，"
            "按 y1 ≥ 1.05² × y3 比较。中间那年不用填。基数为零或为负，待人工认定。",
            "Compound growth compares y1 with (1+rate)² times y3; the year between is not asked.",
            "compound_growth(2, revenue) >= '5%'",
            (
                years("met", "revenue", "1102.5万元", "", "1000万元"),
                years("unmet", "revenue", "11024999.99元", "", "1000万元"),
                years("manual", "revenue", "1000万元", "500万元", "0"),
                years("manual", "revenue", "", "", "-1元"),
                years("unknown", "revenue", "1102.5万元", "1000万元"),
            ),
        ),
        Case(
            "`mean_growth(2, x)`：两个年增长率的算术平均，三年都要填；任一基数为零或为负，待人工认定。",
            "The mean of the yearly rates; every year is needed, every base must be positive.",
            "mean_growth(2, main_revenue) >= '5%'",
            (
                years("met", "main_revenue", "110万元", "100万元", "100万元"),
                years("met", "main_revenue", "90万元", "75万元", "83.3333万元"),
                years("unmet", "main_revenue", "1099999.99元", "100万元", "100万元"),
                years("manual", "main_revenue", "110万元", "0", "100万元"),
                years("manual", "main_revenue", "110万元", "0"),
                years("unknown", "main_revenue", "110万元", "", "100万元"),
            ),
        ),
        Case(
            "一年的增长率就是与上上年度比。",
            "One year's growth compares with the year before.",
            "compound_growth(1, main_revenue) >= '0%'",
            (
                years("met", "main_revenue", "100万元", "100万元"),
                years("unmet", "main_revenue", "99万元", "100万元"),
            ),
            aside=True,
        ),
    ),
)
