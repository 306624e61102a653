"""Courses and their offerings, enrolments, attendance and completion."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Declares what the room gives the house."""

    name = "jineng.learning"
    label = "learning"
    verbose_name = "学习 Learning"
