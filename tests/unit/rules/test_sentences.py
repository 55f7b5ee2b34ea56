"""Whole sentences in both languages: the product people read."""

import datetime

import pytest

from tests.unit.rules.firms import BEFORE as LAST_DAY
from tests.unit.rules.firms import CLEAN, SMALL_FIRM, facts_of, finding
from tests.unit.rules.firms import ON as NOW_DAY
from tidu.rules import evaluate
from tidu.rules.findings import Basis, Finding
from tidu.rules.library import default_library
from tidu.rules.parse import Names, parse_condition
from tidu.rules.rulesets import Criterion, Kind, SourceGrade
from tidu.rules.scope import Scope
from tidu.rules.sentences import requirement, what_was_found
from tidu.rules.vocabulary import Text

NOW: dict = {}
BEFORE = {"on": LAST_DAY}
AGAIN = {"kind": Kind.REVERIFICATION, "on": datetime.date(2027, 6, 1)}
# scheme, criterion, facts, how, outcome, Chinese, English
CASES = [
    ("srdi_sme", "entry_title", {"holds_tech_sme": "是"}, NOW, "met",
     "“有效的科技型中小企业”为“是”，符合。",
     "Valid technology-based SME: yes; met."),
    ("srdi_sme", "entry_title", {"holds_tech_sme": "否", "holds_innovative_sme": "否"}, NOW, "unmet",
     "“有效的科技型中小企业”为“否”，要求为“是”；“有效的创新型中小企业”为“否”，要求为“是”；满足其中一项即可。",
     "Valid technology-based SME: no; must be yes; Valid innovative SME: no; must be yes; one of these is enough."),
    ("srdi_sme", "entry_title", {}, NOW, "unknown",
     "还缺：有效的科技型中小企业（是或否）、有效的创新型中小企业（是或否）；补上才能判断。",
     "Still to be filled in: Valid technology-based SME (yes or no), Valid innovative SME (yes or no); it cannot be decided before."),
    ("little_giant", "entry_title", {"holds_srdi": "是", "srdi_valid_until": "2026-05-31"}, NOW, "unmet",
     "“有效的专精特新中小企业”为“否”，要求为“是”（有效期至2026-05-31，已过）。",
     "Valid SRDI SME: no; must be yes (valid until 2026-05-31, which has passed)."),
    ("srdi_sme", "niche_years", {"niche_years": "2.5年"}, NOW, "unmet",
     "从事特定细分市场年限为2.5年，要求不低于3年，还差0.5年。",
     "Years in the niche market: 2.5; at least 3 required; 0.5 short."),
    ("srdi_sme", "revenue_or_equity", {"revenue": "1500万元"}, NOW, "met",
     "2025年营业收入为1,500万元，要求不低于1,500万元，符合。",
     "Revenue (2025): 15,000,000 yuan; at least 15,000,000 yuan required; met."),
    ("srdi_sme", "revenue_or_equity", {"revenue": "14999999.99元", "new_equity": "100万元", "new_equity[y2]": "0"}, NOW, "unmet",
     "2025年营业收入为14,999,999.99元，要求不低于1,500万元，还差0.01元；近2年新增股权融资（合格机构投资者实缴额）合计为100万元，要求不低于2,000万元，还差1,900万元；满足其中一项即可。",
     "Revenue (2025): 14,999,999.99 yuan; at least 15,000,000 yuan required; 0.01 yuan short; New equity financing (paid in by qualified institutional investors), sum of the last 2 years: 1,000,000 yuan; at least 20,000,000 yuan required; 19,000,000 yuan short; one of these is enough."),
    ("srdi_sme", "revenue_or_equity", {"revenue": "1000万元", "new_equity": "100万元"}, NOW, "unknown",
     "还缺：2024年新增股权融资（合格机构投资者实缴额）；补上才能判断。",
     "Still to be filled in: New equity financing (paid in by qualified institutional investors) 2024; it cannot be decided before."),
    ("srdi_sme", "main_revenue_share", {"main_revenue": "80万元", "revenue": "100万元"}, NOW, "met",
     "2025年主营业务收入占营业收入比重为80%，要求不低于80%，符合。",
     "main business revenue as a share of revenue (2025): 80%; at least 80% required; met."),
    ("srdi_sme", "main_revenue_share", {"main_revenue": "799999.99元", "revenue": "100万元"}, NOW, "unmet",
     "2025年主营业务收入占营业收入比重为79.999999%，要求不低于80%，主营业务收入还差0.01元。",
     "main business revenue as a share of revenue (2025): 79.999999%; at least 80% required; Main business revenue is 0.01 yuan short."),
    ("srdi_sme", "main_revenue_share", {"main_revenue": "1元", "revenue": "0"}, NOW, "manual",
     "主营业务收入占营业收入比重的基数为零或为负，需人工认定。",
     "main business revenue as a share of revenue: the base is zero or negative; a person must decide."),
    ("srdi_sme", "debt_ratio", {"total_liabilities": "90万元", "total_assets": "100万元"}, NOW, "unmet",
     "2025年资产负债率为90%，要求不高于80%，负债总额超出10万元。",
     "debt ratio (2025): 90%; at most 80% required; Total liabilities is 100,000 yuan too much."),
    ("srdi_sme", "rnd_each_year", {"rnd_expense": "100万元", "revenue": "1000万元", "rnd_expense[y2]": "90万元", "revenue[y2]": "4000万元"}, NOW, "unmet",
     "2024年研发费用（审计报告口径）为90万元，要求不低于100万元，还差10万元；2024年研发费用占营业收入比重为2.25%，要求不低于3%，研发费用（审计报告口径）还差30万元。",
     "R&D expense (audit report basis) (2024): 900,000 yuan; at least 1,000,000 yuan required; 100,000 yuan short; R&D expense as a share of revenue (2024): 2.25%; at least 3% required; R&D expense (audit report basis) is 300,000 yuan short."),
    ("srdi_sme", "class1_ip", {"class1_ip": "0", "science_award": "none", "rnd_institution": "city"}, NOW, "unmet",
     "与主导产品相关的Ⅰ类知识产权（已应用并产生经济效益）为0项，要求不低于1项，还差1项；“近三年科技奖励”为“无”，要求为“省级前三”或“国家级前三”；“研发机构级别”为“市级”，要求为“省级”或“国家级”；满足其中一项即可。",
     "Class I IP related to the lead product (in use with economic benefit): 0; at least 1 required; 1 short; Science award in the last three years: none; must be provincial, top three or national, top three; Level of R&D institution: city level; must be provincial or national; one of these is enough."),
    ("srdi_sme", "class1_ip", {"class1_ip_in_use": "1"}, NOW, "met",
     "与主导产品相关的Ⅰ类知识产权（已应用并产生经济效益）为1项，要求不低于1项，符合。",
     "Class I IP related to the lead product (in use with economic benefit): 1; at least 1 required; met."),
    ("srdi_sme", "market_position", {}, NOW, "manual",
     "需由评审认定（市场地位经评审认可），评审前不作结论。",
     "Reviewers must judge this (Market position accepted by reviewers); no outcome before."),
    ("srdi_sme", "market_position", {"market_position_reviewed": "否"}, NOW, "unmet",
     "评审结论：“市场地位经评审认可”为“否”。",
     "Reviewers' verdict - Market position accepted by reviewers: no."),
    ("little_giant", "market_position", {"market_share": "10%"}, NOW, "manual",
     "填报内容已达到要求，还需由评审认定（市场地位经评审认可）。",
     "What was filed is enough; reviewers must still accept it (Market position accepted by reviewers)."),
    ("srdi_sme", "conduct", CLEAN, NOW, "met",
     "“列入经营异常名录”等5项均为“否”，符合要求。",
     '"On the list of abnormal operations" and others (5 in all) are "no"; met.'),
    ("srdi_sme", "conduct", CLEAN | {"falsification": "是"}, NOW, "unmet",
     "“近三年数据造假”为“是”，要求为“否”。",
     "Falsified data in the last three years: yes; must be no."),
    ("srdi_sme", "conduct", {}, NOW, "unknown",
     "还缺：列入经营异常名录（是或否）、列入严重失信主体名单（是或否）、近三年重大安全、质量、环境污染等事故（是或否）、近三年数据造假（是或否）等5项；补上才能判断。",
     "Still to be filled in: On the list of abnormal operations (yes or no), On the list of serious dishonesty (yes or no), Major safety, quality or pollution accident in the last three years (yes or no), Falsified data in the last three years (yes or no), and more (5 in all); it cannot be decided before."),
    ("srdi_sme", "sme", SMALL_FIRM, NOW, "met",
     "按划型标准为小型企业，属于中小微企业。",
     "A small enterprise by the size standard; is an SME."),
    ("srdi_sme", "sme", SMALL_FIRM | {"employees": "2000人", "revenue": "5亿元"}, NOW, "unmet",
     "按划型标准为大型企业，不属于中小微企业。",
     "A large enterprise by the size standard; not an SME."),
    ("srdi_sme", "sme", {"industry": "J66"}, NOW, "manual",
     "所属行业不在划型表内，需人工认定。",
     "The size table does not list this industry; a person must decide."),
    ("srdi_sme", "sme", {"industry": "C39", "employees": "500人"}, NOW, "met",
     "按现有数据已可确定不是大型企业，属于中小微企业。",
     "The figures at hand already rule out a large enterprise; is an SME."),
    ("little_giant", "revenue_growth", {"revenue": "1000万元", "revenue[y3]": "1000万元"}, NOW, "unmet",
     "近两年营业收入复合增长率为0%，要求不低于5%，最近一年还差102.5万元。",
     "two-year compound growth of revenue: 0%; at least 5% required; the last year is 1,025,000 yuan short."),
    ("little_giant", "revenue_growth", {"revenue": "2000万元", "revenue[y3]": "1000万元"}, NOW, "met",
     "近两年营业收入复合增长率为41.42%，要求不低于5%，符合。",
     "two-year compound growth of revenue: 41.42%; at least 5% required; met."),
    ("little_giant", "revenue_growth", {}, AGAIN, "not_applicable",
     "本次程序不考察这一项。",
     "Not examined in this procedure."),
    ("little_giant", "rnd_total_and_each_year", {"rnd_expense": "700万元", "rnd_expense[y2]": "400万元", "revenue": "1亿元", "revenue[y2]": "1亿元"}, NOW, "unmet",
     "近2年研发费用（审计报告口径）合计为1,100万元，要求不低于1,200万元，还差100万元。",
     "R&D expense (audit report basis), sum of the last 2 years: 11,000,000 yuan; at least 12,000,000 yuan required; 1,000,000 yuan short."),
    ("little_giant", "main_revenue_growth", {"main_revenue": "100万元", "main_revenue[y2]": "100万元", "main_revenue[y3]": "100万元"}, BEFORE, "unmet",
     "近两年主营业务收入平均增长率为0%，要求不低于5%，不符合。",
     "two-year average growth of main business revenue: 0%; at least 5% required; not met."),
    ("little_giant", "rnd_institution", {"rnd_institution": "none"}, BEFORE, "unmet",
     "“研发机构级别”为“无”，要求不是“无”。",
     "Level of R&D institution: none; must not be none."),
    ("manufacturing_champion", "main_revenue_average", {"main_revenue": "4亿元", "main_revenue[y2]": "4亿元", "main_revenue[y3]": "3亿元"}, NOW, "unmet",
     "近3年主营业务收入均值为366,666,666.67元，要求不低于4亿元，还差33,333,333.34元。",
     "Main business revenue, mean of the last 3 years: 366,666,666.67 yuan; at least 400,000,000 yuan required; 33,333,333.34 yuan short."),
    ("manufacturing_champion", "global_rank", {"market_rank_global": "4名"}, NOW, "unmet",
     "全球市场占有率排名为4，要求不高于3，超出1。",
     "Global market share rank: 4; at most 3 required; 1 too much."),
    ("high_tech_enterprise", "registered_days", {"established_on": "2025-06-02"}, NOW, "unmet",
     "注册成立天数为364天，要求不低于365天，不符合。",
     "days since establishment: 364 days; at least 365 days required; not met."),
    ("high_tech_enterprise", "field", {}, NOW, "manual",
     "需由专家或主管部门人工认定，系统不自动判定。",
     "Experts or the authority must judge this; it never passes by itself."),
    ("unicorn", "age", {"established_on": "2010-01-01"}, NOW, "unmet",
     "成立年数为16年，要求不高于10年，不符合。",
     "years since establishment: 16 years; at most 10 years required; not met."),
    ("unicorn", "valuation", {"valuation_usd": "10亿美元"}, NOW, "unmet",
     "最近一轮估值为10亿美元，要求高于10亿美元，不符合。",
     "Latest valuation: 1,000,000,000 US dollars; more than 1,000,000,000 US dollars required; not met."),
    ("unicorn", "private_equity", {"new_equity[y3]": "500万元"}, NOW, "met",
     "2023年新增股权融资（合格机构投资者实缴额）为500万元，要求高于0元，符合。",
     "New equity financing (paid in by qualified institutional investors) (2023): 5,000,000 yuan; more than 0 yuan required; met."),
    ("unicorn", "private_equity", {}, NOW, "unknown",
     "已填的年度里没有，更早的年度不详，暂时无法判断。",
     "Not in the years given; earlier years are not known, so it cannot be decided yet."),
    ("innovative_sme", "score_reached", {"high_tech": "是"}, NOW, "unknown",
     "得分在5到100分之间，要求不低于60分；还缺：与主导产品相关的Ⅰ类知识产权（高价值）、与主导产品相关的Ⅰ类知识产权（自主研发）、与主导产品相关的Ⅰ类知识产权、与主导产品相关的Ⅱ类知识产权等11项；补上才能判断。",
     "Score between 5 and 100; at least 60 required; Still to be filled in: Class I IP related to the lead product (high-value), Class I IP related to the lead product (self-developed), Class I IP related to the lead product, Class II IP related to the lead product, and more (11 in all); it cannot be decided before."),
    ("innovative_sme", "i5", {"strategic_emerging": "否"}, NOW, "met",
     "得5分（满分10分）：“属于战略性新兴产业”为“否”。",
     "5 of 10 points: In a strategic emerging industry: no."),
    ("innovative_sme", "i2", {"rnd_expense": "3万元", "revenue": "100万元"}, NOW, "met",
     "得15分（满分20分）：2025年研发费用占营业收入比重为3%。",
     "15 of 20 points: R&D expense as a share of revenue (2025): 3%."),
    ("innovative_sme", "i2", {}, NOW, "unknown",
     "得分在0到20分之间（满分20分）；还缺：2025年研发费用（审计报告口径）、2025年营业收入。",
     "Between 0 and 20 of 20 points; still to be filled in: R&D expense (audit report basis) 2025, Revenue 2025."),
    ("innovative_sme", "i2", {"rnd_expense": "3万元", "revenue": "0"}, NOW, "unknown",
     "得分在0到20分之间（满分20分）：基数为零或为负，需人工认定。",
     "Between 0 and 20 of 20 points: the base is zero or negative; a person must decide."),
    ("srdi_sme", "i06", {"quality_award": "是", "own_brand": "是", "management_system": "否", "standards": "否"}, BEFORE, "met",
     "得5分（满分5分）：“省级以上质量奖”为“是”；“质量管理体系认证”为“否”；“自主品牌”为“是”。",
     "5 of 5 points: Provincial or higher quality award: yes; Certified quality management system: no; Own brand: yes."),
    ("srdi_sme", "i09", {"local_feature_score": "12.5"}, BEFORE, "met",
     "得12.5分（满分15分）。",
     "12.5 of 15 points."),
    ("sme_size", "revenue", SMALL_FIRM, NOW, "met",
     "2025年营业收入为3,000万元，这一项对应中型企业。",
     "Revenue 2025: 30,000,000 yuan; this indicator stands for a medium enterprise."),
    ("sme_size", "revenue", {"industry": "J66"}, NOW, "manual",
     "所属行业不在划型表内，需人工认定。",
     "The size table does not list this industry; a person must decide."),
    ("sme_size", "total_assets", SMALL_FIRM, NOW, "not_applicable",
     "本次程序不考察这一项。",
     "Not examined in this procedure."),
    ("sme_size", "revenue", {"industry": "C39"}, NOW, "unknown",
     "还缺：2025年营业收入；补上才能判断。",
     "Still to be filled in: Revenue 2025; it cannot be decided before."),
    ("digital_level", "scenes", {f"ds{n:02}": "2级" for n in range(1, 17)}, NOW, "met",
     "达到2级。",
     "Reaches level 2."),
    ("digital_level", "scenes", {f"ds{n:02}": "0" for n in range(1, 17)}, NOW, "unmet",
     "未达到一级。",
     "Below level 1."),
    ("digital_level", "score", {}, NOW, "unknown",
     "还缺：网络建设、设备数字化率、设备联网率、自动采集数据的业务环节等15项；补上才能判断。",
     "Still to be filled in: Network, Share of digital equipment, Share of networked equipment, Processes with automatic data collection, and more (15 in all); it cannot be decided before."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "criterion", "written", "how", "outcome", "chinese", "english"), CASES
)
def test_sentence_says_figure_requirement_and_gap(
    scheme, criterion, written, how, outcome, chinese, english
):
    found = finding(scheme, criterion, written, **how)

    assert found.outcome == outcome
    assert found.sentence() == chinese
    assert found.sentence(english=True) == english


