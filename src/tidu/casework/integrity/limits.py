"""From where on is something a signal? One place for every threshold, with its reason.

They were set on the red-team set of the seed ``tuning`` (tests/redteam); the table in
docs/explanation/integrity.md comes from another. A deployment may pass its own.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from decimal import Decimal

from tidu.casework.integrity.applications import FigureSource


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds; every default is fit for a round of hundreds to tens of thousands.

    contact_owners: unrelated applicants behind one phone or address; three firms of one
        family without a confirmed group are common, five are not.
    contact_many: from here on the signal is as strong as it gets.
    jaccard, alignment: texts as alike as this are near-duplicates, by shingles of three
        characters or by the longest common subsequence; replaced words break many
        shingles and leave the subsequence.
    shortest_text: characters left after normalising; shorter texts are alike by chance.
    transfer_days: how long before filing a change of owner is late.
    transfer_count, transfer_share: that many late rights, making up that share of all.
    tolerances: relative difference between the application and each source; tax and
        accounts differ by timing, the annual report is filled in by hand.
    money_slack, count_slack: differences of rounding to 万元, of one head.
    peers: so many firms of an industry make a group to compare with.
    peer_distance: robust deviations from the median, on a logarithmic scale.
    least_spread: an industry in which all are alike still allows this much (log).
    bar_margin: a figure is just above a bar up to this share of it.
    auditor_clients, auditor_chance: fewer clients prove nothing; the chance of such a
        concentration among all auditors of the round, after Bonferroni's correction.
    document_owners: unrelated applicants with one file.
    document_form: from here on a file is more likely a form than a forgery.
    copied_values, copied_ratios: equal amounts, or ratios to revenue, in two firms.
    common_value: an amount that so many firms have says nothing.
    queue_share: what an officer can read.
    """

    contact_owners: int = 4
    contact_many: int = 12
    jaccard: float = 0.6
    alignment: float = 0.6
    shortest_text: int = 80
    transfer_days: int = 180
    transfer_count: int = 2
    transfer_share: float = 0.4
    tolerances: Mapping[FigureSource, Decimal] = dataclasses.field(
        default_factory=lambda: {
            FigureSource.EARLIER_FILING: Decimal("0.02"),
            FigureSource.TAX: Decimal("0.10"),
            FigureSource.ANNUAL_REPORT: Decimal("0.05"),
        }
    )
    money_slack: Decimal = Decimal(10_000)
    count_slack: Decimal = Decimal(1)
    peers: int = 20
    peer_distance: float = 4.5
    least_spread: float = 0.15
    bar_margin: Decimal = Decimal("0.03")
    auditor_clients: int = 5
    auditor_chance: float = 0.01
    document_owners: int = 2
    document_form: int = 25
    copied_values: int = 4
    copied_ratios: int = 5
    common_value: int = 40
    queue_share: Decimal = Decimal("0.05")

    @property
    def version(self) -> str:
        """Eight characters that change with any threshold, to be kept with a run."""
        text = repr(sorted(dataclasses.asdict(self).items()))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


DEFAULT = Limits()
