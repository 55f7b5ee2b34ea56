"""Which parts does a company name have, and when are two spellings one name?

A registered name is 行政区划 + 字号 + 行业 + 组织形式 (企业名称登记管理规定 第六条);
the division may be left out, or stand in brackets behind the trade name.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Mapping

from tidu.rules.divisions import COUNTY, Division, Divisions, default_divisions

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_BRACKETS = str.maketrans("〔〕【】[]「」『』{}<>〈〉《》", "()()()()()()()()()")
_DROPPED = re.compile(r"[^\w()]|_")
_ROUND = re.compile(r"[()]")
_FORMER = re.compile(r"\((?:原名称?|原|曾用名|前称)([^()]*(?:\([^()]*\)[^()]*)*)\)$")

# The same form written in two ways: 公司法 第七条 lets a firm write either.
_LIMITED, _JOINT_STOCK = "有限公司", "股份有限公司"
_SAME_FORM = {
    "有限责任公司": _LIMITED,
    "股份有限责任公司": _JOINT_STOCK,
    "股份公司": _JOINT_STOCK,
}
_FORMS = (
    "股份有限责任公司 股份有限公司 股份公司 有限责任公司 有限公司 集团公司 总公司 公司 "
    "有限合伙 普通合伙 特殊普通合伙 合作社 合作联社 总厂 工厂 厂 研究院 研究所 事务所 "
    "设计院 供销社 经营部 商行 商店 门市部 加工厂 中心 农场 个体工商户 工作室"
)
_FORM = re.compile(
    r"^(?P<rest>.+?)(?P<group>\(?集团\)?)?\(?(?P<form>"
    + "|".join(sorted(_FORMS.split(), key=len, reverse=True))
    + r")?\)?$"
)
_BRANCH = re.compile(
    r"^(.*公司.*?)([^()公司]{0,12}(?:分公司|支公司|办事处|营业部|项目部))$"
)

# What firms do, as their names say it. A trade name ends where the first of them
# begins; a word left out only makes the trade name longer.
_INDUSTRY_WORDS = """
科技 技术 高科 新材料 材料 环保 环境 生态 节能 新能源 能源 智能 智控 智造 智慧 数控
数字 数据 数码 信息 软件 网络 互联网 物联网 通信 通讯 电子 电气 电器 电力 电机 电梯
电缆 电线 电源 电池 电路 电商 电声 电动 电工 光电 光学 光伏 光纤 微电子 半导体
集成电路 芯片 照明 激光 机械 机电 机床 机器人 机器 装备 设备 仪器 仪表 器材 模具 模塑
工具 刀具 量具 磨具 轴承 齿轮 传动 传感 液压 气动 密封 阀门 泵业 水泵 泵阀 压缩机
风机 制冷 空调 暖通 锅炉 容器 管业 管道 管件 紧固件 标准件 弹簧 链条 五金 精工 精密
精机 重工 铸造 锻造 焊接 金属 合金 铝业 铜业 钢业 钢铁 钢管 钢构 钢结构 不锈钢 磁业
磁性 磁材 汽车 车业 车辆 汽配 零部件 部件 配件 航空 航天 船舶 轨道 交通 物流 运输
仓储 供应链 化工 化学 化纤 石化 石油 涂料 颜料 染料 油墨 助剂 橡胶 橡塑 塑料 塑胶
塑业 高分子 复合材料 纤维 玻璃 陶瓷 水泥 混凝土 建材 建筑 建设 工程 路桥 市政 园林
装饰 幕墙 门窗 家具 家居 木业 竹业 卫浴 厨具 厨电 纸业 包装 印刷 印务 印染 纺织 针织
织造 丝绸 服饰 服装 制衣 时装 鞋业 皮革 箱包 家纺 无纺布 日化 化妆品 用品 文具 玩具
工艺品 礼品 珠宝 饰品 体育 食品 饮料 乳业 酒业 茶业 粮油 米业 面业 水产 果业 农业
农牧 牧业 种业 饲料 肥业 农机 林业 园艺 生物 制药 药业 医药 医疗 医学 医用 器械 健康
诊断 基因 检测 测控 控制 自动化 自控 系统 安防 安全 消防 计算机 计量 教育 文化 传媒
传播 影视 动漫 广告 创意 设计 咨询 管理 服务 顾问 投资 资产 控股 置业 实业 工业 产业
企业 工贸 商贸 贸易 经贸 国际 进出口 发展 开发 制造 制品 加工 产品 矿业 煤业 冶金
耐火 特种 特材 水务 净化 过滤 膜 燃气 热能 热力 热电 发电 风电 水电 核电 储能 氢能
动力 驱动 旅游 酒店 餐饮 物业 租赁 担保 小额贷款 典当 保险 证券 期货 人力资源 劳务
测绘 勘察 印章 眼镜 钟表 养殖 肥料 农资 造纸 线缆 风管 铸业 锻压 漆业 镜业 肉业 草业
蜂业 碳素 石墨 炉料 快运 家政 营销 研发 干细胞 生命科学 医院 药房 粮食 煤炭 矿山 石材
制笔 缝纫 缝制 电脑 办公 文创 休闲 户外 运动 器具 餐具 炊具 杯业 伞业 衡器 锁业 灯具
灯饰
"""
_INDUSTRY = re.compile("|".join(sorted(_INDUSTRY_WORDS.split(), key=len, reverse=True)))
_SHORTEST_TRADE = 2
_LONGEST_DIVISION = 11

_ETHNIC = re.compile(r"^(.{2,}?)(?:[一-龥]{1,4}族)+自治[州县旗区]$")
_REGIONS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}
_ENDING = re.compile(r"(?:特区|林区|矿区|新区|地区|自治[州县旗]|省|市|区|县|盟|旗)$")
_NEEDS_ITS_CITY = ("区", "旗")  # 和平 or 新华 alone is a trade name, not a district


@dataclasses.dataclass(frozen=True, slots=True)
class NameParts:
    """A name in normal form and its parts; what is not there is empty.

    ``exact`` is the whole name; ``core`` the name without organisation form and 集团,
    of its leading divisions only the smallest, without 省, 市, 县; ``bare`` the core
    without that. ``divisions`` are the codes the smallest named division may have: 鼓楼
    is a district of several cities.
    """

    exact: str
    core: str
    bare: str
    division: str
    divisions: tuple[str, ...]
    trade: str
    industry: str
    form: str
    group: bool
    branch: str


def tidy(name: str) -> str:
    """Half-width, lower case, round brackets, no blanks and no other punctuation."""
    shown = unicodedata.normalize("NFKC", name.translate(_INVISIBLE))
    return _DROPPED.sub("", shown.translate(_BRACKETS)).lower()


def split_former(name: str) -> tuple[str, str]:
    """A name as lists print it, and the former one behind it: 甲公司（原乙公司）."""
    text = tidy(name)
    found = _FORMER.search(text)
    if found and found.start():
        return text[: found.start()], found.group(1)
    return text, ""


def exact_form(name: str) -> str:
    """The normal form under which two spellings are one registered name.

    Width, case, blanks, brackets and punctuation do not count; 有限责任公司 is
    有限公司. Nothing else is dropped.
    """
    text = _ROUND.sub("", tidy(name))
    for written, normal in _SAME_FORM.items():
        if text.endswith(written):
            return text[: -len(written)] + normal
    return text


def split_name(name: str) -> NameParts:
    """The parts of a company name in any spelling."""
    text = tidy(name)
    branch = ""
    if found := _BRANCH.match(text):
        text, branch = found.group(1), _ROUND.sub("", found.group(2))
    shape = _FORM.match(text)
    rest, form, group = text, "", False
    if shape:
        rest, form = shape["rest"], shape["form"] or ""
        group = bool(shape["group"]) or rest.endswith("集团")
    form = _SAME_FORM.get(form, form)
    gazetteer = _gazetteer()
    rest = rest.replace("(集团)", "")
    found_divisions, length = gazetteer.read_head(rest)
    body = _ROUND.sub("", rest[length:])
    inner, bracket = gazetteer.read_brackets(rest[length:])
    head = gazetteer.short_line(found_divisions)
    own = _ROUND.sub("", rest[length:].replace(bracket, "", 1))
    at = _start_of_industry(own)
    return NameParts(
        exact=exact_form(name),
        core=(short_name(found_divisions[-1][0].name) if head else "") + body + branch,
        bare=body + branch,
        division=head or gazetteer.short_line(inner),
        divisions=_codes(found_divisions or inner),
        trade=own[:at],
        industry=own[at:],
        form=form,
        group=group,
        branch=branch,
    )


def shorten_division(text: str) -> str:
    """A tidy text with its leading divisions written shortly, the smallest only.

    浙江省宁波市华智 and 宁波华智 both become 宁波华智.
    """
    line, length = _gazetteer().read_head(text)
    return short_name(line[-1][0].name) + text[length:] if line else text


def _start_of_industry(body: str) -> int:
    found = _INDUSTRY.search(body, _SHORTEST_TRADE)
    return found.start() if found else len(body)


def _codes(line: tuple[tuple[Division, ...], ...]) -> tuple[str, ...]:
    return tuple(each.code for each in line[-1]) if line else ()


_Line = tuple[tuple[Division, ...], ...]  # per level named: those of that name


class _Gazetteer:
    """The divisions by the ways names write them."""

    def __init__(self, divisions: Divisions) -> None:
        self.heads: dict[str, tuple[Division, ...]] = {}
        self.anywhere: dict[str, tuple[Division, ...]] = {}
        for each in divisions:
            short = short_name(each.name)
            for text in {each.name, short}:
                known = self.anywhere.get(text, ())
                self.anywhere[text] = (*known, each)
            alone = {each.name}
            if each.level != COUNTY or not each.name.endswith(_NEEDS_ITS_CITY):
                alone.add(short)
            for text in alone:
                self.heads[text] = (*self.heads.get(text, ()), each)

    def read_head(self, text: str) -> tuple[_Line, int]:
        """The divisions a name begins with, and how many characters they take.

        The last one, if written short, is given back where nothing but an industry
        would be left: 东方科技 is the firm 东方, not some firm of the city 东方.
        """
        line: list[tuple[Division, ...]] = []
        starts = [0]
        while len(line) < COUNTY:
            found = self._longest(text, starts[-1], line[-1] if line else None)
            if not found:
                break
            named, end = found
            line.append(named)
            starts.append(end)
        if line and text[: starts[-1]].endswith(short_name(line[-1][0].name)):
            rest = text[starts[-1] :]
            if len(rest) < _SHORTEST_TRADE or _INDUSTRY.match(rest):
                line.pop()
                starts.pop()
        return tuple(line), starts[-1]

    def _longest(
        self, text: str, start: int, above: tuple[Division, ...] | None
    ) -> tuple[tuple[Division, ...], int] | None:
        table: Mapping[str, tuple[Division, ...]]
        table = self.heads if above is None else self.anywhere
        for end in range(min(len(text), start + _LONGEST_DIVISION), start + 1, -1):
            named = table.get(text[start:end])
            if named and above is not None:
                named = tuple(n for n in named if any(_inside(n, a) for a in above))
            if named:
                return named, end
        return None

    def read_brackets(self, text: str) -> tuple[_Line, str]:
        """The division in brackets inside a name, as it stands: 华智（上海）科技."""
        for inner in re.findall(r"\(([^()]+)\)", text):
            if inner in self.anywhere:
                return (self.anywhere[inner],), f"({inner})"
        return (), ""

    @staticmethod
    def short_line(line: _Line) -> str:
        """The divisions as one text without 省, 市, 县."""
        return "".join(short_name(named[0].name) for named in line)


@functools.cache
def _gazetteer() -> _Gazetteer:
    return _Gazetteer(default_divisions())


@functools.cache
def short_name(name: str) -> str:
    """A division without its kind: 宁波市 → 宁波, 恩施土家族苗族自治州 → 恩施."""
    if name in _REGIONS:
        return _REGIONS[name]
    if ethnic := _ETHNIC.match(name):
        return ethnic.group(1)
    short = _ENDING.sub("", name)
    return short if len(short) >= _SHORTEST_TRADE else name


def _inside(inner: Division, outer: Division) -> bool:
    stem = outer.code[: 2 * outer.level]
    return inner.level > outer.level and inner.code.startswith(stem)