def test_calibre_that_was_used_is_named():
    written = {
        "sci_tech_staff": "1人",
        "rnd_expense_deduction": "6万元",
        "rnd_expense": "1万元",
        "revenue": "100万元",
    }

    audited = {"rnd_expense": "1万元", "revenue": "100万元"}
    staff = written | {"staff_total": "10人", "employees": "20人"}
    found = [
        finding("tech_sme", "rnd", written).sentence(),
        finding("tech_sme", "rnd", audited).sentence(),
        finding("tech_sme", "staff", staff).sentence(),
        finding("tech_sme", "staff", written | {"employees": "20人"}).sentence(),
    ]

    assert found == [
        "得50分（满分50分）：2025年研发费用（加计扣除口径）占营业收入比重为6%。",
        "得分在0到50分之间（满分50分）；还缺：2025年成本费用总额。",
        "得4分（满分20分）：2025年科技人员占职工总数（115号口径）比重为10%。",
        "得0分（满分20分）：2025年科技人员占从业人员比重为5%。",
    ]


def test_open_band_whose_branches_agree_is_not_called_short_itself():
    written = {
        "rnd_expense": "1万元",
        "rnd_expense[y2]": "1万元",
        "revenue[y2]": "100万元",
        "rnd_staff": "1人",
        "employees": "100人",
    }

    found = finding("little_giant", "rnd_by_revenue", written, **BEFORE)

    assert (found.outcome, found.sentence()) == (
        "unmet",
        "2024年研发费用占营业收入比重为1%，要求不低于3%，研发费用（审计报告口径）还差2万元；"
        "2024年研发费用占营业收入比重为1%，要求不低于6%，研发费用（审计报告口径）还差5万元；"
        "近2年研发费用（审计报告口径）合计为2万元，要求不低于3,000万元，还差2,998万元；另有1项。",
    )


