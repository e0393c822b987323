"""The gates whose refusals stay on record in the trail."""

from enum import StrEnum


class Gate(StrEnum):
    """What is watched so closely that the trail tells who tried to pass."""

    OWN_WORK = "own_work"
    UNIT_HEAD = "unit_head"
    OWN_PLAN = "own_plan"
    OWN_WISH = "own_wish"
    OWN_ANSWER = "own_answer"
    LEAD_ONLY = "lead_only"
    UNPROVEN = "unproven"
    DAY = "day"
    DELETED = "deleted"
    NOT_INDEPENDENT = "not_independent"
    OWN_EXCEPTION = "own_exception"
    OWN_TEAM = "own_team"
    OWN_PROGRAMME = "own_programme"
    ANSWERED_TWICE = "answered_twice"
