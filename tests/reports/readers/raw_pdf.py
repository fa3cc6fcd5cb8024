"""A PDF of a few kilobytes, written by hand: text at places, lines, boxes. No font is embedded."""

from __future__ import annotations

import zlib

FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
    "/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
)


def text(x: float, y: float, words: str, size: float = 10) -> str:
    """Return the drawing of words whose line begins at x, y (from below)."""
    return f"BT /F1 {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    """Return the drawing of a line."""
    return f"{x0} {y0} m {x1} {y1} l S"


def pdf(pages: list[list[str]], size: tuple[float, float] = (595, 842), extra: str = "") -> bytes:
    """Return a PDF of pages, each a list of drawings."""
    kids = " ".join(f"{6 + 2 * index} 0 R" for index in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>", *FONT]
    bodies: list[bytes] = [item.encode() for item in objects]
    for index, drawings in enumerate(pages):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] {extra} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {7 + 2 * index} 0 R >>".encode()
        )
        stream = zlib.compress("\n".join(drawings).encode())
        bodies.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    tail = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(bodies) + 1} /Root 1 0 R >>"
    return out + f"{tail}\nstartxref\n{len(out)}\n%%EOF\n".encode()


def ruled(xs: list[float], ys: list[float]) -> list[str]:
    """Return the lines of a table with all its edges."""
    return [line(x, ys[0], x, ys[-1]) for x in xs] + [line(xs[0], y, xs[-1], y) for y in ys]