def test_chosen_band_is_said_alone():
    large = {"revenue": "1亿元", "rnd_expense": "299万元"}
    small = {"revenue": "4999万元", "rnd_staff": "1人", "employees": "100人"}

    found = [
        finding("little_giant", "rnd_by_revenue", written, **BEFORE).sentence()
        for written in (large, small)
    ]

    assert found == [
        "2025年研发费用占营业收入比重为2.99%，要求不低于3%，研发费用（审计报告口径）还差1万元。",
        "2025年研发人员占比为1%，要求不低于50%，研发人员还差49人。",
    ]


def test_what_a_reviewer_cannot_save_is_said_by_itself():
    found = finding("little_giant", "key_link", {"key_link": "否"}, **BEFORE)

    assert (
        found.sentence() == "“位于产业链关键环节并发挥补短板等作用”为“否”，要求为“是”。"
    )


def test_score_that_cannot_reach_its_bound_is_said_as_a_range():
    written = {
        "class1_ip_high_value": "0",
        "class1_ip_own": "0",
        "class1_ip": "0",
        "class2_ip": "0",
        "rnd_expense": "0",
        "revenue": "1万元",
        "main_revenue": "0",
    }

    found = finding("innovative_sme", "score_reached", written)

    assert (found.outcome, found.sentence()) == (
        "unmet",
        "得分为5到40分，要求不低于60分，不符合。",
    )


