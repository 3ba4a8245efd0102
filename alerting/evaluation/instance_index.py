"""Rules at their places, found by the place and by the series that feed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alerting.evaluation.rule_instance import RuleInstance, rule_instances
from alerting.evaluation.threshold_index import Waiting
from alerting.rules.conditions.run import Run
from alerting.rules.conditions.signal import ANY
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue


class InstanceIndex:
    """Made once of all rules; it never changes."""

    def __init__(self, rules: Sequence[Rule], catalogue: Catalogue) -> None:
        self.by_target: dict[str, list[RuleInstance]] = {}
        """By the name of their place."""
        self.watching: dict[str, list[tuple[RuleInstance, int]]] = {}
        """Series -> rule instances with a signal of which it is a member, and as which one."""
        self.fed: dict[str, set[str]] = {}
        """Series -> places that its readings concern."""
        for instance in (of for rule in rules for of in rule_instances(rule, catalogue)):
            self.by_target.setdefault(instance.series, []).append(instance)
            for member, name in enumerate(instance.members):
                self.fed.setdefault(name.removesuffix(ANY), set()).add(instance.series)
                if instance.rule.signal is not None:
                    self.watching.setdefault(name, []).append((instance, member))
        every = [instance for of in self.by_target.values() for instance in of]
        self.of_silence = [instance for instance in every if instance.kind.by_silence]
        self.of_signals = [instance for instance in every if instance.rule.signal is not None]

    def of_readings(self, runs: Mapping[str, Run]) -> dict[str, Waiting]:
        """The levels that judge the readings of a series themselves, by its name."""
        found = {}
        for series, of in self.by_target.items():
            plain = [at for at in of if at.rule.signal is None and not at.kind.by_silence]
            if plain:
                found[series] = Waiting([level for at in plain for level in at.bindings])
                found[series].index_of_limit(runs)
        return found
