"""Write samples/demo.xlsx: 40 fictional enterprises of a made-up province.

Written as officers write: a title, years above merged cells, amounts in several units,
blanks and 不详. Division codes 99xxxx exist nowhere, so no firm can be taken for a real
one. Run `python samples/build_demo.py`; the file is committed.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import xlsxwriter

OUT = Path(__file__).with_name("demo.xlsx")
YEARS = (2025, 2024, 2023)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# name, industry, division, founded, employees, revenue 万元 ×3, and what is special
Firm = tuple[str, str, str, str, int, tuple[float, float, float], dict[str, object]]

HELD_TECH = {"有效的科技型中小企业": "是"}
HELD_INNOVATIVE = {"有效的创新型中小企业": "是", "创新型有效期至": "2028-12-31"}
HELD_SRDI = {
    **HELD_INNOVATIVE,
    "有效的专精特新中小企业": "是",
    "专精特新有效期至": "2027-06-30",
}
HELD_GIANT = {
    "有效的专精特新“小巨人”企业": "是",
    "小巨人有效期至": "2026-12-31",
    "小巨人批次": "五",
}
UNKNOWN_TITLES = {
    "有效的科技型中小企业": "",
    "有效的创新型中小企业": "不详",
    "有效的专精特新中小企业": "",
}
GIANT_LIKE = {
    "主营占比": 0.95,
    "研发占比": 0.052,
    "全国细分市场占有率(%)": 18,
    "细分市场国内排名": 2,
    "与主导产品相关的Ⅰ类知识产权": 9,
    "其中自主研发": 8,
    "其中高价值": 2,
    "其中已应用并产生经济效益": 6,
    "主导产品属于重点领域": "是",
    "位于产业链关键环节并发挥补短板等作用": "是",
    "研发机构级别": "省级",
    "核心业务采用信息系统支撑": "是",
    "产品通过发达国家和地区认证": "是",
    "专精特新发展评价得分（平台）": 71,
}

FIRMS: list[Firm] = [
    # -- starting out: technology-based and innovative SMEs ----------------------
    (
        "青禾传感技术",
        "3983",
        "990102",
        "2020年6月",
        28,
        (860, 610, 405),
        {"研发占比": 0.11, "科技占比": 0.36},
    ),
    (
        "北坡软件",
        "6513",
        "990102",
        "2021-03-15",
        36,
        (1240, 905, 610),
        {"研发占比": 0.18, "科技占比": 0.55, **HELD_TECH},
    ),
    (
        "云杉检测服务",
        "7452",
        "990103",
        "2018年9月",
        42,
        (1460, 1380, 1295),
        {"研发占比": 0.041, "科技占比": 0.24, **HELD_TECH},
    ),
    (
        "春江生物育种",
        "0111",
        "990221",
        "2016年4月",
        65,
        (2380, 2210, 2035),
        {"研发占比": 0.034, "科技占比": 0.12, "与主导产品相关的Ⅱ类知识产权": 1},
    ),
    (
        "砚台文具",
        "2411",
        "990222",
        "2009-11-02",
        118,
        (3260, 3190, 3305),
        {
            "研发占比": 0.006,
            "科技占比": 0.03,
            "与主导产品相关的Ⅰ类知识产权": 0,
            "其中自主研发": 0,
            "其中高价值": 0,
            "其中已应用并产生经济效益": 0,
            "与主导产品相关的Ⅱ类知识产权": 1,
        },
    ),
    (
        "石桥数据服务",
        "6540",
        "990102",
        "2022年2月",
        19,
        (540, 310, 120),
        {"研发占比": 0.22, "科技占比": 0.68, "进入细分市场日期": "2022年3月"},
    ),
    (
        "白鹭环保设备",
        "3591",
        "990104",
        "2017年5月",
        57,
        (2150, 1890, 1610),
        {"研发占比": 0.047, "科技占比": 0.21, **HELD_TECH, **HELD_INNOVATIVE},
    ),
    (
        "麦田食品机械",
        "3531",
        "990223",
        "2013-08-19",
        83,
        (4120, 3950, 3720),
        {"研发占比": 0.032, "科技占比": 0.16, **HELD_INNOVATIVE},
    ),
    # -- aiming at 专精特新 --------------------------------------------------------
    (
        "沐光光学元件",
        "4040",
        "990102",
        "2015年7月",
        96,
        (5088, 4630, 4215),
        {"研发占比": 0.047, **HELD_INNOVATIVE, "营业收入@2025": "5,088万元"},
    ),
    (
        "汇川阀门制造",
        "3443",
        "990104",
        "2011年3月",
        142,
        (8650, 8120, 7640),
        {"研发占比": 0.031, **HELD_INNOVATIVE},
    ),
    (
        "长岭轴承",
        "3451",
        "990221",
        "2006-05-12",
        210,
        (12800, 11900, 11250),
        {"研发占比": 0.028, **HELD_INNOVATIVE},
    ),
    (
        "云起工业软件",
        "6513",
        "990102",
        "2019年1月",
        88,
        (1380, 1120, 870),
        {
            "研发占比": 0.31,
            **HELD_TECH,
            "新增股权融资（合格机构投资者实缴额）@2025": "2500万元",
            "新增股权融资（合格机构投资者实缴额）@2024": 0,
        },
    ),
    (
        "松针新材料",
        "2651",
        "990104",
        "2014年10月",
        121,
        (7450, 6980, 6420),
        {"研发占比": 0.036, **HELD_INNOVATIVE, "负债率": 0.83},
    ),
    (
        "雨巷纺织科技",
        "1751",
        "990222",
        "2010年6月",
        265,
        (15600, 15100, 15900),
        {"研发占比": 0.033, "主营占比": 0.74, **HELD_INNOVATIVE},
    ),
    (
        "碧波水处理",
        "3597",
        "990103",
        "2016-09-30",
        74,
        (4300, 3980, 3510),
        {
            "研发占比": 0.052,
            **HELD_INNOVATIVE,
            "与主导产品相关的Ⅰ类知识产权": 0,
            "其中自主研发": 0,
            "其中高价值": 0,
            "其中已应用并产生经济效益": 0,
        },
    ),
    (
        "远山智能仪表",
        "4019",
        "990102",
        "2018年11月",
        103,
        (6240, 5510, 4870),
        {
            "研发占比": 0.058,
            **HELD_TECH,
            **HELD_INNOVATIVE,
            "专精特新发展评价得分（平台）": "",
        },
    ),
    (
        "金穗农机",
        "3572",
        "990223",
        "2012年2月",
        156,
        (9380, 9020, 8810),
        {"研发占比": 0.034, **HELD_INNOVATIVE, "研发费用（审计报告口径）@2024": "不详"},
    ),
    (
        "北辰焊接技术",
        "3424",
        "990104",
        "2013年12月",
        92,
        (5720, 5310, 4980),
        {"研发占比": 0.041, **HELD_INNOVATIVE, "近三年数据造假": "是"},
    ),
    (
        "霁月医疗器械",
        "3581",
        "990102",
        "2017年8月",
        131,
        (7890, 6950, 5980),
        {"研发占比": 0.079, **HELD_INNOVATIVE, "市场地位经评审认可": "是"},
    ),
    (
        "新塘模具",
        "3525",
        "990222",
        "2023年5月",
        47,
        (3150, 2480, 900),
        {
            "研发占比": 0.044,
            **HELD_INNOVATIVE,
            "进入细分市场日期": "2023年6月",
            "专精特新发展评价得分（平台）": 55,
        },
    ),
    # -- holders of 专精特新, aiming at 小巨人 -------------------------------------
    (
        "鸿途减速器",
        "3453",
        "990102",
        "2009年4月",
        286,
        (18600, 16500, 14700),
        {**GIANT_LIKE, **HELD_SRDI},
    ),
    (
        "天枢伺服电机",
        "3813",
        "990102",
        "2012-07-08",
        240,
        (15200, 13900, 12850),
        {
            **GIANT_LIKE,
            **HELD_SRDI,
            "市场地位经评审认可": "是",
            "重点领域和关键环节经评审认可": "是",
        },
    ),
    (
        "宁远特种陶瓷",
        "3073",
        "990104",
        "2008年1月",
        198,
        (9860, 9510, 9180),
        {**GIANT_LIKE, **HELD_SRDI, "研发占比": 0.061},
    ),
    (
        "微澜芯片封装",
        "3973",
        "990102",
        "2016年3月",
        310,
        (26400, 22100, 17800),
        {**GIANT_LIKE, **HELD_SRDI, "负债率": 0.79},
    ),
    (
        "银杏药用辅料",
        "2780",
        "990103",
        "2011年9月",
        175,
        (11200, 10400, 9750),
        {**GIANT_LIKE, **HELD_SRDI, "主营占比": 0.86},
    ),
    (
        "朗峰液压",
        "3444",
        "990221",
        "2010年10月",
        223,
        (13400, 12700, 12100),
        {**GIANT_LIKE, **HELD_SRDI, "其中已应用并产生经济效益": 3},
    ),
    (
        "澄江电缆附件",
        "3831",
        "990222",
        "2007-02-27",
        264,
        (21700, 20300, 19200),
        {**GIANT_LIKE, **HELD_SRDI, "专精特新发展评价得分（平台）": 58},
    ),
    (
        "赤松航空紧固件",
        "3482",
        "990104",
        "2013年6月",
        152,
        (4820, 4410, 4060),
        {**GIANT_LIKE, **HELD_SRDI, "研发占比": 0.14},
    ),
    (
        "溪山工业机器人",
        "3491",
        "990102",
        "2015-05-05",
        275,
        (23500, 19800, 16900),
        {**GIANT_LIKE, **HELD_SRDI, "专精特新有效期至": "2025-12-31"},
    ),
    (
        "平湖过滤材料",
        "1781",
        "990103",
        "2012年8月",
        168,
        (8940, 8300, 7720),
        {
            **GIANT_LIKE,
            **HELD_SRDI,
            "全国细分市场占有率(%)": "",
            "细分市场国内排名": "",
        },
    ),
    # -- 小巨人, champions, unicorns ------------------------------------------------
    (
        "昆仑密封科技",
        "2913",
        "990102",
        "2004年3月",
        342,
        (31500, 28800, 26200),
        {**GIANT_LIKE, **HELD_SRDI, **HELD_GIANT, "全球市场占有率排名": 6},
    ),
    (
        "潮汐海洋装备",
        "3737",
        "990103",
        "2010-10-18",
        298,
        (27600, 25500, 23800),
        {
            **GIANT_LIKE,
            **HELD_SRDI,
            **HELD_GIANT,
            "市场地位经评审认可": "是",
            "重点领域和关键环节经评审认可": "是",
        },
    ),
    (
        "凌云碳纤维",
        "2829",
        "990102",
        "2008年12月",
        355,
        ("5.2亿", "4.6亿", "4.1亿"),
        {**GIANT_LIKE, **HELD_SRDI, **HELD_GIANT, "全球市场占有率排名": 3},
    ),
    (
        "大河轧辊",
        "3516",
        "990221",
        "1998-06-26",
        486,
        ("6.8亿元", "6.5亿元", "6.1亿元"),
        {
            **GIANT_LIKE,
            **HELD_SRDI,
            **HELD_GIANT,
            "制造业单项冠军": "是",
            "全球市场占有率排名": 2,
        },
    ),
    (
        "启明自动驾驶",
        "6513",
        "990102",
        "2019年5月",
        620,
        ("3.9亿", "2.2亿", "1.1亿"),
        {
            "研发占比": 0.62,
            "最近一轮估值(万美元)": "16.5亿美元",
            "新增股权融资（合格机构投资者实缴额）@2025": "4.2亿",
            "与主导产品相关的Ⅰ类知识产权": 46,
        },
    ),
    (
        "长明储能",
        "3841",
        "990102",
        "2014年9月",
        940,
        ("12.6亿", "9.8亿", "7.4亿"),
        {
            "研发占比": 0.071,
            "最近一轮估值(万美元)": "11亿美元",
            "新增股权融资（合格机构投资者实缴额）@2024": "3亿",
            "与主导产品相关的Ⅰ类知识产权": 31,
        },
    ),
    # -- what does not fit, or is not known ---------------------------------------
    (
        "九州重型机械",
        "3516",
        "990102",
        "1992-04-01",
        2860,
        ("38亿", "36亿", "35亿"),
        {"研发占比": 0.034},
    ),
    (
        "同心融资租赁",
        "6631",
        "990102",
        "2013年7月",
        64,
        (9200, 8800, 8500),
        {"研发占比": 0.0, "主营占比": 0.97},
    ),
    (
        "初芽合成生物",
        "7340",
        "990102",
        "2025年3月",
        12,
        (0, "", ""),
        {
            "研发费用（审计报告口径）@2025": 350,
            "进入细分市场日期": "2025年4月",
            "新增股权融资（合格机构投资者实缴额）@2025": "1,200万元",
        },
    ),
    (
        "待补资料",
        "3311",
        "990223",
        "不详",
        0,
        ("", "", ""),
        {**UNKNOWN_TITLES, "从业人员": "不详"},
    ),
]

YEARLY = [
    ("营业收入(万元)", 3),
    ("主营业务收入(万元)", 3),
    ("净利润(万元)", 1),
    ("资产总额(万元)", 1),
    ("负债总额(万元)", 1),
    ("成本费用总额(万元)", 1),
    ("研发费用（审计报告口径）(万元)", 3),
    ("研发费用（高企专审口径）(万元)", 3),
    ("境内研发费用（高企专审口径）(万元)", 3),
    ("高新技术产品（服务）收入(万元)", 1),
    ("新增股权融资（合格机构投资者实缴额）(万元)", 3),
    ("从业人员", 1),
    ("研发人员", 1),
    ("科技人员", 1),
]
NOW = [
    "进入细分市场日期",
    "主导产品所属领域",
    "属于战略性新兴产业",
    "主导产品属于重点领域",
    "位于产业链关键环节并发挥补短板等作用",
    "全国细分市场占有率(%)",
    "细分市场国内排名",
    "全球市场占有率排名",
    "市场地位经评审认可",
    "重点领域和关键环节经评审认可",
    "数字化水平等级",
    "省级以上质量奖",
    "质量管理体系认证",
    "产品通过发达国家和地区认证",
    "自主品牌",
    "参与制修订标准",
    "核心业务采用信息系统支撑",
    "与主导产品相关的Ⅰ类知识产权",
    "其中自主研发",
    "其中高价值",
    "其中已应用并产生经济效益",
    "与主导产品相关的Ⅱ类知识产权",
    "研发机构级别",
    "近三年科技奖励",
    "近三年“创客中国”名次",
    "国家级技术创新示范企业",
    "知识产权优势或示范企业",
    "近五年国家级科技奖励且排名前三",
    "近五年主导制定国际、国家或行业标准",
    "有效期内高新技术企业",
    "有效的科技型中小企业",
    "有效的创新型中小企业",
    "有效的专精特新中小企业",
    "有效的专精特新“小巨人”企业",
    "制造业单项冠军",
    "创新型有效期至",
    "专精特新有效期至",
    "小巨人有效期至",
    "小巨人批次",
    "与已认定小巨人有控制关系",
    "同集团有主导产品相近的小巨人",
    "专精特新发展评价得分（平台）",
    "最近一轮估值(万美元)",
    "是否上市",
    "境内注册的居民企业",
]
CONDUCT = [
    "列入经营异常名录",
    "列入严重失信主体名单",
    "近三年重大安全、质量、环境污染等事故",
    "近三年偷漏税等违法违规",
    "近三年数据造假",
    "产品属于禁止、限制或淘汰类",
    "科研严重失信",
]


def credit_code(division: str, serial: int) -> str:
    """A well-formed code of a division that does not exist."""
    body = f"91{division}MA{serial:07d}"
    weights = [pow(3, at, 31) for at in range(17)]
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, weights, strict=True))
    return body + ALPHABET[-total % 31]


def amount(value: object) -> float | None:
    """A figure in 万元, also from 5.2亿; None for a blank."""
    if isinstance(value, int | float):
        return float(value)
    text = str(value).removesuffix("元").removesuffix("亿")
    return float(text) * 10_000 if text else None


def cells(firm: Firm, serial: int) -> dict[str, object]:
    """All columns of one enterprise, by name and year."""
    name, industry, division, founded, employees, revenue, special = firm
    row: dict[str, object] = {
        "企业名称": f"示范省{name}有限公司（虚构）",
        "统一社会信用代码": credit_code(division, serial),
        "行政区划代码": division,
        "国民经济行业代码": industry,
        "成立日期": founded,
    }
    main = float(special.get("主营占比", 0.92))  # type: ignore[arg-type]
    rnd = float(special.get("研发占比", 0.04))  # type: ignore[arg-type]
    for year, value in zip(YEARS, revenue, strict=True):
        figure = amount(value)
        row[f"营业收入@{year}"] = value
        if figure is not None:
            row[f"主营业务收入@{year}"] = round(figure * main, 2)
            row[f"研发费用（审计报告口径）@{year}"] = round(figure * rnd, 2)
            row[f"研发费用（高企专审口径）@{year}"] = round(figure * rnd * 0.95, 2)
            row[f"境内研发费用（高企专审口径）@{year}"] = round(figure * rnd * 0.95, 2)
    last = amount(revenue[0])
    if last is not None:
        debt = float(special.get("负债率", 0.42))  # type: ignore[arg-type]
        assets = round(last * 1.3 + 300, 2)
        row |= {
            "高新技术产品（服务）收入@2025": round(last * main * 0.8, 2),
            "净利润@2025": round(last * 0.085, 2),
            "资产总额@2025": assets,
            "负债总额@2025": round(assets * debt, 2),
            "成本费用总额@2025": round(last * 0.9, 2),
        }
    tech = float(special.get("科技占比", 0.22))  # type: ignore[arg-type]
    row |= {
        "从业人员@2025": employees,
        "研发人员@2025": round(employees * tech * 0.8),
        "科技人员@2025": round(employees * tech),
    }
    row |= {f"新增股权融资（合格机构投资者实缴额）@{year}": 0 for year in YEARS}
    row |= DEFAULTS
    row |= dict.fromkeys(CONDUCT, "否")
    hidden = {"主营占比", "研发占比", "科技占比", "负债率"}
    for key, value in special.items():
        if key not in hidden:
            row["从业人员@2025" if key == "从业人员" else key] = value
    if name == "待补资料":
        row |= dict.fromkeys(
            [*DEFAULTS, *CONDUCT, "研发人员@2025", "科技人员@2025"], ""
        )
        row |= dict.fromkeys(
            [f"新增股权融资（合格机构投资者实缴额）@{y}" for y in YEARS], "-"
        )
    if industry[:2] == "66":
        row |= {"研发费用（审计报告口径）@2025": 0, "研发人员@2025": 0}
    return row


DEFAULTS: dict[str, object] = {
    "进入细分市场日期": "2016年1月",
    "主导产品所属领域": "六基领域、中华老字号或配套龙头企业",
    "属于战略性新兴产业": "是",
    "主导产品属于重点领域": "是",
    "位于产业链关键环节并发挥补短板等作用": "否",
    "全国细分市场占有率(%)": 6.5,
    "细分市场国内排名": 8,
    "全球市场占有率排名": 30,
    "市场地位经评审认可": "",
    "重点领域和关键环节经评审认可": "",
    "数字化水平等级": 2,
    "省级以上质量奖": "无",
    "质量管理体系认证": "有",
    "产品通过发达国家和地区认证": "无",
    "自主品牌": "有",
    "参与制修订标准": "否",
    "核心业务采用信息系统支撑": "是",
    "与主导产品相关的Ⅰ类知识产权": 3,
    "其中自主研发": 2,
    "其中高价值": 0,
    "其中已应用并产生经济效益": 2,
    "与主导产品相关的Ⅱ类知识产权": 12,
    "研发机构级别": "市级",
    "近三年科技奖励": "无",
    "近三年“创客中国”名次": "无",
    "国家级技术创新示范企业": "否",
    "知识产权优势或示范企业": "否",
    "近五年国家级科技奖励且排名前三": "否",
    "近五年主导制定国际、国家或行业标准": "否",
    "有效期内高新技术企业": "是",
    "有效的科技型中小企业": "否",
    "有效的创新型中小企业": "否",
    "有效的专精特新中小企业": "否",
    "有效的专精特新“小巨人”企业": "否",
    "制造业单项冠军": "否",
    "与已认定小巨人有控制关系": "否",
    "同集团有主导产品相近的小巨人": "否",
    "专精特新发展评价得分（平台）": 63,
    "是否上市": "否",
    "境内注册的居民企业": "是",
}


def write() -> None:
    """Write the workbook."""
    book = xlsxwriter.Workbook(str(OUT), {"strings_to_formulas": False})
    book.set_properties({"created": datetime.datetime(2026, 6, 1)})  # noqa: DTZ001
    sheet = book.add_worksheet("企业摸底表")
    base = {"font_name": "Microsoft YaHei", "font_size": 10, "border": 1}
    body = book.add_format(base)
    head = book.add_format(
        {
            **base,
            "bold": True,
            "bg_color": "#DCEBEB",
            "text_wrap": True,
            "align": "center",
        }
    )
    title = book.add_format(
        {"font_name": "Microsoft YaHei", "font_size": 14, "bold": True}
    )
    sheet.write(
        0, 0, "示范省2026年优质中小企业摸底表（企业和数据均为虚构，仅供演示）", title
    )
    columns: list[tuple[str, str]] = []
    for name in (
        "企业名称",
        "统一社会信用代码",
        "行政区划代码",
        "国民经济行业代码",
        "成立日期",
    ):
        columns.append((name, name))
    for year in YEARS:
        for name, count in YEARLY:
            if YEARS.index(year) < count:
                key = name.removesuffix("(万元)")
                columns.append((name, f"{key}@{year}"))
    columns += [(name, name) for name in (*NOW, *CONDUCT)]
    _write_head(sheet, columns, head)
    for serial, firm in enumerate(FIRMS, start=1):
        row = cells(firm, serial)
        for at, (_, key) in enumerate(columns):
            sheet.write(serial + 2, at, row.get(key, ""), body)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, len(columns), 12)
    sheet.set_row(2, 48)
    sheet.freeze_panes(3, 1)
    book.close()


def _write_head(sheet: object, columns: list[tuple[str, str]], head: object) -> None:
    """Two header rows: years over merged cells, names below; others merged down."""
    groups: dict[str, list[int]] = {}
    for at, (name, key) in enumerate(columns):
        year = key.partition("@")[2]
        if year:
            groups.setdefault(year, []).append(at)
            sheet.write(2, at, name, head)  # type: ignore[attr-defined]
        else:
            sheet.merge_range(1, at, 2, at, name, head)  # type: ignore[attr-defined]
    for year, places in groups.items():
        sheet.merge_range(1, places[0], 1, places[-1], f"{year}年", head)  # type: ignore[attr-defined]


if __name__ == "__main__":
    write()
