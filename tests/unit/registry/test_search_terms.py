"""Firms are found in SQLite's and PostgreSQL's index; every firm here is made up."""

import random
import sqlite3

import pytest

from tests.agreement.engines import postgres_server
from tidu.intake.credit_codes import ALPHABET
from tidu.registry.search_terms import Term, read_query, search_terms

CODE = "91990102MA0000017E"
FIRMS = {
    1: (["上海华智科技有限公司"], CODE),
    2: (
        ["示范省启明市远某能源股份有限公司", "启明华智旧名实业有限公司"],
        "91990102MA0000002X",
    ),
    3: (["重庆长征AI动力（集团）有限公司"], "91990102MA0000003R"),
    4: (["启明市松某（望岳）3D打印有限责任公司"], "990102000000004"),
    5: (["启明华某志纺织有限公司"], "919901021E5E5E5E5E"),
}
FOUND = [
    ("上海华智科技有限公司", {1}),
    ("华智", {1, 2}),
    ("华", {1, 2, 5}),
    ("华智科技", {1}),
    ("华智科技有限", {1}),
    ("上海市华智", {1}),
    ("hzkj", {1}),
    ("ＨＺＫＪ", {1}),
    ("hzk", {1}),
    ("shhzkjyxgs", {1}),
    ("华智kj", {1}),
    ("hz 科技", {1}),
    ("kj 上海", {1}),
    ("旧名", {2}),
    ("hzjm", {2}),
    ("启明远某", {2}),
    ("启明市远某", {2}),
    ("示范启明远某", {2}),
    ("qmym", {2}),
    ("cqcz", {3}),
    ("长征ai动", {3}),
    ("长征集团", {3}),
    ("czaid", {3}),
    ("松某望岳", {4}),
    ("松某（望岳）", {4}),
    ("3d打印", {4}),
    ("3d", {4}),
    (CODE, {1}),
    (CODE.lower(), {1}),
    ("91990102MA00000", {1, 2, 3}),
    ("９１９９０１０２", {1, 2, 3, 5}),
    ("MA0000017", {1}),
    ("990102000000004", {4}),
    ("华智 91990102MA0000017", {1}),
    ("无某", set()),
    ("智华", set()),
    ("zzzz", set()),
    ("华智 纺织", set()),
]
HOSTILE = [
    "'", '"', "*", "华智'", '华智" OR "能源', "华智 OR 能源", "华智 NOT 科技", "华智)(",
    "terms:华智", "^华智", "华智:*", "华智 & !科技", "'; DROP TABLE names; --", "NEAR(华智 科技)",
    "\\", "\0华智", "%", "华智\n科技", "-华智", "{华智}", "<->", "a" * 5000, "华" * 5000,
]  # fmt: skip


@pytest.fixture(scope="module")
def find_in_sqlite():
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE names USING fts5(terms, content='', detail=none, prefix='1', tokenize='unicode61')"
    )
    for number, (names, code) in FIRMS.items():
        row = (number, search_terms(names, code))
        connection.execute("INSERT INTO names(rowid, terms) VALUES (?, ?)", row)

    def find(typed: str) -> set[int]:
        asking = "SELECT rowid FROM names WHERE names MATCH ?"
        query = read_query(typed)
        return {row[0] for row in connection.execute(asking, (query.for_sqlite(),))}

    yield find
    connection.close()


@pytest.mark.parametrize(("typed", "found"), FOUND)
def test_sqlite_finds_what_was_meant(find_in_sqlite, typed, found):
    assert find_in_sqlite(typed) == found


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_is_harmless_in_sqlite(find_in_sqlite, typed):
    if read_query(typed):
        assert find_in_sqlite(typed) <= set(FIRMS)


def test_the_last_word_of_a_query_may_be_a_beginning():
    assert read_query("华智kj").terms == (Term("华智"), Term("kj", prefix=True))
    assert read_query("华智kj").for_sqlite() == '"华智" "kj"*'
    assert read_query("华智kj").for_postgres() == "'华智' & 'kj':*"


def test_long_initials_are_asked_in_pieces_as_indexed():
    assert read_query("shhzkjsmsmdd").terms == (Term("shhzkjsm"), Term("kjsmsmdd"))
    name = "上海华智科技石墨设备导弹"

    assert {"shhzkjsm", "kjsmsbdd"} <= set(search_terms([name]).split())


@pytest.mark.parametrize("typed", ["", " ", "，。", "——", "'\"*"])
def test_nothing_typed_asks_for_nothing(typed):
    assert not read_query(typed)
    assert read_query(typed).for_sqlite() == ""


def test_terms_are_words_of_letters_digits_and_chinese_only():
    text = search_terms(
        ['示范·华智（é’"*)-AI+ ① 科技\n有限公司', "公司", "", "ﬁrm　Ω"], "91-99 01'x"
    )

    assert all(word.isalnum() for word in text.split(" "))
    assert len(set(text.split(" "))) == len(text.split(" "))
    assert {"eai1", "firm", "示范"} <= set(text.split(" "))


def test_a_firm_without_name_or_code_has_no_terms():
    assert search_terms([]) == ""
    assert search_terms([""], "") == ""


def test_the_terms_of_a_very_long_name_stay_few():
    assert len(search_terms(["华智" * 500]).split()) < 60


def test_initials_follow_the_phrase():
    assert "cqcz" in search_terms(["重庆长征动力有限公司"])
    assert "yhzq" in search_terms(["银行证券有限公司"])


@pytest.mark.parametrize("typed", [typed for typed, found in FOUND if found])
def test_a_firm_found_has_each_term_among_its_words(typed):
    wanted = next(found for text, found in FOUND if text == typed)
    terms = read_query(typed).terms
    for number in wanted:
        words = search_terms(*FIRMS[number]).split()
        assert all(
            any(w.startswith(t.text) if t.prefix else w == t.text for w in words)
            for t in terms
        )


def test_postgres_agrees_on_words_and_finds_the_same(tmp_path):
    psycopg = pytest.importorskip("psycopg")
    dice = random.Random(7)  # noqa: S311 - no secret
    codes = ["".join(dice.choices(ALPHABET, k=18)) for _ in range(2000)]
    with postgres_server(tmp_path) as url, psycopg.connect(url) as connection:
        for text in [search_terms(*each) for each in FIRMS.values()] + [
            search_terms([], c) for c in codes
        ]:
            row = connection.execute(
                "SELECT tsvector_to_array(to_tsvector('simple', %s))", (text,)
            ).fetchone()
            assert sorted(row[0]) == sorted(text.split())
        connection.execute("CREATE TABLE names (id integer, terms tsvector)")
        for number, (names, code) in FIRMS.items():
            connection.execute(
                "INSERT INTO names VALUES (%s, to_tsvector('simple', %s))",
                (number, search_terms(names, code)),
            )
        asking = "SELECT id FROM names WHERE terms @@ to_tsquery('simple', %s)"
        for typed, found in FOUND:
            rows = connection.execute(asking, (read_query(typed).for_postgres(),))
            assert {row[0] for row in rows} == found, typed
        for typed in filter(read_query, HOSTILE):
            rows = connection.execute(asking, (read_query(typed).for_postgres(),))
            assert {row[0] for row in rows} <= set(FIRMS)
