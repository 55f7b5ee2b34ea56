"""Strict YAML: every error names file and line, and what to do."""

import pytest

from tidu.rules.errors import PackError
from tidu.rules.parse import Names, parse_condition
from tidu.rules.units import read_quantity
from tidu.rules.yamlio import load_block, nearest


@pytest.fixture
def write(tmp_path):
    path = tmp_path / "p.yaml"

    def write_text(text: str | bytes):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_text


def refused(path, use=lambda block: block.finish()) -> tuple[str, str, str]:
    """What, the place behind the folder, and the remedy of the refusal."""
    with pytest.raises(PackError) as caught:
        use(load_block(path))
    error = caught.value
    return error.what, error.place.removeprefix(str(path)), error.remedy


def test_missing_file_is_named(tmp_path):
    assert refused(tmp_path / "none.yaml") == ("读不到这个文件", "", "请检查路径和权限")


def test_folder_in_place_of_a_file_is_named(tmp_path):
    assert refused(tmp_path)[0] == "读不到这个文件"


def test_gb18030_is_refused(write):
    path = write("标题: 值".encode("gb18030"))

    assert refused(path) == ("文件不是 UTF-8 编码", "", "请另存为 UTF-8")


def test_broken_yaml_names_the_line(write):
    assert refused(write("a: 1\nb: [1\nc: 2\n"))[1:] == (":3", "请检查缩进、冒号和引号")


def test_two_documents_are_refused(write):
    what, place, _ = refused(write("a: 1\n---\nb: 2\n"))

    assert (what.startswith("不是合法的 YAML"), place) == (True, ":2")


def test_control_characters_are_refused(write):
    assert refused(write("a: \x01\n")) == (
        "含有 YAML 不允许的字符",
        "",
        "请删除不可见的控制字符",
    )


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_empty_file_is_refused(write, text):
    assert refused(write(text)) == ("文件是空的", "", "请补上内容或删除文件")


def test_byte_order_mark_is_read_over(write):
    assert load_block(write("\ufeffa: 1\n")).take_text("a") == "1"


def test_list_at_the_top_is_refused(write):
    assert refused(write("- a\n")) == (
        "这里应为“键: 值”的形式",
        ":1",
        "请检查缩进和冒号",
    )


def test_duplicate_key_names_its_second_line(write):
    assert refused(write("a: 1\nb: 2\na: 3\n")) == (
        "键 a 重复",
        ":3",
        "请合并或删去其中一个",
    )


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: &x {b: 1}\nc: *x\n"])
def test_alias_is_refused(write, text):
    assert refused(write(text)) == (
        "不用锚点和别名（& 和 *）",
        ":1",
        "请把内容再写一遍",
    )


def test_alias_of_itself_is_refused(write):
    assert refused(write("a: &x\n  b: *x\n"))[0] == "不用锚点和别名（& 和 *）"


def test_scalars_stay_text(write):
    block = load_block(write("a: no\nb: 010\nc: 2026-04-01\nd: ~\ne: ' x '\n"))

    found = [block.take_text(key) for key in "abcde"]

    assert found == ["no", "010", "2026-04-01", "~", "x"]


def test_missing_key_is_named_with_its_block(write):
    assert refused(write("\na: 1\n"), lambda block: block.take_text("label")) == (
        "缺少 label",
        ":2",
        "请补上 label",
    )


def test_mapping_in_place_of_a_scalar_is_refused(write):
    assert refused(write("a:\n  b: 1\n"), lambda block: block.take_text("a")) == (
        "这里应为一个值，不是列表或映射",
        ":2",
        "请只写一个值",
    )


def test_texts_may_be_one_or_a_list_or_none(write):
    block = load_block(write("a: x\nb: [x, y]\n"))

    found = [block.take_texts(key) for key in "abc"]

    assert found == [("x",), ("x", "y"), ()]


def test_choice_that_is_none_lists_what_is_allowed(write):
    assert refused(
        write("x: 1\na: red\n"), lambda block: block.take_choice("a", ("no", "yes"))
    ) == ("a 不能是 red", ":2", "可以写：no、yes")


def test_flag_is_true_false_or_absent(write):
    block = load_block(write("a: true\nb: false\n"))

    assert [block.take_flag(key) for key in "abc"] == [True, False, False]


def test_flag_written_otherwise_is_refused(write):
    assert refused(write("a: yes\n"), lambda block: block.take_flag("a"))[0] == (
        "a 不能是 yes"
    )


@pytest.mark.parametrize("text", ["十", "nan", "Infinity", "1e3", ""])
def test_number_that_is_none_names_line_and_form(write, text):
    path = write(f"x: 1\na: '{text}'\n")

    assert refused(path, lambda block: block.take_number("a")) == (
        f"a 读不懂：{text}",
        ":2",
        "应写成数字",
    )


def test_parsed_value_names_line_and_form(write):
    def use(block):
        block.take_parsed("a", read_quantity, "带单位的数")

    assert refused(write("a: 十\n"), use) == ("a 读不懂：十", ":1", "应写成带单位的数")


def test_expression_over_lines_is_named_in_one_sentence(write):
    names = Names({})

    found = refused(
        write("\na: |\n  manual()\n  and x\n"),
        lambda block: block.take_parsed(
            "a", lambda text: parse_condition(text, names), "条件"
        ),
    )

    assert found == (
        "a: manual() and x 第 14 个字符处：不认识 x",
        ":2",
        "请先在事实字典里定义它",
    )


def test_block_list_and_mapping_are_taken_one_by_one(write):
    block = load_block(write("a: {b: 1}\nl:\n- {b: 2}\nm: {x: {b: 3}}\n"))

    assert block.is_block("a")
    assert block.take_block("a").take_text("b") == "1"
    assert [each.take_text("b") for each in block.take_blocks("l")] == ["2"]
    assert [(n, b.take_text("b")) for n, b in block.take_mapping("m")] == [("x", "3")]
    block.finish()


def test_absent_blocks_are_empty(write):
    block = load_block(write("a: 1\n"))

    assert block.take_block("x") is None
    assert block.take_blocks("x") == []
    assert list(block.take_mapping("x")) == []
    assert not block.is_block("x")


def test_scalar_in_place_of_a_list_is_refused(write):
    assert refused(write("a: 1\n"), lambda block: block.take_blocks("a")) == (
        "a 应为列表",
        ":1",
        "每项以“- ”开头",
    )


def test_unknown_key_names_the_nearest(write):
    def use(block):
        block.take_text("label")
        block.finish()

    assert refused(write("label: x\nlabell: y\n"), use) == (
        "不认识的键 labell",
        ":2",
        "是不是想写 label",
    )


def test_unknown_key_without_neighbour_lists_the_keys(write):
    def use(block):
        block.take_text("label")
        block.take_text("english", "")
        block.finish()

    assert refused(write("label: x\nqq: y\n"), use)[2] == "可用的键：english、label"


def test_place_of_a_key_is_its_line(write):
    path = write("a: 1\nb: 2\n")
    block = load_block(path)

    assert (block.place("b"), block.place("gone")) == (f"{path}:2", f"{path}:1")
    assert "b" in block


def test_nearest_is_empty_where_nothing_is_near():
    assert (nearest("revenu", ["revenue"]), nearest("xyz", ["revenue"])) == (
        "是不是想写 revenue",
        "",
    )
