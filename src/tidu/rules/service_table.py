"""The states of a service request, who owns each, and what moves it on."""

from __future__ import annotations

from tidu.rules.lifecycle import Lifecycle, State, Transition
from tidu.rules.vocabulary import Text

FIRM, OFFICE, ADVISER = "firm", "office", "adviser"
RECEIVER = "receiver"
"""The adviser to whom a request is being handed over."""
CONFIRMER = "confirmer"
"""Who says that the outcome is so: the firm, or the other side the service names."""

ASKED, ACCEPTED, WORKING = "asked", "accepted", "working"
WAITING, HANDED_OVER, ANSWERED = "waiting_for_firm", "handed_over", "answered"
CONFIRMED, DISPUTED = "confirmed", "disputed"
CLOSED, WITHDRAWN = "closed", "withdrawn"

STATES = {
    each.id: each
    for each in (
        State(ASKED, Text("已提出，等指派", "Asked, to be assigned"), OFFICE),
        State(ACCEPTED, Text("已受理，等专员联系", "Accepted"), ADVISER),
        State(WORKING, Text("办理中", "Being worked on"), ADVISER),
        State(WAITING, Text("等企业补充", "Waiting for the firm"), FIRM),
        State(HANDED_OVER, Text("移交中，等接手", "Being handed over"), RECEIVER),
        State(ANSWERED, Text("已答复，等确认", "Answered, to be confirmed"), CONFIRMER),
        State(CONFIRMED, Text("结果已确认，等企业反馈", "Confirmed"), FIRM),
        State(DISPUTED, Text("结果有异议", "Disputed"), OFFICE),
        State(CLOSED, Text("已办结", "Closed"), final=True),
        State(WITHDRAWN, Text("企业已撤回", "Withdrawn"), final=True),
    )
}
FINAL = tuple(each.id for each in STATES.values() if each.final)
STANDING = {
    WAITING: Text("等企业补充", "waiting for the firm"),
    ANSWERED: Text("已答复，等确认", "answered, to be confirmed"),
    CONFIRMED: Text("等企业反馈", "waiting for the firm to say what changed"),
    DISPUTED: Text("结果有异议，等处理", "the outcome is disputed"),
}
"""States in which the clock of the answer stands, with the reason."""

EVENT_LABELS = {
    "ask": Text("提出服务申请", "ask"),
    "assign": Text("受理并指派专员", "accept and assign"),
    "reassign": Text("改派专员", "assign to another adviser"),
    "begin": Text("开始办理", "begin"),
    "ask_firm": Text("请企业补充", "ask the firm"),
    "reply": Text("企业已补充", "the firm replies"),
    "go_on": Text("继续办理", "go on"),
    "hand_over": Text("移交给另一位专员", "hand over"),
    "take_over": Text("接手", "take over"),
    "give_back": Text("退回移交", "give back"),
    "answer": Text("答复结果", "answer"),
    "confirm": Text("确认结果", "confirm the outcome"),
    "dispute": Text("不认可结果", "dispute the outcome"),
    "rework": Text("退回重新办理", "work on it again"),
    "tell": Text("反馈变化，办结", "say what changed"),
    "close": Text("写明理由办结", "close, with the reason"),
    "withdraw": Text("撤回", "withdraw"),
}
_MOVES = (
    ("assign", ASKED, ACCEPTED, OFFICE),
    ("begin", ACCEPTED, WORKING, ADVISER),
    ("ask_firm", WORKING, WAITING, ADVISER),
    ("reply", WAITING, WORKING, FIRM),
    ("go_on", WAITING, WORKING, ADVISER),
    ("take_over", HANDED_OVER, WORKING, RECEIVER),
    ("give_back", HANDED_OVER, WORKING, RECEIVER),
    ("answer", WORKING, ANSWERED, ADVISER),
    ("confirm", ANSWERED, CONFIRMED, CONFIRMER),
    ("dispute", ANSWERED, DISPUTED, CONFIRMER),
    ("close", ANSWERED, CLOSED, OFFICE),
    ("tell", CONFIRMED, CLOSED, FIRM),
    ("close", CONFIRMED, CLOSED, OFFICE),
    ("rework", DISPUTED, WORKING, OFFICE),
    ("close", DISPUTED, CLOSED, OFFICE),
    *(("hand_over", e, HANDED_OVER, ADVISER) for e in (ACCEPTED, WORKING, WAITING)),
    *(
        ("reassign", each, ACCEPTED, OFFICE)
        for each in (ACCEPTED, WORKING, WAITING, HANDED_OVER)
    ),
    *(
        ("withdraw", each, WITHDRAWN, FIRM)
        for each in (ASKED, ACCEPTED, WORKING, WAITING, HANDED_OVER)
    ),
)
SERVICE_TABLE = Lifecycle(
    STATES,
    tuple(Transition(*move, EVENT_LABELS[move[0]]) for move in _MOVES),
    ASKED,
)
"""The one table of every service: what differs between them is data."""
