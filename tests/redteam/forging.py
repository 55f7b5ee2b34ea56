"""Eighty forged applications of eight kinds, some of them too well made to be found.

The forger knows what applications look like and what a forger would do. It knows no
threshold and shares no code with the detector.
"""

import datetime
import random
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from tests.redteam import firms
from tests.redteam.firms import LAST, MONEY, REVENUE_BAR, RND_BAR, Firm
from tests.redteam.wording import narrative
from tidu.casework.integrity.applications import Figure, FigureSource, Obtained, Right
from tidu.rules.library import default_library

Maker = Callable[[random.Random], Firm]
EACH = 10

SYNONYMS = dict(
    pair.split("/")
    for pair in [
        "公司/企业",
        "研发中心/技术中心",
        "技术部/研发部",
        "工艺组/工艺科",
        "我司团队/公司员工",
        "项目组/课题组",
        "实验室/试验中心",
        "设计所/设计室",
        "生产部/制造部",
        "质量部/品质部",
        "研制出/开发出",
        "改进了/改良了",
        "建成/建立了",
        "掌握了/拥有了",
        "攻克了/突破了",
        "开发了/研发了",
        "优化了/完善了",
        "引入了/导入了",
        "完成了/实现了",
        "搭建起/构建了",
        "形成了/具备了",
        "验证了/检验了",
        "推广了/普及了",
        "升级了/改造了",
        "固化了/确立了",
        "规范了/统一了",
        "高精度/精密型",
        "低噪声/静音型",
        "耐腐蚀/防锈蚀",
        "轻量化/减重型",
        "模块化/组合式",
        "可追溯的/能溯源的",
        "在线式/实时型",
        "多层复合/叠层结构",
        "自适应/自调节",
        "快换式/速换型",
        "微米级/高精细",
        "柔性/可变式",
        "超薄/极薄型",
        "防爆型/隔爆式",
        "装配线/组装线",
        "检测台/检验台",
        "配方体系/配比方案",
        "控制算法/控制程序",
        "试验方法/测试办法",
        "涂层技术/镀膜工艺",
        "测试平台/试验系统",
        "冷却回路/散热管路",
        "传动部件/传动组件",
        "数据库/资料库",
        "焊接夹具/焊装工装",
        "备件体系/备品库",
        "近三年来/最近三年",
        "自成立以来/创办至今",
        "经过多年积累/历经数年沉淀",
        "为缩短交期/为加快交付",
        "面向海外认证/针对出口认证",
        "同时/与此同时",
        "从而/因而",
        "最终/最后",
        "由此/因此",
        "随后/之后",
        "进而/继而",
        "一次合格率/直通率",
        "单件工时/单台工时",
        "能耗/用能",
        "返修数/返工量",
        "交付周期/供货时间",
        "使用寿命/服役时间",
        "升到/提高到",
        "下降/降低",
        "超过/达到",
        "缩短到/压缩至",
        "减少了/下降了",
        "每年/年均",
        "增加到/扩大到",
        "获得/取得",
        "解决了/消除了",
        "满足了/符合了",
        "建立了/搭建了",
        "完善的/健全的",
        "严格/认真",
        "继续/持续",
        "加大/增加",
    ]
)
FILLERS = ["进一步", "有效地", "不断", "切实", "全面", "稳步", "系统地", "有针对性地"]
_WORD = re.compile("|".join(sorted(SYNONYMS, key=len, reverse=True)))


def forgeries(dice: random.Random, new: Maker, honest: Sequence[Firm]) -> list[Firm]:
    """Ten forged firms of each kind; those they copied from are marked."""
    return [
        *agent_contacts(dice, new),
        *copied_texts(dice, new, honest),
        *bought_rights(dice, new),
        *inflated_figures(dice, new),
        *impossible_ratios(dice, new),
        *bent_audits(dice, new),
        *borrowed_papers(dice, new, honest),
        *copied_accounts(dice, new, honest),
    ]


