"""What the components write: the wiring for assistive technology, and no markup of strangers."""

import re

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string

from apps.common.templatetags.components import icon


class ExampleForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    city = forms.CharField(label="城市", required=False)
    way = forms.ChoiceField(
        label="领卡方式", choices=[("M", "邮寄"), ("P", "自取")], widget=forms.RadioSelect
    )
    is_agreed = forms.BooleanField(label="我已阅读")
    token = forms.CharField(widget=forms.HiddenInput)
    locked = forms.CharField(label="号码", required=False, disabled=True, initial="370")


@pytest.fixture
def form():
    return ExampleForm()


@pytest.fixture
def wrong_form():
    return ExampleForm({"note": "<script>alert(1)</script>"})


def attributes(html, tag):
    """The attributes of the first `tag` in `html`."""
    found = re.search(rf"<{tag}\b([^>]*)>", html)
    assert found, f"no <{tag}> in {html}"
    return dict(re.findall(r'([\w-]+)="([^"]*)"', found[1]))


def test_a_field_has_its_label_and_its_help_named_by_the_control(form):
    html = form["name"].as_field_group()
    control = attributes(html, "input")
    assert attributes(html, "label")["for"] == control["id"] == "id_name"
    assert control["aria-describedby"] == "id_name_helptext"
    assert '<p class="help" id="id_name_helptext">与身份证一致</p>' in html
    assert "aria-invalid" not in control


def test_a_wrong_field_names_its_error_beside_its_help(wrong_form):
    html = wrong_form["name"].as_field_group()
    control = attributes(html, "input")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"].split() == ["id_name_helptext", "id_name_error"]
    assert 'id="id_name_error"' in html
    assert "错误：" in html


@pytest.mark.parametrize(("name", "is_marked"), [("note", True), ("name", False)])
def test_only_what_may_be_left_empty_is_marked(form, name, is_marked):
    assert ("选填" in form[name].as_field_group()) is is_marked


def test_a_field_may_go_without_the_mark(form):
    form.fields["city"].unmarked = True
    assert "选填" not in form["city"].as_field_group()


def test_a_group_of_choices_is_a_fieldset_that_names_its_error(wrong_form):
    html = wrong_form["way"].as_field_group()
    assert attributes(html, "fieldset")["aria-describedby"] == "id_way_error"
    assert "<legend>领卡方式</legend>" in html
    assert html.count('type="radio"') == 2


def test_a_box_to_tick_stands_inside_its_label(form):
    html = form["is_agreed"].as_field_group()
    assert re.search(r"<label[^>]*><input[^>]*type=\"checkbox\"[^>]*><span>我已阅读</span>", html)
    assert "选填" not in html


def test_a_hidden_field_is_only_its_input(form):
    assert form["token"].as_field_group().strip().startswith("<input")


def test_a_locked_field_is_disabled(form):
    assert " disabled" in form["locked"].as_field_group()


def test_what_was_typed_comes_back_as_text(wrong_form):
    html = wrong_form["note"].as_field_group()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def summary(form):
    return render_to_string("components/_error_summary.html", {"form": form})


def test_the_summary_links_each_error_to_its_field(wrong_form):
    html = summary(wrong_form)
    assert attributes(html, "section")["role"] == "alert"
    assert "有 4 处需要修改" in html
    for name in ("name", "way", "is_agreed"):
        assert f'href="#id_{name}"' in html
        assert f'id="id_{name}"' in wrong_form[name].as_field_group()


def test_the_summary_shows_errors_of_the_form_and_of_hidden_fields_without_a_link(wrong_form):
    wrong_form.add_error(None, "照片 <b>没有</b> 上传")
    html = summary(wrong_form)
    assert "<li>照片 &lt;b&gt;没有&lt;/b&gt; 上传</li>" in html
    assert "#id_token" not in html


def test_one_error_of_the_whole_form_is_the_title():
    form = ExampleForm({"name": "张超", "way": "M", "is_agreed": "on", "token": "x"})
    form.add_error(None, "密码 <b>不对</b>")
    html = summary(form)
    assert '<h2 id="error-summary">密码 &lt;b&gt;不对&lt;/b&gt;</h2>' in html
    assert "处需要修改" not in html


def test_there_is_no_summary_without_errors(form):
    assert summary(form).strip() == ""


@pytest.mark.parametrize("done", range(5))
def test_the_stepper_has_one_current_step_until_all_are_done(done):
    html = render_to_string("components/_stepper.html", {"steps": "甲乙丙丁", "done": done})
    assert html.count('class="done"') == html.count("已完成：") == done
    assert html.count('aria-current="step"') == (0 if done == 4 else 1)
    assert html.count("<li") == 4


def test_messages_escape_what_they_say_and_are_announced():
    message = Message(messages.ERROR, "<b>没有办成</b>")
    html = render_to_string("components/_messages.html", {"messages": [message]})
    assert 'role="status" tabindex="-1" autofocus' in html
    assert "&lt;b&gt;没有办成&lt;/b&gt;" in html


def test_an_icon_is_silent_for_screen_readers():
    assert attributes(icon("card"), "svg")["aria-hidden"] == "true"


def test_an_unknown_icon_is_an_error():
    with pytest.raises(KeyError):
        icon("unicorn")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_no_context(name):
    html = render_to_string(f"{name}.html", {})
    assert "<h1>" in html
    assert "12333" in html
