"""Charts as SVG: what a table says, drawn, with its title and what it shows in words for who does not see it.

Written as Vega-Lite specifications and drawn by vl-convert, without a browser. On a page colours are the names of
portal.css, so a chart follows light and dark; on paper they are fixed. Colours differ for who is colour-blind (after
Okabe and Ito) and every bar carries its number.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from xml.sax.saxutils import escape

import vl_convert

from figures import survival
from figures.counting import FunnelStep, Tally, funnel, grouped, moments_reached, tally
from figures.people import LATEST, NEW_JOB
from figures.tables import DAYS_OF_A_MONTH, MONTHS, Counted, Table, label_of, lives
from figures.telling import OUTCOMES
from figures.wording import Wording
from models.messages.words import UnknownReason

Medium = Literal["screen", "paper"]
CLASSES = ("new_job", "other", "unknown")
"""What a bar is about, each with its colour."""
COLOURS: Mapping[Medium, Mapping[str, str]] = {
    "screen": {
        "ink": "var(--ink)",
        "soft": "var(--ink-soft)",
        "line": "var(--line)",
        "new_job": "var(--chart-job)",
        "other": "var(--chart-other)",
        "unknown": "var(--chart-unknown)",
    },
    "paper": {
        "ink": "#16202b",
        "soft": "#4b5866",
        "line": "#d5dbe2",
        "new_job": "#0b5a8a",
        "other": "#8fa3b3",
        "unknown": "#c46a00",
    },
}
FONTS: Mapping[Medium, str] = {"screen": "system-ui, DejaVu Sans, sans-serif", "paper": "Libertinus Serif"}
WIDTH, LINE, MOST_GROUPS = 560, 24, 12
CLOSER_THAN_TABLES = frozenset({"groups", "survival"})
"""Drawings that tell more than their table: every group by itself, and every day on which one person found a job."""
ROOM_FOR_A_NUMBER = 1.45
"""How much longer the axis is than the longest bar, so that its number stands beside it."""
_OPENING = re.compile(r"^<svg [^>]*?viewBox=\"([^\"]*)\"[^>]*>")
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
"""The drawing is told as one picture; its parts say nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing beside one table."""

    code: str
    title: str
    svg: str


def charts(counted: Counted, tables: Sequence[Table], words: Wording, medium: Medium = "screen") -> Mapping[str, Chart]:
    """A drawing for each table that has something to draw, by the table's code. Takes some tenths of a second the
    first time in a process and hundredths after that: call it in a thread where others wait.
    """
    drawn = {"outcomes": _outcomes, "groups": _groups, "survival": _survival, "funnel": _funnel}
    found = {}
    for table in tables:
        can_be_drawn = table.code in drawn and counted.people and not left_out(counted, table)
        if can_be_drawn and (spec := drawn[table.code](counted, words, medium)) is not None:
            found[table.code] = Chart(table.code, table.title, _drawn(spec, table, words, medium))
    return found


def left_out(counted: Counted, table: Table) -> bool:
    """Whether a drawing would tell others what is hidden: a number of its table, a small group, one person's day."""
    if not counted.asked.discreet:
        return False
    return table.code in CLOSER_THAN_TABLES or any(cell is None for row in table.rows for cell in row.cells)


def _outcomes(counted: Counted, words: Wording, medium: Medium) -> dict[str, Any] | None:
    of = counted.tally
    known = [(word.value, of.words.get(word, 0), "new_job" if word in NEW_JOB else "other") for word in OUTCOMES]
    bars = known + [(reason.value, of.reasons.get(reason, 0), "unknown") for reason in UnknownReason]
    rows = [
        {"label": words.word("outcomes", code), "count": count, "class": part, "told": _counted(count, of, words)}
        for code, count, part in bars
    ]
    return _bars(rows, medium)


