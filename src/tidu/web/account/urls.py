"""Addresses of accounts: one's own, one's organisation's, coming in, claims."""

from django.urls import path
from django.views.i18n import set_language

from tidu.accounts.permissions import anybody
from tidu.web.account import claims, joining, other_system, people, views
from tidu.web.pages import page

_ONE = "account/people/<int:pk>"
_OTHER = "account/oidc/<str:provider_id>"

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/act-as/", views.act_as, name="act_as"),
    path("account/people/", people.people, name="people"),
    path(f"{_ONE}/role/", people.change_role, name="change_role"),
    path(f"{_ONE}/end/", people.end, name="end_membership"),
    path(f"{_ONE}/password/", people.reset_password, name="reset_password"),
    path(
        f"{_ONE}/second-factor/", people.reset_second_factor, name="reset_second_factor"
    ),
    path(
        "account/invitations/<int:pk>/withdraw/",
        people.withdraw,
        name="withdraw_invitation",
    ),
    path("account/invitation/<str:secret>/", joining.invitation, name="invitation"),
    # The library's addresses, which lead here first.
    path(f"{_OTHER}/login/", other_system.leave, name="openid_connect_login"),
    path(
        f"{_OTHER}/login/callback/",
        other_system.come_back,
        name="openid_connect_callback",
    ),
    path("sign-up/", joining.sign_up, name="sign_up"),
    path("officer/claims/", claims.claims, name="claims"),
    path("officer/claims/<int:pk>/", claims.claim, name="claim"),
    path("language/", page(may=anybody)(set_language), name="set_language"),
]
