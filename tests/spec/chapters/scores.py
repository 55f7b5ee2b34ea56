"""Chapters 11 and 12: score cards and graded tables."""

from tests.spec.book import Case, Chapter, row, years

DEBT = "ratio(total_liabilities, total_assets)"
BANDS = 'bands: {of: "ratio(rnd_expense, revenue)", at_least: {10%: 10, 6%: 6, 3%: 2}}'
AT_MOST = f'bands: {{of: "{DEBT}", at_most: {{50%: 5, 70%: 1}}}}'
MORE_THAN = "bands: {of: dq02, more_than: {60%: 3, 20%: 1}}"
LESS_THAN = "bands: {of: class2_ip, less_than: {2项: 5, 4项: 3}}, otherwise: 1"
BEST_OF = (
    "best_of: [{of: rnd_expense, at_least: {500万元: 10, 100万元: 2}}, "
    '{of: "ratio(rnd_expense, revenue)", at_least: {10%: 10, 3%: 2}}]'
)
STEPS = "steps: [{when: strategic_emerging, points: 10}], otherwise: 5"
SUM = "sum: [{when: quality_award, points: 3}, {when: own_brand, points: 3}]"
GIVEN = "given: local_feature_score"
GROUPS = (
    "groups:\n"
    "  quality: {label: 质量, english: quality}\n"
    "  ip: {label: 知识产权, english: ip}\n"
    "items:\n"
    "  - {id: award, label: 质量奖, english: award, clause: 一, group: quality, max: 40,"
    " steps: [{when: quality_award, points: 40}]}\n"
    "  - {id: brand, label: 品牌, english: brand, clause: 二, group: quality, max: 20,"
    " steps: [{when: own_brand, points: 20}]}\n"
    "  - {id: patents, label: 专利, english: patents, clause: 三, group: ip, max: 40,"
    " bands: {of: class1_ip, at_least: {2项: 40, 1项: 20}}}"
)

CARDS = Chapter(
    11,
    "评分表",
    "Score cards",
    (
        Case(
            "`bands`：从高档往低档看，取第一个达到的档，都达不到得 0 分。档界上的数算高的一档。"
            "数据不详（或基数为零）时得分是一个区间。",
            "The best band reached, a border belongs to the higher one; while it is open, a range.",
            "score()",
            (
                row("6", rnd_expense="6万元", revenue="100万元"),
                row("2", rnd_expense="59999.99元", revenue="100万元"),
                row("0", rnd_expense="2万元", revenue="100万元"),
                row("0～10", rnd_expense="6万元"),
                row("0～10", rnd_expense="6万元", revenue="0"),
            ),
            points=BANDS,
        ),
        Case(
            "`at_most`：越低越好，恰好等于算这一档。",
            "The lower the better, the border included.",
            "score()",
            (
                row("5", total_liabilities="50万元", total_assets="100万元"),
                row("1", total_liabilities="500000.01元", total_assets="100万元"),
                row("0", total_liabilities="71万元", total_assets="100万元"),
            ),
            points=AT_MOST,
            most=5,
        ),
        Case(
            "`more_than`、`less_than` 不含本数；`otherwise` 是都不成立时的分值。",
            "Borders excluded; `otherwise` where none holds.",
            "score()",
            (row("1", dq02="60%"), row("3", dq02="60.01%"), row("0", dq02="20%")),
            points=MORE_THAN,
            most=3,
        ),
        Case(
            "越少越好的例子。",
            "The fewer the better.",
            "score()",
            (
                row("5", class2_ip="1"),
                row("3", class2_ip="2"),
                row("1", class2_ip="4"),
                row("1～5"),
            ),
            points=LESS_THAN,
            most=5,
        ),
        Case(
            "`best_of`：几种算法取高的。已知的一种先给出下限。",
            "The better of several ways; the known one is the lower end.",
            "score()",
            (
                row("10", rnd_expense="500万元", revenue="1000亿元"),
                row("2", rnd_expense="3万元", revenue="100万元"),
                row("2～10", rnd_expense="100万元"),
                row("10", rnd_expense="500万元"),
            ),
            points=BEST_OF,
        ),
        Case(
            "`steps`：逐条列条件，取第一条成立的。",
            "Conditions one by one, the first that holds.",
            "score()",
            (
                row("10", strategic_emerging="是"),
                row("5", strategic_emerging="否"),
                row("5～10"),
            ),
            points=STEPS,
        ),
        Case(
            "`sum`：成立的都加，加到满分为止。",
            "Everything that holds is added, up to the maximum.",
            "score()",
            (
                row("5", quality_award="是", own_brand="是"),
                row("3", quality_award="是", own_brand="否"),
                row("3～5", quality_award="是"),
                row("0～5"),
            ),
            points=SUM,
            most=5,
        ),
        Case(
            "`given`：分数由别处评定，直接填报，限制在 0 到满分之间。",
            "Points given from elsewhere, held between 0 and the maximum.",
            "score()",
            (
                row("12.5", local_feature_score="12.5"),
                row("15", local_feature_score="16"),
                row("0～15"),
            ),
            points=GIVEN,
            most=15,
        ),
        Case(
            "`score(组)`、`score(项)` 是一组、一项的得分，`score()` 是总分；与界限比较时，"
            "区间里每个值结论都一样才下结论。",
            "A group, an item or the total; decided where every value of the range decides alike.",
            "score() >= 60 and score(quality) >= 40 and score(award) > 0",
            (
                row("met", quality_award="是", own_brand="是"),
                row("met", quality_award="是", class1_ip="1"),
                row("unknown", quality_award="是"),
                row("unmet", quality_award="否", own_brand="是", class1_ip="2"),
                row("unmet", quality_award="否"),
            ),
            card=GROUPS,
        ),
    ),
)

