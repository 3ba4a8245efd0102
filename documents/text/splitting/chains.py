"""Labels that are articles, among all that begin a line: the heaviest chain of rising numbers.

A line may begin with 第二十条 and only speak of it, quote another law, or list the contents. Each
label has a weight by its form; a step from one to the next costs what is missing between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.text.labels import Label, article_of, heading_of, is_heading
from documents.text.lines import Line

_SURELY, _PARTED, _JOINED, _PARTED_CITED, _JOINED_CITED = 14, 10, 6, 3, -2
_JOINED_AMONG_PARTED, _MOSTLY = -1, 0.6
_HEADED, _AFTER_COLON, _IN_QUOTES, _LIKE_CONTENTS = 2, -3, -14, -5
_STARTS_LATER, _GAP, _MOST_OF_GAP, _RESTARTS = 12, 4, 12, 3
_BACK = 100
"""Labels in front of one among which its forerunner is sought."""
_LONGEST_QUOTE = 60
"""Lines."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The label of line ``at``; ``chapters`` is the number of chapters and books above it, and
    ``listed`` tells whether it stands as an entry of contents does.
    """

    at: int
    label: Label
    weight: int
    chapters: int
    listed: bool


def candidates(lines: Sequence[Line]) -> list[Candidate]:
    """All labels that may be articles."""
    quoted, found, chapters = _quoted(lines), list[Candidate](), 0
    parted = _are_parted(lines)
    for at, line in enumerate(lines):
        if line.apart:
            continue
        heading = heading_of(line.text, surely=line.surely)
        chapters += bool(heading and heading.kind != "section")
        if label := article_of(line.text):
            weight = _form(label, line, parted=parted) + _IN_QUOTES * (at in quoted)
            listed = _is_listed(lines, at)
            weight += _AFTER_COLON * _is_announced(lines, at) + _LIKE_CONTENTS * listed
            found.append(Candidate(at, label, weight, chapters, listed))
    return found


class Chains:
    """The heaviest chains among candidates, and among any number of the first of them."""

    def __init__(self, found: Sequence[Candidate]) -> None:
        self._found = found
        self._best, self._before = list[int](), list[int]()
        for here in range(len(found)):
            most, earlier = self._entered(here)
            self._best.append(most + found[here].weight)
            self._before.append(earlier)

    def articles(self, many: int | None = None) -> list[Candidate]:
        """Those that are articles, in their order, of the first ``many``, or of all."""
        best = self._best[:many]
        if not best or max(best) <= 0:
            return []
        chain, at = list[Candidate](), best.index(max(best))
        while at >= 0:
            chain.append(self._found[at])
            at = self._before[at]
        return _without_contents(chain[::-1])

    def _entered(self, here: int) -> tuple[int, int]:
        """The weight of the best chain that ends before a candidate, and its last, -1 of none."""
        label = self._found[here].label
        most, earlier = -_STARTS_LATER * (label.number != 1 or label.inserted > 0), -1
        for there in range(max(here - _BACK, 0), here):
            step = _step(self._found[there], self._found[here])
            if step is not None and self._best[there] - step > most:
                most, earlier = self._best[there] - step, there
        return most, earlier


def _without_contents(chain: list[Candidate]) -> list[Candidate]:
    """A chain without a run in front of a new beginning of which most labels are listed."""
    anew = [at for at in range(1, len(chain)) if _begins_anew(chain[at - 1], chain[at])]
    kept, begin = list[Candidate](), 0
    for end in (*anew, len(chain)):
        run = chain[begin:end]
        if end == len(chain) or sum(of.listed for of in run) * 2 < len(run):
            kept += run
        begin = end
    return kept


def _begins_anew(earlier: Candidate, later: Candidate) -> bool:
    """Whether a step goes back to the first article."""
    one, two = earlier.label, later.label
    return (two.number, two.inserted) <= (one.number, one.inserted)


def _form(label: Label, line: Line, *, parted: bool) -> int:
    """Weight by the label itself; ``parted`` where those of the document are."""
    if line.surely:
        return _SURELY
    if label.cited:
        return _PARTED_CITED if label.parted else _JOINED_CITED
    if label.parted:
        return _PARTED + _HEADED * bool(line.level)
    return (_JOINED_AMONG_PARTED if parted else _JOINED) + _HEADED * bool(line.level)


def _are_parted(lines: Sequence[Line]) -> bool:
    """Whether most labels of a document stand apart from their text."""
    labels = [label for line in lines if not line.apart and (label := article_of(line.text))]
    own = [label.parted for label in labels if not label.cited]
    return sum(own) > _MOSTLY * len(own)


def _is_announced(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is introduced, as a quotation is."""
    return at > 0 and lines[at - 1].text.endswith(("：", ":"))


def _is_listed(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is no sentence, and the next one begins with a label."""
    following = lines[at + 1] if at + 1 < len(lines) else None
    return is_heading(lines[at].text) and _is_labelled(following)


def _is_labelled(line: Line | None) -> bool:
    """Whether a line has the label of an article or a heading."""
    if line is None or line.apart:
        return False
    return bool(article_of(line.text) or heading_of(line.text))


def _step(earlier: Candidate, later: Candidate) -> int | None:
    """The cost of a step, None of one that cannot be."""
    one, two = earlier.label, later.label
    if (two.number, two.inserted) <= (one.number, one.inserted):
        first = two.number == 1 and not two.inserted and not earlier.listed
        return _RESTARTS if first and later.chapters > earlier.chapters else None
    if two.number == one.number:
        missing = two.inserted - one.inserted - 1
    else:
        missing = two.number - one.number - 1 + max(two.inserted - 1, 0)
    return min(_GAP + missing, _MOST_OF_GAP) if missing else 0


def _quoted(lines: Sequence[Line]) -> set[int]:
    """Lines that stand in a quotation which began on an earlier line and ends on a later one."""
    found = set[int]()
    for begin, end in _quotations(lines):
        found.update(range(begin + 1, end + 1))
    return found


def _quotations(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    begin, depth = -1, 0
    for at, line in enumerate(lines):
        if begin >= 0 and at - begin > _LONGEST_QUOTE:
            begin, depth = -1, 0
        for character in line.text:
            if character in "“「『":
                begin = at if not depth else begin
                depth += 1
            elif character in "”」』" and depth:
                depth -= 1
                if not depth:
                    if at > begin:
                        yield begin, at
                    begin = -1
