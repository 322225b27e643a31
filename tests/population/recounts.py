"""What the packs after published tools must answer, recounted in plain Python from their words."""

from datetime import timedelta

from tests.population.asked import (
    A_MINUTE,
    EGFR,
    NOTHING,
    PERCENT,
    PRESSURE,
    SCORE,
    Asked,
    at_least,
    both,
    either,
    isnt,
)

SPECTRUM = ("red", "amber", "yellow", "green", "blue")
NOT_TRUE = ("not true", None)


def tier(*several):
    return next((name for name, told in several if told[0]), "")


def surprise(a):
    no, yes = ("surprise-no",), ("surprise-yes",)
    said = a.later(no, yes, months=3, same_day=True)
    return both(said, isnt(a.later(yes, no, months=3, same_day=False, unsaid=False)))


def performance(a):
    return either(a.has("poor-performance", months=6, unsaid=True), ecog(a, 3), karnofsky(a))


def ecog(a, least):
    return a.latest("ecog", SCORE, 6, lambda v: v >= least, max)


def karnofsky(a):
    return a.latest("karnofsky", SCORE, 6, lambda v: v <= 50, min)


def low(a, name, unit, months, limit):
    return a.latest(name, unit, months, lambda v: v < limit, min)


def edinburgh(life, on):
    a = Asked(life, on)
    recent = {
        "cancer-poor-prognosis": "cancer-poor-prognosis", "cancer-spread": "cancer-metastatic",
        "cancer-treatment": "cancer-treatment", "breathless": "mrc-5", "kidney-stage-5": "ckd-5",
        "ascites": "ascites-diuretic-resistant", "cirrhosis": "liver-cirrhosis",
        "chronic-liver-disease": "chronic-liver-disease", "housebound": "efi-housebound", "care-adjustment": "care-adjustment",
    }  # fmt: skip
    said = {n: a.has(name, months=18, unsaid=n in ("breathless", "housebound")) for n, name in recent.items()}
    said["heart-and-kidneys"] = both(a.has("heart-failure", months=18), a.has("ckd-4-5", months=18))
    already = a.has("palcare-cod", sense="any")
    found = both(either(*said.values()), isnt(already))
    return tier(("review", found)), said | {"already-palliative": already}


def guidance(life, on):
    a = Asked(life, on)
    ill = ("heart-failure", "lung-disease-severe", "dementia", "cancer-metastatic", "ckd-4-5", "liver-cirrhosis",
           "stroke", "neurological-progressive", "severe-frailty")  # fmt: skip
    unsettled = ("unstable", "less-response", "no-further-treatment")
    said = dict.fromkeys(unsettled, NOTHING) | {
        "surprise-no": surprise(a),
        "decline-and-dependence": a.has("care-dependence", "poor-performance", months=12, unsaid=True),
        "repeated-admissions": a.unplanned(2),
        "multimorbidity": a.has(*ill, kinds=3),
        "in-bed-half-the-day": performance(a),
        "weight-loss": a.lighter(more=True),
        "sentinel-event": a.has("hip-fracture", "care-home", months=6),
        "low-albumin": low(a, "albumin", ("g/L",), 12, 25),
        "benefit": a.has("special-rules-benefit"),
    }
    general = either(*(told for name, told in said.items() if name != "surprise-no"))
    stays = either(a.unplanned(3), both(a.unplanned(1), a.aged(76)))
    salt = either(low(a, "sodium", ("mmol/L",), 12, 135), low(a, "egfr", EGFR, 12, 30))
    dependent = a.has("care-dependence", months=12, unsaid=True)
    fading = [
        said[n]
        for n in ("decline-and-dependence", "in-bed-half-the-day", "weight-loss", "low-albumin", "repeated-admissions")
    ]
    said |= {
        "heart": both(
            a.has("heart-failure"), at_least(2, a.has("nyha-3-4", months=12, unsaid=True), stays, NOTHING, salt)
        ),
        "lungs": both(
            a.has("lung-disease-severe"),
            at_least(
                2, a.unplanned(3, 12), a.has("mrc-4-5", months=12, unsaid=True), low(a, "fev1-percent", PERCENT, 24, 30),
                a.has("long-term-oxygen"), a.has("cor-pulmonale"), a.has("anorexia-cachexia", months=12, unsaid=True),
            ),
        ),
        "kidneys": both(
            a.has("ckd-4-5"),
            at_least(2, said["surprise-no"], a.unplanned(4, 12), a.has("conservative-kidney-care"), NOTHING),
        ),
        "liver": liver(a),
        "cancer": either(
            both(a.has("cancer-metastatic", months=60), either(*fading)),
            both(a.has("cancer-poor-prognosis", months=60), said["in-bed-half-the-day"]),
        ),
        "neurological": either(
            both(
                a.has("motor-neurone-disease"),
                either(
                    low(a, "fvc-percent", PERCENT, 24, 70), a.has("long-term-oxygen"), a.has("dysphagia", months=12),
                    said["weight-loss"],
                ),
            ),
            both(a.has("neurological-progressive"), a.has("dysphagia", "aspiration-pneumonia", months=12)),
        ),
        "dementia": both(
            a.has("dementia"), either(dependent, a.has("double-incontinence")),
            either(
                said["weight-loss"], a.has("chest-or-urine-infection", months=6),
                a.has("pressure-ulcer-3-4", "dysphagia", "aspiration-pneumonia", months=12),
            ),
        ),
        "frailty": a.has("severe-frailty", "cfs-7", "cfs-8", "cfs-9", months=12, unsaid=True),
        "stroke": both(a.has("stroke"), either(dependent, a.has("dementia", "care-home"))),
    }  # fmt: skip
    diseases = ("heart", "lungs", "kidneys", "liver", "cancer", "neurological", "dementia", "frailty", "stroke")
    disease = either(*(said[n] for n in diseases))
    answered = both(said["surprise-no"], either(general, disease))
    return tier(("answered", answered), ("ask", both(general, disease))), said


