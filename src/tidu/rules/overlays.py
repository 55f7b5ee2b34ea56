"""Lay a province's pack over the national one; refuse whatever weakens it.

A province may add facts under its prefix, fill the slots a rule set opens (i09 of
63号 annex 2 and the local slots of measures), add mechanisms of its own and announce
rounds. It may not touch a national criterion or value: the loader
refuses and quotes the clause.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from decimal import Decimal
from pathlib import Path

from tidu.rules import nodes
from tidu.rules.dictionary import load_facts
from tidu.rules.errors import PackError
from tidu.rules.facts import FactDictionary
from tidu.rules.measure_files import (
    Place,
    check_filling,
    check_together,
    load_mechanisms,
)
from tidu.rules.measures import Measure
from tidu.rules.packs import Pack, Round, defined_facts, digest_of, ordered, take_review
from tidu.rules.rulesets import RuleSet
from tidu.rules.schemes import Reader, take_named
from tidu.rules.service_files import load_services, refuse_same
from tidu.rules.vocabulary import Text, Words
from tidu.rules.yamlio import Block, load_block

_PROVINCE_DIGITS = 2


def lay_over(base: Pack, folder: Path) -> Pack:
    """Read a province's pack and lay it over its base.

    Raises PackError: unknown base, a weakened criterion (with its clause), a slot the
    rule set does not open, a cyclic definition.
    """
    block = load_block(folder / "pack.yaml")
    extends = block.take_text("extends", "")
    if extends != base.id:
        raise block.error(
            f"extends 写的是 {extends or '空'}，载入的上级包是 {base.id}",
            remedy="请写上级包的 id",
        )
    prefix = _prefix(block)
    facts = dict(base.facts) | load_facts(folder, prefix=prefix, known=base.facts)
    definitions = dict(base.definitions)
    rounds: list[Round] = []
    for path in sorted(folder.glob("schemes/*/*.yaml")):
        rule_set = _national_rule_set(base, path)
        inner = load_block(path)
        refuse_weakening(inner, rule_set)
        definitions |= _fills(inner, rule_set, facts)
        rounds += [_round(each, rule_set) for each in inner.take_blocks("rounds")]
        inner.finish()
    definitions |= defined_facts(facts, base.facts)
    territory = _province(block)
    here = Place(facts, base.tables, territory)
    measures = _with_local(base, folder, here, prefix)
    services = load_services(folder, here, measures, prefix)
    refuse_same(base.services, services)
    joined = hashlib.sha256(f"{base.digest}{digest_of(folder)}".encode()).hexdigest()
    pack = dataclasses.replace(
        base,
        id=block.take_text("id"),
        title=take_named(block),
        folder=folder,
        review=take_review(block),
        facts=facts,
        words=Words(facts, base.words.quantities),
        territory=territory,
        definitions=ordered(definitions, str(folder)),
        rounds=(*base.rounds, *rounds),
        measures=measures,
        services={**base.services, **services},
        digest=joined,
    )
    block.take_texts("issuers")
    block.take_text("language", "zh-Hans")
    block.finish()
    return pack


def _province(block: Block) -> str:
    """The territory of a pack: a province, as packs are chosen by it."""
    place = block.place("territory")
    found = block.take_text("territory")
    if not (len(found) == _PROVINCE_DIGITS and found.isascii() and found.isdigit()):
        raise PackError(
            f"territory 写的是 {found or '空'}，地方包按省载入",
            place=place,
            remedy="写省级区划代码的前两位；只在一个市县适用的事项，自己写 territory",
        )
    return found


def _prefix(block: Block) -> str:
    """What ids of the province's own begin with; never empty."""
    found = block.take_text("prefix")
    if not found:
        raise block.error("prefix 不能为空", remedy="写地方事实编号的开头，如 gd_")
    return found


def _with_local(
    base: Pack, folder: Path, place: Place, prefix: str
) -> dict[str, Measure]:
    """The national measures with the mechanisms a province adds to them."""
    local = list(load_mechanisms(folder, place, base.measures))
    slots = {each.slot: each for each in base.mechanisms.values() if each.slot}
    for each in local:
        if not each.id.startswith(prefix):
            raise PackError(
                f"事项编号 {each.id} 不以 {prefix} 开头",
                place=each.place,
                remedy="地方事项的编号用本包的 prefix 开头",
            )
        if each.slot:
            raise PackError(
                f"{each.id} 不能再向下开放",
                place=each.place,
                remedy="local 只有国家措施能写，地方写 fills",
            )
        if each.fills and each.fills not in slots:
            raise PackError(
                f"国家措施没有开放项 {each.fills}",
                place=each.place,
                remedy=f"可用：{'、'.join(slots) or '无'}",
            )
        if each.fills:
            check_filling(each, slots[each.fills])
    check_together([*base.mechanisms.values(), *local])
    return {
        name: dataclasses.replace(
            measure,
            mechanisms=(
                *measure.mechanisms,
                *(each for each in local if each.measure == name),
            ),
        )
        for name, measure in base.measures.items()
    }


