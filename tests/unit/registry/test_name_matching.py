"""Listed names and the firms they mean; every firm here is made up."""

import pytest

from tidu.intake.credit_codes import check_digit
from tidu.registry.name_duplicates import suggest_duplicates
from tidu.registry.name_matches import Decision, Listed, Registered
from tidu.registry.name_matching import match_names

HERE = "990102"


def firm(name: str, key: str = "a", former: tuple[str, ...] = (), division: str = HERE):
    return Registered(key, name, former, division)


def match(name: str, *firms: Registered, division: str = HERE):
    (found,) = match_names([Listed(name, division)], firms)
    return found


OTHER = firm("启明柏某纺织有限公司", "other")


@pytest.mark.parametrize(
    ("listed", "registered", "reason"),
    [
        ("启明华某松科技有限公司", "启明华某松科技有限公司", "名称相同"),
        (
            "启明华某松科技有限责任公司",
            "启明华某松 科技有限公司",
            "名称相同，只是括号、空格等写法不同",
        ),
        (
            "华某松(启明)科技有限公司",
            "华某松（启明）科技有限公司",
            "名称相同，只是括号、空格等写法不同",
        ),
        (
            "启明华某松科技有限公司",
            "启明华某松科技股份有限公司",
            "行政区划、字号、行业相同，组织形式名单为有限公司、登记为股份有限公司",
        ),
        (
            "启明华某松科技股份有限公司",
            "启明华某松科技有限公司",
            "行政区划、字号、行业相同，组织形式名单为股份有限公司、登记为有限公司",
        ),
        (
            "示范省启明市华某松科技有限公司",
            "启明华某松科技有限公司",
            "字号、行业、组织形式相同，只是行政区划的写法不同",
        ),
    ],
)
def test_what_is_certain_is_matched_with_its_reason(listed, registered, reason):
    found = match(listed, OTHER, firm(registered))

    assert found.decision is Decision.MATCHED
    assert found.firm.key == "a"
    assert found.candidates[0].sentence() == reason


def test_a_former_name_is_matched():
    found = match(
        "启明华某松科技有限公司",
        firm("启明远某能源有限公司", former=("启明华某松科技有限公司",)),
    )

    assert found.firm.key == "a"
    assert found.candidates[0].sentence() == "曾用名与名单相同：启明华某松科技有限公司"


def test_a_former_name_printed_on_the_list_is_tried():
    found = match(
        "启明远某能源有限公司（原启明华某松科技有限公司）",
        firm("启明华某松科技有限公司"),
    )

    assert found.firm.key == "a"


@pytest.mark.parametrize(
    ("listed", "registered", "said"),
    [
        ("启明华某松科技集团有限公司", "启明华某松科技有限公司", "组织形式不同"),
        ("示范华某松科技有限公司", "启明华某松科技有限公司", "名称中的行政区划不同"),
        ("华某松科技有限公司", "启明华某松科技有限公司", "名称中的行政区划不同"),
        (
            "启明华某松科技有限公司",
            "启明华某松能源科技有限公司",
            "行业不同（科技，能源科技）",
        ),
        (
            "启明华某松达科技有限公司",
            "启明华某松科技有限公司",
            "字号相近（华某松达，华某松）",
        ),
        (
            "启明华志精密机械有限公司",
            "启明华智精密机械有限公司",
            "字号相近（华志，华智）",
        ),
    ],
)
def test_what_is_not_certain_goes_to_a_person_with_reasons(listed, registered, said):
    found = match(listed, OTHER, firm(registered))

    assert found.decision is Decision.CANDIDATES
    assert found.firm is None
    assert [each.firm.key for each in found.candidates] == ["a"]
    assert said in found.candidates[0].sentence()
    assert "登记在示范省启明市晨光区；同一市" in found.candidates[0].sentence()


@pytest.mark.parametrize(
    ("listed", "registered", "division"),
    [
        ("启明华某松科技有限公司", "启明柏某纺织有限公司", HERE),
        ("启明华某松科技有限公司", "望岳华某松纺织有限公司", "990221"),
        ("启明华松精密机械有限公司", "启明华智精密机械有限公司", HERE),
        ("", "启明华某松科技有限公司", HERE),
        ("启明华志精密机械有限公司", "望岳华智精密机械有限公司", HERE),
        ("启明华志精密机械有限公司", "启明华智能源有限公司", HERE),
        ("启明志华精密机械有限公司", "启明华智精密机械有限公司", HERE),
    ],
)
def test_what_is_another_firm_is_no_candidate(listed, registered, division):
    found = match(listed, firm(registered, division=division))

    assert found.decision is Decision.NONE
    assert found.candidates == ()


