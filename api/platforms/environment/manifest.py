"""The declaration of the environment platform."""

from __future__ import annotations

from pathlib import Path

from api.platforms.environment import waiting
from api.platforms.environment.acts import CHANGED
from api.platforms.environment.alerts import pages as alert_pages
from api.platforms.environment.alerts import routes as alert_routes
from api.platforms.environment.charts import pages as chart_pages
from api.platforms.environment.charts import routes as chart_routes
from api.platforms.environment.common_alerting import routes as common_alerting_routes
from api.platforms.environment.deliveries import pages as delivery_pages
from api.platforms.environment.deliveries import routes as delivery_routes
from api.platforms.environment.duty import routes as duty_routes
from api.platforms.environment.duty.actions import CHANGED as DUTY_CHANGED
from api.platforms.environment.duty.pages import changing as duty_changing_pages
from api.platforms.environment.duty.pages import planning as duty_planning_pages
from api.platforms.environment.duty.pages import seeing as duty_pages
from api.platforms.environment.event_link import pages as event_link_pages
from api.platforms.environment.events import pages as event_pages
from api.platforms.environment.events import routes as event_routes
from api.platforms.environment.evidence import EVIDENCE
from api.platforms.environment.items import ITEMS
from api.platforms.environment.judging import pages as judging_pages
from api.platforms.environment.menu import MENU, firing
from api.platforms.environment.month_report.actions import KIND as MONTH_REPORT
from api.platforms.environment.month_report.actions import make_last_month
from api.platforms.environment.operations import pages as operation_pages
from api.platforms.environment.operations import routes as operation_routes
from api.platforms.environment.period_report.actions.making import make_due
from api.platforms.environment.period_report.actions.papers import AIR as AIR_REPORT
from api.platforms.environment.period_report.actions.papers import WATER as WATER_REPORT
from api.platforms.environment.period_report.actions.papers import YEAR as YEAR_REPORT
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.policies import pages as policy_pages
from api.platforms.environment.policies import routes as policy_routes
from api.platforms.environment.refusals import pages as refusal_pages
from api.platforms.environment.refusals import routes as refusal_routes
from api.platforms.environment.reviews import pages as review_pages
from api.platforms.environment.reviews import routes as review_routes
from api.platforms.environment.searched.actions import fill, follow
from api.platforms.environment.sensorthings import routes as sensorthings_routes
from api.platforms.environment.series.actions import SERIES
from api.platforms.environment.silences import pages as silence_pages
from api.platforms.environment.silences import routes as silence_routes
from api.platforms.environment.silences.actions import CHANGED as SILENCES_CHANGED
from api.platforms.environment.stations import pages as station_pages
from api.platforms.environment.stations import routes as station_routes
from api.platforms.environment.traced import actions as traced
from api.platforms.environment.tuning import pages as tuning_pages
from api.platforms.environment.tuning import routes as tuning_routes
from api.platforms.environment.tuning.repository import Histories
from api.platforms.environment.week.actions import weekly
from api.shape import Job, Platform

PLATFORM = Platform(
    slug="environment",
    folder=Path(__file__).parent,
    menu=MENU,
    pages=(
        station_pages.router,
        chart_pages.router,
        judging_pages.router,
        review_pages.router,
        event_pages.router,
        alert_pages.router,
        policy_pages.router,
        operation_pages.router,
        refusal_pages.router,
        silence_pages.router,
        delivery_pages.router,
        tuning_pages.router,
        duty_pages.router,
        duty_planning_pages.router,
        duty_changing_pages.router,
    ),
    at_root=(event_link_pages.router,),
    api=(
        station_routes.router,
        station_routes.district,
        chart_routes.router,
        event_routes.router,
        alert_routes.router,
        policy_routes.router,
        operation_routes.router,
        refusal_routes.router,
        silence_routes.router,
        delivery_routes.router,
        review_routes.router,
        tuning_routes.router,
        duty_routes.router,
        sensorthings_routes.router,
        common_alerting_routes.router,
    ),
    api_prefix="/api/v1",
    frame=firing,
    caches=(Histories,),
    jobs=(
        Job("search", follow, every_minutes=5),
        Job("search anew", fill, hour=2, minute=40),
        Job("month report", make_last_month, hour=8, minute=10),
        Job("period reports", make_due, hour=8, minute=20),
    ),
    searched=fill,
    live=(CHANGED, DUTY_CHANGED, SILENCES_CHANGED),
    items=ITEMS,
    evidence=EVIDENCE,
    series=SERIES,
    todos=waiting.todos,
    summaries=waiting.summaries,
    figures=waiting.figures,
    weekly=weekly,
    reports=(WATER_REPORT, AIR_REPORT, YEAR_REPORT, MONTH_REPORT),
    permissions=EnvironmentPermission,
    traced=traced.traced,
)
