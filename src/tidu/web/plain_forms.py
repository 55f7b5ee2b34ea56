"""Forms that look alike: label above, error beside, what was typed kept."""

from __future__ import annotations

from typing import Any

from django import forms


class PlainForm(forms.Form):
    """A form whose fields take the site's classes; see ``components/_field.html``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)


def dress(field: forms.Field) -> None:
    """Give a field's input the class that the style sheet knows."""
    match field.widget:
        case forms.CheckboxSelectMultiple() | forms.RadioSelect():
            return  # its class would fall on the box around the options
        case forms.CheckboxInput():
            name = "form-check-input"
        case forms.Select():
            name = "form-select"
        case _:
            name = "form-control"
    field.widget.attrs.setdefault("class", name)
