"""Putting the parts together."""

from collections.abc import Mapping
from typing import Final

from flask import Flask

from qms import cli, files, jobs, keys, paths, settings, trail
from qms.accounts import cli as accounts_cli
from qms.accounts import duties as accounts_duties
from qms.accounts import views as accounts
from qms.actions import duties as actions_duties
from qms.actions import impact as actions_impact
from qms.actions import panels as actions_panels
from qms.actions import source_views as actions_sources
from qms.actions import told as actions_told
from qms.actions import views as actions
from qms.actions.progress import Ask as Tells
from qms.api import views as api
from qms.audits import choosing_views as audits_choosing
from qms.audits import coverage as audits_coverage
from qms.audits import demo as audits_demo
from qms.audits import duties as audits_duties
from qms.audits import lending as audits_lending
from qms.audits import observations as audits_observations
from qms.audits import progress as audits_progress
from qms.audits import source_views as audits_sources
from qms.audits import views as audits
from qms.blanks import inspection
from qms.blanks import panels as blanks_panels
from qms.blanks import views as blanks
from qms.books import cli as books_cli
from qms.books import views as books
from qms.counter import duties as counter_duties
from qms.counter import views as counter
from qms.db import db, migrate
from qms.desk import views as desk
from qms.documents import cli as documents_cli
from qms.documents import duties as documents_duties
from qms.documents import (
    intake_views,
    look_views,
    panel_views,
    readiness_views,
    remark_views,
)
from qms.documents import observations as documents_observations
from qms.documents import views as documents
from qms.documents.document_access import Lends
from qms.documents.readiness_list import Ask
from qms.fees import impact as fees_impact
from qms.fees import panels as fees_panels
from qms.fees import readiness as fees_readiness
from qms.fees import views as fees
from qms.following import cli as following_cli
from qms.following import views as following
from qms.kiosk import views as kiosk
from qms.laws import duties as laws_duties
from qms.laws import observations as laws_observations
from qms.laws import panels as laws_panels
from qms.laws import readiness as laws_readiness
from qms.laws import views as laws
from qms.library import cli as library_cli
from qms.library import panels as library_panels
from qms.library import views as library
from qms.national import cli as national_cli
from qms.national import duties as national_duties
from qms.national import views as national
from qms.notices import cli as notices_cli
from qms.notices import days as notices_days
from qms.notices import impact as notices_impact
from qms.notices import views as notices
from qms.observations import Ask as Observes
from qms.postings import demo as postings_demo
from qms.postings import duties as postings_duties
from qms.postings import observations as postings_observations
from qms.postings import rendering as postings_rendering
from qms.postings import views as postings
from qms.processes import checks as processes_checks
from qms.processes import impact as processes_impact
from qms.processes import observations as processes_observations
from qms.processes import panels as processes_panels
from qms.processes import views as processes
from qms.reading import demo as reading_demo
from qms.reading import duties as reading_duties
from qms.reading import observations as reading_observations
from qms.reading import views as reading
from qms.registers import views as registers
from qms.standards import views as standards
from qms.standards.coverage import Ask as Covers
from qms.static_board import cli as static_board_cli
from qms.static_board import views as static_board
from qms.units import views as units
from qms.web import (
    addresses,
    afterwards,
    assets,
    cache,
    errors,
    filters,
    guards,
    headers,
    health,
    i18n,
    menu,
    proxies,
)
from qms.web import jobs as job_pages

FEATURES: Final = (
    *(units, accounts, documents, fees, blanks, laws, processes),
    *(library, national, notices, postings, books, kiosk, counter),
    *(following, api, static_board, registers, reading, standards, actions, audits, desk),
)
"""In order: a feature may read from those before it. A new one is added here, nowhere else."""

DUTIES: Final = (
    *documents_duties.DUTIES,
    *laws_duties.DUTIES,
    *national_duties.DUTIES,
    *postings_duties.DUTIES,
    *counter_duties.DUTIES,
    *reading_duties.DUTIES,
    *actions_duties.DUTIES,
    *audits_duties.DUTIES,
    accounts_duties.headings_to_confirm,
)
"""What each feature asks on behalf of the desk: what waits for this person?"""

IMPACT: Final = (
    *fees_impact.IMPACT,
    *processes_impact.IMPACT,
    *national_duties.IMPACT,
    *notices_impact.IMPACT,
    *actions_impact.IMPACT,
)
"""What each feature says of a decision before it is signed."""

