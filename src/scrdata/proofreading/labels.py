"""Which printed label stands for which code of the package, one dictionary for each kind of label."""

from __future__ import annotations

JUDGEMENTS = {
    "Outstanding": "outstanding",
    "Good": "good",
    "Adequate": "adequate",
    "Inadequate": "inadequate",
}

PERIODS = {
    "April 07 - March 08": "2007-08",
    "April 08 - March 09": "2008-09",
    "April 09 - March 10": "2009-10",
}

# Table 3 sets two of its headings on two lines each. In the text the halves stand apart; here each
# heading is a pair of its upper and its lower half.
DURATIONS = {
    ("Under 6", "months"): "under_6_months",
    ("6 months to 1", "year"): "6_to_12_months",
    ("", "1 to 2 years"): "1_to_2_years",
    ("", "2+ years"): "over_2_years",
}

CAUSE_GROUPS = {
    "Homicide": "homicide",
    "Other external cause": "other_external_cause",
    "Accidents and adverse events": "accident_or_adverse_event",
    "Undetermined": "undetermined",
    "Natural causes": "natural_causes",
}

# "Other" means another cause in each group, so the labels are kept by group.
CAUSES = {
    "homicide": {
        "Murder by parent/carer*": "murder_by_parent_or_carer",
        "Other**": "other_homicide",
    },
    "other_external_cause": {
        "Killing by another young person": "killing_by_young_person",
        "Suicide": "suicide",
        "Other***": "other_external_cause",
    },
    "accident_or_adverse_event": {
        "Concealed birth": "concealed_birth",
        "Result of accident but neglect a factor": "accident_with_neglect",
        "Overlay by parent/carer": "overlay",
        "Substance misuse": "substance_misuse",
        "Other": "other_accident",
    },
    "undetermined": {
        "Unexplained cause": "unexplained",
        "Unknown cause": "unknown",
        "Parent died in same event": "parent_died_in_same_event",
        "Other": "other_undetermined",
    },
    "natural_causes": {
        "Natural causes": "natural_causes",
    },
}
