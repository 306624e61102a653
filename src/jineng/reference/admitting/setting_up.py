"""A season of admission before its rounds: scheme, plans, rules, registration, tickets, scores."""

from __future__ import annotations

from uuid import UUID

from jineng.admissions import verbs
from jineng.admissions.models import Applicant, Plan, Scheme, ScoreRule, Ticket
from jineng.admissions.programmes import bare_programme
from jineng.kernel.actors import acting
from jineng.kernel.clock import clock_at
from jineng.kernel.records import STANDS
from jineng.reference.admitting.desk import Desk
from jineng.reference.admitting.plan import Session

MANY = 500
"""Tickets that an office issues at once."""


class SettingUp:
    """The steps before the rounds and between them; each does what is not done yet."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def declare(self) -> None:
        """The province declares the scheme."""
        with acting(self.desk.province):
            if Scheme.objects.filter(STANDS, season=self.desk.row).exists():
                return
        day = self.desk.run.days["declared"]
        with clock_at(day):
            verbs.declare_scheme(
                actor=self.desk.province,
                season_id=self.desk.row.pk,
                data=self.desk.run.law,
                declared_on=day,
                document=self.desk.run.document,
            )

    def file_plans(self) -> None:
        """The colleges file their plans, the province accepts them; some are withdrawn."""
        with acting(self.desk.province):
            known = set(self._plans())
        ids, accepted = self.desk.season.ids, self.desk.run.days["accepted"]
        with clock_at(self.desk.run.days["filed"]):
            for plan in self.desk.run.plans:
                where = ids[plan.organisation]
                if (where, bare_programme(plan.programme), plan.channel, plan.pool) not in known:
                    verbs.file_plan(
                        actor=self.desk.colleges[plan.organisation],
                        season_id=self.desk.row.pk,
                        organisation_id=where,
                        programme=plan.programme,
                        channel=plan.channel,
                        pool=plan.pool,
                        seats=plan.seats,
                    )
        with acting(self.desk.province):
            filed = self._plans()
        for plan in self.desk.run.plans:
            found = filed[ids[plan.organisation], bare_programme(plan.programme), plan.channel, plan.pool]
            if found.accepted_on is None:
                with clock_at(accepted):
                    verbs.accept_plan(actor=self.desk.province, plan_id=found.pk, accepted_on=accepted)
            if plan.withdrawn and found.withdrawn_on is None:
                with clock_at(plan.withdrawn):
                    verbs.withdraw_plan(
                        actor=self.desk.province, plan_id=found.pk, withdrawn_on=plan.withdrawn, reason="学校调整计划"
                    )

    def _plans(self) -> dict[tuple[UUID, str, str, str], Plan]:
        rows = Plan.objects.filter(STANDS, season=self.desk.row)
        return {(each.organisation_id, each.programme_code, each.channel, each.pool): each for each in rows}

    def file_rules(self) -> None:
        """Some colleges file rules of their own."""
        with acting(self.desk.province):
            rows = ScoreRule.objects.filter(STANDS, season=self.desk.row)
            known = set(rows.values_list("organisation", "channel"))
        with clock_at(self.desk.run.days["ruled"]):
            for rule in self.desk.run.rules:
                where = self.desk.season.ids[rule.organisation]
                if (where, rule.channel) not in known:
                    verbs.file_score_rule(
                        actor=self.desk.season.officer(where),
                        season_id=self.desk.row.pk,
                        organisation_id=where,
                        formula={"weights": rule.weights},
                        ties=rule.ties,
                        channel=rule.channel,
                    )

    def register(self) -> None:
        """Each office hands in its list of applicants."""
        with clock_at(self.desk.run.days["registered"]):
            for office, officer in self.desk.offices.items():
                self.desk.writer.registrations(officer, office)

    def hand_out(self) -> None:
        """Each office gives out tickets."""
        with acting(self.desk.province):
            held = Ticket.objects.filter(STANDS, applicant__season=self.desk.row).values("applicant")
            without = Applicant.objects.filter(STANDS, season=self.desk.row).exclude(pk__in=held)
            lacking = set(without.values_list("registered_at", flat=True))
        officers = [each for each in self.desk.offices.values() if each.organisation_id in lacking]
        with clock_at(self.desk.run.days["tickets"]):
            for officer in officers:
                while len(verbs.issue_tickets(actor=officer, season_id=self.desk.row.pk, most=MANY)) == MANY:
                    pass

    def report(self, session: Session) -> None:
        """The province reports what an examination gave; where that is asked for, the offices enter it again."""
        with clock_at(session.reported):
            self.desk.writer.scores(self.desk.province, session, self.desk.offices)
        if session.again is not None:
            with clock_at(session.again):
                for office, officer in self.desk.offices.items():
                    self.desk.writer.scores(officer, session, [office])
