"""Addresses of an office's cases and rounds."""

from django.urls import path

from tidu.web.officer import (
    case_batch,
    case_deciding,
    case_file,
    case_sheets,
    cohort,
    queue,
    round_forecast,
    round_signals,
    rounds,
)

_CASE = "cases/<int:pk>/"
_ROUND = "cases/rounds/<int:pk>/"

urlpatterns = [
    path("cases/", queue.queue, name="queue"),
    path("cases/export/<str:form>/", queue.queue_export, name="queue_export"),
    path("cases/batch/", case_batch.case_batch, name="case_batch"),
    path("cases/rounds/", rounds.rounds, name="rounds"),
    path("cases/rounds/new/", rounds.round_new, name="round_new"),
    path(_CASE, case_file.case_file, name="case_file"),
    path(
        _CASE + "judge/<slug:criterion>/", case_deciding.case_judge, name="case_judge"
    ),
    path(_CASE + "pass/", case_deciding.case_pass, name="case_pass"),
    path(_CASE + "return/", case_deciding.case_return, name="case_return"),
    path(_CASE + "refuse/", case_deciding.case_refuse, name="case_refuse"),
    path(_CASE + "answer/", case_deciding.case_answer, name="case_answer"),
    path(_CASE + "result/", case_deciding.case_result, name="case_result"),
    path(_CASE + "migrate/", case_deciding.case_migrate, name="case_migrate"),
    path(
        _CASE + "signals/<int:signal>/",
        case_deciding.case_look,
        name="case_look",
    ),
    path(_CASE + "sheet/", case_sheets.case_sheet, name="case_sheet"),
    path("cases/signals/", round_signals.signal_rounds, name="signals"),
    path(_ROUND + "signals/", round_signals.round_signals, name="round_signals"),
    path(_ROUND + "signals/run/", round_signals.round_screen, name="round_screen"),
    path(
        _ROUND + "signals/export/<str:form>/",
        round_signals.signals_export,
        name="signals_export",
    ),
    path(_ROUND + "signals/cohort/", cohort.round_cohort, name="round_cohort"),
    path(
        _ROUND + "signals/cohort/<str:form>/",
        cohort.cohort_export,
        name="cohort_export",
    ),
    path(
        _ROUND + "signals/known/<int:known>/",
        round_signals.known_forget,
        name="known_forget",
    ),
    path(_ROUND, rounds.round_one, name="round"),
    path(_ROUND + "close/", rounds.round_close, name="round_close"),
    path(_ROUND + "last-day/", rounds.round_last_day, name="round_last_day"),
    path(_ROUND + "results/", case_sheets.round_results, name="round_results"),
    path(
        _ROUND + "results/commit/",
        case_sheets.round_results_commit,
        name="round_results_commit",
    ),
    path(_ROUND + "forecast/", round_forecast.round_forecast, name="round_forecast"),
    path(
        _ROUND + "outcomes/",
        case_sheets.round_outcomes,
        name="round_outcomes",
    ),
]
