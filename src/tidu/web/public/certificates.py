"""Is this certificate genuine, and does it still count? By number, code or file."""

from __future__ import annotations

import dataclasses
import datetime
import enum

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from tidu.accounts.permissions import anybody
from tidu.casework.certificates.checking import CheckResult, Finding, check
from tidu.casework.certificates.contents import number_is_sound
from tidu.casework.certificates.revocations import read_revocations
from tidu.casework.certifying import revocation_list, signer
from tidu.casework.queries import today
from tidu.casework.title_models import IssuedCertificate
from tidu.web.context import speaks_english
from tidu.web.downloads import attachment
from tidu.web.pages import Asked, page
from tidu.web.plain_forms import PlainForm
from tidu.web.throttle import too_many

_LARGEST = 5 * 1024 * 1024  # bytes of a certificate's file; ours have some 100 kB


class Standing(enum.StrEnum):
    """What a number comes to."""

    VALID = "valid"
    WAITING = "waiting"  # begins on a later day
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """A number with what is known of it."""

    number: str
    standing: Standing
    certificate: IssuedCertificate | None = None


class FileForm(PlainForm):
    """A certificate's PDF."""

    file = forms.FileField(
        label=gettext_lazy("证书文件"),
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=gettext_lazy(
            "发证机关给企业的 PDF 原件，最大 5 MB；照片和扫描件不行。"
        ),
    )

    def clean_file(self) -> bytes:
        """The bytes, unless there are too many."""
        file = self.cleaned_data["file"]
        if file.size > _LARGEST:
            raise forms.ValidationError(gettext_lazy("文件太大，不是本站发的证书"))
        content: bytes = file.read()
        return content


@page(may=anybody)
def certificate_check(request: Asked, number: str = "") -> HttpResponse:
    """The page that a code leads to: by number, or by a file."""
    if too_many(request, "certificate"):
        return render(request, "public/objection_later.html", {}, status=429)
    if request.method == "POST":
        return _of_file(request)
    typed = number or request.GET.get("number", "")
    typed = "".join(typed.split()).upper()[:32]
    found = checked(typed, today()) if typed else None
    context = {"checked": found, "form": FileForm(), "tab": "certificates"}
    return render(request, "public/certificate.html", context)


def checked(number: str, on: datetime.date) -> Checked:
    """What a number comes to on a day."""
    found = (
        IssuedCertificate.objects.select_related("title").filter(number=number).first()
    )
    if found is None:
        sound = number_is_sound(number)
        return Checked(number, Standing.UNKNOWN if sound else Standing.MISTYPED)
    title = found.title
    standing = Standing.VALID
    if title.revoked_on:
        standing = Standing.REVOKED
    elif title.valid_until and title.valid_until < on:
        standing = Standing.EXPIRED
    elif title.valid_from > on:
        standing = Standing.WAITING
    return Checked(number, standing, found)


@page(may=anybody)
def signing_certificates(_request: Asked) -> HttpResponse:
    """The public certificates, for those who check without a network."""
    return attachment(signer().public, "public.pem", "application/x-pem-file")


@page(may=anybody)
def revoked_certificates(_request: Asked) -> HttpResponse:
    """The signed list of revoked certificates, as of now."""
    return attachment(revocation_list(), "revocations.json", "application/json")


def _of_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    context: dict[str, object] = {"form": form, "tab": "certificates"}
    if not form.is_valid():
        return render(request, "public/certificate.html", context, status=422)
    own = signer()
    found: Finding = check(
        form.cleaned_data["file"],
        own.trusted,
        revocations=read_revocations(revocation_list(), own.trusted),
        on=today(),
    )
    context["finding"] = found
    context["genuine"] = found.result is CheckResult.GENUINE
    context["sentence"] = found.sentence(english=speaks_english())
    return render(request, "public/certificate.html", context)