def test_score_open_for_an_undefined_base_asks_people():
    written = {
        "class1_ip_high_value": "1",
        "rnd_expense": "5万元",
        "revenue": "0",
        "main_revenue": "1元",
        "main_revenue[y2]": "0",
        "total_liabilities": "1元",
        "total_assets": "0",
        "strategic_emerging": "是",
    }

    found = finding("innovative_sme", "score_reached", written)

    assert (found.outcome, found.sentence()) == (
        "unknown",
        "得分在30到100分之间，要求不低于60分；"
        "有评分项的基数为零或为负，需人工认定后才能得出结论。",
    )


def finding_of(text: str, **written: str) -> Finding:
    """A finding about an expression no pack has."""
    pack = default_library().national
    tree = parse_condition(text, Names(pack.facts))
    named = {
        name.replace("__y", "[y") + "]" * ("__y" in name): value
        for name, value in written.items()
    }
    facts = facts_of(named)
    basis = Basis(Scope(facts.values, NOW_DAY, 2026), facts, pack.words, Kind.NEW)
    label = Text("条件", "criterion")
    about = Criterion("x", label, "一", SourceGrade.OURS, require=tree)
    return Finding(about, evaluate.condition(tree)(basis.scope), basis)


def test_reviewed_calibre_is_called_by_what_is_reviewed():
    text = "reviewed(first_given(staff_total, employees) > 3, key_field_reviewed)"

    found = finding_of(text, employees="5人")

    assert found.sentence() == (
        "填报内容已达到要求，还需由评审认定（重点领域和关键环节经评审认可）。"
    )