def test_two_firms_of_one_name_are_not_guessed():
    name = "启明华某松科技有限公司"
    found = match(name, firm(name, "a"), firm(name, "b", division=""))

    assert found.decision is Decision.CANDIDATES
    assert {each.firm.key for each in found.candidates} == {"a", "b"}


def test_a_name_that_passed_to_another_firm_is_not_guessed():
    name = "启明华某松科技有限公司"
    found = match(name, firm(name, "a"), firm("启明远某能源有限公司", "b", (name,)))

    assert found.decision is Decision.CANDIDATES
    assert {each.firm.key for each in found.candidates} == {"a", "b"}


def test_a_firm_that_took_its_former_name_back_is_matched():
    name = "启明华某松科技有限公司"

    assert match(name, firm(name, "a", (name,))).firm.key == "a"


def test_two_conversions_are_not_guessed():
    found = match(
        "启明市华某松科技有限公司",
        firm("启明华某松科技有限公司", "a"),
        firm("启明华某松科技股份有限公司", "b"),
    )

    assert found.decision is Decision.CANDIDATES


def test_the_same_name_in_another_city_goes_to_a_person():
    name = "示范华某松科技有限公司"

    assert match(name, firm(name), division="990221").decision is Decision.CANDIDATES
    assert match(name, firm(name), division="").decision is Decision.MATCHED
    assert match(name, firm(name), division="990000").decision is Decision.MATCHED


def test_districts_of_one_name_in_two_cities_are_two_places():
    found = match(
        "南京鼓楼华某松科技有限公司",
        firm("福州鼓楼华某松科技股份有限公司", division=""),
        division="",
    )

    assert found.decision is Decision.NONE


def test_a_former_name_in_another_form_is_not_guessed():
    renamed = firm("启明远某能源有限公司", former=("启明华某松科技股份有限公司",))
    found = match("启明华某松科技有限公司", renamed)

    assert found.decision is Decision.CANDIDATES
    assert "比的是曾用名" in found.candidates[0].sentence()


def test_a_works_that_became_a_company_goes_to_a_person():
    found = match("启明华某松水泵总厂", firm("启明华某松水泵有限公司"))

    assert found.decision is Decision.CANDIDATES
    assert "行业相同；组织形式不同" in found.candidates[0].sentence()


def test_a_name_without_an_industry_is_compared_by_trade_and_place():
    found = match("启明华某松集团有限公司", firm("启明华某松科技有限公司"))

    assert found.decision is Decision.CANDIDATES
    assert "行业不同（—，科技）" in found.candidates[0].sentence()


def test_better_candidates_that_come_late_push_out_the_earlier():
    fields = [
        "纺织",
        "食品",
        "包装",
        "模具",
        "轴承",
        "阀门",
        "陶瓷",
        "家具",
        "印刷",
        "玻璃",
        "橡胶",
    ]
    firms = [firm(f"启明华某松{field}有限公司", field) for field in fields]
    late = firm("启明华某松生物科技有限公司", "late")
    found = match("启明华某松科技有限公司", *firms, late)

    assert found.candidates[0].firm.key == "late"
    assert len(found.candidates) == 5


def test_an_unknown_place_is_said():
    found = match("华某松科技集团有限公司", firm("华某松科技有限公司", division=""))

    assert found.candidates[0].sentence().endswith("组织形式不同；所在地无从比较")


def test_the_best_five_candidates_come_first():
    kinds = [
        "科技",
        "新能源科技",
        "生物科技",
        "环保科技",
        "信息科技",
        "电子科技",
        "光电科技",
    ]
    firms = [firm(f"启明华某松{kind}集团有限公司", kind) for kind in kinds]
    found = match("启明华某松科技有限公司", *firms)

    assert len(found.candidates) == 5
    assert found.candidates[0].firm.key == "科技"
    scores = [each.score for each in found.candidates]
    assert scores == sorted(scores, reverse=True)


