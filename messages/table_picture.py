"""A table drawn as a picture that is read on a telephone and pinned on a wall; its texts are wrapped, never cut."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

from messages.table import GREY, HEAD, INK, PAPER, RED, RULE, Cell, Table, Typeface

WIDTH = 1400  # pixels: sharp on a telephone 390 points wide with three pixels each
MARGIN = 36
PAD = 12
LARGEST, SMALLEST = 40, 22
TITLE = 60
MOST = 10_000
"""Telegram takes photos whose width and height together are at most this."""
TALLEST = 19
"""… and whose height is at most 20 times the width."""
COLOURS = 48
"""Of the palette: flat colours and the edges of letters need no more, and the file is a third as large."""


def draw(table: Table, face: Typeface) -> bytes:
    """Return the table as a PNG within Telegram's limits for photos; raises OSError for an unusable font."""
    image = _Sheet(table, face).image()
    if image.height > image.width * TALLEST:
        wide = Image.new("RGB", (image.height // TALLEST + 1, image.height), PAPER)
        wide.paste(image, ((wide.width - image.width) // 2, 0))
        image = wide
    if (most := MOST / (image.width + image.height)) < 1:
        size = (int(image.width * most), int(image.height * most))
        image = image.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


@dataclass
class _Sheet:
    table: Table
    face: Typeface
    _fonts: dict[int, ImageFont.FreeTypeFont] = field(default_factory=dict)

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        """Return the face in a size (pixels)."""
        if size not in self._fonts:
            self._fonts[size] = ImageFont.truetype(
                self.face.path, size, self.face.index, layout_engine=ImageFont.Layout.BASIC
            )
        return self._fonts[size]

    def image(self) -> Image.Image:
        """Return the drawn table."""
        columns = len(self.table.header)
        self.size, self.widths = self._fit()
        self.lefts = [MARGIN + sum(self.widths[:n]) for n in range(columns + 1)]
        heights = self._heights()
        head = self._height(1)
        top = MARGIN + self._title_height() + head
        self.tops = [top + sum(heights[:n]) for n in range(self.table.rows + 1)]
        line = int(self.size * 1.5)
        foot = self._foot_lines()
        below = self.tops[-1] + 18
        legend = line if self.table.legend else 0
        picture = Image.new("RGB", (WIDTH, below + legend + len(foot) * line + MARGIN), PAPER)
        self.pen = ImageDraw.Draw(picture)
        self._draw_title()
        self._draw_header(top - head, top)
        for (row, column), cell in self.table.cells.items():
            self._draw_cell(row, column, cell)
        self._draw_frame(top - head)
        self._draw_legend(below, line)
        for number, words in enumerate(foot):
            self.pen.text(
                (MARGIN, below + legend + number * line + line // 2), words, INK, self.font(self.size), "lm"
            )
        return picture

    # --- what fits where ----------------------------------------------------------------------------------

    def _fit(self) -> tuple[int, list[int]]:
        """Return the largest size in which no piece need be shrunk, and the columns' widths."""
        room = WIDTH - 2 * MARGIN
        for size in range(LARGEST, SMALLEST - 1, -1):
            least, wish = self._needs(size)
            if sum(least) <= room:
                return size, _shared(least, wish, room)
        least, _ = self._needs(SMALLEST)
        return SMALLEST, _shared([need * room // sum(least) for need in least], least, room)

    def _needs(self, size: int) -> tuple[list[int], list[int]]:
        """Return what each column needs at least (its longest piece) and would like (its longest text)."""
        font = self.font(size)
        least = [int(font.getlength(word)) + 2 * PAD + 2 for word in self.table.header]
        wish = list(least)
        for (_, column), cell in self.table.cells.items():
            if cell.across == 1:
                lengths = [int(font.getlength(piece)) for piece in cell.pieces] or [0]
                least[column] = max(least[column], max(lengths) + 2 * PAD + 2)
                whole = int(font.getlength(cell.joint.join(cell.pieces)))
                wish[column] = max(wish[column], whole + 2 * PAD + 2)
        return least, wish

    def _heights(self) -> list[int]:
        heights = [self._height(1)] * self.table.rows
        for (row, column), cell in self.table.cells.items():
            if cell.down == 1:
                heights[row] = max(heights[row], self._height(len(self._lines(column, cell)[0])))
        for (row, column), cell in self.table.cells.items():
            need = self._height(len(self._lines(column, cell)[0])) - sum(heights[row : row + cell.down])
            if need > 0:
                for n in range(cell.down):
                    heights[row + n] += -(-need // cell.down)
        return heights

    def _height(self, lines: int) -> int:
        return int(self.size * (0.24 + 1.22 * lines))

    def _lines(self, column: int, cell: Cell) -> tuple[list[str], int]:
        """Return a cell's text in lines that fit its width, and their size."""
        room = sum(self.widths[column : column + cell.across]) - 2 * PAD
        longest = max(cell.pieces, key=len, default="")
        size = self.size
        while size > SMALLEST and self.font(size).getlength(longest) > room:
            size -= 1
        lines: list[str] = []
        for piece in cell.pieces:
            joined = f"{lines[-1]}{cell.joint}{piece}" if lines else piece
            if self.font(size).getlength(joined) <= room:
                lines[-1:] = [joined]
            else:
                lines += self._broken(piece, room, size)
        return [*lines, *([cell.alarm] if cell.alarm else [])] or [""], size

    def _broken(self, piece: str, room: int, size: int) -> list[str]:
        lines = [""]
        for letter in piece:
            if lines[-1] and self.font(size).getlength(lines[-1] + letter) > room:
                lines.append("")
            lines[-1] += letter
        return lines

    def _foot_lines(self) -> list[str]:
        return [
            line for words in self.table.foot for line in self._broken(words, WIDTH - 2 * MARGIN, self.size)
        ]

    # --- ink ----------------------------------------------------------------------------------------------

    def _title_size(self) -> int:
        size = TITLE
        while size > LARGEST and self.font(size).getlength(self.table.title) > WIDTH - 2 * MARGIN:
            size -= 1
        return size

    def _title_lines(self) -> list[str]:
        return self._broken(self.table.title, WIDTH - 2 * MARGIN, self._title_size())

    def _title_height(self) -> int:
        return int(self._title_size() * 1.35) * len(self._title_lines()) + 20

    def _draw_title(self) -> None:
        size = self._title_size()
        for number, words in enumerate(self._title_lines()):
            y = MARGIN + int(size * 1.35) * number + size * 0.6
            self.pen.text((WIDTH / 2, y), words, HEAD, self.font(size), "mm", stroke_width=1)

    def _draw_header(self, top: int, bottom: int) -> None:
        self.pen.rectangle((self.lefts[0], top, self.lefts[-1], bottom), HEAD)
        for column, word in enumerate(self.table.header):
            middle = ((self.lefts[column] + self.lefts[column + 1]) / 2, (top + bottom) / 2)
            size = self.size
            while size > 1 and self.font(size).getlength(word) > self.widths[column] - PAD:
                size -= 1
            self.pen.text(middle, word, PAPER, self.font(size), "mm")

    def _draw_cell(self, row: int, column: int, cell: Cell) -> None:
        left, right = self.lefts[column], self.lefts[column + cell.across]
        top, bottom = self.tops[row], self.tops[row + cell.down]
        self.pen.rectangle((left, top, right, bottom), cell.tint, RULE)
        lines, size = self._lines(column, cell)
        inks = [cell.ink] * (len(lines) - bool(cell.alarm)) + [RED] * bool(cell.alarm)
        step = size * 1.22
        y = (top + bottom) / 2 - step * (len(lines) - 1) / 2
        for words, ink in zip(lines, inks, strict=True):
            bold = cell.bold or ink == RED
            self.pen.text(((left + right) / 2, y), words, ink, self.font(size), "mm", stroke_width=int(bold))
            y += step

    def _draw_frame(self, top: int) -> None:
        for row in self.table.thick:
            y = self.tops[row]
            self.pen.line((self.lefts[0], y, self.lefts[-1], y), GREY, 3)
        self.pen.rectangle((self.lefts[0], top, self.lefts[-1], self.tops[-1]), outline=HEAD, width=3)

    def _draw_legend(self, top: int, line: int) -> None:
        x, size = MARGIN, self.size - 4
        for tint, ink, words in self.table.legend:
            y = top + line / 2
            if tint != PAPER:
                self.pen.rectangle((x, y - size / 2, x + size, y + size / 2), tint, RULE)
                x += size + 10
            self.pen.text((x, y), words, ink, self.font(size), "lm")
            x += int(34 + self.font(size).getlength(words))


def _shared(least: Sequence[int], wish: Sequence[int], room: int) -> list[int]:
    """Return widths that fill the room: what each needs, then by wish, then evenly."""
    spare = room - sum(least)
    wanted = [w - n for n, w in zip(least, wish, strict=True)]
    given = [min(w, spare * w // max(sum(wanted), 1)) for w in wanted]
    widths = [n + g for n, g in zip(least, given, strict=True)]
    rest = room - sum(widths)
    widths = [w + rest // len(widths) for w in widths]
    widths[-1] += room - sum(widths)
    return widths