GRADES = Chapter(
    12,
    "分级表（企业划型）",
    "Graded tables (enterprise size)",
    (
        Case(
            "`grade(表)`：按行业代码找到行，取各指标等级中最低的一个；下限属于高的一级。"
            "1 微型、2 小型、3 中型、4 大型。缺的指标可能是任何一级。",
            "The industry's row, the lowest of its indicators' grades; a lower bound belongs to the grade above.",
            "grade(sme_size)",
            (
                row("2", industry="3912", employees="20人", revenue="2000万元"),
                row("1", industry="C3912", employees="19人", revenue="4亿元"),
                row("4", industry="3912", employees="1000人", revenue="4亿元"),
                row("1～2", industry="3912", employees="299人"),
                row("1", industry="3912", employees="19人"),
                row("1～3", revenue="3亿元", industry="3912"),
            ),
        ),
        Case(
            "行业不在表内的划不了型；行业不详或只有大类时，凡可能的行都算，不在表内的行业略过。",
            "An industry outside the table has no grade; an open one counts every graded row.",
            "grade(sme_size) <= 3",
            (
                row("manual", industry="J66", employees="10人"),
                row("met", employees="9人", revenue="1万元"),
                row("unknown", employees="9000人", revenue="100亿元"),
                row("met", industry="C", employees="999人"),
                row("unmet", industry="C", employees="1000人", revenue="4亿元"),
            ),
        ),
        Case(
            "`strict`：只要行业还可能落在表外，就不给等级。",
            "Strict: no grade while the industry may lie outside the table.",
            "grade(sme_size, strict)",
            (
                row("不详", employees="2人", revenue="1万元", total_assets="1万元"),
                row("1", industry="C", employees="2人"),
                row("不划型", industry="J66"),
            ),
        ),
        Case(
            "第二个参数是一项指标：只看它对应的等级。",
            "One indicator alone.",
            "grade(sme_size, total_assets)",
            (
                row("不用此项", industry="C39"),
                row("3", industry="L71", total_assets="8000万元"),
                row("1～4", industry="L71"),
            ),
        ),
        Case(
            "年度总是上年度。",
            "Always last year's figures.",
            "grade(sme_size, employees) >= 2",
            (
                years("met", "employees", "20人", industry="C39"),
                years("unknown", "employees", "", "20人", industry="C39"),
            ),
            aside=True,
        ),
    ),
)