def liver(a):
    return either(
        a.has("hepatocellular-carcinoma", months=60),
        both(a.has("liver-cirrhosis"), a.has("liver-complication", months=12)),
    )


def necpal(life, on):
    a = Asked(life, on)
    general = dict.fromkeys(
        ("lost-activities", "late-dementia-stage", "distress", "comorbidity", "complex-care"), NOTHING
    ) | {
        "barthel-25": low(a, "barthel", SCORE, 6, 25),
        "ecog-above-2": a.latest("ecog", SCORE, 6, lambda v: v > 2, max),
        "karnofsky-below-50": low(a, "karnofsky", SCORE, 6, 50),
        "low-albumin": low(a, "albumin", ("g/L",), 6, 25),
        "weight-loss": a.lighter(more=True),
        "pressure-ulcer": a.has("pressure-ulcer-3-4", months=6),
        "infections": a.has("chest-or-urine-infection", months=6, days=2),
        "delirium": a.has("delirium", months=6),
        "dysphagia": a.has("dysphagia", months=6),
        "falls": a.has("efi-falls", months=6, days=3),
        "urgent-admissions": a.unplanned(2, 12),
    }
    poorly = either(general["ecog-above-2"], general["karnofsky-below-50"], NOTHING)
    breath = either(low(a, "fvc-percent", PERCENT, 24, 40), low(a, "tlco-percent", PERCENT, 24, 40))
    disease = {
        "cancer": either(a.has("cancer-metastatic", months=60), both(a.has("cancer-poor-prognosis", months=60), poorly)),
        "lungs": both(
            a.has("lung-disease-severe"),
            at_least(
                2, low(a, "fev1-percent", PERCENT, 24, 30), breath, a.has("long-term-oxygen"), a.unplanned(4, 12),
                a.has("mrc-5", months=12, unsaid=True),
            ),
        ),
        "heart": both(
            a.has("heart-failure"),
            at_least(
                2, a.has("nyha-3-4", months=12, unsaid=True), low(a, "ejection-fraction", PERCENT, 24, 30),
                low(a, "egfr", EGFR, 12, 30), a.unplanned(4, 12), NOTHING,
            ),
        ),
        "liver": liver(a),
        "kidneys": both(low(a, "egfr", EGFR, 12, 15), isnt(a.has("dialysis"))),
        "neurological": either(
            a.has("motor-neurone-disease"),
            both(a.has("neurological-progressive"), a.has("dysphagia", "aspiration-pneumonia", months=12)),
        ),
        "dementia": both(
            a.has("dementia"),
            either(a.has("care-dependence", months=12, unsaid=True), a.has("double-incontinence")),
        ),
    }  # fmt: skip
    wish = {"request": NOTHING, "need": NOTHING, "surprise-no": surprise(a)}
    signs = either(*general.values(), *disease.values())
    positive = both(wish["surprise-no"], either(NOTHING, signs))
    return tier(("positive", positive), ("ask", signs)), {**wish, **general, **disease}


