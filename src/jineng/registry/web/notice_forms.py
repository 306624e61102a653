"""Forms about notices and mail; they check shapes, the verbs decide."""

from __future__ import annotations

from django import forms

from jineng.kernel.models import Account


class TellingForm(forms.Form):
    """How an account is told."""

    email = forms.EmailField(
        label="邮箱 E-mail",
        max_length=254,
        required=False,
        help_text="加密保存，只用于发送通知 Kept encrypted; used for notices only",
    )
    telling = forms.ChoiceField(
        label="通知方式 How", choices=Account.Telling.choices, widget=forms.RadioSelect, required=True
    )


class ReplyForm(forms.Form):
    """Where answers go."""

    reply_to = forms.EmailField(
        label="回信地址 Reply address",
        max_length=254,
        required=False,
        help_text="请填单位邮箱，不填个人邮箱；留空则不接收回信 The office's, not a person's; empty means none",
    )