AFTERWARDS: Final = (*postings_rendering.AFTERWARDS,)
"""What each feature lets begin once something public was done."""

DEMO: Final = (*postings_demo.DEMO, *reading_demo.DEMO, *audits_demo.DEMO)
"""What each feature adds to the demonstration office."""

PANELS: Final = (
    *fees_panels.PANELS,
    *blanks_panels.PANELS,
    *laws_panels.PANELS,
    *processes_panels.PANELS,
    *library_panels.PANELS,
    *actions_panels.PANELS,
)
"""What each feature shows beside a text on the page of its document."""

READINESS: Final[tuple[Ask, ...]] = (
    *fees_readiness.READINESS,
    *laws_readiness.READINESS,
    *processes_checks.READINESS,
)
"""What each feature finds missing in a text that somebody writes."""

COVERAGE: Final[tuple[Covers, ...]] = (
    *actions_told.COVERAGE,
    *audits_coverage.COVERAGE,
)
"""What each feature knows of clauses and documents: when audited, what is open."""

SOURCES: Final = (*audits_sources.SOURCES,)
"""What each feature can name that led to findings."""
PROGRESS: Final[tuple[Tells, ...]] = (*audits_progress.PROGRESS,)
"""What each feature knows of how far the audits of a year have come."""

LENT: Final[tuple[Lends, ...]] = (*audits_lending.LENT,)
"""What each feature lets people read for the sake of work done there."""
OBSERVATIONS: Final[tuple[Observes, ...]] = (
    *laws_observations.OBSERVATIONS,
    *postings_observations.OBSERVATIONS,
    *documents_observations.OBSERVATIONS,
    *processes_observations.OBSERVATIONS,
    *reading_observations.OBSERVATIONS,
    *audits_observations.OBSERVATIONS,
)
"""What each feature sees amiss that an auditor may take up."""

COMMANDS: Final = (
    *accounts_cli.COMMANDS,
    *documents_cli.COMMANDS,
    *library_cli.COMMANDS,
    *national_cli.COMMANDS,
    *notices_cli.COMMANDS,
    *books_cli.COMMANDS,
    *following_cli.COMMANDS,
    *static_board_cli.COMMANDS,
)
"""What each feature offers on the command line."""


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """Build the application from config.py, ``$QMS_CONFIG``, ``QMS_*``, then ``overrides``.

    Raises:
        RefusedError: a key is missing, short or shipped.

    """
    app = bare_app(overrides)
    app.secret_key = keys.read(app.config["SECRET_KEY_FILE"])
    trail.init_app(app, keys.read(app.config["TRAIL_KEY_FILE"]))
    return app


def command_app() -> Flask:
    """Build the application for commands, some of which run before there are keys."""
    app = bare_app()
    if app.config["TRAIL_KEY_FILE"].exists() and app.config["SECRET_KEY_FILE"].exists():
        app.secret_key = keys.read(app.config["SECRET_KEY_FILE"])
        trail.init_app(app, keys.read(app.config["TRAIL_KEY_FILE"]))
    return app


def bare_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """Build the application without its keys: enough to make them and the database."""
    app = Flask("qms", template_folder=str(paths.TEMPLATES), static_folder=None)
    settings.load(app, overrides)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(paths.MIGRATIONS))
    for part in (
        files,
        jobs,
        i18n,
        addresses,
        assets,
        filters,
        errors,
        headers,
        guards,
        health,
        proxies,
    ):
        part.init_app(app)
    cli.init_app(app)
    app.register_blueprint(job_pages.bp)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    menu.init_app(app, [item for each in FEATURES for item in getattr(each, "MENU", ())])
    remark_views.init_app(app, IMPACT)
    afterwards.init_app(app, AFTERWARDS)
    panel_views.init_app(app, PANELS)
    look_views.init_app(app, LENT)
    readiness_views.init_app(app, READINESS)
    intake_views.init_app(app, inspection.inspect)
    standards.init_app(app, COVERAGE)
    actions_sources.init_app(app, SOURCES)
    actions.init_app(app, PROGRESS)
    audits_choosing.init_app(app, OBSERVATIONS)
    desk.init_app(app, DUTIES)
    library_cli.init_app(app, DEMO)
    cache.init_app(app, notices_days.of_change)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
