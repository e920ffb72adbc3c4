"""The applications of the API: a shape for each form of the pages, and the way from one to the other."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, StrictBool, create_model

from models.messages.words import Document, Instrument
from portal.api.examples import EXAMPLES
from portal.api.names import COLUMNS, ROWS, WORDS
from portal.api.problems import FieldFault
from portal.forms import FORMS
from portal.forms.answers import Fault, Filled, Typed, cleaned
from portal.forms.questions import Form, Question, Rows, Sort

_EUROS, _NUMBER = r"^[0-9]{1,8}(\.[0-9]{1,2})?$", r"^[0-9]{1,5}(\.[0-9]{1,2})?$"
_TEXTS: Mapping[Sort, Mapping[str, Any]] = {
    Sort.TEXT: {"max_length": 200},
    Sort.LONG_TEXT: {"max_length": 4000},
    Sort.EUROS: {"pattern": _EUROS, "examples": ["1250.50"]},
    Sort.NUMBER: {"pattern": _NUMBER, "examples": ["7.5"]},
    Sort.ENTERPRISE: {"pattern": r"^[01][0-9]{9}$", "json_schema_extra": {"format": "enterprise-number"}},
    Sort.ESTABLISHMENT: {"pattern": r"^[2-8][0-9]{9}$", "json_schema_extra": {"format": "establishment-number"}},
    Sort.ACCOUNT: {"pattern": r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$", "json_schema_extra": {"format": "iban"}},
    Sort.COMMUNICATION: {"pattern": r"^[0-9]{12}$", "json_schema_extra": {"format": "structured-communication"}},
    Sort.EMAIL: {"max_length": 254, "json_schema_extra": {"format": "email"}},
    Sort.PHONE: {"pattern": r"^\+?[0-9][0-9 ./()-]{6,39}$"},
    Sort.POSTCODE: {"pattern": r"^[1-9][0-9]{3}$", "json_schema_extra": {"format": "postcode"}},
    Sort.PUBLIC: {"max_length": 40},
}


class Sent(BaseModel):
    """What every application has besides what its form asks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_.:/-]{1,60}$", description="Your own number of this application"
    )
    documents: tuple[Document, ...] = Field(
        default=(), max_length=30, description="Kinds of documents that your system keeps; for systems of a fund only"
    )


def fields_of(questions: Iterable[Question]) -> dict[str, Any]:
    """Fields of a shape from the questions of a form; what is only sometimes asked may be left out."""
    return {COLUMNS[question.column]: _field(question) for question in questions}


def _field(question: Question) -> Any:
    needed = question.required and question.when is None
    about = f"{question.label} {question.help}".strip()
    kind, more = _kind(question)
    if needed:
        return (kind, Field(description=about, **more))
    return (kind | None, Field(default=None, description=about, **more))


def _kind(question: Question) -> tuple[Any, dict[str, Any]]:
    match question.sort:
        case Sort.DAY:
            return date, {}
        case Sort.YES:
            return StrictBool, {}
        case Sort.WHOLE:
            return int, {"ge": 0, "le": 1000}
        case Sort.CHOICE:
            words = tuple(WORDS.get(choice.word, choice.word) for choice in question.choices)
            return Literal[words], {}
        case _:
            return str, {"min_length": 1, **_TEXTS[question.sort]}


def _shape(form: Form) -> type[BaseModel]:
    name = "".join(part.title() for part in form.instrument.split("_"))
    fields: dict[str, Any] = {"instrument": (Literal[form.instrument.value], Field(description=form.title))}
    fields |= fields_of(form.questions())
    for group in form.groups:
        if group.rows:
            one: Any = create_model(
                f"{name}{ROWS[group.code].title()}", __config__=Sent.model_config, **fields_of(group.rows.questions)
            )
            few = Field(min_length=group.rows.least, max_length=group.rows.most, description=group.title)
            fields[ROWS[group.code]] = (list[one], few)
    shape: type[BaseModel] = create_model(f"{name}Application", __base__=Sent, __doc__=form.about, **fields)
    shape.model_config["json_schema_extra"] = {"examples": [EXAMPLES[form.instrument]]}
    return shape


SHAPES: Mapping[Instrument, type[BaseModel]] = MappingProxyType({one: _shape(form) for one, form in FORMS.items()})
if TYPE_CHECKING:
    AnyApplication = Sent
else:
    AnyApplication = Annotated[Union[tuple(SHAPES.values())], Field(discriminator="instrument")]  # noqa: UP007


def form_in(told: Sent) -> Form:
    """The form of an application."""
    return FORMS[Instrument(told.instrument)]  # type: ignore[attr-defined]


def typed_in(told: Sent) -> Typed:
    """An application as it would be typed in the pages."""
    return {
        group.code: Filled(
            fields=_written(group.questions, told), rows=_rows(group.rows, getattr(told, ROWS.get(group.code, ""), ()))
        )
        for group in form_in(told).groups
    }


def _rows(rows: Rows | None, told: Iterable[Any]) -> tuple[dict[str, str], ...]:
    return tuple(_written(rows.questions, one) for one in told) if rows else ()


def _written(questions: Iterable[Question], told: Any) -> dict[str, str]:
    said = ((question, getattr(told, COLUMNS[question.column])) for question in questions)
    return {question.column: _as_typed(question, value) for question, value in said if value is not None}


def _as_typed(question: Question, value: Any) -> str:
    match question.sort:
        case Sort.DAY:
            return f"{value.day:02}/{value.month:02}/{value.year:04}"
        case Sort.YES:
            return "ja" if value else "nee"
        case Sort.EUROS | Sort.NUMBER:
            return str(value).replace(".", ",")
        case Sort.CHOICE:
            return next(choice.word for choice in question.choices if WORDS.get(choice.word, choice.word) == value)
        case _:
            return cleaned(question, str(value))


def field_of(form: Form, fault: Fault) -> FieldFault:
    """A fault in the form as a fault in what was sent."""
    listed = fault.row is not None or (fault.column is None and fault.group in ROWS)
    place = f"/{ROWS[fault.group]}" if listed else ""
    place += f"/{fault.row - 1}" if fault.row is not None else ""
    place += f"/{COLUMNS[fault.column]}" if fault.column is not None else ""
    if fault.values.get("typed") and _is_day(form, fault):
        return FieldFault(field=place, message="Dit kan de dag niet zijn. Kijk het jaar na.")
    return FieldFault(field=place or "/", message=fault.text % fault.values if fault.values else fault.text)


def _is_day(form: Form, fault: Fault) -> bool:
    """Whether the fault is in a day; a form asks to type it otherwise than JSON does."""
    group = form.group(fault.group)
    questions = (*group.questions, *(group.rows.questions if group.rows else ())) if group else ()
    return any(question.column == fault.column and question.sort is Sort.DAY for question in questions)
