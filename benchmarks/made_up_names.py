"""Fictional firms by the hundred thousand, named the way firms are named."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tidu.intake.credit_codes import ALPHABET, check_digit
from tidu.registry.names import short_name
from tidu.rules.divisions import default_divisions

_TRADE = (
    "华智鑫盛达瑞恒泰宏远通利源丰益兴隆嘉德信诚博创新科天宇海洋金龙安康美佳顺和光明星辰"
    "云峰山川江河卓越凯旋永昌富贵长青松柏亿万千百正大同方圆东南西北中联众合力强威腾飞跃"
    "启晨晟昊泽润沃森林木水火土石铭锐锋钧铂钛锦绣云帆远航乐怡悦欣荣茂祥福禄寿喜"
)
_FIELD = """
科技 电子 机械 新材料 环保 智能 信息 网络 生物 医药 食品 农业 化工 纺织 服饰 建材 包装
汽车零部件 精密 模具 电气 电器 能源 光电 软件 通信 物流 商贸 文化 教育 工程 装备 仪器
阀门 轴承 液压 塑胶 橡胶 金属 五金 印刷 家具 陶瓷 玻璃 半导体 医疗器械 自动化 传感器
""".split()  # noqa: SIM905 - readable
_KIND = ("科技", "技术", "制造", "设备", "实业", "工业", "发展", "贸易", "工程", "系统")
_WITH_KIND, _LONG_DIVISION, _WITH_LATIN = 0.6, 0.4, 0.02  # shares of the names
_ORGANISATION = 9  # characters
_SCATTER = 7_919_000_000_019  # no multiple of 31
_FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司")


def made_up_firms(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Name and credit code of fictional firms, spread over all divisions.

    Frequent characters are frequent: the first of the trade characters are drawn ten
    times as often as the last. Two names may be equal, two codes are not.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    places = [d for d in default_divisions() if not d.code.startswith("99")]
    weights = [1 / (at + 10) for at in range(len(_TRADE))]
    for number in range(count):
        place = dice.choice(places)
        length = dice.choices((2, 3, 4), (70, 20, 10))[0]
        trade = "".join(dice.choices(_TRADE, weights, k=length))
        kind = dice.choice(_KIND) if dice.random() < _WITH_KIND else ""
        written = (
            place.name if dice.random() < _LONG_DIVISION else short_name(place.name)
        )
        latin = dice.choice(("AI", "3D", "IoT")) if dice.random() < _WITH_LATIN else ""
        name = (
            f"{written}{trade}{latin}{dice.choice(_FIELD)}{kind}{dice.choice(_FORMS)}"
        )
        yield name, credit_code(place.code, number)


def credit_code(division: str, number: int) -> str:
    """A well-formed code; other numbers below 31**9 give other organisation parts."""
    number = number * _SCATTER % len(ALPHABET) ** _ORGANISATION
    part = ""
    for _ in range(_ORGANISATION):
        number, rest = divmod(number, len(ALPHABET))
        part = ALPHABET[rest] + part
    body = f"91{division}{part}"
    return body + check_digit(body)