def radpac(life, on):
    a = Asked(life, on)
    heart, lungs = a.has("heart-failure"), a.has("copd")
    grave = a.has("cancer-poor-prognosis", months=60)
    cancer, tired, thinner = either(grave, a.has("cancer-metastatic", months=60)), karnofsky(a), a.lighter(more=False)
    signs = {
        "heart": (
            heart,
            a.has("nyha-4", months=12, unsaid=True), a.unplanned(4, 12), a.has("heart-failure-exacerbation", months=12, days=4),
            tired, NOTHING, a.has("oedema", "orthopnoea", "nocturia", "efi-dyspnoea", months=6, unsaid=True), NOTHING,
        ),
        "lungs": (
            lungs,
            tired, thinner, heart, a.has("orthopnoea", months=6, unsaid=True), NOTHING, a.has("mrc-5", months=12, unsaid=True),
        ),
        "cancer": (
            cancer,
            grave, tired, NOTHING, a.has("bed-ridden", months=6, unsaid=True), NOTHING, thinner,
            a.has("anorexia-cachexia", months=12, unsaid=True), NOTHING,
        ),
    }  # fmt: skip
    said = {f"{n}-{i}": both(base, told) for n, (base, *several) in signs.items() for i, told in enumerate(several, 1)}
    assert len(said) == 21
    return tier(("indicators", either(*said.values()))), said


def efi2(life, on):
    a = Asked(life, on)
    bands = {"severe": 0.24, "moderate": 0.16, "mild": 0.09}
    said = {n: a.latest("efi2-score", SCORE, 12, lambda v, limit=limit: v >= limit, max) for n, limit in bands.items()}
    return tier(*said.items()), said


def qmortality(life, on):
    a = Asked(life, on)
    tops = {"top-1": 58.3, "top-5": 31.7, "top-10": 20.3, "top-20": 10.6}
    said = {
        n: a.latest("qmortality-risk", PERCENT, 12, lambda v, least=least: v >= least, max) for n, least in tops.items()
    }
    return tier(*((n, both(a.aged(65, 101), told)) for n, told in said.items())), said


def early(life, on):
    said = Asked(life, on).has("early-result", months=3, unsaid=True)
    return tier(("found", said)), {"on-the-list": said}


def frailty_scale(life, on):
    a = Asked(life, on)
    levels = [f"cfs-{n}" for n in range(1, 10)]
    said = {"under-65": a.aged(0, 65)}
    for place, level in enumerate(levels):
        lower, higher = tuple(levels[:place]), tuple(levels[place + 1 :])
        parts = [a.later((level,), lower, months=12, same_day=True)] if lower else []
        parts += [a.later((level,), higher, months=12, same_day=False)] if higher else []
        said[f"level-{place + 1}"] = both(*parts)
    for least in (9, 7):
        said[f"score-{least}"] = a.latest("cfs-score", SCORE, 12, lambda v, least=least: v >= least, max)
    severe = either(said["level-7"], said["level-8"], said["score-7"])
    return tier(("terminal", either(said["level-9"], said["score-9"])), ("severe", severe)), said


def emergency_checklist(life, on):
    a = Asked(life, on)
    week = timedelta(days=7)

    def beyond(name, unit, least, most):
        below = a.latest(name, unit, week, lambda v: v < least, min)
        return either(below, a.latest(name, unit, week, lambda v: v > most, max)) if most else below

    signs = {
        "not-alert": a.has("not-alert", months=week, unsaid=True),
        "low-pressure": beyond("systolic-pressure", PRESSURE, 90, None),
        "breathing": beyond("respiratory-rate", A_MINUTE, 5, 30),
        "heart-rate": beyond("heart-rate", A_MINUTE, 40, 140),
        "low-oxygen": beyond("oxygen-saturation", PERCENT, 90, None),
        "hypoglycaemia": a.has("hypoglycaemia", months=week, unsaid=True),
        "seizures": a.has("seizure", months=week, unsaid=True),
        "oliguria": a.has("oliguria", months=week, unsaid=True),
    }
    warning = a.latest("news2", SCORE, week, lambda v: v > 4, max)
    items = {
        "aged-65": a.aged(65),
        "emergency": a.unplanned(1, week),
        "deterioration": either(warning, at_least(2, *signs.values())),
        "frailty": a.has("severe-frailty", *(f"cfs-{n}" for n in range(5, 10)), months=12, unsaid=True),
        "disease": a.has("cancer-metastatic", "ckd-4-5", "heart-failure", "copd", "liver-cirrhosis", "stroke"),
        "cognition": a.has("dementia", "cognitive-impairment", unsaid=True),
        "nursing-home": a.has("care-home", unsaid=True),
        "admitted-before": a.unplanned(2, 12),
        "intensive-care": NOTHING,
        "proteinuria": a.has("proteinuria", months=12, unsaid=True),
        "heart-tracing": a.has("ecg-abnormal", months=12, unsaid=True),
    }
    high = both(items["aged-65"], items["emergency"], at_least(6, *items.values()))
    return tier(("high", high)), {**signs, "warning-score": warning, **items}