def _funnel(counted: Counted, words: Wording, medium: Medium) -> dict[str, Any] | None:
    """Of the chosen moment, or the last one at which a person was asked."""
    reached = moments_reached(counted.people)
    if not reached:
        return None
    asked = [one for one in reached if funnel(counted.people, one)[FunnelStep.ASKED]]
    chosen = counted.asked.moment
    moment = chosen if chosen in reached else (asked or reached)[-1]
    assert moment != LATEST, "a moment has a name"
    answers = (FunnelStep.ANSWERED, FunnelStep.AGENCY_ANSWERED, FunnelStep.PHONE_ANSWERED, FunnelStep.SPARED)
    rows = []
    for step, count in funnel(counted.people, moment).items():
        part = "unknown" if step is FunnelStep.UNKNOWN else "new_job" if step in answers else "other"
        told = words.say("frame.not_tracked") if count is None else words.number(count)
        rows.append({"label": words.word("funnel", step), "count": count or 0, "class": part, "told": told})
    return _bars(rows, medium, title=words.word("moments_spelled", moment))


def _bars(rows: list[dict[str, Any]], medium: Medium, title: str = "") -> dict[str, Any]:
    """Lying bars with their number at the end."""
    longest = max([row["count"] for row in rows] + [1])
    y = {"field": "label", "type": "nominal", "sort": None, "axis": _names(220)}
    x = {"field": "count", "type": "quantitative", "axis": None, "scale": {"domain": [0, longest * ROOM_FOR_A_NUMBER]}}
    layers = [
        {"mark": {"type": "bar", "height": 15, "cornerRadiusEnd": 2}, "encoding": {"x": x, "color": _colour(medium)}},
        _numbers({"x": x}, medium),
    ]
    return _spec(rows, len(rows), {"encoding": {"y": y}, "layer": layers}, medium, title)


def _groups(counted: Counted, words: Wording, medium: Medium) -> dict[str, Any]:
    """Of each group the share in a new job, otherwise known and unknown; the largest ones, in their order."""
    found = [
        (label_of(key, counted, words), tally(some, counted.asked.moment))
        for key, some in grouped(counted.people, counted.asked.by)
    ]
    largest = sorted(found, key=lambda group: -group[1].people)[:MOST_GROUPS]
    rows = [row for label, of in found if (label, of) in largest for row in _parts(label, of, words)]
    y = {"field": "label", "type": "nominal", "sort": None, "axis": _names(180)}
    x = {"field": "share", "type": "quantitative", "stack": "zero", "axis": None, "scale": {"domain": [0, 1.2]}}
    legend = {"orient": "top", "title": None, "labelLimit": 0, "symbolType": "square", "columnPadding": 10}
    names = [words.word("classes", part) for part in CLASSES]
    colour = {
        "field": "class_name",
        "type": "nominal",
        "scale": {"domain": names, "range": [COLOURS[medium][part] for part in CLASSES]},
        "legend": legend,
    }
    ends = {"x": {"datum": 1.0, "type": "quantitative"}}
    layers = [
        {
            "mark": {"type": "bar", "height": 15},
            "encoding": {"x": x, "color": colour, "order": {"field": "place"}},
        },
        _numbers(ends, medium) | {"transform": [{"filter": "datum.place == 0"}]},
    ]
    return _spec(rows, len(largest), {"encoding": {"y": y}, "layer": layers}, medium)


def _parts(label: str, of: Tally, words: Wording) -> list[dict[str, Any]]:
    counts = (of.new_job, of.known - of.new_job, of.unknown)
    return [
        {
            "label": label,
            "place": place,
            "class_name": words.word("classes", part),
            "share": count / of.people,
            "told": words.number(of.people),
        }
        for place, (part, count) in enumerate(zip(CLASSES, counts, strict=True))
    ]


def _survival(counted: Counted, words: Wording, medium: Medium) -> dict[str, Any] | None:
    """The share that found a new job, by months since the start, as steps with their band."""
    lived = lives(counted.people)
    steps = survival.curve(lived)
    if not steps:
        return None
    rows = _points(lived, steps)
    last = rows[-1]["month"]
    percent = "format(datum.value * 100, '.0f') + '{}%'".format("" if words.language.value == "en" else "\u00a0")
    x = {
        "field": "month",
        "type": "quantitative",
        "axis": {"title": words.say("heads.months"), "grid": False, "tickMinStep": 1, "values": list(range(0, 25, 3))},
        "scale": {"domain": [0, max(last, 3)], "nice": False},
    }
    y = {
        "field": "found",
        "type": "quantitative",
        "axis": {"title": words.say("heads.found_share"), "labelExpr": percent, "tickCount": 5},
        "scale": {"domain": [0, 1]},
    }
    band = {"y": {**y, "field": "low"}, "y2": {"field": "high"}}
    colour = COLOURS[medium]["new_job"]
    layers = [
        {
            "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.18, "color": colour},
            "encoding": {"x": x, **band},
        },
        {
            "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5, "color": colour},
            "encoding": {"x": x, "y": y},
        },
    ]
    return _spec(rows, 10, {"layer": layers}, medium)


