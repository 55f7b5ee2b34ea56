"""Chapter 13: what is refused, with columns."""

from tests.spec.book import Chapter, Refusal, Refusals
from tidu.rules.functions import FUNCTIONS

R = Refusal
NOT_A_CONDITION = ("这里应为条件，不是数值", "请加上比较，如 >= 3")
NAMES = "、".join(FUNCTIONS)
SYNTAX = "请检查括号和运算符；带单位的数要加引号，如 '1500万元'、'3%'"

GRAMMAR = Refusals(
    "**语法**：只接受 Python 语法的一小部分，读到哪里不对，就指出第几个字符。",
    "Only a small part of Python's grammar is read; the column says where it ends.",
    (
        R("", 1, "语法不对", SYNTAX),
        R("revenue >=", 11, "语法不对", SYNTAX),
        R("revenue >= 1500万元", 16, "语法不对", SYNTAX),
        R("revenue >= 0) and (listed", 13, "语法不对", SYNTAX),
        R("revenue", 1, *NOT_A_CONDITION),
        R("listed and ratio(rnd_expense, revenue)", 12, *NOT_A_CONDITION),
        R(
            "listed and [1]",
            12,
            "条件里不能这样写",
            "可用：比较、and、or、not、if else 和文档列出的函数",
        ),
        R(
            "revenue + 1 >= 2",
            1,
            "数值不能这样写",
            "可用：事实、数字、'1500万元'、ratio() 等函数",
        ),
        R("niche_years >= True", 16, "不用 True、False", "直接写事实，或在前面加 not"),
        R("class1_ip is 3", 1, "不能用这个比较符", "可用：>= > <= < == != in"),
    ),
)
NAMING = Refusals(
    "**名字**：只认字典里的事实、标准里的常数和列出的函数。",
    "Names are facts, constants of the rule set and the listed functions.",
    (
        R("revenu >= 0", 1, "不认识 revenu", "是不是想写 revenue"),
        R("qqq >= 0", 1, "不认识 qqq", "请先在事实字典里定义它"),
        R("listed[y2]", 1, "listed 不分年度", "去掉方括号"),
        R(
            "revenue[last] >= 0",
            1,
            "年度不能写作 last",
            "y0 为当年，y1 为上年度，y2 为上上年度",
        ),
        R("listed and __import__('os')", 12, "不能调用 __import__", f"可用的函数：{NAMES}"),
        R("listed.real()", 1, "不能调用 listed.real", f"可用的函数：{NAMES}"),
        R("ratio(revenue) >= '3%'", 1, "ratio 的参数个数不对", "需要 2 个参数"),
        R("grade() <= 3", 1, "grade 的参数个数不对", "需要 1 到 2 个参数"),
        R("at_least(1)", 1, "at_least 的参数个数不对", "需要 2 个以上参数"),
        R("reviewed(fact=listed)", 1, "函数只接受按位置写的参数"),
        R("score(i99) > 0", 1, "没有评分项 i99", "可用：本标准没有评分表"),
        R("grade(size) <= 3", 1, "没有表 size", "可用：sme_size"),
        R(
            "grade(sme_size, listed) <= 3",
            1,
            "表里没有指标 listed",
            "可用：revenue、employees、total_assets",
        ),
    ),
)  # fmt: skip
TYPES = Refusals(
    "**类型与单位**：两边必须是同一种东西。",
    "Both sides must be the same kind of thing.",
    (
        R("revenue >= 1500", 1, "两边的单位不一致", "左边的单位：元"),
        R("revenue >= '3%'", 1, "两边的单位不一致", "左边的单位：元"),
        R("revenue >= employees", 1, "两边的单位不一致", "左边的单位：元"),
        R("valuation_usd > '10亿元'", 1, "两边的单位不一致", "左边的单位：美元"),
        R("name == uscc", 1, "两边的单位不一致", "左边的单位：不能比较大小"),
        R("'3%' <= market_share", 1, "常数要写在右边", "如 revenue >= '1500万元'"),
        R(
            "ratio(rnd_expense, revenue) >= market_share",
            1,
            "这里只能与常数比较",
        ),
        R("mean_years(2, revenue) >= total_assets", 1, "这里只能与常数比较"),
        R("age_years(established_on) >= '2.5年'", 1, "年限和天数应与整数比较", "如 <= '10年'"),
        R(
            "revenue >= '1500万圆'",
            12,
            "读不懂数量 1500万圆",
            "写成 60、'1500万元'、'3%' 或 '2年'",
        ),
        R("ratio(rnd_expense, '3%') > 0", 20, "比值的两边应为事实、合计或 first_given()"),
        R(
            "ratio(sum_years(2, new_equity), revenue) > 0",
            7,
            "比值的两边应为事实、合计或 first_given()",
        ),
        R("ratio(employees, revenue) >= '3%'", 1, "比值两边的单位不一致"),
        R("sum_years(2, listed) > 0", 14, "这里应为数值类事实"),
        R("sum_years(2, class1_ip) > 0", 14, "这里应为分年度的事实"),
        R("sum_years(51, revenue) > 0", 11, "这里应为 1 到 50 的整数"),
        R("age_years(revenue) > 3", 11, "这里应为日期类事实"),
        R("first_given(revenue, employees) > 3", 1, "各项的单位不一致"),
        R("part(listed, revenue)", 1, "part() 的两边应为同一类型的事实"),
        R("has(rnd_institution, none)", 5, "这里应为多选类事实"),
        R("rnd_institution >= city", 1, "选项只能用 ==、!= 或 in 比较"),
        R("rnd_institution in city", 20, "in 后面应为括号里的选项", "如 in (province, national)"),
        R(
            "rnd_institution == town",
            20,
            "rnd_institution 没有选项 town",
            "可用的选项：none、below_city、city、province、national",
        ),
        R("revenue in (city, town)", 1, "这里应为选项类事实"),
        R("at_least(3, listed, own_brand)", 1, "要求的项数多于列出的项数"),
        R("where_given(revenue > 0)", 13, "这里应为是否类事实"),
        R("reviewed(revenue)", 10, "评审结论应为是否类事实"),
        R("ever(niche_years >= 3)", 6, "ever() 里应有分年度的事实"),
        R("manual()", 1, "这里应为数值，不是条件", condition=False),
    ),
)  # fmt: skip

CHAPTER = Chapter(13, "读不进来的写法", "What is refused", (GRAMMAR, NAMING, TYPES))