def wales(life, on):
    a = Asked(life, on)
    ill = ("heart-failure", "lung-disease-severe", "dementia", "cancer-metastatic", "cancer-poor-prognosis", "ckd-4-5",
           "liver-cirrhosis", "neurological-progressive")  # fmt: skip
    advanced = ("nyha-3-4", "mrc-4-5", "ckd-4-5", "cancer-metastatic", "severe-frailty", "liver-complication",
                "motor-neurone-disease")  # fmt: skip
    general = {
        "poor-performance": performance(a),
        "weight-loss": a.lighter(more=True),
        "two-unplanned-admissions": a.unplanned(2),
        "new-condition": a.more_kinds(ill, 1),
        "two-advanced": a.has(*advanced, kinds=2),
        "more-care": a.has("care-home", "efi-requirement-for-care", months=12, unsaid=True),
    }
    fast = a.latest("heart-rate", A_MINUTE, 3, lambda v: v > 100, max)
    disease = {
        "circulation": either(low(a, "systolic-pressure", PRESSURE, 3, 100), fast),
        "low-kidney-function": low(a, "egfr", EGFR, 12, 30),
        "fev1": low(a, "fev1-percent", PERCENT, 24, 30),
        "vital-capacity": low(a, "fvc-percent", PERCENT, 24, 60),
        "transfer": low(a, "tlco-percent", PERCENT, 24, 40),
        "oxygen": a.has("long-term-oxygen"),
    }
    review = at_least(2, *general.values())
    return tier(("strong", both(review, either(*disease.values()))), ("review", review)), general | disease


def spectrum(life, on):
    a = Asked(life, on)
    bands = [f"cyp-spectrum-{band}" for band in SPECTRUM]
    said = {}
    for place, band in enumerate(bands):
        graver, milder = tuple(bands[:place]), tuple(bands[place + 1 :])
        parts = [a.later((band,), graver, same_day=False)] if graver else []
        parts += [a.later((band,), milder, same_day=True)] if milder else []
        said[SPECTRUM[place]] = both(*parts)
    return tier(*said.items()), said


def groups(life, on):
    a = Asked(life, on)
    every = {f"tfsl-group-{n}" for n in range(1, 5)}
    said = {
        f"group-{n}": a.later((one := f"tfsl-group-{n}",), tuple(every - {one}), same_day=False) for n in range(1, 5)
    }
    return tier(*said.items()), said


def hospital_frailty(life, on):
    """No list has been imported, so that nobody's score is known."""
    return "", {"aged-75": Asked(life, on).aged(75), "high": NOTHING, "intermediate": NOTHING}


def life_limiting(life, on):
    return "", {"under-20": Asked(life, on).aged(0, 20), "life-limiting": NOTHING}


def consensus(recounts):
    """The tiers of the others put together; whether somebody whom another does not find is unknown there is not asked again."""

    def of(life, on):
        tiers = {name: recount(life, on)[0] for name, recount in recounts.items()}
        named = {
            "already-coded": tiers["uk-eol-codes"] == "recognised", "on-register": bool(tiers["qof-pc001"]),
            "edinburgh": bool(tiers["ed-2015"]), "spict": bool(tiers["spict-2014"] or tiers["spict-2026-paraphrase"]),
            "guidance": bool(tiers["gsf-pig"]), "wales": bool(tiers["wales-tool"]), "necpal": tiers["necpal"] == "positive",
            "first-signs": tiers["ambit-first-signs"] == "likely", "early": bool(tiers["early-import"]),
            "frailty-index": tiers["efi-1"] == "severe", "frailty-scale": bool(tiers["cfs"]),
            "efi2": tiers["efi-2-import"] == "severe", "qmortality": tiers["qmortality-import"] in ("top-1", "top-5"),
        }  # fmt: skip
        searches = sum(named[n] for n in ("edinburgh", "spict", "guidance", "wales", "necpal", "first-signs", "early"))
        score = any(named[n] for n in ("frailty-index", "frailty-scale", "efi2", "qmortality"))
        admitted = Asked(life, on).unplanned(1)
        said = {n: (True, None) if found else NOT_TRUE for n, found in named.items()} | {
            "unplanned-admission": admitted
        }
        if named["already-coded"] or named["on-register"]:
            return "recognised", said
        if searches >= 2 or (score and admitted[0]):
            return "strong", said
        return ("possible" if searches or score else ""), said

    return of


RECOUNTS = {
    "ed-2015": edinburgh, "gsf-pig": guidance, "necpal": necpal, "radpac": radpac, "efi-2-import": efi2,
    "qmortality-import": qmortality, "early-import": early, "cfs": frailty_scale, "cristal-ed": emergency_checklist,
    "wales-tool": wales, "cyp-spectrum": spectrum, "tfsl-1-4": groups, "hfrs": hospital_frailty, "cyp-llc-fraser": life_limiting,
}  # fmt: skip