def _forged(firm: Firm, kind: str, *, hard: bool = False) -> Firm:
    firm.forged, firm.hard = kind, hard
    return firm


def agent_contacts(dice: random.Random, new: Maker) -> list[Firm]:
    """One mill behind seven firms; a careful one behind three, each number thrice."""
    found = [_forged(new(dice), "shared_contact", hard=n >= 7) for n in range(EACH)]
    phone, address = f"1202{dice.randint(0, 9_999_999):07d}", "虚构市中区服务街8号501室"
    for number, each in enumerate(found[:7]):
        if number < 5:
            each.phone = (
                phone if number % 2 else f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}"
            )
        if number > 1:
            each.address = address if number % 2 else "虚构市中区 服务街8号 501室"
    for each in found[7:]:
        each.phone = f"1203{found[7].case[-5:]}99"
    return found


def copied_texts(dice: random.Random, new: Maker, honest: Sequence[Firm]) -> list[Firm]:
    """From other firms' texts: as they are, with words replaced, taken to pieces."""
    found = []
    for number in range(EACH):
        each = _forged(new(dice), "similar_narrative", hard=number >= 8)
        source = found[-1] if number % 2 else dice.choice(honest)
        source.copied_from = source.forged is None
        text = source.texts["创新能力"].replace(source.name, each.name)
        if number >= 2:
            text = _replaced(dice, text, 0.6 if number < 5 else 0.95)
        if number >= 5:
            text = re.sub(r"\d+", lambda _: str(dice.randint(2, 99)), text)
        if number in {6, 7}:
            text = _shuffled(dice, text)
        if number >= 8:  # half its own, half replaced and out of order
            half = _shuffled(dice, text)[: len(text) // 2]
            text = _shuffled(dice, half + narrative(dice, each.industry, len(half)))
        each.texts["创新能力"] = text
        found.append(each)
    return found


def _replaced(dice: random.Random, text: str, share: float) -> str:
    def other(match: re.Match[str]) -> str:
        return SYNONYMS[match[0]] if dice.random() < share else match[0]

    text = _WORD.sub(other, text)
    return re.sub(
        r"(?<=[，了的])",
        lambda _: dice.choice(FILLERS) if dice.random() < share / 3 else "",
        text,
    )


def _shuffled(dice: random.Random, text: str) -> str:
    sentences = [each for each in text.split("。") if each]
    dice.shuffle(sentences)
    return "。".join(sentences) + "。"


def bought_rights(dice: random.Random, new: Maker) -> list[Firm]:
    found = []
    for number in range(EACH):
        each = _forged(new(dice), "late_transfer", hard=number >= 8)
        count, days = dice.randint(3, 8), (5, 150)
        if number == 8:  # bought in good time
            days = (200, 320)
        if number == 9:  # one good one among many of its own
            count = 1
        else:
            each.rights = each.rights[: dice.randint(0, 4)]
        for bought in range(count):
            day = each.filed_on - datetime.timedelta(days=dice.randint(*days))
            seller = (
                "虚构专利运营有限公司" if number < 4 else f"虚构卖方{number}有限公司"
            )
            each.rights.append(
                Right(f"ZL97{each.case[1:]}{bought}", Obtained.TRANSFERRED, day, seller)
            )
        found.append(each)
    return found


def inflated_figures(dice: random.Random, new: Maker) -> list[Firm]:
    """The application says more than tax or the annual report."""
    facts = default_library().national.facts
    found = []
    for number in range(EACH):
        each = _forged(new(dice), "differing_figure", hard=number >= 8)
        share = dice.uniform(0.2, 0.8) if number < 5 else dice.uniform(0.12, 0.2)
        if number >= 8:  # a little, everywhere
            share = dice.uniform(0.04, 0.08)
        true = each.figures["revenue", LAST]
        source = (
            FigureSource.ANNUAL_REPORT
            if number % 3 == 2 and number < 8
            else FigureSource.TAX
        )
        each.elsewhere = [Figure(facts["revenue"], LAST, Decimal(true), source)]
        for fact in ("revenue", "main_revenue"):
            each.figures[fact, LAST] = round(each.figures[fact, LAST] * (1 + share))
        each.restated = number == 7  # says so, and shows nothing
        found.append(each)
    return found


def impossible_ratios(dice: random.Random, new: Maker) -> list[Firm]:
    found = []
    for number in range(EACH):
        each = _forged(new(dice), "far_from_peers", hard=number >= 8)
        factor = dice.uniform(5, 10) if number < 8 else dice.uniform(1.8, 2.4)
        fact = ("rnd_expense", "employees", "total_liabilities")[number % 3]
        for year in (LAST, LAST - 1):
            value = each.figures[fact, year]
            raised = value * factor if fact == "rnd_expense" else value / factor
            each.figures[fact, year] = max(round(raised), 2)
            if fact == "employees":
                staff = each.figures["rnd_staff", year] / factor
                each.figures["rnd_staff", year] = max(round(staff), 1)
        each.elsewhere = firms.elsewhere(dice, each.figures)
        found.append(each)
    return found


def bent_audits(dice: random.Random, new: Maker) -> list[Firm]:
    """Six of one auditor, two of a second with honest clients, two of well-spread ones."""
    found = []
    for number in range(EACH):
        each = _forged(new(dice), "auditor_concentration", hard=number >= 6)
        fact, bar = ("revenue", REVENUE_BAR) if number % 2 else ("rnd_expense", RND_BAR)
        value = round(bar * dice.uniform(1.0005, 1.02))
        old = each.figures[fact, LAST]
        names = (*MONEY, "employees", "rnd_staff") if fact == "revenue" else (fact,)
        for name in names:
            each.figures[name, LAST] = round(each.figures[name, LAST] * value / old)
        each.figures[fact, LAST] = value
        if fact == "rnd_expense":  # a firm of a size that would spend so much
            scale = value / old
            for name in (*MONEY, "employees", "rnd_staff"):
                if name != fact:
                    each.figures[name, LAST] = round(each.figures[name, LAST] * scale)
        each.elsewhere = firms.elsewhere(dice, each.figures)
        if number < 8:
            each.auditor = firms.auditor(300 if number < 6 else 7)
        found.append(each)
    return found


def borrowed_papers(
    dice: random.Random, new: Maker, honest: Sequence[Firm]
) -> list[Firm]:
    found = []
    ring = firms.paper(dice, "检测报告")
    for number in range(EACH):
        each = _forged(new(dice), "reused_document", hard=number >= 8)
        if number < 4:
            each.documents[2] = ring
        elif number < 8:
            source = dice.choice(honest)
            source.copied_from = True
            place = number % 3
            each.documents[place] = source.documents[place]
        else:  # scanned again: not the same file
            each.documents[1] = firms.paper(dice, "销售合同")
        found.append(each)
    return found


def copied_accounts(
    dice: random.Random, new: Maker, honest: Sequence[Firm]
) -> list[Firm]:
    """Another firm's amounts as they are, multiplied through, each one jittered."""
    found = []
    for number in range(EACH):
        each = _forged(new(dice), "copied_figures", hard=number >= 8)
        source = found[-1] if number % 2 else dice.choice(honest)
        source.copied_from = source.forged is None
        factor = 1.0 if number < 4 else dice.uniform(0.7, 1.4)
        for fact in MONEY:
            for year in (LAST, LAST - 1):
                if number == 3 and year != LAST:
                    continue
                jitter = dice.uniform(0.985, 1.015) if number >= 8 else 1
                value = source.figures[fact, year] * factor * jitter
                each.figures[fact, year] = round(value)
        each.elsewhere = firms.elsewhere(dice, each.figures)
        found.append(each)
    return found
