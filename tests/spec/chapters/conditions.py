"""Chapters 7 to 10: ages and dates, choices, joining, special functions."""

import datetime

from tests.spec.book import Case, Chapter, row, years

DAY = datetime.date

DATES = Chapter(
    7,
    "年限与日期",
    "Ages and dates",
    (
        Case(
            "`age_years(日期)` 按周年比较：满十周年当天仍“不超过10年”，次日起才超过。",
            "Ages go by anniversaries: the tenth one is still within ten years.",
            "age_years(established_on) <= '10年'",
            (
                row("met", established_on="2016-06-01"),
                row("unmet", established_on="2016-05-31"),
                row("unknown"),
            ),
        ),
        Case(
            "2 月 29 日成立的，平年以 2 月最后一天为周年日。",
            "Born on 29 February: in common years the anniversary is 28 February.",
            "age_years(established_on) >= '10年'",
            (
                row("met", established_on="2016-02-29"),
                row("unmet", established_on="2016-03-01"),
            ),
            on=DAY(2026, 2, 28),
        ),
        Case(
            "这一天还不算超过，3 月 1 日起才超过。",
            "On that day it is not yet more than ten years.",
            "age_years(established_on) > 10",
            (
                row("unmet", established_on="2016-02-29"),
                row("met", established_on="2016-02-27"),
            ),
            on=DAY(2026, 2, 28),
            aside=True,
        ),
        Case(
            "`age_days(日期)` 数天数，闰年自然多一天。",
            "Days are counted one by one.",
            "age_days(established_on) >= '365天'",
            (
                row("met", established_on="2025-06-01"),
                row("unmet", established_on="2025-06-02"),
                row("unknown"),
            ),
        ),
    ),
)

CHOICES = Chapter(
    8,
    "选项",
    "Choices",
    (
        Case(
            "单选事实用 `==`、`!=` 或 `in (…)` 与选项编号比较，选项不加引号。",
            "A choice is compared with the ids of its options, without quotes.",
            "rnd_institution in (province, national)",
            (
                row("met", rnd_institution="province"),
                row("unmet", rnd_institution="none"),
                row("unknown"),
            ),
        ),
        Case(
            "`!=` 就是“不是这一项”；没有填仍是不详。",
            "Not this option; absent stays unknown.",
            "rnd_institution != none",
            (
                row("met", rnd_institution="below_city"),
                row("unmet", rnd_institution="none"),
                row("unknown"),
            ),
            aside=True,
        ),
        Case(
            "多选事实用 `has(事实, 选项)`。",
            "A multiple choice contains an option, or does not.",
            "has(dq06, rules)",
            (
                row("met", dq06="products、rules"),
                row("unmet", dq06="products"),
                row("unknown"),
            ),
        ),
    ),
)

RND = "rnd_expense >= '100万元' and ratio(rnd_expense, revenue) >= '3%'"
JOINING = Chapter(
    9,
    "任选其一、豁免、每年、分档",
    "Either-or, waivers, each year, bands",
    (
        Case(
            "“甲，或者乙”：一边满足就满足；一边不满足、另一边不详，就是不详。",
            "Either-or: one side suffices; unmet beside unknown is unknown.",
            "revenue >= '1500万元' or sum_years(2, new_equity) >= '2000万元'",
            (
                row("met", revenue="1500万元"),
                row("met", new_equity="2000万元"),
                row("unknown", revenue="1499万元", new_equity="1000万元"),
                row(
                    "unmet",
                    **{"revenue": "1499万元", "new_equity": "0", "new_equity[y2]": "0"},
                ),
            ),
        ),
        Case(
            "“甲，有丙的除外”写成 `甲 or 丙`：豁免成立就不再问甲。",
            "“X unless W” is X or W: the waiver settles it.",
            "class1_ip >= 4 or science_award == national_top3",
            (
                row("met", science_award="national_top3"),
                row("met", class1_ip="4"),
                row("unmet", class1_ip="3", science_award="national"),
                row("unknown", class1_ip="3"),
            ),
        ),
        Case(
            "`each_year(2, 条件)`：条件在上年度和上上年度都成立；里面的每个年度事实一起往回移。",
            "The condition in each of the last years: every yearly fact in it moves back.",
            f"each_year(2, {RND})",
            (
                row(
                    "met",
                    **{"rnd_expense": "100万元", "rnd_expense[y2]": "100万元",
                       "revenue": "3000万元", "revenue[y2]": "3000万元"},
                ),
                row("unmet", **{"rnd_expense[y2]": "99万元"}),
                row("unknown", rnd_expense="100万元", revenue="3000万元"),
                row(
                    "manual",
                    **{"rnd_expense": "100万元", "rnd_expense[y2]": "100万元",
                       "revenue": "3000万元", "revenue[y2]": "0"},
                ),
            ),
        ),
        Case(
            "`甲 if 分档条件 else 乙`：先定档，再看那一档自己的条件。"
            "档还定不下来时，两档结论一致才下结论。",
            "A band is chosen once; while it is open, both branches must agree.",
            "ratio(rnd_expense, revenue) >= '3%' if revenue >= '1亿元' "
            "else rnd_expense >= '300万元'",
            (
                row("met", revenue="1亿元", rnd_expense="300万元"),
                row("unmet", revenue="1亿元", rnd_expense="299万元"),
                row("met", revenue="9999万元", rnd_expense="300万元"),
                row("unknown", rnd_expense="300万元"),
                row("unknown", revenue="1亿元"),
            ),
        ),
        Case(
            "两档都不满足，定不下档也能下结论。",
            "Both branches fail alike: decided although the band is open.",
            "class1_ip >= 2 if revenue >= '1亿元' else class1_ip >= 1",
            (
                row("unmet", class1_ip="0"),
                row("met", class1_ip="2"),
                row("unknown", class1_ip="1"),
                row("met", class1_ip="1", revenue="1万元"),
            ),
        ),
    ),
)  # fmt: skip

