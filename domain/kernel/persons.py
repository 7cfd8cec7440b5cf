"""Persons (自然人身份号码): a number of a natural person never enters the store; a keyed digest stands for it.

GB 11643 numbers hold region and birth date, and eighteen digits are tried out in hours: a plain digest would hide
nothing. Where a subject is named by its number the digest takes its place, so the same person is found again; where a
number only stands among other words it is masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, get_args

from domain.kernel.command import Command
from domain.kernel.refusal import Kind, MalformedIdentifier, Refusal
from domain.kernel.words import Subject, SubjectKind
from domain.rules.identifiers import (
    check_citizen_id,
    check_uscc,
    citizen_check_character,
    citizen_digest,
    mask_citizen_id,
)

WRITTEN = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
FORM = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}")


class AsReceived:
    """Marks a text that is kept as it was received: numbers in it become digests, so that it can be taken in again,
    and masks where it would then be longer than may be kept."""

    def __init__(self, longest: int) -> None:
        self.longest = longest


class NoKeyForPersons(Refusal):
    """平台没有自然人身份号码的摘要密钥,不能接收明文号码;请设置 SHUANGTUI_PERSON_KEY,或提交其摘要。

    The platform has no key for digests of natural persons' numbers and takes none in clear; set SHUANGTUI_PERSON_KEY,
    or send the digest."""

    KIND = Kind.CONFLICTING


class PersonNumbers:
    """Puts digests in the place of numbers. ``key`` is asked for when the first number comes."""

    def __init__(self, key: Callable[[], bytes] | None = None) -> None:
        self._key = key

    def digest(self, number: str) -> str:
        """The digest that stands for a person; an old number of 15 digits and its new one have the same.

        Raises ``NoKeyForPersons``."""
        if self._key is None:
            raise NoKeyForPersons()
        return citizen_digest(_eighteen(number), self._key())

    def guarded(self, command: Command) -> Command:
        """The command without any number in clear. Raises ``NoKeyForPersons``, and ``MalformedIdentifier`` where
        somebody who can still correct it gives a number that cannot be one."""
        changed: dict[str, Any] = {}
        for name, put in _guards(type(command)).items():
            value = getattr(command, name)
            safe = put(self, command, value)
            if safe is not value:
                changed[name] = safe
        return command.model_copy(update=changed) if changed else command

    def _subject(self, command: Command, subject: Subject | None) -> Subject | None:
        if subject is None or not _is_number(subject):
            return subject
        judged = check_citizen_id(subject.identifier)
        if command.ARRIVES_ON is None and not judged.valid:
            told = judged.errors[0]
            raise MalformedIdentifier(value=mask_citizen_id(subject.identifier), zh=told.zh, en=told.en)
        return subject.model_copy(update={"identifier": self.digest(subject.identifier)})

    def _words(self, command: Command, said: Mapping[str, str]) -> Mapping[str, str]:
        hidden = {name: WRITTEN.sub(_masked, value) for name, value in said.items()}
        return said if hidden == said else hidden

    def _received(self, command: Command, body: str, longest: int) -> str:
        hidden = WRITTEN.sub(self._stand_in, body)
        if len(hidden) > longest:
            hidden = WRITTEN.sub(_masked, body)
        return body if hidden == body else hidden

    def _stand_in(self, found: re.Match[str]) -> str:
        if not _valid(found[0]):
            return found[0]
        return _masked(found) if self._key is None else self.digest(found[0])


@cache
def _guards(cls: type[Command]) -> dict[str, Callable[[PersonNumbers, Command, Any], Any]]:
    """For each field of a command that may hold a number: what takes its place."""
    found: dict[str, Callable[[PersonNumbers, Command, Any], Any]] = {}
    for name, field in cls.model_fields.items():
        if Subject in (field.annotation, *get_args(field.annotation)):
            found[name] = PersonNumbers._subject
        elif field.annotation == dict[str, str]:
            found[name] = PersonNumbers._words
        elif mark := next((one for one in field.metadata if isinstance(one, AsReceived)), None):
            found[name] = partial(PersonNumbers._received, longest=mark.longest)
    return found


def _is_number(subject: Subject) -> bool:
    """Whether the identifier is a citizen's number: any of that form where a natural person is meant, else only one
    that holds in itself, since a body may have a registration number of fifteen digits."""
    text = subject.identifier
    if not FORM.fullmatch(text):
        return False
    return subject.kind is SubjectKind.NATURAL or (len(text) == 18 and _valid(text) and not check_uscc(text).valid)


def _valid(text: str) -> bool:
    return check_citizen_id(text).valid


def _eighteen(text: str) -> str:
    text = text.upper()
    if len(text) != 15:
        return text
    body = f"{text[:6]}19{text[6:]}"
    return body + citizen_check_character(body)


def _masked(found: re.Match[str]) -> str:
    return mask_citizen_id(found[0]) if _valid(found[0]) else found[0]
