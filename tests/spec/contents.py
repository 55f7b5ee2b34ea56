"""All chapters in a reader's order."""

from tests.spec.chapters import conditions, figures, outcomes, refusals, scores

CHAPTERS = (
    outcomes.CHAPTER,
    figures.FACTS,
    figures.COMPARING,
    figures.RATIOS,
    figures.SUMS,
    figures.GROWTH,
    conditions.DATES,
    conditions.CHOICES,
    conditions.JOINING,
    conditions.SPECIAL,
    scores.CARDS,
    scores.GRADES,
    refusals.CHAPTER,
)
