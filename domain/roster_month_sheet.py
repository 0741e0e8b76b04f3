"""A month's matrix as a whole: which way it stands, its blocks, its legend."""

from collections.abc import Collection, Sequence

from domain.roster_dates import Period
from domain.roster_entry import Gathered, Layout
from domain.roster_marks import Marks
from domain.roster_matrix import Matrix, left_of
from domain.roster_month import Block, find_blocks, turned_over
from domain.roster_names import Directory
from domain.roster_people_down import PeopleDown
from domain.roster_posts_down import PostsDown
from domain.sheet import Rows, tidy

Ranges = Collection[tuple[int, int, int, int]]
WIDEST = 400  # cells of a merged range, each way


def read_matrix(
    rows: Rows, people: Directory, into: Gathered, period: Period, merged: Ranges
) -> Layout | None:
    """Read a matrix and return its layout, None when the sheet is none."""
    matrix = Matrix(rows, people, _first_of(merged), into)
    blocks = find_blocks(rows, people.words, period)
    if not blocks and (turned := turned_over(rows, people)):
        across = [(left, top, right, bottom) for top, left, bottom, right in merged]
        matrix = Matrix(turned, people, _first_of(across), into, turned=True)
        blocks = find_blocks(turned, people.words, period)
    if not blocks:
        return None
    layout = _layout(matrix, blocks)
    marks = Marks(people.words, _legend(matrix, blocks))
    for index, block in enumerate(blocks):
        matrix.head(block)
        matrix.above = {}
        reader = PostsDown(matrix, block) if layout is Layout.POSTS else PeopleDown(matrix, block, marks)
        for number in range(block.end + 1, _end(matrix, blocks, index)):
            reader.read(number)
            matrix.pass_by(block, number)
    return layout


def _end(matrix: Matrix, blocks: Sequence[Block], index: int) -> int:
    return blocks[index + 1].start if index + 1 < len(blocks) else len(matrix.rows)


def _legend(matrix: Matrix, blocks: Sequence[Block]) -> Rows:
    heads = {n for block in blocks for n in range(block.start, block.end + 1)}
    return [row for n, row in enumerate(matrix.rows) if n not in heads]


def _layout(matrix: Matrix, blocks: Sequence[Block]) -> Layout:
    """Return whether people or posts stand down: by the header, else by most of what stands there."""
    block, people = blocks[0], matrix.people
    down = Layout.TURNED if matrix.turned else Layout.PEOPLE
    if "name" in block.kinds.values():
        return down
    named = posts = 0
    for number in range(block.end + 1, _end(matrix, blocks, 0)):
        for column in left_of(block):
            text = matrix.cell(number, column)
            named += block.kinds[column] == "" and tidy(text) in people.by_name
            posts += (found := people.words.read(text)) is not None and found.kind == "on"
    return Layout.POSTS if not named and (posts or {"post", "shift"} & set(block.kinds.values())) else down


def _first_of(merged: Ranges) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each further cell of a merged range the cell that has its text, counted from 0."""
    return {
        (row, column): (top, left)
        for top, left, bottom, right in merged
        if bottom - top < WIDEST and right - left < WIDEST
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
