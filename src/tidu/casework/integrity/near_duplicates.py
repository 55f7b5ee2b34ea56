"""Which of very many texts are nearly the same, also with words replaced?

Shingles of characters, hashed; MinHash digests by rensa; bands of a digest as buckets
(locality-sensitive hashing); then every candidate is compared exactly: by the Jaccard
index of the shingles, and by the longest common subsequence, which replaced words leave
standing. Applications are full of stock phrases: candidates are sought by the shingles
that few texts have, and by whole digests, which finds what very many have copied.
Memory: two bytes a character, eight a permutation and text.
"""

from __future__ import annotations

import dataclasses
import functools
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import rensa
from rapidfuzz.distance import Indel

Codes: TypeAlias = npt.NDArray[np.uint16]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Rows: TypeAlias = npt.NDArray[np.int64]
Digests: TypeAlias = npt.NDArray[np.uint32]

SHINGLE = 3  # characters
_PERMUTATIONS = 256
_SEED = 20260401
_CHUNK = 2_000  # texts digested at once
_PAIRS = 20_000  # pairs estimated at once
_CROWD = 200  # larger buckets are chained, not paired: else a form costs n² pairs
_MANY = 60_000  # texts; from here on bands are longer, for fewer pairs to compare
_ROWS, _MORE_ROWS, _LITERAL_ROWS = 3, 4, 16  # permutations a band
_SAMPLE, _FEW = 5_000, 400  # texts in which shingles are counted; fewer tell nothing
_COMMON = 0.05  # of them: who copies from more is found only where it is literal
_MARGIN = 0.12  # the estimate of 256 permutations errs by 0.03; four times that
_STRANGERS = 0.15  # estimated index of rare shingles, below which nobody copied
_PLANE = 0x10000
_HALVES = range(0xD800, 0xE000)  # of rare characters, two units each
_MIX = tuple(
    np.uint64(each)
    for each in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
)
_FINISH = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by their position, ``left < right``, and how alike they are, 0 to 1.

    ``alignment`` is twice the longest common subsequence by the sum of both lengths.
    """

    left: int
    right: int
    jaccard: float
    alignment: float


def near_duplicates(
    texts: Sequence[str], *, jaccard: float = 0.6, alignment: float | None = None
) -> Iterator[Pair]:
    """Pairs at least this much alike by shingles or, where given, by alignment.

    Approximate: nearly every pair at Jaccard 0.6 is found; at 0.4 four of five
    among very many texts, nearly all among fewer than 60,000, and there at 0.3 nine of
    ten. A text shorter than a shingle is like no other. Marks, spaces and the values of
    digits do not count.
    """
    corpus = Corpus(texts)
    whole = corpus.digests(None)
    rare = corpus.digests(corpus.common())
    rows = _ROWS if len(texts) < _MANY else _MORE_ROWS
    pairs = np.union1d(_candidates(rare, rows), _candidates(whole, _LITERAL_ROWS))
    likely = _alike(whole, pairs) >= jaccard - _MARGIN
    if alignment is not None:
        likely |= _alike(rare, pairs) >= _STRANGERS
    yield from _verified(corpus, pairs[likely], jaccard, alignment)


class Corpus:
    """Normalised texts, end to end, as UTF-16 units."""

    def __init__(self, texts: Sequence[str]) -> None:
        parts = [normalise(each) for each in texts]
        self.starts: Rows = np.zeros(len(parts) + 1, dtype=np.int64)
        np.cumsum([len(each) for each in parts], out=self.starts[1:])
        self._codes: Codes = np.concatenate([*parts, np.zeros(0, np.uint16)])

    def codes(self, row: int) -> Codes:
        """The units of one text."""
        return self._codes[self.starts[row] : self.starts[row + 1]]

    def text(self, row: int) -> str:
        """The normalised text itself."""
        return self.codes(row).tobytes().decode("utf-16-le", "surrogatepass")

    def shingles(self, row: int) -> Hashes:
        """The different shingles of one text, sorted."""
        return np.unique(_hashes(self.codes(row)))

    def common(self) -> Hashes | None:
        """The shingles that too many texts have to tell any two apart, sorted."""
        count = len(self.starts) - 1
        step = max(count // _SAMPLE, 1)
        sample = [self.shingles(row) for row in range(0, count, step)]
        if len(sample) < _FEW:
            return None
        found, texts = np.unique(np.concatenate(sample), return_counts=True)
        common: Hashes = found[texts > _COMMON * len(sample)]
        return common

    def digests(self, without: Hashes | None) -> Digests:
        """One MinHash digest a row; a text without a shingle has one of its own."""
        count = len(self.starts) - 1
        digests = np.empty((count, _PERMUTATIONS), dtype=np.uint32)
        for first in range(0, count, _CHUNK):
            last = min(first + _CHUNK, count)
            parts = [
                _left(_hashes(self.codes(row)), without) for row in range(first, last)
            ]
            offsets = np.zeros(len(parts) + 1, dtype=np.uint64)
            np.cumsum([len(each) for each in parts], out=offsets[1:])
            matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
                np.concatenate(parts), offsets, _PERMUTATIONS, _SEED
            )
            digests[first:last] = matrix.to_rows()
            for place in np.flatnonzero(np.diff(offsets.astype(np.int64)) == 0):
                digests[first + place] = np.random.default_rng(first + place).integers(
                    0, 1 << 32, _PERMUTATIONS, dtype=np.uint32
                )
        return digests


def _left(hashes: Hashes, without: Hashes | None) -> Hashes:
    if without is None or not len(without):
        return hashes
    places = np.minimum(np.searchsorted(without, hashes), len(without) - 1)
    left: Hashes = hashes[without[places] != hashes]
    return left


def normalise(text: str) -> Codes:
    """UTF-16 units of letters and digits, small, half width, every digit a 0."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    kept: Codes = _table()[units]
    return kept[kept > 0]