def test_a_trade_name_many_bear_says_little():
    field = [
        "科技",
        "纺织",
        "食品",
        "包装",
        "模具",
        "轴承",
        "阀门",
        "陶瓷",
        "家具",
        "印刷",
    ]
    firms = [
        firm(f"启明华某松{one}{other}有限公司", one + other)
        for one in field
        for other in field
    ]
    few = match("启明华某松农业有限公司", firms[1])
    many = match("启明华某松农业有限公司", *firms * 4)

    assert few.decision is Decision.CANDIDATES
    assert many.decision is Decision.NONE


def test_every_listed_name_has_its_answer_in_order():
    listed = [
        Listed("启明柏某纺织有限公司", HERE),
        Listed("望岳无某食品有限公司"),
        Listed("启明柏某纺织有限公司", HERE),
    ]
    found = match_names(listed, iter([OTHER]))

    assert [each.listed for each in found] == listed
    assert [each.decision for each in found] == [
        Decision.MATCHED,
        Decision.NONE,
        Decision.MATCHED,
    ]


def test_reasons_are_said_in_english():
    found = match("启明华某松科技集团有限公司", firm("启明华某松能源有限公司"))

    assert found.candidates[0].sentence(english=True) == (
        "the same trade name “华某松”; different industries (科技, 能源); different "
        "organisation forms; registered in 示范省启明市晨光区; in the same city"
    )


# -- duplicates ----------------------------------------------------------------


def code_of(number: int) -> str:
    body = f"91990102MA{number:07d}"
    return body + check_digit(body)


def twin(first: Registered, second: Registered) -> str:
    (found,) = suggest_duplicates([OTHER, first, second])
    assert {found.first.key, found.second.key} == {"a", "b"}
    return found.sentence()


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (firm("启明华某松 科技有限责任公司", "b"), "名称相同"),
        (
            firm("启明远某能源有限公司", "b", ("启明华某松科技有限公司",)),
            "一家的名称是另一家的曾用名",
        ),
        (
            firm("启明华某松科技股份有限公司", "b"),
            "字号、行业、所在市相同，只是组织形式不同",
        ),
    ],
)
def test_firms_alike_by_name_are_suggested(second, reason):
    assert twin(firm("启明华某松科技有限公司"), second) == reason


@pytest.mark.parametrize("at", [0, 1, 5, 9, 16, 17])
def test_codes_one_character_apart_are_suggested(at):
    code = code_of(1234567)
    wrong = code[:at] + ("2" if code[at] != "2" else "3") + code[at + 1 :]
    first = Registered("a", "启明华某松科技有限公司", code=code)
    second = Registered("b", "启明远某能源有限公司", code=wrong)

    assert twin(first, second) == f"统一社会信用代码只差第{at + 1}位"
    assert twin(second, first) == f"统一社会信用代码只差第{at + 1}位"


def test_the_same_code_is_suggested():
    first = Registered("a", "启明华某松科技有限公司", code=code_of(1))
    second = Registered("b", "启明远某能源有限公司", code=code_of(1))

    assert twin(first, second) == "统一社会信用代码相同"


def test_one_person_at_one_address_is_suggested_and_says_all_reasons():
    first = Registered(
        "a", "启明华某松科技有限公司", legal_person="甲某", address="晨光路1号（东）"
    )
    second = Registered(
        "b", "启明华某松科技有限公司", legal_person="甲 某", address="晨光路１号(东)"
    )

    assert twin(first, second) == "名称相同；法定代表人和地址都相同"


def test_an_agents_office_and_missing_fields_are_no_reason():
    office = [
        Registered(
            str(at),
            f"启明{chr(0x5000 + at)}{chr(0x5100 + at)}科技有限公司",
            legal_person="甲某",
            address="晨光路1号",
        )
        for at in range(21)
    ]
    blank = [
        Registered("x", "启明青某食品有限公司"),
        Registered("y", "启明蓝某食品有限公司"),
    ]

    assert suggest_duplicates(office) == []
    assert suggest_duplicates(blank) == []
    assert len(suggest_duplicates(office[:20])) == 19


def test_conversions_in_two_cities_are_two_firms():
    first = firm("示范华某松科技有限公司", "a", division="990102")
    second = firm("示范华某松科技股份有限公司", "b", division="990221")

    assert suggest_duplicates([first, second]) == []


def test_old_numbers_are_compared_only_as_a_whole():
    first = Registered("a", "启明青某食品有限公司", code="990102000000001")
    second = Registered("b", "启明蓝某食品有限公司", code="990102000000002")

    assert suggest_duplicates([first, second]) == []
