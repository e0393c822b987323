"""Whose work is whose, and who is the head of whom: by person, over all posts of a time."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from qms.accounts.rules import Role
from qms.units.rules import Place, reaches


@dataclass(frozen=True)
class Post:
    """A post that somebody held at some day of the time that is asked about."""

    person: int
    unit_id: int
    role: Role


def heads_of(
    posts: Iterable[Post], people: Collection[int], placed: Mapping[int, Place]
) -> dict[int, frozenset[int]]:
    """Return the heads of the units of some people, by person.

    The head of a unit is whoever holds the post of a head that reaches it, and the leader of an
    office for those who work in the office itself.
    """
    held = list(posts)
    units: dict[int, set[int]] = {each: set() for each in people}
    for post in held:
        if post.person in units:
            units[post.person].add(post.unit_id)
    return {
        person: frozenset(
            post.person
            for post in held
            if post.person != person and any(leads(post, unit, placed) for unit in where)
        )
        for person, where in units.items()
    }


def leads(post: Post, unit_id: int, placed: Mapping[int, Place]) -> bool:
    """Tell whether a post is that of the head of a unit."""
    if post.role is Role.HEAD:
        return reaches(placed, post.unit_id, unit_id)
    return post.role is Role.LEADER and post.unit_id == unit_id
