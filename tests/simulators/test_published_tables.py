"""Published tables of a treasury that is not there: they add up and say what was paid, but where a
label says otherwise.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from simulators.treasury.published.files import write_published
from simulators.treasury.records import Published, Treasury
from simulators.treasury.simulation import treasury

PAYMENTS = 30_000
SEEDS = (2, 3)
WRONG, UNPAID = "published-does-not-add-up", "published-against-payments"
THREE = {
    "因公出国（境）费": ("30212",),
    "公务用车购置费": ("31013",),
    "公务用车运行维护费": ("30231",),
    "公务接待费": ("30217",),
}
Row = tuple[str | int, ...]


@cache
def made(seed: int) -> Treasury:
    return treasury(seed, 5, PAYMENTS)


def labelled(one: Treasury, kind: str, *, innocent: bool = False) -> list[str]:
    """Numbers of sets, once for each label."""
    return [
        label.keys[0].split("!")[0]
        for label in one.labels
        if label.kind == kind and label.innocent is innocent
    ]


def rows(of: Published, name: str) -> tuple[Row, ...]:
    return next((sheet.rows for sheet in of.sheets if sheet.name == name), ())


def by_function(of: Published, name: str = "公开05表") -> dict[str, tuple[int, int, int]]:
    """All, basic and project of each code; the total has none."""
    found = {}
    for row in rows(of, name)[3:]:
        if str(row[0]).isdigit() or row[0] == "合计":
            code = "" if row[0] == "合计" else str(row[0])
            whole, basic, project = (int(cell or 0) for cell in row[-3:])
            found[code] = (whole, basic, project)
    return found


def expenditure(of: Published) -> dict[str, int]:
    return {
        str(row[2]).split("、")[-1]: int(row[3] or 0) for row in rows(of, "公开01表")[4:] if row[2]
    }


def three(of: Published) -> dict[str, int]:
    table = rows(of, "公开09表")
    names = [str(below or above) for above, below in zip(table[2], table[3], strict=True)]
    return dict(zip(names, (int(cell or 0) for cell in table[4]), strict=True))


def off(whole: int, parts: list[int]) -> bool:
    """By more than each part and the sum can be rounded, half a hundredth."""
    return abs(whole - sum(parts)) * 2 > len(parts) + 1


def breaks(of: Published) -> Iterator[str]:
    """What does not add up in a set."""
    for name in ("公开05表", "公开07表"):
        table = by_function(of, name)
        for code, (whole, basic, project) in table.items():
            if off(whole, [basic, project]):
                yield f"row {code}"
            below = [key for key in table if len(key) == 7 and key.startswith(code)]
            if off(whole, [table[key][0] for key in below]):
                yield f"sum {code}"
    out = expenditure(of)
    whole = out.pop("支出总计")
    income = next(row[1] for row in rows(of, "公开01表") if row[0] == "收入总计")
    if off(whole, list(out.values())) or whole != income:
        yield "both sides"
    if not rows(of, "公开07表"):
        names = {str(row[1]): row[0] for row in rows(of, "公开05表") if len(str(row[0])) == 3}
        table = by_function(of)
        if any(table[str(code)][0] != out[name] for name, code in names.items()):
            yield "two tables"
    sums = three(of)
    if off(sums["“三公”经费合计"], [sums[name] for name in THREE]):
        yield "three expenses"


def paid(one: Treasury) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """By year and department: of each class, without funds; and of each item."""
    classes: Counter[tuple[str, str]] = Counter()
    items: Counter[tuple[str, str]] = Counter()
    for payment in one.payments:
        at = f"{payment.paid_on.year}-final-{payment.unit[:3]}"
        if payment.fund == "一般公共预算资金":
            classes[at, payment.function[:7]] += payment.amount
        items[at, payment.item[:5]] += payment.amount
    return classes, items


@pytest.mark.parametrize("seed", SEEDS)
def test_a_set_adds_up_but_where_a_label_says_otherwise(seed: int) -> None:
    """Rounded figures are off by half a hundredth each at most."""
    one = made(seed)
    assert len(one.published) == 160
    broken = {of.number for of in one.published if any(breaks(of))}
    assert broken == set(labelled(one, WRONG))
    assert len(broken) >= 10
    assert len(labelled(one, WRONG, innocent=True)) >= 5 * len(broken)
    assert not broken & set(labelled(one, WRONG, innocent=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_final_account_says_what_was_paid_but_where_a_label_says_otherwise(seed: int) -> None:
    """By class and by item of the three expenses, to a hundredth of 万元."""
    one = made(seed)
    classes, items = paid(one)
    differing = set()
    for of in (each for each in one.published if each.stage == "决算"):
        shown = by_function(of)
        leaves = {key: shown[key][0] for key in shown if len(key) == 7}
        for code, amount in leaves.items():
            if abs(amount * 10_000 - classes[of.number, code]) > 10_000:
                differing.add(of.number)
        sums = three(of)
        for name, codes in THREE.items():
            real = sum(items[of.number, code] for code in codes)
            if abs(sums[name] * 10_000 - real) > 10_000:
                differing.add(of.number)
    planted = set(labelled(one, UNPAID))
    assert planted <= differing <= planted | set(labelled(one, WRONG))
    assert len(planted) >= 10
    assert len(labelled(one, UNPAID, innocent=True)) >= 5 * len(planted)


def test_the_files_have_titles_units_and_the_labelled_cells(tmp_path: Path) -> None:
    """A workbook a set or a CSV file a table; a label's cell is where the figure stands."""
    one = made(2)
    write_published(one.published, tmp_path)
    keys = [
        key.split("!")
        for label in one.labels
        if label.kind in (WRONG, UNPAID) and not label.innocent
        for key in label.keys
    ]
    forms = {of.number: of for of in one.published}
    seen = set()
    for number, sheet, cell in keys:
        row, column = coordinate_to_tuple(cell)
        folder = tmp_path / "published"
        if forms[number].form == "xlsx":
            page = openpyxl.load_workbook(folder / f"{number}.xlsx")[sheet]
            table = [list(line) for line in page.iter_rows(values_only=True)]
        else:
            path = folder / f"{number}-{sheet[2:4]}.csv"
            with path.open(encoding="utf-8", newline="") as file:
                table = [list(line) for line in csv.reader(file)]
        seen.add(forms[number].form)
        assert "表" in str(table[0][0])
        assert table[1][-1] == "单位：万元"
        value = rows(forms[number], sheet)[row - 1][column - 1]
        assert isinstance(value, int)
        written = str(table[row - 1][column - 1]).replace(",", "")
        assert round(float(written) * 100) == value
    assert seen == {"xlsx", "csv"}
