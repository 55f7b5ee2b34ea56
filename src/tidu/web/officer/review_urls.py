"""Addresses of expert reviews and site inspections."""

from django.urls import path

from tidu.web.officer import (
    expert_pool,
    firm_ties,
    inspections,
    pool_import,
    reviews,
    visits,
)

_STEP = "<int:pk>/<slug:step>/"

urlpatterns = [
    path("reviews/", reviews.review_steps, name="review_steps"),
    path(f"reviews/{_STEP}", reviews.review_step, name="review_step"),
    path(f"reviews/{_STEP}plan/", reviews.review_plan, name="review_plan"),
    path(f"reviews/{_STEP}announce/", reviews.review_announce, name="review_announce"),
    path(f"reviews/{_STEP}hold/", reviews.review_hold, name="review_hold"),
    path(f"reviews/{_STEP}again/", reviews.review_again, name="review_again"),
    path(f"reviews/{_STEP}report/", reviews.review_report, name="review_report"),
    path(f"reviews/{_STEP}results/", reviews.review_results, name="review_results"),
    path("reviews/draws/<int:pk>/", reviews.review_draw, name="review_draw"),
    path(f"reviews/elsewhere/{_STEP}", reviews.step_elsewhere, name="step_elsewhere"),
    path("reviews/experts/", expert_pool.experts, name="experts"),
    path("reviews/experts/new/", expert_pool.expert_new, name="expert_new"),
    path("reviews/experts/import/", pool_import.pool_import, name="pool_import"),
    path(
        "reviews/experts/import/template/",
        pool_import.pool_template,
        name="pool_template",
    ),
    path("reviews/experts/import/commit/", pool_import.pool_commit, name="pool_commit"),
    path(
        "reviews/experts/import/passwords/",
        pool_import.pool_passwords,
        name="pool_passwords",
    ),
    path("reviews/experts/<int:pk>/", expert_pool.expert_one, name="expert"),
    path("reviews/experts/<int:pk>/ties/", expert_pool.expert_tie, name="expert_tie"),
    path(
        "reviews/ties/<int:pk>/<str:what>/", expert_pool.tie_decide, name="tie_decide"
    ),
    path("registry/<int:pk>/ties/add/", firm_ties.tie_add, name="firm_tie_add"),
    path("reviews/inspections/", inspections.inspection_steps, name="inspection_steps"),
    path(
        f"reviews/inspections/{_STEP}",
        inspections.inspection_step,
        name="inspection_step",
    ),
    path(
        f"reviews/inspections/{_STEP}announce/",
        inspections.inspection_announce,
        name="inspection_announce",
    ),
    path(
        f"reviews/inspections/{_STEP}hold/",
        inspections.inspection_hold,
        name="inspection_hold",
    ),
    path(
        "reviews/inspections/draws/<int:pk>/",
        inspections.inspection_draw,
        name="inspection_draw",
    ),
    path(
        "reviews/inspections/name/<int:pk>/", visits.inspect_case, name="inspect_case"
    ),
    path("reviews/visits/<int:pk>/", visits.visit, name="visit"),
    path(
        "reviews/visits/<int:pk>/items/<slug:item>/",
        visits.visit_item,
        name="visit_item",
    ),
    path(
        "reviews/visits/<int:pk>/photos/<slug:item>/",
        visits.visit_photo,
        name="visit_photo",
    ),
    path("reviews/visits/<int:pk>/finish/", visits.visit_finish, name="visit_finish"),
    path("reviews/photos/<int:pk>/", visits.photo_show, name="photo"),
    path("reviews/photos/<int:pk>/remove/", visits.photo_remove, name="photo_remove"),
]