def _points(lived: Sequence[tuple[int, bool]], steps: Sequence[survival.Step]) -> list[dict[str, float]]:
    """Where the curve goes, up to the last day on which somebody is followed."""
    last = min(max(days for days, _ in lived), round(MONTHS[-1] * DAYS_OF_A_MONTH))
    rows = [{"month": 0.0, "found": 0.0, "low": 0.0, "high": 0.0}]
    rows += [
        {
            "month": step.time / DAYS_OF_A_MONTH,
            "found": 1 - step.staying,
            "low": 1 - step.high,
            "high": 1 - step.low,
        }
        for step in steps
        if step.time <= last
    ]
    rows.append(rows[-1] | {"month": last / DAYS_OF_A_MONTH})
    return rows


def _counted(count: int, of: Tally, words: Wording) -> str:
    return f"{words.number(count)} · {words.percentage(of.of_all(count).percentage)}"


def _names(most: int) -> dict[str, Any]:
    return {"title": None, "domain": False, "ticks": False, "labelLimit": most, "labelPadding": 8}


def _colour(medium: Medium) -> dict[str, Any]:
    scale = {"domain": list(CLASSES), "range": [COLOURS[medium][part] for part in CLASSES]}
    return {"field": "class", "type": "nominal", "scale": scale, "legend": None}


def _numbers(encoding: dict[str, Any], medium: Medium) -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": COLOURS[medium]["ink"]}
    return {"mark": mark, "encoding": {**encoding, "text": {"field": "told"}}}


def _spec(rows: Any, lines: int, drawing: dict[str, Any], medium: Medium, title: str = "") -> dict[str, Any]:
    colours, font = COLOURS[medium], FONTS[medium]
    axis = {
        "labelColor": colours["ink"],
        "titleColor": colours["soft"],
        "gridColor": colours["line"],
        "domainColor": colours["line"],
        "tickColor": colours["line"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": lines * LINE,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": None,
        "padding": {"top": 10, "left": 4, "right": 4, "bottom": 4},
        "data": {"values": rows},
        **({"title": {"text": title, "anchor": "start", "fontSize": 13, "color": colours["ink"]}} if title else {}),
        **drawing,
        "config": {
            "aria": False,
            "font": font,
            "axis": axis,
            "legend": {"labelColor": colours["ink"], "labelFontSize": 12},
            "view": {"stroke": None},
        },
    }


def _drawn(spec: dict[str, Any], table: Table, words: Wording, medium: Medium) -> str:
    """The drawing, named and described; it takes the width it is given."""
    svg = _ROLES.sub("", _converted(json.dumps(spec, ensure_ascii=False)))
    opening = _OPENING.match(svg)
    assert opening is not None, "an SVG begins with its size"
    box, name = opening[1], f"chart-{table.code}"
    width, height = box.split()[2:]
    size = "" if medium == "screen" else f' width="{width}" height="{height}"'
    told = escape(described(table, words))
    begin = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="{box}"{size} role="img" '
        f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(table.title)}</title>'
        f'<desc id="{name}-desc">{told}</desc>'
    )
    return begin + svg[opening.end() :].replace('id="clip', f'id="{name}-clip').replace("#clip", f"#{name}-clip")


@lru_cache(maxsize=64)
def _converted(spec: str) -> str:
    return str(vl_convert.vegalite_to_svg(spec, vl_version="6.4"))


def described(table: Table, words: Wording) -> str:
    """What a drawing shows, in words: the same numbers as the table beside it."""
    lines = (f"{row.label}: {words.cell(row.cells[0])}" for row in table.rows if row.cells and not row.total)
    return words.say("frame.chart", title=table.title) + " " + "; ".join(lines) + "."