def test_option_that_must_not_be_chosen_is_said_so():
    found = finding_of("not has(dq06, rules)", dq06="rules")

    assert found.sentence() == "“网络安全措施”为“管理制度”，要求不是“管理制度”。"
    assert found.sentence(english=True) == (
        "Network security measures: management rules; must not be management rules."
    )


def test_growth_of_people_is_short_of_people():
    found = finding_of(
        "compound_growth(2, employees) >= '5%'",
        employees="110人",
        employees__y3="100人",
    )

    assert (
        found.sentence()
        == "近2年从业人员复合增长率为4.88%，要求不低于5%，最近一年还差1人。"
    )


def test_share_of_dollars_is_short_of_dollars():
    found = finding_of(
        "ratio(valuation_usd, valuation_usd) >= '200%'", valuation_usd="5美元"
    )

    assert found.sentence().endswith("要求不低于200%，最近一轮估值还差5美元。")


def test_several_conditions_in_one_past_year_are_said_for_that_year():
    found = finding_of(
        "ever(revenue > 0 and net_profit > 0)",
        revenue="0",
        revenue__y3="5元",
        net_profit__y3="1元",
    )

    assert found.sentence() == (
        "2023年营业收入为5元，要求高于0元，符合；2023年净利润为1元，要求高于0元，符合。"
    )


