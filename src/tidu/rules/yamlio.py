"""Strict YAML for packs: every scalar is text, every error names file and line.

``yaml.compose`` gives the tree with marks; nothing is typed implicitly (no ``no`` →
false, no octal numbers), duplicate and unknown keys are errors.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import yaml

from tidu.rules.errors import ExpressionError, PackError

T = TypeVar("T")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_block(path: Path) -> Block:
    """Read a YAML file whose top is a mapping.

    Raises PackError: not readable, not UTF-8, not YAML, a duplicate key, an alias.
    """
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=_LOADER)
    except OSError as error:
        raise PackError(
            "读不到这个文件", place=str(path), remedy="请检查路径和权限"
        ) from error
    except UnicodeDecodeError as error:
        raise PackError(
            "文件不是 UTF-8 编码", place=str(path), remedy="请另存为 UTF-8"
        ) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PackError(
            f"不是合法的 YAML（{error.problem}）",
            place=f"{path}:{line}",
            remedy="请检查缩进、冒号和引号",
        ) from error
    except yaml.YAMLError as error:
        raise PackError(
            "含有 YAML 不允许的字符", place=str(path), remedy="请删除不可见的控制字符"
        ) from error
    if root is None:
        raise PackError("文件是空的", place=str(path), remedy="请补上内容或删除文件")
    _refuse_aliases(root, path)
    return Block(root, path)


def _refuse_aliases(root: yaml.Node, path: Path) -> None:
    """An alias is the same node met twice: what a pack says stands where it applies."""
    met: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in met:
            raise PackError(
                "不用锚点和别名（& 和 *）",
                place=f"{path}:{node.start_mark.line + 1}",
                remedy="请把内容再写一遍",
            )
        met.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting.extend(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)


def nearest(name: str, known: Collection[str]) -> str:
    """Say which known name is meant, as a Chinese half sentence, or nothing."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"是不是想写 {found[0]}" if found else ""


def _read_number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


class Block:
    """A mapping of a pack file; each ``take_*`` takes one key and checks its kind."""

    def __init__(self, node: yaml.Node, path: Path) -> None:
        self.path = path
        self.node = node
        if not isinstance(node, yaml.MappingNode):
            raise self.error("这里应为“键: 值”的形式", node, "请检查缩进和冒号")
        self._left: dict[str, yaml.Node] = {}
        self._known: set[str] = set()
        for key, value in node.value:
            name = self._text(key)
            if name in self._left:
                raise self.error(f"键 {name} 重复", key, "请合并或删去其中一个")
            self._left[name] = value

    def error(
        self, what: str, node: yaml.Node | None = None, remedy: str = ""
    ) -> PackError:
        """Make the error for a place in this file."""
        line = (node or self.node).start_mark.line + 1
        return PackError(what, place=f"{self.path}:{line}", remedy=remedy)

    def place(self, key: str) -> str:
        """``file:line`` of a key still to be taken, or of the block."""
        node = self._left.get(key, self.node)
        return f"{self.path}:{node.start_mark.line + 1}"

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def keys(self) -> list[str]:
        """Keys not taken yet, in the order of the file."""
        return list(self._left)

    def is_block(self, key: str) -> bool:
        """Whether the key holds a mapping."""
        return isinstance(self._left.get(key), yaml.MappingNode)

    def take_text(self, key: str, default: str | None = None) -> str:
        """Take a scalar as text; without a default the key is required."""
        node = self._take(key)
        if node is None:
            if default is None:
                raise self.error(f"缺少 {key}", remedy=f"请补上 {key}")
            return default
        return self._text(node)

    def take_texts(self, key: str) -> tuple[str, ...]:
        """Take a list of scalars; a single scalar counts as a list of one."""
        node = self._take(key)
        if node is None:
            return ()
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._text(each) for each in node.value)
        return (self._text(node),)

    def take_choice(
        self, key: str, allowed: Collection[str], default: str | None = None
    ) -> str:
        """Take a scalar that must be one of ``allowed``."""
        place = self._left.get(key)
        text = self.take_text(key, default)
        if text not in allowed:
            raise self.error(
                f"{key} 不能是 {text}", place, f"可以写：{'、'.join(allowed)}"
            )
        return text

    def take_flag(self, key: str) -> bool:
        """Take ``true`` or ``false``; absent is false."""
        return self.take_choice(key, ("true", "false"), "false") == "true"

    def take_parsed(
        self,
        key: str,
        read: Callable[[str], T],
        expected: str,
        default: str | None = None,
    ) -> T:
        """Take a scalar through a reader that raises ValueError."""
        node = self._left.get(key)
        text = self.take_text(key, default)
        try:
            return read(text)
        except ExpressionError as error:
            one_line = re.sub(r"\s", " ", text)
            raise self.error(
                f"{key}: {one_line} 第 {error.column} 个字符处：{error.what}",
                node,
                error.remedy,
            ) from error
        except ValueError as error:
            raise self.error(
                f"{key} 读不懂：{text}", node, f"应写成{expected}"
            ) from error

    def take_number(self, key: str, default: str | None = None) -> Decimal:
        """Take a plain decimal: ``5``, ``-1``, ``7.5``."""
        return self.take_parsed(key, _read_number, "数字", default)

    def take_block(self, key: str) -> Block | None:
        """Take a nested mapping, or None."""
        node = self._take(key)
        return None if node is None else Block(node, self.path)

    def take_blocks(self, key: str) -> list[Block]:
        """Take a list of mappings; absent is an empty list."""
        node = self._take(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(f"{key} 应为列表", node, "每项以“- ”开头")
        return [Block(each, self.path) for each in node.value]

    def take_mapping(self, key: str) -> Iterator[tuple[str, Block]]:
        """Take a mapping of mappings, name by name."""
        block = self.take_block(key)
        if block is None:
            return
        for name in block.keys():
            inner = block.take_block(name)
            assert inner is not None
            yield name, inner

    def finish(self) -> None:
        """Refuse what nobody took: an unknown key with its nearest known name."""
        for name, node in self._left.items():
            remedy = (
                nearest(name, self._known)
                or f"可用的键：{'、'.join(sorted(self._known))}"
            )
            raise self.error(f"不认识的键 {name}", node, remedy)

    def _take(self, key: str) -> yaml.Node | None:
        self._known.add(key)
        return self._left.pop(key, None)

    def _text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.error("这里应为一个值，不是列表或映射", node, "请只写一个值")
        return str(node.value).strip()