def _national_rule_set(base: Pack, path: Path) -> RuleSet:
    name = f"{path.parent.name}/{path.stem}"
    for rule_set in base.rule_sets():
        if rule_set.name == name:
            return rule_set
    raise PackError(
        f"上级包里没有标准 {name}",
        place=str(path),
        remedy="地方包只能叠加在已有的标准上；文件名要与标准的日期一致",
    )


def refuse_weakening(block: Block, rule_set: RuleSet) -> None:
    """Refuse any key of an overlay that would change a national criterion."""
    for key in block.keys():
        if key in {"fill", "rounds"}:
            continue
        if key == "values":
            inner = block.take_block(key)
            name = inner.keys()[0] if inner and inner.keys() else ""
            if inner and name in rule_set.values:
                value = rule_set.values[name]
                raise inner.error(
                    f"地方不能修改国家标准的数值 {name}：{rule_set.number}"
                    f"{value.clause}规定为 {value.number.text}",
                    remedy="请删去这一项",
                )
        if key in {"criteria", "drop"}:
            _refuse_criteria(block, key, rule_set)
        raise block.error(
            f"{rule_set.number}没有向地方开放 {key}",
            remedy=f"地方包在这里只能写 fill（开放项：{_open(rule_set)}）和 rounds",
        )


def _refuse_criteria(block: Block, key: str, rule_set: RuleSet) -> None:
    clauses = {c.id: c for top in rule_set.criteria for c in top.walk() if c.id}
    if key == "drop":
        named = block.take_texts(key)
    else:
        named = tuple(each.take_text("id", "") for each in block.take_blocks(key))
    for each in named:
        if each in clauses:
            found = clauses[each]
            raise block.error(
                f"地方不能放宽或取消国家标准的条件 {each}："
                f"{rule_set.number}{found.clause}“{found.label.chinese}”",
                remedy="请删去这一项",
            )


def _open(rule_set: RuleSet) -> str:
    return "、".join(rule_set.open_to_provinces) or "无"


def _fills(
    block: Block, rule_set: RuleSet, facts: FactDictionary
) -> dict[str, nodes.Node]:
    """Slots of the score card a province computes: slot → sum of its own items."""
    found: dict[str, nodes.Node] = {}
    for slot, inner in block.take_mapping("fill"):
        item = next((i for i in rule_set.items if i.id == slot), None)
        if slot not in rule_set.open_to_provinces or item is None:
            raise inner.error(
                f"{rule_set.number}没有向地方开放 {slot}",
                remedy=f"开放项：{_open(rule_set)}",
            )
        assert isinstance(item.points, nodes.Given)
        reader = Reader(inner, rule_set.grade, facts, {})
        parts, most = [], Decimal(0)
        for each in inner.take_blocks("items"):
            take_named(each)
            part_most = each.take_number("max")
            parts.append(reader.points(each, part_most))
            most += part_most
            each.finish()
        if most > item.max:
            raise inner.error(
                f"{slot} 各项合计 {most} 分，超过{rule_set.number}"
                f"{item.clause}规定的 {item.max} 分",
                remedy="请减少分值",
            )
        inner.finish()
        found[item.points.fact.id] = nodes.Total(tuple(parts), item.max)
    return found


def _round(block: Block, rule_set: RuleSet) -> Round:
    day = datetime.date.fromisoformat
    found = Round(
        rule_set=rule_set.name,
        year=block.take_parsed("year", int, "年份"),
        label=take_named(block),
        opens=block.take_parsed("opens", day, "日期"),
        closes=block.take_parsed("closes", day, "日期"),
        materials=tuple(
            Text(each.take_text("label"), each.take_text("english"))
            for each in block.take_blocks("materials")
        ),
        clause=block.take_text("clause", ""),
    )
    if found.closes < found.opens:
        raise block.error("closes 早于 opens", remedy="请核对日期")
    block.finish()
    return found