@pytest.mark.parametrize(
    "text",
    [
        "ratio(rnd_expense, revenue) >= '3%'",
        "ratio(revenue, rnd_expense) >= '3%'",
        "compound_growth(1, revenue) >= '3%'",
        "mean_growth(1, revenue) >= '3%'",
        "mean_years(3, revenue) <= '3元'",
        "revenue <= '3元'",
    ],
)
def test_absurd_figures_are_said_as_they_are(text):
    """One absurd row must not keep the others from being explained."""
    found = finding_of(
        text,
        revenue=f"9{'0' * 40}亿元",
        rnd_expense="0.01元",
        revenue__y2="0.01元",
        revenue__y3="0",
    )

    assert found.sentence()
    assert found.sentence(english=True)


def test_open_band_that_leaves_it_open_names_what_is_missing():
    found = finding(
        "little_giant", "rnd_by_revenue", {"rnd_expense": "1亿元"}, **BEFORE
    )

    assert found.missing[0] == "revenue@2025"
    assert (found.outcome, found.sentence()[:13]) == (
        "unknown",
        "还缺：2025年营业收入、",
    )


@pytest.mark.parametrize(
    ("scheme", "criterion", "written", "how", "found", "wanted"),
    [
        ("srdi_sme", "entry_title", {"holds_tech_sme": "是"}, NOW, "是", "要求为“是”"),
        ("srdi_sme", "revenue_or_equity", {"revenue": "1500万元"}, NOW, "1,500万元", "要求不低于1,500万元"),
        ("little_giant", "rnd_institution", {"rnd_institution": "none"}, BEFORE, "无", "要求不是“无”"),
        ("srdi_sme", "class1_ip", {"science_award": "national_top3"}, NOW, "国家级前三", "要求为“省级前三”或“国家级前三”"),
        ("srdi_sme", "sme", SMALL_FIRM, NOW, "小型", "属于中小微企业"),
        ("srdi_sme", "sme", {"industry": "J66"}, NOW, "", "属于中小微企业"),
        ("unicorn", "valuation", {"valuation_usd": "10亿美元"}, NOW, "10亿美元", "要求高于10亿美元"),
        ("tech_sme", "direct_award", {"science_award": "national_top3"}, NOW, "国家级前三", "要求为“国家级前三”"),
        ("srdi_sme", "market_position", {"market_position_reviewed": "是"}, NOW, "是", ""),
        ("high_tech_enterprise", "field", {}, NOW, "", ""),
        ("srdi_sme", "conduct", CLEAN, NOW, "否", "要求为“否”"),
        ("srdi_sme", "i09", {"local_feature_score": "12.5"}, BEFORE, "12.5", ""),
        ("srdi_sme", "niche_years", {}, NOW, "", "要求不低于3年"),
        ("tech_sme", "conduct", {"conduct_event_2y": "是"}, NOW, "是", "要求为“否”"),
    ],
)  # fmt: skip
def test_found_and_required_stand_alone_in_tables(
    scheme, criterion, written, how, found, wanted
):
    about = finding(scheme, criterion, written, **how)

    assert (what_was_found(about), requirement(about)) == (found, wanted)


def test_halves_are_said_in_english_too():
    about = finding("srdi_sme", "sme", SMALL_FIRM)

    assert what_was_found(about, english=True) == "small"
    assert requirement(about, english=True) == "must be an SME"