SPECIAL = Chapter(
    10,
    "部分与整体、备用口径、人工认定",
    "Parts, calibres, review",
    (
        Case(
            "`part(部分, 整体)`：部分不可能大于整体。没有填部分时，整体不够就是不满足，整体够了仍是不详。",
            "A part cannot exceed its whole: a whole below the mark refutes, one above leaves it open.",
            "part(class1_ip_in_use, class1_ip) >= 2",
            (
                row("met", class1_ip_in_use="2"),
                row("unmet", class1_ip_in_use="1", class1_ip="9"),
                row("unmet", class1_ip="1"),
                row("unknown", class1_ip="2"),
                row("unknown"),
            ),
        ),
        Case(
            "是否类也一样：整体为“否”，部分就为“否”。",
            "For yes/no facts: a false whole makes the part false.",
            "not part(conduct_event_2y, major_accident)",
            (
                row("met", major_accident="否"),
                row("unknown", major_accident="是"),
                row("met", conduct_event_2y="否", major_accident="是"),
                row("unmet", conduct_event_2y="是"),
            ),
        ),
        Case(
            "`first_given(甲, 乙)`：有甲用甲，没有才用乙。",
            "The better calibre where given, else the next.",
            "first_given(staff_total, employees) <= 500",
            (
                row("met", staff_total="500人", employees="501人"),
                row("unmet", staff_total="501人", employees="500人"),
                row("met", employees="500人"),
                row("unknown"),
            ),
        ),
        Case(
            "它的值就是用到的那个数。",
            "Its value is the figure used.",
            "first_given(rnd_expense_deduction, rnd_expense)",
            (
                row("1000000", rnd_expense="100万元"),
                row("1200000", rnd_expense_deduction="120万元", rnd_expense="100万元"),
                row("不详"),
            ),
            aside=True,
        ),
        Case(
            "`where_given(事实)`：填了才考察，没填就不适用。",
            "Counts only where given; absent, it does not apply.",
            "not where_given(larger_safety_accident)",
            (
                row("met", larger_safety_accident="否"),
                row("unmet", larger_safety_accident="是"),
                row("not_applicable"),
            ),
        ),
        Case(
            "`ever(条件)`：有任何一年成立就满足；没有找到不等于没有，仍是不详。",
            "Met if it holds in some known year; never refuted, for no file is complete.",
            "ever(new_equity > 0)",
            (
                years("met", "new_equity", "0", "", "", "", "", "1万元"),
                years("met", "new_equity", "5万元"),
                years("unknown", "new_equity", "0", "0"),
                years("unknown", "new_equity"),
            ),
        ),
        Case(
            "`reviewed(条件, 评审结论)`：条件先要成立，再等评审说是或否；评审推翻不了不成立的条件。",
            "The condition first, then the reviewer's yes or no; a reviewer cannot save a failing one.",
            "reviewed(market_share >= '10%', market_position_reviewed)",
            (
                row("manual", market_share="10%"),
                row("met", market_share="10%", market_position_reviewed="是"),
                row("unmet", market_share="10%", market_position_reviewed="否"),
                row("unmet", market_share="9.99%", market_position_reviewed="是"),
                row("unknown", market_position_reviewed="是"),
            ),
        ),
        Case(
            "只写评审结论，就全凭评审。",
            "With the verdict alone, the reviewer decides.",
            "reviewed(market_position_reviewed)",
            (
                row("manual"),
                row("met", market_position_reviewed="是"),
                row("unmet", market_position_reviewed="否"),
            ),
        ),
        Case(
            "`manual()` 只能由人判断，永远不会自动通过。",
            "Only people can judge; it never passes by itself.",
            "manual() and not abnormal_list",
            (row("manual", abnormal_list="否"), row("unmet", abnormal_list="是")),
        ),
    ),
)