@functools.cache
def _table() -> Codes:
    table = np.zeros(_PLANE, dtype=np.uint16)
    for code in range(_PLANE):
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        if code in _HALVES:
            table[code] = code
        elif plain[0].isdigit():
            table[code] = ord("0")
        elif plain[0].isalnum():
            table[code] = ord(plain[0]) if ord(plain[0]) < _PLANE else code
    return table


def _hashes(codes: Codes) -> Hashes:
    wide = codes.astype(np.uint64)
    count = max(len(wide) - SHINGLE + 1, 0)
    mixed: Hashes = np.zeros(count, dtype=np.uint64)
    for place, factor in enumerate(_MIX):
        mixed += wide[place : place + count] * factor
    mixed ^= mixed >> _HALF
    mixed *= _FINISH
    mixed ^= mixed >> _HALF
    return mixed


def _candidates(digests: Digests, rows: int) -> Rows:
    """Pairs, each as ``left * n + right``, that share a bucket of some band."""
    count = len(digests)
    found = [np.zeros(0, dtype=np.int64)]
    for first in range(0, _PERMUTATIONS - rows + 1, rows):
        keys: Hashes = np.zeros(count, dtype=np.uint64)
        for place in range(first, first + rows):
            keys = (keys ^ digests[:, place].astype(np.uint64)) * _MIX[0]
            keys ^= keys >> _HALF
        found.append(_in_buckets(keys))
    return np.unique(np.concatenate(found))


def _in_buckets(keys: Hashes) -> Rows:
    count = len(keys)
    order = np.argsort(keys, kind="stable")
    _, starts, sizes = np.unique(keys[order], return_index=True, return_counts=True)
    parts: list[Rows] = []
    for size in np.unique(sizes[sizes > 1]):
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        if size <= _CROWD:
            left, right = np.triu_indices(size, 1)
        else:  # neighbours, and all with the first
            left = np.concatenate([np.arange(size - 1), np.zeros(size - 2, np.int64)])
            right = np.concatenate([np.arange(1, size), np.arange(2, size)])
        parts.append((members[:, left] * count + members[:, right]).ravel())
    return np.concatenate([*parts, np.zeros(0, np.int64)])


def _alike(digests: Digests, pairs: Rows) -> npt.NDArray[np.float64]:
    """The estimated index of each pair: the share of equal permutations."""
    count = len(digests)
    found = np.empty(len(pairs))
    for first in range(0, len(pairs), _PAIRS):
        part = pairs[first : first + _PAIRS]
        equal = digests[part // count] == digests[part % count]
        found[first : first + _PAIRS] = equal.mean(axis=1)
    return found


def _verified(
    corpus: Corpus, pairs: Rows, jaccard: float, alignment: float | None
) -> Iterator[Pair]:
    count = len(corpus.starts) - 1
    shingles = functools.lru_cache(1 << 13)(corpus.shingles)
    text = functools.lru_cache(1 << 13)(corpus.text)
    for left, right in zip(
        (pairs // count).tolist(), (pairs % count).tolist(), strict=True
    ):
        index = _index(shingles(left), shingles(right))
        if index < jaccard and alignment is None:
            continue
        common = Indel.normalized_similarity(
            text(left), text(right), score_cutoff=alignment
        )
        if index >= jaccard or common:
            yield Pair(left, right, index, common)


def _index(left: Hashes, right: Hashes) -> float:
    both = len(np.intersect1d(left, right, assume_unique=True))
    return both / max(len(left) + len(right) - both, 1)
