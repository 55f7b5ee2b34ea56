"""A table of states and who may move things between them; what a diagram is drawn from.

One table gives the guard, the buttons, the audit event and the diagram, so that none
of them can say something else than the others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

from tidu.rules.vocabulary import Text


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """A state, and who has to act while something is in it.

    ``owner``: a party (``applicant``, ``county`` …); empty for a state in which nobody
    has to act. ``final``: nothing leaves it.
    """

    id: str
    label: Text
    owner: str = ""
    final: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Transition:
    """What moves a thing from one state to another. ``by``: the party who may."""

    event: str
    source: str
    target: str
    by: str
    label: Text


@dataclasses.dataclass(frozen=True)
class Lifecycle:
    """States by id, in the order they are drawn, and the transitions between them."""

    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    initial: str

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """What can happen to a thing in a state."""
        return tuple(each for each in self.transitions if each.source == state)

    def find(self, state: str, event: str, target: str = "") -> Transition | None:
        """The transition of an event; ``target`` where one event has several."""
        for each in self.leaving(state):
            if each.event == event and target in {"", each.target}:
                return each
        return None

    def reachable(self) -> frozenset[str]:
        """Every state that can be reached from the first one."""
        found, waiting = {self.initial}, [self.initial]
        while waiting:
            for each in self.leaving(waiting.pop()):
                if each.target not in found:
                    found.add(each.target)
                    waiting.append(each.target)
        return frozenset(found)

    def straight(self, ahead: Collection[str]) -> tuple[str, ...]:
        """The states on the way from the first one by events that lead ahead."""
        found = [self.initial]
        while True:
            following = next(
                (t.target for t in self.leaving(found[-1]) if t.event in ahead), ""
            )
            if not following or following in found:
                return tuple(found)
            found.append(following)

    def faults(self) -> list[str]:
        """What is wrong with the table; nothing, in a good one.

        Every state is reached, has an owner and a way out unless it is final, and can
        come to an end.
        """
        found = [f"{each} is never reached" for each in self._unreached()]
        for state in self.states.values():
            leaving = self.leaving(state.id)
            if state.final and leaving:
                found.append(f"{state.id} is final, and yet left")
            if not state.final and not leaving:
                found.append(f"{state.id} has no way out")
            if not state.final and not state.owner:
                found.append(f"{state.id} has no owner")
        found += [f"{each} never ends" for each in sorted(self._endless())]
        return found

    def mermaid(self, *, english: bool = False) -> str:
        """The table as a Mermaid state diagram, for documents."""
        lines = ["stateDiagram-v2", "    direction TB"]
        lines += [
            f'    state "{each.label.say(english=english)}" as {each.id}'
            for each in self.states.values()
        ]
        lines.append(f"    [*] --> {self.initial}")
        lines += [
            f"    {each.source} --> {each.target}: {each.label.say(english=english)}"
            for each in self.transitions
        ]
        lines += [f"    {s.id} --> [*]" for s in self.states.values() if s.final]
        return "\n".join(lines) + "\n"

    def _unreached(self) -> list[str]:
        reached = self.reachable()
        return [each for each in self.states if each not in reached]

    def _endless(self) -> set[str]:
        """States from which no final one can be reached."""
        ends = {each.id for each in self.states.values() if each.final}
        while True:
            more = {t.source for t in self.transitions if t.target in ends} - ends
            if not more:
                return set(self.states) - ends
            ends |= more
