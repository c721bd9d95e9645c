"""What becomes of a product after its sale: releases, customisation, and what a proposal before the sale must have."""

from typing import Literal, get_args

from aftersales.commitments.rules import Budget
from aftersales.terms.base import Term

ReleaseKind = Literal["upgrade", "patch", "expansion"]
ReleaseSubject = Literal["application", "platform", "hardware"]
RELEASE_KINDS: tuple[ReleaseKind, ...] = get_args(ReleaseKind)
RELEASE_SUBJECTS: tuple[ReleaseSubject, ...] = get_args(ReleaseSubject)


class UpgradeRule(Term, frozen=True, kw_only=True):
    """Whether releases of these kinds cost the customer something, and in which phase.

    `subjects` names what the release is for (application software only, say); empty: any. `applies_when` looks at
    the asset's warranty on the day of installation; `warranty_class` says whose, None: any part's. What no rule
    makes free is quoted.
    """

    basis: Literal["free", "quote"]
    kinds: tuple[ReleaseKind, ...] = RELEASE_KINDS
    subjects: tuple[ReleaseSubject, ...] = ()
    applies_when: Literal["always", "in_term", "after_term"] = "always"
    warranty_class: str | None = None


class CustomisationType(Term, frozen=True, kw_only=True):
    """A kind of change that a customer may ask for.

    With `estimate` it is quoted in days and an amount; with `training` it isn't complete before the users were
    trained; with `version_tag` what is delivered is a version of the customer's own; with `plan_document` it is
    answered with a document of steps.
    """

    estimate: bool = True
    training: bool = False
    version_tag: bool = False
    plan_document: bool = False


class ProposalRule(Term, frozen=True, kw_only=True):
    """What a proposal before the sale must keep.

    `deadline`: it is sent within `due` of the request (None: tracked without a number). `budget`: it states the
    project's total. `survey`: the site was surveyed. `on_miss` says whether sending is refused or only warned about;
    a missed deadline is a broken promise whatever it says.
    """

    needs: Literal["deadline", "budget", "survey"]
    due: Budget | None = None
    on_miss: Literal["refuse", "warn"] = "refuse"
